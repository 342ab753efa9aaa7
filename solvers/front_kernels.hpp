// Kernels of the fronts of a multifrontal factorization.
//
// All sizes are multiples of 8, and counted in tiles of 8. A matrix stands slab by slab, a slab
// being 8 rows, tile by tile in a slab, column by column in a tile: what a product reads is
// contiguous whatever the matrix's size.
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

inline constexpr std::int32_t kTile = 8;
inline constexpr std::ptrdiff_t kTileSize = std::ptrdiff_t{kTile} * kTile;

// A lower trapezoid, `width` tiles wide: slab r has tiles 0 to min(r, width - 1). Tiles on the
// diagonal are whole, though what is above it means nothing.
struct Slabs {
  double* data = nullptr;
  std::int32_t width = 0;

  static constexpr std::ptrdiff_t tiles_before(std::ptrdiff_t slab, std::ptrdiff_t width) {
    return slab < width ? slab * (slab + 1) / 2 : width * (width + 1) / 2 + (slab - width) * width;
  }
  double* tile(std::int32_t slab, std::int32_t column) const {
    return data + kTileSize * (tiles_before(slab, width) + column);
  }
};

// Eliminates the columns of a front of `size` slabs. False: a pivot vanished against `scale`, the
// size of its diagonal entry before any elimination.
bool eliminate_columns(const Slabs& p, const Slabs& q, bool symmetric, std::int32_t size,
                       const double* scale);

// A block of rows x cols tiles of a matrix, at one of its tiles.
struct Place {
  std::int32_t row, col;
};

// c = init - a b^T, for the tiles at c_at: rows of a from a_row on, rows of b from b_row on, all
// columns. `init` may be null (0). Lower: tiles above the block's diagonal are left out.
struct BlockUpdate {
  const Slabs* init;
  Place init_at;
  Slabs a, b;
  std::int32_t a_row, b_row;
  Slabs c;
  Place c_at;
  std::int32_t rows, cols;
  bool lower;
};
void update_block(const BlockUpdate& u);

// to += from, for blocks of rows x cols tiles, or those on and below the block's diagonal.
void add_block(const Slabs& from, const Place& from_at, const Slabs& to, const Place& to_at,
               std::int32_t rows, std::int32_t cols, bool lower);

// Forward: solves with the triangle on top of p, of `size` slabs, w = [separator; rest] in place.
// Backward: with its transpose. Eight right-hand sides: entry r of unknown i at w[8 i + r].
void forward_one(const Slabs& p, std::int32_t size, double* w);
void backward_one(const Slabs& q, std::int32_t size, double* w);
void forward_eight(const Slabs& p, std::int32_t size, double* w);
void backward_eight(const Slabs& q, std::int32_t size, double* w);

}  // namespace wordline
