// The second level on the GPU: the sums of cells that a coarse matrix is made of, and the
// correction z += W G W^T r, where W interpolates linearly between coarse nodes and G is a small
// dense matrix (solvers/array_coarse_inverse.hpp). One matrix for all members.
#pragma once

#include <cstdint>

#include "wordline/cuda/array_view.hpp"
#include "wordline/cuda/sums.hpp"

namespace wordline::gpu {

// Coarse nodes along one side of the array: fine place k lies between nodes base[k] and base[k] +
// 1, `weight` of the way. Those of base n are begin[n] .. begin[n + 1] - 1.
struct HatsView {
  std::int32_t coarse;
  const std::int32_t *base, *begin;
  const double* weight;

  // The value of hat n at a fine place of its support.
  WORDLINE_HD double at(std::int32_t n, std::int32_t k) const {
    return base[k] == n ? 1 - weight[k] : weight[k];
  }
  WORDLINE_HD std::int32_t first(std::int32_t n) const { return begin[n > 0 ? n - 1 : 0]; }
  WORDLINE_HD std::int32_t last(std::int32_t n) const { return begin[n + 1]; }
  // The product of hat n with itself or with the next one, summed over `f(k)`.
  template <class F>
  WORDLINE_HD double sum_of_products(std::int32_t n, bool with_next, const F& f) const {
    double sum = 0;
    for (std::int32_t k = with_next ? begin[n] : first(n); k < last(n); ++k) {
      const double h = at(n, k);
      sum += h * (with_next ? weight[k] : h) * f(k);
    }
    return sum;
  }
};

// Over rows: for node n of the rows, alone (0) and with the next one (1), and every column.
struct SumCellsOverRows {
  Shape shape;
  HatsView rows;
  const double* cells;
  double* sums;  // [2][coarse][cols]

  WORDLINE_HD std::int64_t count() const { return std::int64_t{2} * rows.coarse * shape.cols; }
  WORDLINE_HD void at(std::int64_t k) const {
    const auto j = static_cast<std::int32_t>(k % shape.cols);
    const auto n = static_cast<std::int32_t>(k / shape.cols % rows.coarse);
    const bool with_next = k / shape.cols / rows.coarse == 1;
    const double* table = cells;
    const std::int64_t cols = shape.cols;
    sums[k] = rows.sum_of_products(
        n, with_next, [table, cols, j](std::int32_t i) { return table[i * cols + j]; });
  }
};

// And over columns: [2: rows][2: columns][coarse rows][coarse columns].
struct SumCellsOverCols {
  Shape shape;
  HatsView rows, cols;
  const double* over_rows;
  double* sums;

  WORDLINE_HD std::int64_t count() const { return std::int64_t{4} * rows.coarse * cols.coarse; }
  WORDLINE_HD void at(std::int64_t k) const {
    const auto n = static_cast<std::int32_t>(k % cols.coarse);
    const auto row = static_cast<std::int32_t>(k / cols.coarse % rows.coarse);
    const std::int64_t which = k / cols.coarse / rows.coarse;
    const double* line = over_rows + (which / 2 * rows.coarse + row) * shape.cols;
    sums[k] = cols.sum_of_products(n, which % 2 == 1, [line](std::int32_t j) { return line[j]; });
  }
};

// W^T r, along columns first.
struct RestrictRows {
  Shape shape;
  HatsView rows;
  const Member* members;
  const double* r;
  double* lines;  // coarse rows x columns
  WORDLINE_HD std::int64_t count() const {
    return std::int64_t{rows.coarse} * shape.cols * shape.members;
  }
  WORDLINE_HD void at(std::int64_t k) const {
    const std::int64_t width = std::int64_t{shape.cols} * shape.members;
    const auto n = static_cast<std::int32_t>(k / width);
    if (!members[k % shape.members].iterates()) return;
    double sum = 0;
    for (std::int32_t i = rows.first(n); i < rows.last(n); ++i) {
      sum += rows.at(n, i) * r[i * width + k % width];
    }
    lines[k] = sum;
  }
};
struct RestrictCols {
  Shape shape;
  HatsView rows, cols;
  const Member* members;
  const double* lines;
  double* f;  // coarse rows x coarse columns
  WORDLINE_HD std::int64_t count() const {
    return std::int64_t{rows.coarse} * cols.coarse * shape.members;
  }
  WORDLINE_HD void at(std::int64_t k) const {
    const auto b = static_cast<std::int32_t>(k % shape.members);
    const auto n = static_cast<std::int32_t>(k / shape.members % cols.coarse);
    const std::int64_t row = k / shape.members / cols.coarse;
    if (!members[b].iterates()) return;
    double sum = 0;
    for (std::int32_t j = cols.first(n); j < cols.last(n); ++j) {
      sum += cols.at(n, j) * lines[(row * shape.cols + j) * shape.members + b];
    }
    f[k] = sum;
  }
};

// x = G f. A block of threads makes 32 numbers of a member, each in 16 parts.
struct CoarseProduct {
  static constexpr std::int32_t kRows = 32;
  static constexpr std::int32_t kParts = 16;

  std::int32_t size, member_count;
  const Member* members;
  const double* g;  // column by column
  const double* f;
  double* x;

  WORDLINE_HD std::int32_t groups() const { return (size + kRows - 1) / kRows; }
  WORDLINE_HD std::int32_t blocks() const { return groups() * member_count; }
  WORDLINE_HD std::int32_t threads() const { return kRows * kParts; }
  WORDLINE_HD std::int32_t phases() const { return 2; }
  WORDLINE_HD std::int32_t shared() const { return kRows * kParts; }
  WORDLINE_HD void at(const Place& p) const {
    const std::int32_t b = p.block % member_count;
    const std::int32_t row = p.block / member_count * kRows + p.thread % kRows;
    if (row >= size || !members[b].iterates()) return;
    double sum = 0;
    if (p.phase == 0) {
      const std::int32_t each = (size + kParts - 1) / kParts;
      const std::int32_t begin = p.thread / kRows * each;
      for (std::int32_t k = begin; k < begin + each && k < size; ++k) {
        sum += g[std::int64_t{k} * size + row] * f[std::int64_t{k} * member_count + b];
      }
      p.shared[p.thread] = sum;
    } else if (p.thread < kRows) {
      for (std::int32_t k = 0; k < kParts; ++k) sum += p.shared[k * kRows + p.thread];
      x[std::int64_t{row} * member_count + b] = sum;
    }
  }
};

// z += W x; sums r.r and r.z.
struct AddCoarse {
  Shape shape;
  HatsView rows, cols;
  const double *x, *r;
  double* z;
  WORDLINE_HD Sums at(std::int64_t cell, std::int32_t b) const {
    const std::int32_t i = shape.row_of(cell);
    const auto j = static_cast<std::int32_t>(cell - std::int64_t{i} * shape.cols);
    const double w = cols.weight[j];
    const double* here =
        x + (std::int64_t{rows.base[i]} * cols.coarse + cols.base[j]) * shape.members + b;
    const double* below = here + std::int64_t{cols.coarse} * shape.members;
    const double above_value = (1 - w) * here[0] + w * here[shape.members];
    const double below_value = (1 - w) * below[0] + w * below[shape.members];
    const std::int64_t k = cell * shape.members + b;
    z[k] += (1 - rows.weight[i]) * above_value + rows.weight[i] * below_value;
    return {r[k] * r[k], r[k] * z[k], 0};
  }
};

}  // namespace wordline::gpu
