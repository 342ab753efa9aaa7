#include "wordline/solvers/front_kernels.hpp"

#include "wordline/base/instruction_sets.hpp"

namespace wordline {

namespace {

// acc[c][v] -= rows 8v..8v+7 of a times row c of b.
template <int kRows>
WORDLINE_INLINE void subtract_products(const double* a, const double* b, std::ptrdiff_t step,
                                       std::int32_t depth, Lanes (&acc)[8][kRows]) {
  for (std::int32_t k = 0; k < depth; ++k) {
    Lanes row[kRows];
#pragma GCC unroll 8
    for (int v = 0; v < kRows; ++v) row[v] = load(a + 8 * v);
#pragma GCC unroll 8
    for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 8
      for (int v = 0; v < kRows; ++v) acc[c][v] -= row[v] * b[c];
    }
    a += step;
    b += step;
  }
}

template <int kRows>
WORDLINE_INLINE void load_tile(const double* x, std::ptrdiff_t step, Lanes (&acc)[8][kRows]) {
#pragma GCC unroll 8
  for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < kRows; ++v) acc[c][v] = load(x + c * step + 8 * v);
  }
}

template <int kRows>
WORDLINE_INLINE void store_tile(double* x, std::ptrdiff_t step, const Lanes (&acc)[8][kRows]) {
#pragma GCC unroll 8
  for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < kRows; ++v) store(x + c * step + 8 * v, acc[c][v]);
  }
}

// Rows of a panel: subtracts `depth` columns from 8 columns at x, then solves with the diagonal
// block d of the other panel.
template <int kRows>
WORDLINE_INLINE void panel_rows(double* x, const double* a, const double* b, std::ptrdiff_t step,
                                std::int32_t depth, const double* d) {
  Lanes acc[8][kRows];
  load_tile(x, step, acc);
  subtract_products(a, b, step, depth, acc);
#pragma GCC unroll 8
  for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 8
    for (int k = 0; k < c; ++k) {
#pragma GCC unroll 8
      for (int v = 0; v < kRows; ++v) acc[c][v] -= acc[k][v] * d[k * step + c];
    }
#pragma GCC unroll 8
    for (int v = 0; v < kRows; ++v) acc[c][v] *= d[c * step + c];
  }
  store_tile(x, step, acc);
}

WORDLINE_INLINE double magnitude(double x) { return x < 0 ? -x : x; }

// The 8 x 8 block on the diagonal, Cholesky.
WORDLINE_INLINE bool factor_symmetric(double* p, std::ptrdiff_t step, const double* scale) {
  bool ok = true;
  for (int k = 0; k < 8; ++k) {
    double* column = p + k * step;
    const double pivot = column[k];
    ok = ok && pivot > kSmallestPivot * scale[k];
    const double reciprocal = 1 / __builtin_sqrt(pivot);
    column[k] = reciprocal;
    for (int i = k + 1; i < 8; ++i) column[i] *= reciprocal;
    for (int j = k + 1; j < 8; ++j) {
      for (int i = j; i < 8; ++i) p[j * step + i] -= column[i] * column[j];
    }
  }
  return ok;
}

// The same, LU: the diagonal of P is 1.
WORDLINE_INLINE bool factor_general(double* p, double* q, std::ptrdiff_t step,
                                    const double* scale) {
  bool ok = true;
  for (int k = 0; k < 8; ++k) {
    double *below = p + k * step, *right = q + k * step;
    const double pivot = right[k];
    ok = ok && magnitude(pivot) > kSmallestPivot * scale[k];
    const double reciprocal = 1 / pivot;
    below[k] = 1;
    right[k] = reciprocal;
    for (int i = k + 1; i < 8; ++i) below[i] *= reciprocal;
    for (int j = k + 1; j < 8; ++j) {
      for (int i = j; i < 8; ++i) {
        p[j * step + i] -= below[i] * right[j];
        q[j * step + i] -= right[i] * below[j];
      }
    }
  }
  return ok;
}

WORDLINE_INLINE void panel_below(double* x, const double* a, const double* b, std::ptrdiff_t step,
                                 std::int32_t depth, const double* d, std::int32_t rows) {
  std::int32_t r = 0;
  for (; r + 16 <= rows; r += 16) panel_rows<2>(x + r, a + r, b, step, depth, d);
  if (r < rows) panel_rows<1>(x + r, a + r, b, step, depth, d);
}

WORDLINE_INLINE bool eliminate_columns_body(const Panels& panels, std::int32_t size,
                                            std::int32_t from, std::int32_t first,
                                            std::int32_t last, const double* scale) {
  const std::ptrdiff_t step = panels.step;
  bool ok = true;
  for (std::int32_t j = first; j < last; j += 8) {
    const std::int32_t depth = j - from;
    double *pj = panels.p + j * step + j, *qj = panels.q + j * step + j;
    const double *pa = panels.p + from * step + j, *qa = panels.q + from * step + j;
    Lanes p_tile[8][1];
    load_tile(pj, step, p_tile);
    subtract_products(pa, qa, step, depth, p_tile);
    if (panels.symmetric()) {
      store_tile(pj, step, p_tile);
      ok = factor_symmetric(pj, step, scale + j) && ok;
    } else {
      Lanes q_tile[8][1];
      load_tile(qj, step, q_tile);
      subtract_products(qa, pa, step, depth, q_tile);
      store_tile(pj, step, p_tile);
      store_tile(qj, step, q_tile);
      ok = factor_general(pj, qj, step, scale + j) && ok;
      panel_below(qj + 8, qa + 8, pa, step, depth, pj, size - j - 8);
    }
    panel_below(pj + 8, pa + 8, qa, step, depth, qj, size - j - 8);
  }
  return ok;
}

template <int kRows>
WORDLINE_INLINE void update_tile(const BlockUpdate& u, std::ptrdiff_t row, std::ptrdiff_t col) {
  Lanes acc[8][kRows];
  if (u.init != nullptr) {
    load_tile(u.init + col * u.init_step + row, u.init_step, acc);
  } else {
#pragma GCC unroll 8
    for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 8
      for (int v = 0; v < kRows; ++v) acc[c][v] = Lanes{};
    }
  }
  subtract_products(u.a + row, u.b + col, u.step, u.depth, acc);
  store_tile(u.c + col * u.c_step + row, u.c_step, acc);
}

WORDLINE_INLINE void update_block_body(const BlockUpdate& u) {
  for (std::int32_t col = 0; col < u.cols; col += 8) {
    std::int32_t row = u.lower ? col : 0;
    for (; row + 16 <= u.rows; row += 16) update_tile<2>(u, row, col);
    if (row < u.rows) update_tile<1>(u, row, col);
  }
}

WORDLINE_INLINE void add_block_body(const double* from, std::ptrdiff_t from_step, double* to,
                                    std::ptrdiff_t to_step, std::int32_t rows, std::int32_t cols,
                                    bool lower) {
  for (std::int32_t c = 0; c < cols; ++c) {
    for (std::int32_t r = lower ? c / 8 * 8 : 0; r < rows; r += 8) {
      store(to + r, load(to + r) + load(from + r));
    }
    from += from_step;
    to += to_step;
  }
}

}  // namespace

WORDLINE_KERNEL(bool, eliminate_columns,
                (const Panels& panels, std::int32_t size, std::int32_t from, std::int32_t first,
                 std::int32_t last, const double* scale),
                (panels, size, from, first, last, scale))
WORDLINE_KERNEL(void, update_block, (const BlockUpdate& u), (u))
WORDLINE_KERNEL(void, add_block,
                (const double* from, std::ptrdiff_t from_step, double* to, std::ptrdiff_t to_step,
                 std::int32_t rows, std::int32_t cols, bool lower),
                (from, from_step, to, to_step, rows, cols, lower))

}  // namespace wordline
