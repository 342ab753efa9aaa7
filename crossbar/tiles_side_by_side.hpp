// The tiles of a matrix all at once, as a GPU takes them: their transconductance matrices, and
// their currents for a batch of inputs.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "wordline/crossbar/tile.hpp"
#include "wordline/crossbar/tile_grid.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::crossbar {

using MakeTransferMethod =
    std::function<std::unique_ptr<ArrayTransferMethod>(std::int32_t rows, std::int32_t cols)>;

// Updates the tiles of ohmic cells between lines with resistance. Those whose matrix is not found,
// or has lost its digits, are left as they are.
void update_side_by_side(std::span<Tile* const> tiles, const TileSettings& settings,
                         const MakeTransferMethod& make);

// What the matrices of tiles are for a method of products: part k of the grid is that of tile k, of
// tile k + grid.count(), and so on. Tiles without a matrix have a shape without outputs.
struct TileMatrices {
  std::vector<ProductShape> shapes;
  std::vector<double> values;
  std::int64_t outputs = 0;  // of all
};
TileMatrices matrices_of(std::span<Tile* const> tiles, const TileGrid& grid);

// The currents of every tile, inputs x its part's columns; empty for tiles without a matrix, and
// for all where memory is used up.
std::vector<Matrix> multiply_side_by_side(const TileMatrices& matrices, DenseProductMethod& method,
                                          const Matrix& voltages);

}  // namespace wordline::crossbar
