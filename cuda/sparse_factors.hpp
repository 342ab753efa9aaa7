// The factors of a sparse matrix in the memory of a queue (a GPU, or its twin on the processor):
// factored again with the pivots of a SparsePlan, and solved with, for many right-hand sides at
// once, each refined until its residual is one of rounding.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "wordline/cuda/iteration_kernels.hpp"
#include "wordline/cuda/sparse_kernels.hpp"

namespace wordline::gpu {

template <class Queue>
class SparseFactors {
 public:
  template <class T>
  using Table = typename Queue::template Table<T>;

  // What came of a right-hand side.
  struct Refined {
    double error = 0;  // of rows, |b - A x| / (|b| + |A| |x|), the largest
    // The first correction beside the solution; what the pivots leave of an error.
    double contraction = 0;
    int passes = 0;  // corrections
  };

  // `values` are those for which the pivots were chosen.
  SparseFactors(Queue& queue, SparsePlan plan, std::span<const double> values)
      : queue_(queue),
        plan_(std::move(plan)),
        lower_start_(upload(plan_.lower_start)),
        upper_start_(upload(plan_.upper_start)),
        index_(upload(plan_.index)),
        row_(upload(plan_.row)),
        column_(upload(plan_.column)),
        entries_(upload(plan_.entries)),
        elimination_(upload(plan_.elimination)),
        substitution_(upload(plan_.substitution)),
        product_(upload(plan_.product)),
        solution_(*this, plan_.solution, plan_.solution_item),
        matrix_(*this, plan_.matrix, plan_.matrix_item),
        values_(queue.template table<double>(std::ssize(values))),
        factors_(queue.template table<double>(plan_.factors)),
        per_pivot_(queue.template table<double>(plan_.size)),
        chosen_(queue.template table<double>(plan_.size)),
        sizes_(queue.template table<double>(2 * std::int64_t{plan_.size})),
        parts_of_pivots_(queue.template table<double>(2 * std::int64_t{parts()})),
        largest_of_pivots_(queue.template table<double>(2)) {
    eliminate(values);
    std::vector<double> chosen(static_cast<std::size_t>(plan_.size));
    queue_.template download<double>(per_pivot_, chosen);
    queue_.template upload<double>(chosen, chosen_);
  }

  const SparsePlan& plan() const { return plan_; }
  const Table<double>& factors() const { return factors_; }

  // Factors other values. False: a pivot has become too small beside the others, each measured by
  // what it was when it was chosen.
  bool factor(std::span<const double> values) {
    constexpr double kSmallestRatio = 1e-14;  // as KluSolver
    eliminate(values);
    queue_.run(PivotSizes{view(), chosen_.data(), sizes_.data()});
    find_largest(2, sizes_.data(), parts_of_pivots_.data(), largest_of_pivots_.data());
    std::array<double, 2> largest{};
    queue_.template download<double>(largest_of_pivots_, largest);
    return largest[0] * largest[1] < 1 / kSmallestRatio;
  }

  // A x = b for `count` right-hand sides, one after the other.
  std::vector<Refined> solve(std::span<const double> b, std::span<double> x, std::int32_t count) {
    std::vector<Refined> all;
    const auto size = static_cast<std::size_t>(plan_.size);
    for (std::int32_t done = 0; done < count;) {
      const std::int32_t members = std::min(count - done, kMostMembers);
      const std::size_t first = static_cast<std::size_t>(done) * size;
      const std::size_t length = static_cast<std::size_t>(members) * size;
      set_members(members);
      const auto some = solve_members(b.subspan(first, length), x.subspan(first, length));
      all.insert(all.end(), some.begin(), some.end());
      done += members;
    }
    return all;
  }

  // The solution by the factors alone, of the right-hand sides of the last solve(): for
  // measurements.
  void substitute() {
    queue_.repeat(alone_, [&] { substitute(f_.data()); });
  }

 private:
  static constexpr std::int32_t kMostMembers = 64;
  static constexpr std::int32_t kMostParts = 1024;
  static constexpr int kMostPasses = 4;
  // Of the residual, what Newton's method takes for rounding.
  static constexpr double kGoal = 16 * std::numeric_limits<double>::epsilon();

  // Rows in the queue's memory.
  struct Rows {
    Table<std::int32_t> item, start, column, slot;
    Rows(SparseFactors& f, const SparseRows& rows, const std::vector<std::int32_t>& items)
        : item(f.upload(items)),
          start(f.upload(rows.start)),
          column(f.upload(rows.column)),
          slot(f.upload(rows.slot)) {}
    RowsView view() const { return {item.data(), start.data(), column.data(), slot.data()}; }
  };

  template <class T>
  Table<T> upload(const std::vector<T>& from) {
    Table<T> table = queue_.template table<T>(std::ssize(from));
    queue_.template upload<T>(from, table);
    return table;
  }

  FactorView view() {
    return {plan_.size,    lower_start_.data(), upper_start_.data(),
            index_.data(), factors_.data(),     per_pivot_.data()};
  }
  // Of a vector whose largest number is looked for.
  std::int32_t parts() const { return std::clamp(plan_.size / 64, 1, kMostParts); }

  void eliminate(std::span<const double> values) {
    queue_.template upload<double>(values, values_);
    queue_.repeat(eliminating_, [&] {
      run_levels(Eliminate{view(), entries_.data(), values_.data()}, plan_.elimination,
                 elimination_.data(), 1);
    });
  }

  template <class Task>
  void run_levels(const Task& task, std::span<const Level> levels, const Level* in_memory,
                  std::int32_t members) {
    const std::int32_t lanes =
        std::min(ByLevels<Task>::kMostLanes,
                 static_cast<std::int32_t>(std::bit_ceil(static_cast<unsigned>(members))));
    for (const LevelRun& run : runs_of(levels, lanes)) {
      queue_.run(ByLevels<Task>{task, in_memory, run, members, lanes});
    }
  }

  void find_largest(std::int32_t members, const double* from, double* parts_of, double* to) {
    queue_.run(Largest{plan_.size, members, parts(), from, parts_of});
    queue_.run(Largest{parts(), members, 1, parts_of, to});
  }

  void set_members(std::int32_t members) {
    if (members == members_) return;
    members_ = 0;  // should memory be used up
    for (auto* recording : {&first_, &next_, &alone_}) recording->forget();
    const std::int64_t size = std::int64_t{plan_.size} * members;
    for (Table<double>* table : {&f_, &x_, &r_, &errors_}) {
      *table = Table<double>();
      *table = queue_.template table<double>(size);
    }
    v_ = Table<double>();
    v_ = queue_.template table<double>(2 * size);
    parts_ = queue_.template table<double>(std::int64_t{parts()} * members);
    found_ = queue_.template table<double>(2 * std::int64_t{members});
    active_ = queue_.template table<std::int32_t>(members);
    members_ = members;
  }

  std::vector<Refined> solve_members(std::span<const double> b, std::span<double> x) {
    put(b);
    const auto count = static_cast<std::size_t>(members_);
    std::vector<Refined> refined(count);
    std::vector<std::int32_t> active(count, 1);
    std::vector<double> found(2 * count), solution;
    for (int pass = 0;; ++pass) {
      queue_.repeat(pass == 0 ? first_ : next_, [&] { correct(pass == 0); });
      queue_.template download<double>(found_, found);
      if (pass == 0) solution.assign(found.begin() + members_, found.end());
      bool any = false;
      for (std::size_t k = 0; k < count; ++k) {
        if (active[k] == 0) continue;
        Refined& one = refined[k];
        const double before = one.error;
        one.error = found[k];
        one.passes = pass;
        if (pass == 1 && solution[k] > 0) one.contraction = found[count + k] / solution[k];
        const bool stands = pass > 0 && !(one.error < 0.5 * before);
        active[k] = one.error > kGoal && !stands && std::isfinite(one.error) ? 1 : 0;
        any = any || active[k] != 0;
      }
      if (!any || pass == kMostPasses) break;
      queue_.template upload<std::int32_t>(active, active_);
    }
    get(x);
    return refined;
  }

  // The next x, its residual, and what is to be known of both: the largest errors, then the largest
  // numbers of the correction.
  void correct(bool is_first) {
    substitute(is_first ? f_.data() : r_.data());
    const double* correction = v_.data() + std::int64_t{plan_.size} * members_;
    queue_.run(Correct{plan_.size, members_, is_first, column_.data(), active_.data(), correction,
                       x_.data()});
    run_levels(TakeResidual{matrix_.view(), values_.data(), members_, f_.data(), x_.data(),
                            r_.data(), errors_.data()},
               plan_.product, product_.data(), members_);
    find_largest(members_, errors_.data(), parts_.data(), found_.data());
    find_largest(members_, correction, parts_.data(), found_.data() + members_);
  }

  void substitute(const double* right) {
    run_levels(Substitute{solution_.view(), view(), row_.data(), members_, right, v_.data()},
               plan_.substitution, substitution_.data(), members_);
  }

  // r is free before the first pass, v after the last.
  void put(std::span<const double> b) {
    if (members_ == 1) return queue_.template upload<double>(b, f_);
    queue_.template upload<double>(b, r_);
    queue_.run(Interleave{plan_.size, members_, false, r_.data(), f_.data()});
  }
  void get(std::span<double> x) {
    if (members_ == 1) return queue_.template download<double>(x_, x);
    queue_.run(Interleave{plan_.size, members_, true, x_.data(), v_.data()});
    queue_.template download<double>(v_, x);
  }

  Queue& queue_;
  SparsePlan plan_;
  Table<std::int32_t> lower_start_, upper_start_, index_, row_, column_;
  Table<FactorEntry> entries_;
  Table<Level> elimination_, substitution_, product_;
  Rows solution_, matrix_;
  Table<double> values_, factors_, per_pivot_, chosen_, sizes_, parts_of_pivots_,
      largest_of_pivots_;
  std::int32_t members_ = 0;
  Table<double> f_, x_, r_, errors_, v_, parts_, found_;
  Table<std::int32_t> active_;
  typename Queue::Recording eliminating_, first_, next_, alone_;
};

}  // namespace wordline::gpu
