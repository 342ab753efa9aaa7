// An array matrix with its row plane eliminated: S = C - Q R^-1 P on the column plane, and its
// preconditioner C. Lines of neither plane may be merged.
//
// Tables of this class are padded to whole blocks; `Plane` is one. Everything in them is divided by
// the segment conductance of the column lines.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/aligned.hpp"
#include "wordline/solvers/array_kernels.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_residual.hpp"

namespace wordline {

class ReducedArray {
 public:
  using Plane = AlignedTable;

  // `threads` at least 1. Results do not depend on it.
  ReducedArray(std::int32_t rows, std::int32_t cols, int threads);

  // Its lines and cells, whose tables must stay while they are in use.
  void describe(const ArrayMatrix& matrix) { matrix_ = matrix; }
  // Factors the lines. False if one of them is singular.
  bool factor();
  const ArrayMatrix& matrix() const { return matrix_; }

  void clear(Plane& plane) const { plane.assign(size_); }
  std::int32_t rows() const { return rows_; }
  std::int32_t cols() const { return cols_; }
  std::int64_t stride() const { return stride_; }

  // The residual f - A x of both planes, which is kept for start().
  ArrayNorms residual(const ArrayTables& f, const ArrayTables& x, const ArrayTables* currents);
  // The right-hand side of the correction of the column plane.
  void start(Plane& r);
  // x = from + that correction, and in the row plane what follows from it; x may be `from`.
  void finish(const Plane& correction, const ArrayTables& from, std::span<double> x_row,
              std::span<double> x_col);

  // d = z + beta * before, q = S d; returns with.q. Without `before`, d is given.
  double product(const Plane& z, const Plane* before, double beta, Plane& d, Plane& q,
                 const Plane& with) const;
  // x += alpha d, r -= alpha q, z = C^-1 r; returns r.r and r.z.
  Dots update(double alpha, Plane& x, const Plane& d, Plane& r, const Plane& q, Plane& z) const;
  // z = C^-1 r; returns r.r and r.z.
  Dots precondition(Plane& r, Plane& z) const;

  double dot(const Plane& a, const Plane& b) const;
  // a.a and a.b
  Dots both_dots(const Plane& a, const Plane& b) const;
  void combine(double a, const Plane& x, double b, Plane& y) const;  // y = a x + b y
  // r -= a v; returns r.r
  double subtract(double a, const Plane& v, Plane& r) const;
  // x += a d + b z, r -= b q; returns r.r and r.shadow
  Dots stabilised_step(double a, const Plane& d, double b, const Plane& z, const Plane& q,
                       const Plane& shadow, Plane& x, Plane& r) const;
  // p = r + a (before - b v)
  void next_direction(double a, double b, const Plane& r, const Plane& before, const Plane& v,
                      Plane& p) const;

 private:
  struct Part;
  template <class Work>
  auto sum_of_parts(const Work& work) const;
  template <class Work>
  void for_parts(const Work& work) const;
  RowLines row_lines(std::int32_t block) const;
  std::int32_t blocks() const { return padded_rows_ / kBlock; }
  std::int32_t strips() const;
  Strip strip(std::int32_t k) const;
  Dots update_strips(double alpha, Plane* x, const Plane* d, Plane& r, const Plane* q,
                     Plane& z) const;
  void clear_diagonal();
  void clear_held(std::int32_t block, Plane& plane) const;
  void set_diagonals(std::int32_t block, std::span<double> row_diagonal);

  static constexpr std::int32_t kBlock = 8;       // rows
  static constexpr std::int32_t kStripLanes = 8;  // eights of columns

  std::int32_t rows_, cols_, padded_rows_, padded_cols_;
  std::int64_t stride_;
  std::size_t size_;
  int threads_;
  ArrayMatrix matrix_;
  bool holds_columns_ = false;
  AlignedTable p_, q_;     // Q only where it differs from P
  AlignedTable diagonal_;  // of C
  AlignedTable row_factors_, column_factors_;
  AlignedTable r_row_, r_col_, t_;  // of the residual
  mutable AlignedTable scratch_;    // per thread
};

}  // namespace wordline
