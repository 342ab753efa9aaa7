// Array matrices in the memory of a queue (a GPU, or its twin on the processor), with the factors
// of their lines and the second level; and the steps of an iteration with them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "wordline/cuda/array_view.hpp"
#include "wordline/cuda/batch_coarse.hpp"
#include "wordline/cuda/block_line_kernels.hpp"
#include "wordline/cuda/iteration_kernels.hpp"
#include "wordline/cuda/line_kernels.hpp"
#include "wordline/cuda/sums.hpp"
#include "wordline/solvers/array_matrix.hpp"

namespace wordline::gpu {

template <class Queue>
class BatchMatrix {
 public:
  template <class T>
  using Table = typename Queue::template Table<T>;

  BatchMatrix(Queue& queue, const Shape& shape, bool single_precision)
      : queue_(queue),
        shape_(shape),
        by_blocks_(shape.members == 1 && scan().shared() + kReserve <= queue.most_shared()),
        row_factors_(queue.template table<double>(cells())),
        col_factors_(queue.template table<double>(cells())),
        single_(queue.template table<float>(single_precision ? cells() : 0)),
        row_(queue, shape, shape.rows),
        col_(queue, shape, shape.cols),
        pivots_(queue.template table<double>(std::int64_t{std::max(shape.rows, shape.cols)} *
                                             shape.matrices())),
        members_(queue.template table<Member>(shape.members)),
        parts_(queue.template table<Sums>(most_parts() * shape.members)) {}

  const Shape& shape() const { return shape_; }
  Member* members() { return members_.data(); }
  bool has_coarse() const { return has_coarse_; }

  // One matrix, or one a member; all of this shape, crossing and not merged. False: a line is
  // singular.
  bool set(std::span<const ArrayMatrix> matrices) {
    upload_cells(matrices);
    set_lines(matrices);
    return factor();
  }
  // The same in two steps, for cells whose tables (row_row, row_col, col_row, col_col) kernels make
  // in the queue's memory: lines are set once, and factored whenever cells have changed. The
  // matrices' own tables are not read.
  void set(std::span<const ArrayMatrix> matrices, const std::array<double*, 4>& cells) {
    moved_ = moved_ || cells_ != cells;
    cells_ = cells;
    set_lines(matrices);
  }
  bool factor() {
    const bool rows = factor(true, cells_[0], row_.view(), row_factors_.data(), nullptr);
    const bool cols = factor(false, cells_[3], col_.view(), col_factors_.data(), single());
    return rows && cols;
  }
  // Whether kernels now see other tables than at the last call.
  bool has_moved() { return std::exchange(moved_, false); }

  // The second level, if there is to be one; it needs one matrix and at least four lines of each
  // kind.
  void set_coarse(const ArrayMatrix& matrix, bool wanted) {
    const bool had = has_coarse_;
    has_coarse_ = wanted && !shape_.own && std::min(shape_.rows, shape_.cols) >= kFewestLines;
    if (has_coarse_ && !coarse_) coarse_.emplace(queue_, shape_);
    if (has_coarse_) has_coarse_ = coarse_->set(matrix, cells_);
    moved_ = moved_ || has_coarse_ != had;
  }

  // x = R^-1 (f + weight v)
  void solve_rows(const double* f, const double* weight, const double* v, double* x) {
    const SolveRows rows{view_, f, weight, v, x};
    if (by_blocks_) return queue_.run(SolveRowsByBlocks{rows, scan()});
    queue_.run(rows);
  }
  // d = z + beta * before (without `before`, d is z), q = S d; then `action` with d.q.
  template <class Action>
  void product(const double* z, const double* before, double* d, double* q, const Action& action) {
    product(z, before, d, q);
    reduce(shape_.rows, action);
  }
  void product(const double* z, const double* before, double* d, double* q) {
    const ProductTables tables{view_, members(), z, before, d, q, parts_.data()};
    if (by_blocks_) return queue_.run(ProductByBlocks{tables, scan()});
    queue_.run(Product{tables});
  }
  // z = M^-1 r. With x also x += alpha d, r -= alpha q before.
  void precondition(double* r, double* z, double* x = nullptr, const double* d = nullptr,
                    const double* q = nullptr) {
    const UpdateTables tables{view_, members(), x, d, r, q, z, parts_.data()};
    if (by_blocks_) {
      const UpdateByBlocks update{tables};
      queue_.run(update);
      count_ = update.blocks();
    } else {
      queue_.run(Update{tables});
      count_ = shape_.cols;
    }
    if (!has_coarse_) return;
    coarse_->solve(members(), r);
    sum_parts(coarse_->correction(r, z));
  }
  // `action` with r.r and r.z of the last precondition().
  template <class Action>
  void after_precondition(const Action& action) {
    reduce(count_, action);
  }

  // `action` with the sums of a term over all cells.
  template <class Term, class Action>
  void sum(const Term& term, const Action& action) {
    sum_parts(term);
    reduce(count_, action);
  }
  // The same of all members, whether they iterate or not.
  template <class Term>
  void sum_all(const Term& term, Sums* sums) {
    const auto over = SumOver<Term>::make(shape_, term, nullptr, parts_.data());
    queue_.run(over);
    reduce(over.count, Keep{sums});
  }

  const MatrixView& view() const { return view_; }
  // S, per matrix.
  const std::vector<double>& col_segments() const { return col_.segments; }
  Table<Member>& member_table() { return members_; }

 private:
  static constexpr std::int32_t kFewestLines = 4;
  static constexpr std::int32_t kReserve = 256 * kSumSize;  // doubles, for sums of a block
  static constexpr double kSmallestPivot = 1e-14;           // as solvers/array_reduced.cpp

  // What one plane's lines are made of.
  struct Lines {
    Table<double> segment, first, last;
    std::vector<double> segments;  // on the host
    Lines(Queue& queue, const Shape& shape, std::int32_t lines)
        : segment(queue.template table<double>(shape.matrices())),
          first(queue.template table<double>(std::int64_t{lines} * shape.matrices())),
          last(queue.template table<double>(std::int64_t{lines} * shape.matrices())) {}
    PlaneView view() const { return {segment.data(), first.data(), last.data()}; }
    void set(Queue& queue, std::span<const ArrayMatrix> matrices, bool of_rows) {
      const std::size_t n = matrices.size();
      std::vector<double> s(segment.size()), f(first.size()), l(last.size());
      for (std::size_t b = 0; b < n; ++b) {
        const ArrayPlane& plane = of_rows ? matrices[b].row : matrices[b].col;
        s[b] = plane.segment;
        for (std::size_t k = 0; k < plane.first.size(); ++k) f[k * n + b] = plane.first[k];
        for (std::size_t k = 0; k < plane.last.size(); ++k) l[k * n + b] = plane.last[k];
      }
      segments = s;
      queue.template upload<double>(s, segment);
      queue.template upload<double>(f, first);
      queue.template upload<double>(l, last);
    }
  };

  std::int64_t cells() const { return shape_.cells() * shape_.matrices(); }
  RowScan scan() const { return RowScan::of(shape_.cols); }
  std::int64_t most_parts() const {
    return std::max({shape_.rows, shape_.cols, SumOver<Residual>::kMostParts});
  }

  // Tables that are one table in all matrices are one here.
  void upload_cells(std::span<const ArrayMatrix> matrices) {
    const auto table = [](const ArrayMatrix& m, std::size_t k) {
      return std::array{m.row_row, m.row_col, m.col_row, m.col_col}[k];
    };
    const std::array<double*, 4> before = cells_;
    for (std::size_t k = 0; k < cells_.size(); ++k) {
      std::size_t same = 0;
      const auto is_same = [&](const ArrayMatrix& m) {
        return table(m, same).data() == table(m, k).data();
      };
      while (same < k && !std::all_of(matrices.begin(), matrices.end(), is_same)) ++same;
      if (same == k) {
        if (cell_tables_[k].size() == 0) cell_tables_[k] = queue_.template table<double>(cells());
        cells_[k] = cell_tables_[k].data();
        upload_side_by_side(
            matrices.size(), [&](std::size_t b) { return table(matrices[b], k); }, cell_tables_[k]);
      }
      cells_[k] = cells_[same];
    }
    moved_ = moved_ || cells_ != before;
  }

  float* single() { return single_.size() > 0 ? single_.data() : nullptr; }
  void set_lines(std::span<const ArrayMatrix> matrices) {
    row_.set(queue_, matrices, true);
    col_.set(queue_, matrices, false);
    view_ = {shape_,    row_.view(), col_.view(),         cells_[0],           cells_[1],
             cells_[2], cells_[3],   row_factors_.data(), col_factors_.data(), single()};
  }

  template <class Source>
  void upload_side_by_side(std::size_t count, const Source& source, Table<double>& to) {
    if (count == 1) return queue_.template upload<double>(source(0), to);
    std::vector<double> apart;
    for (std::size_t b = 0; b < count; ++b) {
      apart.insert(apart.end(), source(b).begin(), source(b).end());
    }
    Table<double> staging = queue_.template table<double>(std::ssize(apart));
    queue_.template upload<double>(apart, staging);
    queue_.run(Interleave{shape_.cells(), static_cast<std::int32_t>(count), false, staging.data(),
                          to.data()});
  }

  bool factor(bool of_rows, const double* cells, const PlaneView& plane, double* factors,
              float* single) {
    const FactorLines kernel{shape_, of_rows, cells, plane, factors, single, pivots_.data()};
    queue_.run(kernel);
    std::vector<double> pivots(static_cast<std::size_t>(kernel.count()));
    queue_.template download<double>(pivots_, pivots);
    return std::all_of(pivots.begin(), pivots.end(),
                       [](double pivot) { return pivot > kSmallestPivot; });
  }

  template <class Term>
  void sum_parts(const Term& term) {
    const auto over = SumOver<Term>::make(shape_, term, members(), parts_.data());
    queue_.run(over);
    count_ = over.count;
  }
  template <class Action>
  void reduce(std::int32_t count, const Action& action) {
    queue_.run(Reduce<Action>{shape_.members, count, parts_.data(), members(), action});
  }

  Queue& queue_;
  Shape shape_;
  bool by_blocks_;  // one array, whose lines are worked on by blocks of threads
  std::array<Table<double>, 4> cell_tables_;
  std::array<double*, 4> cells_{};  // row_row, row_col, col_row, col_col
  Table<double> row_factors_, col_factors_;
  Table<float> single_;
  Lines row_, col_;
  Table<double> pivots_;
  Table<Member> members_;
  Table<Sums> parts_;
  std::int32_t count_ = 0;  // of parts that are to be reduced next
  MatrixView view_;
  std::optional<BatchCoarse<Queue>> coarse_;
  bool has_coarse_ = false;
  bool moved_ = false;
};

}  // namespace wordline::gpu
