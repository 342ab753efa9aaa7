#include "wordline/crossbar/tile_grid.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

TileGrid::TileGrid(std::int64_t rows, std::int64_t cols, TileShape shape)
    : rows_(rows), cols_(cols), shape_(shape) {
  if (rows < 1 || cols < 1) throw Error(fmt::format("{} x {} numbers make no tiles", rows, cols));
  if (shape.rows < 1 || shape.cols < 1) {
    throw Error(fmt::format("tiles of {} x {} cells cannot be", shape.rows, shape.cols));
  }
  down_ = (rows - 1) / shape.rows + 1;
  across_ = (cols - 1) / shape.cols + 1;
}

TilePart TileGrid::part(std::int64_t tile) const {
  const std::int64_t row = tile / across_ * shape_.rows;
  const std::int64_t col = tile % across_ * shape_.cols;
  return {row, std::min(shape_.rows, rows_ - row), col, std::min(shape_.cols, cols_ - col)};
}

TilePlace TileGrid::place(std::int64_t row, std::int64_t col) const {
  if (row < 0 || row >= rows_ || col < 0 || col >= cols_) {
    throw Error(fmt::format("there is no cell ({}, {})", row, col));
  }
  return {row / shape_.rows * across_ + col / shape_.cols, row % shape_.rows, col % shape_.cols};
}

std::vector<Matrix> cut(const Matrix& matrix, const TileGrid& grid) {
  if (matrix.rows != grid.rows() || matrix.cols != grid.cols()) {
    throw Error(fmt::format("{} x {} numbers for tiles of {} x {}", matrix.rows, matrix.cols,
                            grid.rows(), grid.cols()));
  }
  std::vector<Matrix> tiles;
  for (std::int64_t t = 0; t < grid.count(); ++t) {
    const TilePart part = grid.part(t);
    Matrix tile{part.rows, part.cols, {}};
    tile.values.reserve(static_cast<std::size_t>(part.rows * part.cols));
    for (std::int64_t i = 0; i < part.rows; ++i) {
      const auto from = matrix.values.begin() + (part.row + i) * matrix.cols + part.col;
      tile.values.insert(tile.values.end(), from, from + part.cols);
    }
    tiles.push_back(std::move(tile));
  }
  return tiles;
}

Matrix join(const std::vector<Matrix>& tiles, const TileGrid& grid) {
  if (std::ssize(tiles) != grid.count()) {
    throw Error(fmt::format("{} tiles where {} are needed", tiles.size(), grid.count()));
  }
  Matrix matrix{grid.rows(), grid.cols(), {}};
  matrix.values.resize(static_cast<std::size_t>(matrix.rows * matrix.cols));
  for (std::int64_t t = 0; t < grid.count(); ++t) {
    const TilePart part = grid.part(t);
    const Matrix& tile = tiles[static_cast<std::size_t>(t)];
    if (tile.rows < part.rows || tile.cols < part.cols) {
      throw Error(fmt::format("tile {} is {} x {} where {} x {} are needed", t, tile.rows,
                              tile.cols, part.rows, part.cols));
    }
    for (std::int64_t i = 0; i < part.rows; ++i) {
      const auto from = tile.values.begin() + i * tile.cols;
      std::copy(from, from + part.cols,
                matrix.values.begin() + (part.row + i) * matrix.cols + part.col);
    }
  }
  return matrix;
}

}  // namespace wordline::crossbar
