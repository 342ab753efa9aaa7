// The triangular solves of a front, for one right-hand side and for eight.

#include "wordline/base/instruction_sets.hpp"
#include "wordline/solvers/front_kernels.hpp"

namespace wordline {

namespace {

// Doubles from column to column of a tile; also the right-hand sides of one unknown.
constexpr std::ptrdiff_t kStep = kTile;

WORDLINE_INLINE double sum_of(const Lanes& v) {
  return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

WORDLINE_INLINE void forward_one_body(const Slabs& p, std::int32_t size, double* w) {
  for (std::int32_t slab = 0; slab < size; ++slab) {
    const double* row = p.tile(slab, 0);
    const std::int32_t known = kTile * (slab < p.width ? slab : p.width);
    Lanes sums[4] = {load(w + kStep * slab)};
    for (std::int32_t k = 0; k < known; k += 8) {
#pragma GCC unroll 8
      for (int c = 0; c < 8; ++c) sums[c % 4] -= load(row + kStep * (k + c)) * w[k + c];
    }
    Lanes sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    store(w + kStep * slab, sum);
    if (slab >= p.width) continue;
    const double* d = p.tile(slab, slab);
    double* y = w + kStep * slab;
    for (int c = 0; c < 8; ++c) {
      y[c] *= d[kStep * c + c];
      for (int i = c + 1; i < 8; ++i) y[i] -= d[kStep * c + i] * y[c];
    }
  }
}

WORDLINE_INLINE void backward_one_body(const Slabs& q, std::int32_t size, double* w) {
  for (std::int32_t j = q.width - 1; j >= 0; --j) {
    Lanes sums[8] = {};
    for (std::int32_t slab = j + 1; slab < size; ++slab) {
      const double* tile = q.tile(slab, j);
      const Lanes x = load(w + kStep * slab);
#pragma GCC unroll 8
      for (int c = 0; c < 8; ++c) sums[c] += load(tile + kStep * c) * x;
    }
    const double* d = q.tile(j, j);
    double* y = w + kStep * j;
    for (int c = 7; c >= 0; --c) {
      double sum = y[c] - sum_of(sums[c]);
      for (int i = c + 1; i < 8; ++i) sum -= d[kStep * c + i] * y[i];
      y[c] = sum * d[kStep * c + c];
    }
  }
}

// The rows of a slab, less what `known` columns of it make of w.
WORDLINE_INLINE void subtract_known(const double* slab, std::int32_t known, const double* w,
                                    Lanes (&y)[8]) {
  for (std::int32_t k = 0; k < known; ++k) {
    const Lanes x = load(w + kStep * k);
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) y[i] -= x * slab[kStep * k + i];
  }
}

WORDLINE_INLINE void forward_eight_body(const Slabs& p, std::int32_t size, double* w) {
  for (std::int32_t slab = 0; slab < size; ++slab) {
    Lanes y[8];
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) y[i] = load(w + kStep * (kStep * slab + i));
    const std::int32_t known = kTile * (slab < p.width ? slab : p.width);
    subtract_known(p.tile(slab, 0), known, w, y);
    if (slab < p.width) {
      const double* d = p.tile(slab, slab);
#pragma GCC unroll 8
      for (int c = 0; c < 8; ++c) {
        y[c] *= d[kStep * c + c];
#pragma GCC unroll 8
        for (int i = c + 1; i < 8; ++i) y[i] -= y[c] * d[kStep * c + i];
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) store(w + kStep * (kStep * slab + i), y[i]);
  }
}

WORDLINE_INLINE void backward_eight_body(const Slabs& q, std::int32_t size, double* w) {
  for (std::int32_t j = q.width - 1; j >= 0; --j) {
    Lanes y[8];
#pragma GCC unroll 8
    for (int c = 0; c < 8; ++c) y[c] = load(w + kStep * (kStep * j + c));
    for (std::int32_t slab = j + 1; slab < size; ++slab) {
      const double* tile = q.tile(slab, j);
      for (int i = 0; i < 8; ++i) {
        const Lanes x = load(w + kStep * (kStep * slab + i));
#pragma GCC unroll 8
        for (int c = 0; c < 8; ++c) y[c] -= x * tile[kStep * c + i];
      }
    }
    const double* d = q.tile(j, j);
#pragma GCC unroll 8
    for (int c = 7; c >= 0; --c) {
#pragma GCC unroll 8
      for (int i = c + 1; i < 8; ++i) y[c] -= y[i] * d[kStep * c + i];
      y[c] *= d[kStep * c + c];
      store(w + kStep * (kStep * j + c), y[c]);
    }
  }
}

}  // namespace

WORDLINE_KERNEL(void, forward_one, (const Slabs& p, std::int32_t size, double* w), (p, size, w))
WORDLINE_KERNEL(void, backward_one, (const Slabs& q, std::int32_t size, double* w), (q, size, w))
WORDLINE_KERNEL(void, forward_eight, (const Slabs& p, std::int32_t size, double* w), (p, size, w))
WORDLINE_KERNEL(void, backward_eight, (const Slabs& q, std::int32_t size, double* w), (q, size, w))

}  // namespace wordline
