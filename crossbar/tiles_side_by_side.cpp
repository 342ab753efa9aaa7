#include "wordline/crossbar/tiles_side_by_side.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "wordline/crossbar/parallel.hpp"
#include "wordline/crossbar/problem.hpp"

namespace wordline::crossbar {

namespace {

// Tiles of one size.
struct Alike {
  std::vector<Tile*> tiles;
  std::vector<ArrayProblem> problems;
};

void update_alike(const Alike& alike, const TileSettings& settings, ArrayTransferMethod& method) {
  std::vector<ArrayMatrix> matrices;
  for (const ArrayProblem& problem : alike.problems) {
    ArrayMatrix a = problem.network().lines();
    a.row_row = a.row_col = a.col_row = a.col_col = problem.conductances.values;
    matrices.push_back(std::move(a));
  }
  const std::size_t cells = matrices[0].cells();
  std::vector<double> t(matrices.size() * cells);
  const std::vector<bool> sound = method.transfer(matrices, t);
  for_each_index(std::ssize(alike.tiles), thread_count(settings.threads), [&](std::int64_t k) {
    const auto at = static_cast<std::size_t>(k);
    if (sound[at]) {
      alike.tiles[at]->take_transfer(alike.problems[at], std::span(t).subspan(at * cells, cells));
    }
  });
}

}  // namespace

void update_side_by_side(std::span<Tile* const> tiles, const TileSettings& settings,
                         const MakeTransferMethod& make) {
  if (settings.make || settings.word.segment == 0 || settings.bit.segment == 0) return;
  std::map<std::pair<std::int32_t, std::int32_t>, Alike> by_size;
  for (Tile* tile : tiles) {
    if (!tile->is_stale()) continue;
    ArrayProblem problem =
        make_problem(tile->padded(settings), settings.word, settings.bit, {.threads = 1});
    Alike& alike = by_size[{problem.rows(), problem.cols()}];
    alike.tiles.push_back(tile);
    alike.problems.push_back(std::move(problem));
  }
  for (const auto& [size, alike] : by_size) {
    update_alike(alike, settings, *make(size.first, size.second));
  }
}

TileMatrices matrices_of(std::span<Tile* const> tiles, const TileGrid& grid) {
  TileMatrices result;
  std::int64_t k = 0;
  for (const Tile* tile : tiles) {
    const TilePart part = grid.part(k++ % grid.count());
    ProductShape shape{static_cast<std::int32_t>(part.row), static_cast<std::int32_t>(part.rows),
                       static_cast<std::int32_t>(part.cols)};
    if (tile->is_solved_each()) shape.outputs = 0;
    result.shapes.push_back(shape);
    result.outputs += shape.outputs;
    for (std::int64_t i = 0; i < shape.inputs; ++i) {
      for (std::int64_t j = 0; j < shape.outputs; ++j) {
        result.values.push_back(tile->transfer()(i, j));
      }
    }
  }
  return result;
}

std::vector<Matrix> multiply_side_by_side(const TileMatrices& matrices, DenseProductMethod& method,
                                          const Matrix& voltages) {
  std::vector<double> all(static_cast<std::size_t>(matrices.outputs * voltages.rows));
  if (!method.multiply(voltages.values, static_cast<std::int32_t>(voltages.rows), all)) {
    return std::vector<Matrix>(matrices.shapes.size());
  }
  std::vector<Matrix> result;
  auto from = all.begin();
  for (const ProductShape& shape : matrices.shapes) {
    const auto to = from + voltages.rows * shape.outputs;
    result.push_back({voltages.rows, shape.outputs, {from, to}});
    from = to;
  }
  return result;
}

}  // namespace wordline::crossbar
