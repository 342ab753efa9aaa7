// The inner loops of the reduced Krylov method. Tables of cells are padded with zeros: rows and
// columns to multiples of eight, and `stride` doubles from row to row. All equations are divided by
// the conductance of their line's segments; a line's tridiagonal matrix then has -1 beside its
// diagonal d and is kept as c_k = 1 / (d_k - c_{k-1}). Its solution is
//   forward y_k = c_k (f_k + y_{k-1}),  backward x_k = y_k + c_k x_{k+1};
// c_k = 0 holds node k at 0.
#pragma once

#include <cstdint>

namespace wordline {

// A block of eight rows: its factors and working memory, eight doubles a cell each.
struct RowLines {
  std::int32_t cells;  // of a row, padded
  std::int64_t stride;
  const double* c;
  double* scratch;
};

// q = C d - s Q R^-1 P d on the block, where d = z + beta * before; returns the block's part of
// with.q.
struct ReducedProduct {
  const double* z;
  const double* before;  // null: d is given
  double beta;
  double* d;
  double* q;
  const double* p;
  const double* q_weight;  // Q
  const double* diagonal;  // of C
  double coupling;         // s
  const double* with;
  bool has_above, has_below;  // rows of other blocks beside this one
};
double reduced_product(const RowLines& lines, const ReducedProduct& product);

// x = R^-1 (scale * f + weight * v), each of them eight rows.
struct RowRightHandSide {
  const double* f;
  double scale;
  const double* weight;  // null: f alone
  const double* v;
};
void solve_rows(const RowLines& lines, const RowRightHandSide& f, double* x);

// c out of the eight rows' diagonals. Returns the smallest pivot, as a fraction of its diagonal.
double factor_rows(std::int32_t cells, std::int64_t stride, const double* diagonal, double* c);

// The products of a vector with itself and with another.
struct Dots {
  double self = 0;
  double other = 0;
  Dots& operator+=(const Dots& more) {
    self += more.self;
    other += more.other;
    return *this;
  }
};

// All rows of 8 * lanes columns.
struct Strip {
  std::int32_t rows;
  std::int32_t lanes;  // at most 8
  std::int64_t stride;
  const double* c;
};
// x += alpha d, r -= alpha q, z = C^-1 r; returns r.r and r.z. Without q (null) x and r stay.
struct ColumnUpdate {
  double alpha;
  double* x;
  const double* d;
  double* r;
  const double* q;
  double* z;
};
Dots update_columns(const Strip& strip, const ColumnUpdate& update);
double factor_columns(std::int32_t rows, std::int32_t lanes, std::int64_t stride,
                      const double* diagonal, double* c);

// One row of the residual f - A x of an array matrix, without its drivers.
struct ResidualRow {
  std::int32_t cols;
  const double *f_row, *f_col;
  const double *x_row, *x_col;
  const double *i_row, *i_col;  // what the cells draw; null: as the matrix says
  const double *row_row, *row_col, *col_row, *col_col;
  double row_segment, col_segment;
  bool parallel;  // the row plane's lines run along columns too
  bool has_above, has_below;
  double *r_row, *r_col;
};
void residual_row(const ResidualRow& row);

// r = scale * f + scale * weight * t, over n cells.
void reduce_right_hand_side(std::int32_t n, double scale, const double* f, const double* weight,
                            const double* t, double* r);

// z += a x + b y
void interpolate(std::int32_t n, double a, const double* x, double b, const double* y, double* z);

// z += a x y, element by element
void add_product(std::int32_t n, double a, const double* x, const double* y, double* z);

// Sums of squares and products over n numbers, always in the same order.
double dot(std::int64_t n, const double* a, const double* b);
// a.a and a.b
Dots both_dots(std::int64_t n, const double* a, const double* b);

// The updates of BiCGStab, over n numbers, a multiple of eight.
// r -= a v; returns r.r
double subtract(std::int64_t n, double a, const double* v, double* r);
// x += a d + b z, r -= b q; returns r.r and r.shadow
struct StabilisedStep {
  double a, b;
  const double *d, *z, *q, *shadow;
  double *x, *r;
};
Dots stabilised_step(std::int64_t n, const StabilisedStep& step);
// p = r + a (before - b v)
void next_direction(std::int64_t n, double a, double b, const double* r, const double* before,
                    const double* v, double* p);
// y = a + b x
void affine(std::int32_t n, double a, double b, const double* x, double* y);
// y = a + b
void add(std::int64_t n, const double* a, const double* b, double* y);
// y = a x + b y
void combine(std::int64_t n, double a, const double* x, double b, double* y);

}  // namespace wordline
