// The second level of array matrices in the memory of a queue: coarse nodes on a grid, the inverse
// of their matrix computed by the processor.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "wordline/cuda/coarse_kernels.hpp"
#include "wordline/solvers/array_coarse_inverse.hpp"

namespace wordline::gpu {

template <class Queue>
class BatchCoarse {
 public:
  template <class T>
  using Table = typename Queue::template Table<T>;

  BatchCoarse(Queue& queue, const Shape& s)
      : queue_(queue),
        shape_(s),
        inverse_(axis(s.rows), axis(s.cols)),
        rows_(queue, inverse_.rows()),
        cols_(queue, inverse_.cols()),
        lines_(queue.template table<double>(std::int64_t{rows_.coarse} * s.cols * s.members)),
        over_rows_(queue.template table<double>(std::int64_t{2} * rows_.coarse * s.cols)),
        sums_(queue.template table<double>(std::int64_t{4} * inverse_.size())),
        f_(queue.template table<double>(std::int64_t{inverse_.size()} * s.members)),
        x_(queue.template table<double>(std::int64_t{inverse_.size()} * s.members)),
        g_(queue.template table<double>(std::int64_t{inverse_.size()} * inverse_.size())) {}

  // `cells`: the matrix's four tables in the queue's memory. False: without a coarse inverse.
  bool set(const ArrayMatrix& matrix, const std::array<double*, 4>& cells) {
    std::array<std::vector<double>, 4> sums;
    std::vector<double> now{matrix.row.segment, matrix.col.segment,
                            matrix.is_symmetric() ? 1.0 : 0.0};
    for (std::size_t k = 0; k < sums.size(); ++k) {
      std::size_t same = 0;
      while (cells[same] != cells[k]) ++same;
      sums[k] = same < k ? sums[same] : sum_cells(cells[k]);
      if (same == k) now.insert(now.end(), sums[k].begin(), sums[k].end());
    }
    for (const ArrayPlane* plane : {&matrix.row, &matrix.col}) {
      now.insert(now.end(), plane->first.begin(), plane->first.end());
      now.insert(now.end(), plane->last.begin(), plane->last.end());
    }
    if (are_near(now, made_of_)) return true;
    std::vector<double> inverse = inverse_.invert(matrix, {sums[0], sums[1], sums[2], sums[3]});
    made_of_.clear();
    if (inverse.empty()) return false;
    for (double& value : inverse) value *= matrix.col.segment;  // as equations are divided by it
    queue_.template upload<double>(inverse, g_);
    made_of_ = std::move(now);
    return true;
  }

  // What correction() then adds.
  void solve(const Member* members, const double* r) {
    queue_.run(RestrictRows{shape_, rows_.view(), members, r, lines_.data()});
    queue_.run(RestrictCols{shape_, rows_.view(), cols_.view(), members, lines_.data(), f_.data()});
    queue_.run(
        CoarseProduct{inverse_.size(), shape_.members, members, g_.data(), f_.data(), x_.data()});
  }
  AddCoarse correction(const double* r, double* z) const {
    return {shape_, rows_.view(), cols_.view(), x_.data(), r, z};
  }

 private:
  struct Hats {
    std::int32_t coarse;
    Table<std::int32_t> base, begin;
    Table<double> weight;
    Hats(Queue& queue, const CoarseAxis& axis)
        : coarse(axis.coarse),
          base(queue.template table<std::int32_t>(std::ssize(axis.base))),
          begin(queue.template table<std::int32_t>(std::ssize(axis.begin))),
          weight(queue.template table<double>(std::ssize(axis.weight))) {
      queue.template upload<std::int32_t>(axis.base, base);
      queue.template upload<std::int32_t>(axis.begin, begin);
      queue.template upload<double>(axis.weight, weight);
    }
    HatsView view() const { return {coarse, base.data(), begin.data(), weight.data()}; }
  };

  // Finer for large arrays, where iterations cost more than the small dense inverse.
  static CoarseAxis axis(std::int32_t fine) {
    const std::int32_t most = fine > 1024 ? 24 : 16;
    return {fine, std::min(most, std::max(2, fine / 2))};
  }

  std::vector<double> sum_cells(const double* cells) {
    queue_.run(SumCellsOverRows{shape_, rows_.view(), cells, over_rows_.data()});
    queue_.run(
        SumCellsOverCols{shape_, rows_.view(), cols_.view(), over_rows_.data(), sums_.data()});
    std::vector<double> result(sums_.size());
    queue_.template download<double>(sums_, result);
    return result;
  }

  // The inverse of a matrix that is about the same serves as well.
  static bool are_near(const std::vector<double>& a, const std::vector<double>& b) {
    constexpr double kFactor = 1.5;
    const auto near = [](double p, double q) {
      return p == q || (p * q > 0 && std::max(p / q, q / p) < kFactor);
    };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), near);
  }

  Queue& queue_;
  Shape shape_;
  ArrayCoarseInverse inverse_;
  Hats rows_, cols_;
  Table<double> lines_, over_rows_, sums_, f_, x_, g_;
  std::vector<double> made_of_;  // lines and sums of cells that the last inverse is of
};

}  // namespace wordline::gpu
