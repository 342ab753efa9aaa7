// The rest of an iteration, cell by cell: residuals, the vectors of BiCGStab, and what is done with
// sums (the coefficients of conjugate gradients and of BiCGStab, and when a member ends).
#pragma once

#include <cmath>
#include <cstdint>

#include "wordline/cuda/array_view.hpp"
#include "wordline/cuda/sums.hpp"

namespace wordline::gpu {

WORDLINE_HD inline bool is_finite(double v) { return v - v == 0; }

// r = f - A x of both planes; sums f.f, r.r and what rounding of x can make of r.
struct Residual {
  MatrixView a;
  const double *f_row, *f_col, *x_row, *x_col;
  double *r_row, *r_col;
  const double *i_row = nullptr, *i_col = nullptr;  // what cells draw, if not as in the matrix

  WORDLINE_HD Sums at(std::int64_t cell, std::int32_t b) const {
    const Shape& s = a.shape;
    const std::int32_t i = s.row_of(cell);
    const auto j = static_cast<std::int32_t>(cell - std::int64_t{i} * s.cols);
    const std::int64_t k = s.at(i, j, b);
    const std::int64_t m = s.cell(i, j, b);
    const double row_segment = a.row.segment[s.matrix(b)];
    const double col_segment = a.col.segment[s.matrix(b)];
    const std::int64_t below = std::int64_t{s.cols} * s.members;
    const double drawn_row =
        i_row != nullptr ? i_row[k] : a.row_row[m] * x_row[k] - a.row_col[m] * x_col[k];
    const double drawn_col =
        i_col != nullptr ? i_col[k] : a.col_col[m] * x_col[k] - a.col_row[m] * x_row[k];
    double row =
        f_row[k] - drawn_row - row_segment * along(x_row, k, s.members, j > 0, j < s.cols - 1);
    double col = f_col[k] - drawn_col - col_segment * along(x_col, k, below, i > 0, i < s.rows - 1);
    if (j == 0) row -= a.row.first[s.line(i, b)] * x_row[k];
    if (j == s.cols - 1) row -= a.row.last[s.line(i, b)] * x_row[k];
    if (i == 0) col -= a.col.first[s.line(j, b)] * x_col[k];
    if (i == s.rows - 1) col -= a.col.last[s.line(j, b)] * x_col[k];
    if (is_held(a.row, s.line(i, b), j == 0, j == s.cols - 1)) row = 0;
    if (is_held(a.col, s.line(j, b), i == 0, i == s.rows - 1)) col = 0;
    r_row[k] = row;
    r_col[k] = col;
    return {f_row[k] * f_row[k] + f_col[k] * f_col[k], row * row + col * col,
            row_segment * row_segment * x_row[k] * x_row[k] +
                col_segment * col_segment * x_col[k] * x_col[k]};
  }

 private:
  // What leaves along the line.
  WORDLINE_HD static double along(const double* x, std::int64_t k, std::int64_t step, bool before,
                                  bool after) {
    return (before ? x[k] - x[k - step] : 0.0) + (after ? x[k] - x[k + step] : 0.0);
  }
  WORDLINE_HD static bool is_held(const PlaneView& plane, std::int64_t line, bool at_first,
                                  bool at_last) {
    constexpr double kMost = std::numeric_limits<double>::max();
    return (at_first && plane.first[line] > kMost) || (at_last && plane.last[line] > kMost);
  }
};

// Of a table of cells of the matrix.
struct SumTable {
  Shape shape;
  const double* table;
  WORDLINE_HD Sums at(std::int64_t cell, std::int32_t b) const {
    return {table[cell * shape.matrices() + shape.matrix(b)], 0, 0};
  }
};

// The right-hand side of the column plane alone, r = r_col + Q t where t = R^-1 r_row; and x = 0.
struct StartReduced {
  MatrixView a;
  const double *r_col, *t;
  double *r, *x, *before;
  const Member* members;

  WORDLINE_HD std::int64_t count() const { return a.shape.size(); }
  WORDLINE_HD void at(std::int64_t k) const {
    const Shape& s = a.shape;
    const auto b = static_cast<std::int32_t>(k % s.members);
    const std::int64_t cell = k / s.members;
    const std::int32_t i = s.row_of(cell);
    const std::int64_t m = s.cell(i, static_cast<std::int32_t>(cell - std::int64_t{i} * s.cols), b);
    before[k] = 0;
    if (members[b].iterates()) x[k] = 0;
    r[k] = a.holds(i, m) ? 0.0 : (r_col[k] + a.col_row[m] * t[k]) / a.col.segment[s.matrix(b)];
  }
};

// The corrections of both planes, where members are being corrected.
struct AddCorrections {
  Shape shape;
  const Member* members;
  const double *row, *col;
  double *x_row, *x_col;

  WORDLINE_HD std::int64_t count() const { return shape.size(); }
  WORDLINE_HD void at(std::int64_t k) const {
    if (!members[k % shape.members].is_corrected) return;
    x_row[k] += row[k];
    x_col[k] += col[k];
  }
};

// A table of one member after the other, laid side by side, or back.
struct Interleave {
  std::int64_t cells;
  std::int32_t members;
  bool back;
  const double* from;
  double* to;

  WORDLINE_HD std::int64_t count() const { return cells * members; }
  WORDLINE_HD void at(std::int64_t k) const {  // k: side by side
    const std::int64_t apart = k % members * cells + k / members;
    to[back ? apart : k] = from[back ? k : apart];
  }
};

// --- Conjugate gradients -------------------------------------------------------------------------

struct BeginConjugate {  // sums: r.r, r.z
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    m.rz = s.second;
    m.beta = 0;
  }
};

struct StepLength {  // sums: d.q
  std::int32_t most_iterations;
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    if (!m.iterates()) return;
    if (!(s.first > 0) || !(m.rz > 0)) {
      m.state = m.rz == 0 ? State::kDone : State::kIndefinite;
    } else if (m.iterations >= most_iterations) {
      m.state = State::kDone;
    } else {
      m.alpha = m.rz / s.first;
      ++m.iterations;
    }
  }
};

struct NextConjugate {  // sums: r.r, r.z
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    if (!m.iterates()) return;
    if (!(s.first > m.target)) m.state = State::kDone;
    m.beta = s.second / m.rz;
    m.rz = s.second;
  }
};

// --- BiCGStab (van der Vorst 1992), preconditioned from the right --------------------------------

// sums r.shadow, where the shadow and the first direction become r.
struct BeginStabilised {
  Shape shape;
  const double* r;
  double *shadow, *p;
  WORDLINE_HD Sums at(std::int64_t cell, std::int32_t b) const {
    const std::int64_t k = cell * shape.members + b;
    shadow[k] = p[k] = r[k];
    return {r[k] * r[k], 0, 0};
  }
};
struct BeginRho {
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    m.rho = s.first;
  }
};

struct DotProducts {  // a.a, a.b
  Shape shape;
  const double *a, *b_table;
  WORDLINE_HD Sums at(std::int64_t cell, std::int32_t b) const {
    const std::int64_t k = cell * shape.members + b;
    return {a[k] * a[k], a[k] * b_table[k], 0};
  }
};

struct StabilisedLength {  // sums: v.v, v.shadow
  std::int32_t most_iterations;
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    if (!m.iterates()) return;
    m.alpha = m.rho / s.second;
    if (m.iterations >= most_iterations) {
      m.state = State::kDone;
    } else if (!is_finite(m.alpha)) {
      m.state = State::kBroken;
    } else {
      ++m.iterations;
    }
  }
};

struct SubtractDirection {  // r -= alpha v; sums r.r
  Shape shape;
  const Member* members;
  const double* v;
  double* r;
  WORDLINE_HD Sums at(std::int64_t cell, std::int32_t b) const {
    const std::int64_t k = cell * shape.members + b;
    r[k] -= members[b].alpha * v[k];
    return {r[k] * r[k], 0, 0};
  }
};
struct EndHalfWay {
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    if (m.iterates() && s.first <= m.target) m.state = State::kHalfStep;
  }
};

struct StabilisingLength {  // sums: q.q, q.r
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    if (m.iterates()) m.omega = s.second / s.first;
  }
};

// x += alpha d + omega z, r -= omega q; sums r.r, r.shadow. Half a step: x += alpha d.
struct StabilisedStep {
  Shape shape;
  const Member* members;
  const double *d, *z, *q, *shadow;
  double *x, *r;
  WORDLINE_HD Sums at(std::int64_t cell, std::int32_t b) const {
    const std::int64_t k = cell * shape.members + b;
    const Member& m = members[b];
    if (m.state == State::kHalfStep) {
      x[k] += m.alpha * d[k];
      return {};
    }
    x[k] += m.alpha * d[k] + m.omega * z[k];
    r[k] -= m.omega * q[k];
    return {r[k] * r[k], r[k] * shadow[k], 0};
  }
};
struct NextStabilised {
  WORDLINE_HD void operator()(Member& m, const Sums& s, std::int32_t /*b*/) const {
    if (m.state == State::kHalfStep) m.state = State::kDone;
    if (!m.iterates()) return;
    if (!(s.first > m.target)) m.state = State::kDone;
    m.beta = s.second / m.rho * (m.alpha / m.omega);
    m.rho = s.second;
    if (m.iterates() && !is_finite(m.beta)) m.state = State::kBroken;
  }
};

// p = r + beta (p - omega v)
struct NextDirection {
  Shape shape;
  const Member* members;
  const double *r, *v;
  double* p;
  WORDLINE_HD std::int64_t count() const { return shape.size(); }
  WORDLINE_HD void at(std::int64_t k) const {
    const Member& m = members[k % shape.members];
    if (m.iterates()) p[k] = r[k] + m.beta * (p[k] - m.omega * v[k]);
  }
};

}  // namespace wordline::gpu
