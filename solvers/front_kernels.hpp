// Kernels of the fronts of a multifrontal factorization. Matrices stand column by column; all
// sizes are multiples of 8, so nothing has a remainder.
//
// A front F is factored as P Q^T, both lower trapezoids with the *reciprocals* of their diagonal on
// it. P has what lies below the diagonal, Q, transposed, what lies right of it. A symmetric front
// has P == Q, the same memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wordline {

// Below this, relative to the sum of conductances at its node, a pivot is rounding: what has no
// path to a driver.
inline constexpr double kSmallestPivot = 1e-14;

struct Panels {
  double* p;
  double* q;
  std::ptrdiff_t step;  // doubles from column to column
  bool symmetric() const { return p == q; }
};

// Columns first..last-1, of `size` rows: those before them, from `from` on, are subtracted, then
// they are eliminated. False: a pivot vanished against `scale`, the size of its diagonal entry
// before any elimination.
bool eliminate_columns(const Panels& panels, std::int32_t size, std::int32_t from,
                       std::int32_t first, std::int32_t last, const double* scale);

// c = init - a b^T with c rows x cols, a and b of `depth` columns; init may be null (0). Lower:
// only what is on and below the diagonal of c, rows == cols.
struct BlockUpdate {
  const double* init;
  std::ptrdiff_t init_step;
  const double* a;
  const double* b;
  std::ptrdiff_t step;  // of a and b
  double* c;
  std::ptrdiff_t c_step;
  std::int32_t rows, cols, depth;
  bool lower;
};
void update_block(const BlockUpdate& u);

// Adds the columns of a child's update to a panel: rows x cols, or its lower half.
void add_block(const double* from, std::ptrdiff_t from_step, double* to, std::ptrdiff_t to_step,
               std::int32_t rows, std::int32_t cols, bool lower);

// Forward: solves with the lower triangle of p (size x columns), w = [separator; rest] in place.
// Backward: with its transpose. Eight right-hand sides: entry r of unknown i at w[8 i + r].
void forward_one(const double* p, std::ptrdiff_t step, std::int32_t size, std::int32_t columns,
                 double* w);
void backward_one(const double* q, std::ptrdiff_t step, std::int32_t size, std::int32_t columns,
                  double* w);
void forward_eight(const double* p, std::ptrdiff_t step, std::int32_t size, std::int32_t columns,
                   double* w);
void backward_eight(const double* q, std::ptrdiff_t step, std::int32_t size, std::int32_t columns,
                    double* w);

}  // namespace wordline
