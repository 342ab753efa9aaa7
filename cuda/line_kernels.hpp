// Lines by one thread each: for many members, whose numbers stand side by side, and for lines of
// any length. A line's matrix has -1 beside its diagonal d and factors c_k = 1 / (d_k - c_{k-1});
// its solution is forward y_k = c_k (f_k + y_{k-1}), backward x_k = y_k + c_k x_{k+1}. c = 0 holds
// a node at 0.
#pragma once

#include <cmath>
#include <cstdint>

#include "wordline/cuda/array_view.hpp"
#include "wordline/cuda/sums.hpp"

namespace wordline::gpu {

// The factors of all lines of one plane, and for each line its smallest pivot as a part of its
// diagonal.
struct FactorLines {
  Shape shape;
  bool of_rows;
  const double* cells;  // S, from the line's nodes
  PlaneView plane;
  double* factors;
  float* single_precision;  // or null
  double* pivots;           // line k of matrix b at k * matrices + b

  WORDLINE_HD std::int64_t count() const {
    return std::int64_t{of_rows ? shape.rows : shape.cols} * shape.matrices();
  }
  WORDLINE_HD void at(std::int64_t k) const {
    const auto line = static_cast<std::int32_t>(k / shape.matrices());
    const auto b = static_cast<std::int32_t>(k % shape.matrices());
    const std::int32_t length = of_rows ? shape.cols : shape.rows;
    const double segment = plane.segment[b];
    double before = 0;
    double low = 1;
    for (std::int32_t n = 0; n < length; ++n) {
      const std::int64_t cell = of_rows ? shape.cell(line, n, b) : shape.cell(n, line, b);
      double d = (n > 0 ? 1.0 : 0.0) + (n < length - 1 ? 1.0 : 0.0) + cells[cell] / segment;
      if (n == 0) d += plane.first[k] / segment;
      if (n == length - 1) d += plane.last[k] / segment;
      const bool is_held = d > std::numeric_limits<double>::max();
      const double pivot = (d - before) / d;
      if (!is_held && !(pivot >= low)) low = pivot;
      before = is_held ? 0.0 : 1 / (d - before);
      factors[cell] = before;
      if (single_precision != nullptr) single_precision[cell] = static_cast<float>(before);
    }
    pivots[k] = low;
  }
};

// x = R^-1 (f + weight v), divided as all equations are.
struct SolveRows {
  MatrixView a;
  const double* f;       // A
  const double* weight;  // S, in a table of the matrix; null: f alone
  const double* v;       // V
  double* x;

  WORDLINE_HD double right_hand_side(std::int32_t i, std::int32_t j, std::int32_t b) const {
    const std::int64_t k = a.shape.at(i, j, b);
    const double more = weight != nullptr ? weight[a.shape.cell(i, j, b)] * v[k] : 0.0;
    return (f[k] + more) / a.row.segment[a.shape.matrix(b)];
  }

  WORDLINE_HD std::int64_t count() const { return std::int64_t{a.shape.rows} * a.shape.members; }
  WORDLINE_HD void at(std::int64_t line) const {
    const auto i = static_cast<std::int32_t>(line / a.shape.members);
    const auto b = static_cast<std::int32_t>(line % a.shape.members);
    double y = 0;
    for (std::int32_t j = 0; j < a.shape.cols; ++j) {
      y = a.row_factors[a.shape.cell(i, j, b)] * (right_hand_side(i, j, b) + y);
      x[a.shape.at(i, j, b)] = y;
    }
    for (std::int32_t j = a.shape.cols - 2; j >= 0; --j) {
      const std::int64_t k = a.shape.at(i, j, b);
      y = x[k] + a.row_factors[a.shape.cell(i, j, b)] * y;
      x[k] = y;
    }
  }
};

// What a product is made of: q = S d = C d - Q R^-1 P d, where d = z + beta * before.
struct ProductTables {
  MatrixView a;
  const Member* members;
  const double* z;
  const double* before;  // null: d is z
  double* d;
  double* q;
  Sums* parts;  // of d.q

  WORDLINE_HD double direction(std::int32_t i, std::int32_t j, std::int32_t b) const {
    const std::int64_t k = a.shape.at(i, j, b);
    return before != nullptr ? z[k] + members[b].beta * before[k] : z[k];
  }
  WORDLINE_HD double right_hand_side(std::int32_t i, std::int32_t j, std::int32_t b) const {
    const double here = direction(i, j, b);
    if (before != nullptr) d[a.shape.at(i, j, b)] = here;
    return a.row_col[a.shape.cell(i, j, b)] * here;
  }
  // Of one cell, t being R^-1 P d there; returns its part of d.q.
  WORDLINE_HD double finish(std::int32_t i, std::int32_t j, std::int32_t b, double t) const {
    const Shape& s = a.shape;
    const std::int64_t cell = s.cell(i, j, b);
    const double here = direction(i, j, b);
    const double coupling = 1 / (a.row.segment[s.matrix(b)] * a.col.segment[s.matrix(b)]);
    double value = 0;
    if (!a.holds(i, cell)) {
      value = a.col_diagonal(i, j, b) * here - coupling * a.col_row[cell] * t;
      if (i > 0) value -= direction(i - 1, j, b);
      if (i < s.rows - 1) value -= direction(i + 1, j, b);
    }
    q[s.at(i, j, b)] = value;
    return here * value;
  }
};

struct Product {
  ProductTables tables;

  WORDLINE_HD std::int64_t count() const {
    return std::int64_t{tables.a.shape.rows} * tables.a.shape.members;
  }
  WORDLINE_HD void at(std::int64_t line) const {
    const MatrixView& a = tables.a;
    const auto i = static_cast<std::int32_t>(line / a.shape.members);
    const auto b = static_cast<std::int32_t>(line % a.shape.members);
    Sums sum;
    if (tables.members[b].iterates()) {
      double y = 0;
      for (std::int32_t j = 0; j < a.shape.cols; ++j) {
        y = a.row_factors[a.shape.cell(i, j, b)] * (tables.right_hand_side(i, j, b) + y);
        tables.q[a.shape.at(i, j, b)] = y;
      }
      y = 0;
      for (std::int32_t j = a.shape.cols - 1; j >= 0; --j) {
        y = tables.q[a.shape.at(i, j, b)] + a.row_factors[a.shape.cell(i, j, b)] * y;
        sum.first += tables.finish(i, j, b, y);
      }
    }
    tables.parts[line] = sum;
  }
};

// x += alpha d, r -= alpha q, z = C^-1 r; sums r.r and r.z. Without x only z is made.
struct UpdateTables {
  MatrixView a;
  const Member* members;
  double* x;
  const double* d;
  double* r;
  const double* q;
  double* z;
  Sums* parts;

  // The residual of a cell, which is brought up to date.
  WORDLINE_HD double residual(std::int64_t k, std::int32_t b) const {
    if (x == nullptr) return r[k];
    const double alpha = members[b].alpha;
    x[k] += alpha * d[k];
    r[k] -= alpha * q[k];
    return r[k];
  }
};

struct Update {
  UpdateTables tables;

  WORDLINE_HD std::int64_t count() const {
    return std::int64_t{tables.a.shape.cols} * tables.a.shape.members;
  }
  WORDLINE_HD void at(std::int64_t line) const {
    const MatrixView& a = tables.a;
    const auto j = static_cast<std::int32_t>(line / a.shape.members);
    const auto b = static_cast<std::int32_t>(line % a.shape.members);
    Sums sum;
    if (tables.members[b].iterates()) {
      double y = 0;
      for (std::int32_t i = 0; i < a.shape.rows; ++i) {
        const std::int64_t k = a.shape.at(i, j, b);
        const double r = tables.residual(k, b);
        sum.first += r * r;
        y = a.col_factor(a.shape.cell(i, j, b)) * (r + y);
        tables.z[k] = y;
      }
      y = 0;
      for (std::int32_t i = a.shape.rows - 1; i >= 0; --i) {
        const std::int64_t k = a.shape.at(i, j, b);
        y = tables.z[k] + a.col_factor(a.shape.cell(i, j, b)) * y;
        tables.z[k] = y;
        sum.second += tables.r[k] * y;
      }
    }
    tables.parts[line] = sum;
  }
};

}  // namespace wordline::gpu
