#include "wordline/solvers/front_kernels.hpp"

#include "wordline/base/instruction_sets.hpp"

namespace wordline {

namespace {

// Tiles which stay in cache while they are used: slabs of a, and columns.
constexpr std::int32_t kCacheRows = 16;
constexpr std::int32_t kCacheDepth = 32;
constexpr std::int32_t kPanel = 8;  // tiles of columns eliminated before the next ones see them

constexpr std::ptrdiff_t kStep = kTile;  // doubles from column to column of a tile

WORDLINE_INLINE std::int32_t smaller(std::int32_t a, std::int32_t b) { return a < b ? a : b; }

// A column of tiles in kSlabs slabs: acc[c][v] is column c in slab v.
template <int kSlabs>
struct Column {
  Lanes acc[8][kSlabs];
};

template <int kSlabs>
WORDLINE_INLINE void load_column(const double* const (&x)[kSlabs], Column<kSlabs>& t) {
#pragma GCC unroll 8
  for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 4
    for (int v = 0; v < kSlabs; ++v) t.acc[c][v] = load(x[v] + c * kStep);
  }
}

template <int kSlabs>
WORDLINE_INLINE void store_column(const Column<kSlabs>& t, double* const (&x)[kSlabs]) {
#pragma GCC unroll 8
  for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 4
    for (int v = 0; v < kSlabs; ++v) store(x[v] + c * kStep, t.acc[c][v]);
  }
}

// t -= a b^T over `depth` columns.
template <int kSlabs>
WORDLINE_INLINE void subtract_products(const double* const (&a)[kSlabs], const double* b,
                                       std::int32_t depth, Column<kSlabs>& t) {
  for (std::ptrdiff_t k = 0; k < depth * kStep; k += kStep) {
    Lanes row[kSlabs];
#pragma GCC unroll 4
    for (int v = 0; v < kSlabs; ++v) row[v] = load(a[v] + k);
#pragma GCC unroll 8
    for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 4
      for (int v = 0; v < kSlabs; ++v) t.acc[c][v] -= row[v] * b[k + c];
    }
  }
}

// Slabs of a panel: subtracts columns from..j-1 from column j (of tiles), then solves with the
// diagonal tile of the other panel.
template <int kSlabs>
WORDLINE_INLINE void panel_slabs(const Slabs& x, const Slabs& other, std::int32_t slab,
                                 std::int32_t from, std::int32_t j) {
  Column<kSlabs> t;
  double* at[kSlabs];
  const double* a[kSlabs];
  const double* in[kSlabs];
#pragma GCC unroll 4
  for (int v = 0; v < kSlabs; ++v) {
    in[v] = at[v] = x.tile(slab + v, j);
    a[v] = x.tile(slab + v, from);
  }
  load_column(in, t);
  subtract_products(a, other.tile(j, from), (j - from) * kTile, t);
  const double* d = other.tile(j, j);
#pragma GCC unroll 8
  for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 8
    for (int k = 0; k < c; ++k) {
#pragma GCC unroll 4
      for (int v = 0; v < kSlabs; ++v) t.acc[c][v] -= t.acc[k][v] * d[k * kStep + c];
    }
#pragma GCC unroll 4
    for (int v = 0; v < kSlabs; ++v) t.acc[c][v] *= d[c * kStep + c];
  }
  store_column(t, at);
}

WORDLINE_INLINE void panel_below(const Slabs& x, const Slabs& other, std::int32_t from,
                                 std::int32_t j, std::int32_t size) {
  std::int32_t slab = j + 1;
  for (; slab + 2 <= size; slab += 2) panel_slabs<2>(x, other, slab, from, j);
  if (slab < size) panel_slabs<1>(x, other, slab, from, j);
}

WORDLINE_INLINE double magnitude(double x) { return x < 0 ? -x : x; }

// The tile on the diagonal, Cholesky.
WORDLINE_INLINE bool factor_symmetric(double* p, const double* scale) {
  bool ok = true;
  for (int k = 0; k < 8; ++k) {
    double* column = p + k * kStep;
    const double pivot = column[k];
    ok = ok && pivot > kSmallestPivot * scale[k];
    const double reciprocal = 1 / __builtin_sqrt(pivot);
    column[k] = reciprocal;
    for (int i = k + 1; i < 8; ++i) column[i] *= reciprocal;
    for (int j = k + 1; j < 8; ++j) {
      for (int i = j; i < 8; ++i) p[j * kStep + i] -= column[i] * column[j];
    }
  }
  return ok;
}

// The same, LU: the diagonal of P is 1.
WORDLINE_INLINE bool factor_general(double* p, double* q, const double* scale) {
  bool ok = true;
  for (int k = 0; k < 8; ++k) {
    double *below = p + k * kStep, *right = q + k * kStep;
    const double pivot = right[k];
    ok = ok && magnitude(pivot) > kSmallestPivot * scale[k];
    const double reciprocal = 1 / pivot;
    below[k] = 1;
    right[k] = reciprocal;
    for (int i = k + 1; i < 8; ++i) below[i] *= reciprocal;
    for (int j = k + 1; j < 8; ++j) {
      for (int i = j; i < 8; ++i) {
        p[j * kStep + i] -= below[i] * right[j];
        q[j * kStep + i] -= right[i] * below[j];
      }
    }
  }
  return ok;
}

// Subtracts columns from..j-1 from the tile on the diagonal.
WORDLINE_INLINE void diagonal_tile(const Slabs& x, const Slabs& other, std::int32_t from,
                                   std::int32_t j, Column<1>& t) {
  const double* at[1] = {x.tile(j, j)};
  const double* a[1] = {x.tile(j, from)};
  load_column(at, t);
  subtract_products(a, other.tile(j, from), (j - from) * kTile, t);
}

WORDLINE_INLINE bool eliminate_column(const Slabs& p, const Slabs& q, bool symmetric,
                                      std::int32_t from, std::int32_t j, std::int32_t size,
                                      const double* scale) {
  double* pj[1] = {p.tile(j, j)};
  double* qj[1] = {q.tile(j, j)};
  Column<1> below, right;
  diagonal_tile(p, q, from, j, below);
  if (symmetric) {
    store_column(below, pj);
    const bool ok = factor_symmetric(pj[0], scale + j * kStep);
    panel_below(p, p, from, j, size);
    return ok;
  }
  diagonal_tile(q, p, from, j, right);
  store_column(below, pj);
  store_column(right, qj);
  const bool ok = factor_general(pj[0], qj[0], scale + j * kStep);
  panel_below(p, q, from, j, size);
  panel_below(q, p, from, j, size);
  return ok;
}

// Part of an update, with columns first..last-1 of tiles.
template <int kSlabs>
WORDLINE_INLINE void update_tiles(const BlockUpdate& u, std::int32_t row, std::int32_t col,
                                  std::int32_t first, std::int32_t last) {
  Column<kSlabs> t;
  double* at[kSlabs];
  const double* a[kSlabs];
  const double* in[kSlabs];
#pragma GCC unroll 4
  for (int v = 0; v < kSlabs; ++v) {
    at[v] = u.c.tile(u.c_at.row + row + v, u.c_at.col + col);
    a[v] = u.a.tile(u.a_row + row + v, first);
  }
  if (first > 0 || u.init != nullptr) {
#pragma GCC unroll 4
    for (int v = 0; v < kSlabs; ++v) {
      in[v] = first > 0 ? at[v] : u.init->tile(u.init_at.row + row + v, u.init_at.col + col);
    }
    load_column(in, t);
  } else {
#pragma GCC unroll 8
    for (int c = 0; c < 8; ++c) {
#pragma GCC unroll 4
      for (int v = 0; v < kSlabs; ++v) t.acc[c][v] = Lanes{};
    }
  }
  subtract_products(a, u.b.tile(u.b_row + col, first), (last - first) * kTile, t);
  store_column(t, at);
}

WORDLINE_INLINE void update_rows(const BlockUpdate& u, std::int32_t rows_first,
                                 std::int32_t rows_last, std::int32_t first, std::int32_t last) {
  for (std::int32_t col = 0; col < u.cols; ++col) {
    std::int32_t row = u.lower && col > rows_first ? col : rows_first;
    for (; row + 2 <= rows_last; row += 2) update_tiles<2>(u, row, col, first, last);
    if (row < rows_last) update_tiles<1>(u, row, col, first, last);
  }
}

// `depth` columns of tiles.
WORDLINE_INLINE void update_depth(const BlockUpdate& u, std::int32_t depth) {
  for (std::int32_t row = 0; row < u.rows; row += kCacheRows) {
    const std::int32_t rows_last = smaller(u.rows, row + kCacheRows);
    std::int32_t first = 0;
    do {
      const std::int32_t last = smaller(depth, first + kCacheDepth);
      update_rows(u, row, rows_last, first, last);
      first = last;
    } while (first < depth);
  }
}

WORDLINE_INLINE void update_block_body(const BlockUpdate& u) { update_depth(u, u.a.width); }

WORDLINE_INLINE void update_panel(const Slabs& x, const Slabs& other, std::int32_t j,
                                  std::int32_t next, std::int32_t size) {
  BlockUpdate u{};
  u.init = &x;
  u.init_at = {j, j};
  u.a = x;
  u.b = other;
  u.a_row = u.b_row = j;
  u.c = x;
  u.c_at = {j, j};
  u.rows = size - j;
  u.cols = next - j;
  u.lower = true;
  update_depth(u, j);
}

WORDLINE_INLINE bool eliminate_columns_body(const Slabs& p, const Slabs& q, bool symmetric,
                                            std::int32_t size, const double* scale) {
  const std::int32_t panel = p.width > 2 * kPanel ? kPanel : p.width;
  for (std::int32_t from = 0; from < p.width; from += panel) {
    const std::int32_t next = smaller(p.width, from + panel);
    if (from > 0) {
      update_panel(p, q, from, next, size);
      if (!symmetric) update_panel(q, p, from, next, size);
    }
    for (std::int32_t j = from; j < next; ++j) {
      if (!eliminate_column(p, q, symmetric, from, j, size, scale)) return false;
    }
  }
  return true;
}

WORDLINE_INLINE void add_block_body(const Slabs& from, const Place& from_at, const Slabs& to,
                                    const Place& to_at, std::int32_t rows, std::int32_t cols,
                                    bool lower) {
  for (std::int32_t r = 0; r < rows; ++r) {
    const double* x = from.tile(from_at.row + r, from_at.col);
    double* y = to.tile(to_at.row + r, to_at.col);
    const std::ptrdiff_t size = (lower ? r + 1 : cols) * kTileSize;
    for (std::ptrdiff_t k = 0; k < size; k += kLanes) store(y + k, load(y + k) + load(x + k));
  }
}

}  // namespace

WORDLINE_KERNEL(bool, eliminate_columns,
                (const Slabs& p, const Slabs& q, bool symmetric, std::int32_t size,
                 const double* scale),
                (p, q, symmetric, size, scale))
WORDLINE_KERNEL(void, update_block, (const BlockUpdate& u), (u))
WORDLINE_KERNEL(void, add_block,
                (const Slabs& from, const Place& from_at, const Slabs& to, const Place& to_at,
                 std::int32_t rows, std::int32_t cols, bool lower),
                (from, from_at, to, to_at, rows, cols, lower))

}  // namespace wordline
