// The triangular solves of a front, for one right-hand side and for eight.

#include "wordline/solvers/front_kernels.hpp"
#include "wordline/base/instruction_sets.hpp"

namespace wordline {

namespace {

WORDLINE_INLINE double sum_of(const Lanes& v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

WORDLINE_INLINE void forward_one_body(const double* p, std::ptrdiff_t step, std::int32_t size,
                                      std::int32_t columns, double* w) {
  for (std::int32_t j = 0; j < columns; j += 8) {
    const double* column = p + j * step;
    double y[8];
    for (int k = 0; k < 8; ++k) {
      double sum = w[j + k];
      for (int m = 0; m < k; ++m) sum -= column[m * step + j + k] * y[m];
      y[k] = sum * column[k * step + j + k];
      w[j + k] = y[k];
    }
    for (std::int32_t i = j + 8; i < size; i += 8) {
      Lanes sum = load(w + i);
#pragma GCC unroll 8
      for (int k = 0; k < 8; ++k) sum -= load(column + k * step + i) * y[k];
      store(w + i, sum);
    }
  }
}

WORDLINE_INLINE void backward_one_body(const double* q, std::ptrdiff_t step, std::int32_t size,
                                       std::int32_t columns, double* w) {
  for (std::int32_t j = columns - 8; j >= 0; j -= 8) {
    const double* column = q + j * step;
    Lanes sums[8] = {};
    for (std::int32_t i = j + 8; i < size; i += 8) {
      const Lanes x = load(w + i);
#pragma GCC unroll 8
      for (int k = 0; k < 8; ++k) sums[k] += load(column + k * step + i) * x;
    }
    for (int k = 7; k >= 0; --k) {
      double sum = w[j + k] - sum_of(sums[k]);
      for (int m = k + 1; m < 8; ++m) sum -= column[k * step + j + m] * w[j + m];
      w[j + k] = sum * column[k * step + j + k];
    }
  }
}

WORDLINE_INLINE void forward_eight_body(const double* p, std::ptrdiff_t step, std::int32_t size,
                                        std::int32_t columns, double* w) {
  for (std::int32_t j = 0; j < columns; j += 8) {
    const double* column = p + j * step;
    Lanes y[8];
#pragma GCC unroll 8
    for (int k = 0; k < 8; ++k) {
      Lanes sum = load(w + 8 * (j + k));
#pragma GCC unroll 8
      for (int m = 0; m < k; ++m) sum -= y[m] * column[m * step + j + k];
      y[k] = sum * column[k * step + j + k];
      store(w + 8 * (j + k), y[k]);
    }
    for (std::int32_t i = j + 8; i < size; ++i) {
      Lanes sum = load(w + 8 * i);
#pragma GCC unroll 8
      for (int k = 0; k < 8; ++k) sum -= y[k] * column[k * step + i];
      store(w + 8 * i, sum);
    }
  }
}

WORDLINE_INLINE void backward_eight_body(const double* q, std::ptrdiff_t step, std::int32_t size,
                                         std::int32_t columns, double* w) {
  for (std::int32_t j = columns - 8; j >= 0; j -= 8) {
    const double* column = q + j * step;
    Lanes x[8];
#pragma GCC unroll 8
    for (int k = 0; k < 8; ++k) x[k] = load(w + 8 * (j + k));
    for (std::int32_t i = j + 8; i < size; ++i) {
      const Lanes known = load(w + 8 * i);
#pragma GCC unroll 8
      for (int k = 0; k < 8; ++k) x[k] -= known * column[k * step + i];
    }
#pragma GCC unroll 8
    for (int k = 7; k >= 0; --k) {
#pragma GCC unroll 8
      for (int m = k + 1; m < 8; ++m) x[k] -= x[m] * column[k * step + j + m];
      x[k] *= column[k * step + j + k];
      store(w + 8 * (j + k), x[k]);
    }
  }
}

}  // namespace

#define WORDLINE_FRONT_SOLVE(name)                                                                \
  WORDLINE_KERNEL(                                                                                \
      void, name,                                                                                 \
      (const double* p, std::ptrdiff_t step, std::int32_t size, std::int32_t columns, double* w), \
      (p, step, size, columns, w))
WORDLINE_FRONT_SOLVE(forward_one)
WORDLINE_FRONT_SOLVE(backward_one)
WORDLINE_FRONT_SOLVE(forward_eight)
WORDLINE_FRONT_SOLVE(backward_eight)
#undef WORDLINE_FRONT_SOLVE

}  // namespace wordline
