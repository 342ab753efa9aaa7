// What ArrayMultifrontal::reduce() and transfer() find, in the memory of a queue (a GPU, or its
// twin on the processor): geometric nested dissection, level by level of the elimination tree, the
// fronts of a level side by side, and those of many arrays of one shape with the same lines.
//
// Only two levels are in memory at a time: some 310 bytes a cell, twice that if it is not
// symmetric.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "wordline/cuda/front_kernels.hpp"
#include "wordline/cuda/leaf_elimination.hpp"
#include "wordline/cuda/port_plan.hpp"
#include "wordline/cuda/uploaded.hpp"
#include "wordline/solvers/array_reduce.hpp"

namespace wordline::gpu {

template <class Queue>
class PortReduction {
 public:
  template <class T>
  using Table = typename Queue::template Table<T>;

  // Of arrays of this size.
  PortReduction(Queue& queue, std::int32_t rows, std::int32_t cols)
      : queue_(queue), rows_(rows), cols_(cols) {}

  // The matrices differ in their cells alone, and all or none of them are symmetric; no line is
  // merged. Tables as of ArrayMultifrontal::reduce(), or with `only_across` of transfer(), one
  // after the other. False for those in which a pivot vanished, whose table means nothing.
  std::vector<bool> reduce(std::span<const ArrayMatrix> matrices, bool only_across,
                           std::span<double> y) {
    const ArrayMatrix& lines = matrices.front();
    if (lines.row.merged() || lines.col.merged() || lines.parallel) {
      throw std::invalid_argument("merged or parallel lines have no such tree");
    }
    if (!plan_ || ports_ != driven_sides(lines)) {
      ports_ = driven_sides(lines);
      plan_.emplace(queue_, PortPlan(rows_, cols_, ports_));
    }
    const Cells cells(queue_, matrices, ports_);
    Work work(queue_, plan_->plan, static_cast<std::int32_t>(matrices.size()),
              lines.is_symmetric() ? 1 : 2);
    for (std::size_t l = plan_->plan.levels.size(); l-- > 0;) eliminate(l, cells, work);
    gather(only_across, work, y);
    return work.sound();
  }

 private:
  using Pair = std::array<std::int32_t, 2>;

  // The plan in the queue's memory.
  struct Planned {
    PortPlan plan;
    Table<FrontView> fronts;
    Table<LeafView> leaves;
    Table<FrontTile> tiles;
    Table<Pair> places;
    Table<std::int32_t> chunks;
    Planned(Queue& queue, PortPlan made)
        : plan(std::move(made)),
          fronts(uploaded<FrontView>(queue, plan.fronts)),
          leaves(uploaded<LeafView>(queue, plan.leaves)),
          tiles(uploaded<FrontTile>(queue, plan.tiles)),
          places(uploaded<Pair>(queue, plan.places)),
          chunks(uploaded<std::int32_t>(queue, plan.chunks)) {}
  };

  // The arrays' cells and lines.
  class Cells {
   public:
    Cells(Queue& queue, std::span<const ArrayMatrix> matrices, unsigned ports)
        : lines_(matrices.front()) {
      const auto rows = places_of_axis(lines_.rows, true);
      const auto cols = places_of_axis(lines_.cols, true);
      PlaneStamps row, col;
      stamp_ported(lines_.row, rows, lines_.cols, ((ports >> kRight) & 1U) != 0, row);
      stamp_ported(lines_.col, cols, lines_.rows, ((ports >> kBottom) & 1U) != 0, col);
      row_places_ = uploaded<std::int32_t>(queue, rows);
      col_places_ = uploaded<std::int32_t>(queue, cols);
      row_lines_ = uploaded<PlaneStamps::Line>(queue, row.lines);
      col_lines_ = uploaded<PlaneStamps::Line>(queue, col.lines);
      const auto tables_of = [](const ArrayMatrix& a) {
        return std::array{a.row_row, a.row_col, a.col_row, a.col_col};
      };
      // Where all four are one table of the array, one is enough here.
      const auto given = tables_of(lines_);
      for (std::size_t t = 0; t < given.size(); ++t) {
        std::size_t same = 0;
        while (given[same].data() != given[t].data()) ++same;
        is_[t] = same;
        if (same < t) continue;
        std::vector<double> all;
        all.reserve(lines_.cells() * matrices.size());
        for (const ArrayMatrix& a : matrices) {
          const std::span<const double> one = tables_of(a)[t];
          all.insert(all.end(), one.begin(), one.end());
        }
        tables_[t] = uploaded<double>(queue, all);
      }
    }

    LeafTables view(const PortPlan& plan) const {
      const auto table = [&](std::size_t t) { return tables_[is_[t]].data(); };
      return {lines_.rows,        lines_.cols,        plan.leaf_rows,    plan.leaf_cols,
              row_places_.data(), col_places_.data(), row_lines_.data(), col_lines_.data(),
              table(0),           table(1),           table(2),          table(3)};
    }

   private:
    const ArrayMatrix& lines_;
    Table<std::int32_t> row_places_, col_places_;
    Table<PlaneStamps::Line> row_lines_, col_lines_;
    std::array<Table<double>, 4> tables_;
    std::array<std::size_t, 4> is_{};
  };

  // What one reduction works on, given back at its end.
  struct Work {
    Queue& queue;
    std::int32_t members, halves;
    std::array<Table<double>, 2> updates;  // of even and of odd levels
    Table<double> panels, before, after;
    Table<std::int32_t> failed;
    std::int64_t unknowns;

    Work(Queue& of, const PortPlan& plan, std::int32_t arrays, std::int32_t half_count)
        : queue(of), members(arrays), halves(half_count), unknowns(plan.unknowns()) {
      const std::int64_t parts = std::int64_t{members} * halves;
      for (std::size_t k = 0; k < 2; ++k) {
        updates[k] = queue.template table<double>(parts * plan.most_updates()[k]);
      }
      panels = queue.template table<double>(parts * plan.most_panels());
      before = queue.template table<double>(members * unknowns);
      after = queue.template table<double>(members * unknowns);
      failed = queue.template table<std::int32_t>(members);
    }
    Scales scales() { return {before.data(), after.data(), unknowns}; }
    std::vector<bool> sound() const {
      std::vector<std::int32_t> found(static_cast<std::size_t>(members));
      queue.template download<std::int32_t>(failed, found);
      std::vector<bool> result;
      for (const std::int32_t f : found) result.push_back(f == 0);
      return result;
    }
  };

  LevelView view(std::size_t l, Work& work) const {
    const PortPlan::Level& level = plan_->plan.levels[l];
    const bool has_below = l + 1 < plan_->plan.levels.size();
    return {plan_->fronts.data(),
            plan_->places.data(),
            plan_->chunks.data(),
            work.members,
            work.halves,
            level.panels,
            level.updates,
            has_below ? plan_->plan.levels[l + 1].updates : 0,
            work.panels.data(),
            work.updates[l % 2].data(),
            work.updates[(l + 1) % 2].data()};
  }

  void eliminate(std::size_t l, const Cells& cells, Work& work) {
    const PortPlan::Level& level = plan_->plan.levels[l];
    const LevelView here = view(l, work);
    if (level.leaves.size() > 0) {
      queue_.run(EliminateLeaves{cells.view(plan_->plan), plan_->leaves.data() + level.leaves.begin,
                                 level.leaves.size(), here, work.scales(), work.failed.data()});
    }
    const auto update = [&](const PortPlan::Range& of) {
      if (of.size() > 0) queue_.run(UpdateTiles{here, plan_->tiles.data() + of.begin, of.size()});
    };
    for (const PortPlan::Column& column : level.columns) {
      const FrontTile* tiles = plan_->tiles.data() + column.tiles.begin;
      update(column.tiles);
      queue_.run(FactorDiagonals{here, tiles, column.diagonal, column.width, work.scales(),
                                 work.failed.data()});
      queue_.run(SolveBelow{here, tiles, column.tiles.size()});
    }
    update(level.rest);
  }

  void gather(bool only_across, Work& work, std::span<double> y) {
    std::vector<Pair> ends(static_cast<std::size_t>(rows_ + cols_), {-1, -1});
    const std::vector<std::int32_t>& buses = plan_->plan.buses;
    for (std::size_t k = 0; k < buses.size(); ++k) {
      if (buses[k] < 0) continue;
      Pair& of = ends[static_cast<std::size_t>(buses[k])];
      of[of[0] < 0 ? 0 : 1] = static_cast<std::int32_t>(k);
    }
    const Table<Pair> uploaded_ends = uploaded<Pair>(queue_, ends);
    const std::int32_t all = rows_ + cols_;
    Table<double> found = queue_.template table<double>(std::ssize(y));
    queue_.run(GatherPorts{view(0, work), plan_->plan.root(), uploaded_ends.data(),
                           only_across ? rows_ : 0, only_across ? cols_ : all,
                           only_across ? rows_ : all, found.data()});
    queue_.template download<double>(found, y);
  }

  Queue& queue_;
  std::int32_t rows_, cols_;
  unsigned ports_ = 0;
  std::optional<Planned> plan_;
};

}  // namespace wordline::gpu
