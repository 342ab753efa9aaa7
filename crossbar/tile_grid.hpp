// A matrix cut into tiles of one shape, and put together again.
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/base/matrix.hpp"

namespace wordline::crossbar {

struct TileShape {
  std::int64_t rows = 128;
  std::int64_t cols = 128;
};

// What of a matrix a tile holds. The last tiles of a row or column may hold less than their shape.
struct TilePart {
  std::int64_t row, rows;  // the first, and how many
  std::int64_t col, cols;
};

// Where an entry of the matrix is.
struct TilePlace {
  std::int64_t tile;
  std::int64_t row, col;  // in the tile
};

// Tiles are numbered row by row.
class TileGrid {
 public:
  // Throws Error where matrix or shape are empty.
  TileGrid(std::int64_t rows, std::int64_t cols, TileShape shape);

  std::int64_t rows() const { return rows_; }  // of the matrix
  std::int64_t cols() const { return cols_; }
  const TileShape& shape() const { return shape_; }
  std::int64_t down() const { return down_; }      // tiles in a column of tiles
  std::int64_t across() const { return across_; }  // in a row of tiles
  std::int64_t count() const { return down_ * across_; }

  TilePart part(std::int64_t tile) const;
  // Throws Error outside the matrix.
  TilePlace place(std::int64_t row, std::int64_t col) const;

 private:
  std::int64_t rows_, cols_;
  TileShape shape_;
  std::int64_t down_, across_;
};

// The tiles of a matrix. Partial ones are as small as what they hold.
std::vector<Matrix> cut(const Matrix& matrix, const TileGrid& grid);

// The matrix of such tiles: join(cut(m, grid), grid) is m. Tiles may be larger than their part;
// what is beyond it is left out. Throws Error where tiles are missing or too small.
Matrix join(const std::vector<Matrix>& tiles, const TileGrid& grid);

}  // namespace wordline::crossbar
