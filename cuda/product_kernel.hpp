// The kernel of DenseProducts (dense_products.hpp).
#pragma once

#include <cstdint>

#include "wordline/cuda/kernel.hpp"
#include "wordline/cuda/register_tile.hpp"

namespace wordline::gpu {

// A matrix among many.
struct ProductView {
  std::int32_t first_input, inputs, outputs;
  std::int64_t matrix;  // where it starts: inputs x outputs, row by row
  std::int64_t output;  // outputs of the matrices before it
};

// Outputs are cut into tiles.
struct OutputTile {
  std::int32_t matrix, first;
};

// Of `batch` inputs; those of one line stand side by side. Outputs of a matrix are batch x outputs,
// row by row, one matrix after the other.
struct Multiply {
  const ProductView* matrices;
  const OutputTile* tiles;
  std::int32_t tile_count, batch;
  const double *values, *inputs;
  double* outputs;

  WORDLINE_HD std::int64_t count() const {
    const std::int64_t across = (batch + RegisterTile::kSize - 1) / RegisterTile::kSize;
    return RegisterTile::kThreads * across * tile_count;
  }
  WORDLINE_HD void at(std::int64_t k) const {
    const std::int64_t unit = k / RegisterTile::kThreads;
    const OutputTile& tile = tiles[unit % tile_count];
    const ProductView& m = matrices[tile.matrix];
    const auto first = static_cast<std::int32_t>(unit / tile_count) * RegisterTile::kSize;
    RegisterTile product(static_cast<std::int32_t>(k % RegisterTile::kThreads));
    product.add_products(values + m.matrix, m.outputs, tile.first, m.outputs,
                         inputs + std::int64_t{m.first_input} * batch, batch, first, batch,
                         m.inputs);
    for (std::int32_t b = 0; b < RegisterTile::kEach; ++b) {
      for (std::int32_t a = 0; a < RegisterTile::kEach; ++a) {
        const std::int32_t i = tile.first + product.i + a * RegisterTile::kApart;
        const std::int32_t n = first + product.j + b * RegisterTile::kApart;
        if (i >= m.outputs || n >= batch) continue;
        outputs[m.output * batch + std::int64_t{n} * m.outputs + i] = product.sum[a][b];
      }
    }
  }
};

}  // namespace wordline::gpu
