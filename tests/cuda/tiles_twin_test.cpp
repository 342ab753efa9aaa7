// The tiles of a matrix all at once, by the GPU's twin, against tiles one by one.
#include <gtest/gtest.h>

#include <memory>
#include <random>

#include "wordline/crossbar/tiles_side_by_side.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/cuda/transfer_method.hpp"

namespace wordline::crossbar {
namespace {

using gpu::HostQueue;

Matrix random_matrix(std::int64_t rows, std::int64_t cols, double low, double high, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(low, high);
  Matrix m{rows, cols, std::vector<double>(static_cast<std::size_t>(rows * cols))};
  for (double& v : m.values) v = value(random);
  return m;
}

struct Twin {
  std::size_t bytes = std::numeric_limits<std::size_t>::max();
  std::vector<Tile> tiles = {};

  std::vector<Tile*> all() {
    std::vector<Tile*> result;
    for (Tile& tile : tiles) result.push_back(&tile);
    return result;
  }
  static gpu::ProductMethod<HostQueue> products(const TileMatrices& matrices, std::size_t bytes) {
    return {std::make_unique<HostQueue>(12288, bytes), matrices.shapes, matrices.values, nullptr,
            [](std::string_view) {}};
  }
  void update(const TileSettings& settings) {
    update_side_by_side(all(), settings, [this](std::int32_t rows, std::int32_t cols) {
      return std::make_unique<gpu::TransferMethod<HostQueue>>(
          rows, cols, 1, std::make_unique<HostQueue>(12288, bytes), [](std::string_view) {});
    });
  }
};

// Sums over the tiles of a column.
Matrix sum_of(const std::vector<Matrix>& currents, const TileGrid& grid, std::int64_t batch) {
  Matrix sum{batch, grid.cols(), {}};
  sum.values.resize(static_cast<std::size_t>(batch * grid.cols()));
  for (std::int64_t t = 0; t < grid.count(); ++t) {
    const TilePart part = grid.part(t);
    for (std::int64_t n = 0; n < batch; ++n) {
      for (std::int64_t j = 0; j < part.cols; ++j) {
        sum(n, part.col + j) += currents[static_cast<std::size_t>(t)](n, j);
      }
    }
  }
  return sum;
}

// Partial tiles are others in size, unless they are filled up; drivers with and without resistance;
// the GPU's memory may hold nothing.
TEST(TilesOnTwin, AreThoseOneByOne) {
  const Matrix g = random_matrix(50, 37, 1e-6, 1e-3, 1);
  const Matrix volts = random_matrix(70, 50, -1, 1, 2);
  for (const std::size_t bytes : {std::size_t{1000}, std::size_t{1} << 30}) {
    for (const double driver : {0.0, 20.0}) {
      for (const bool is_padded : {false, true}) {
        TileSettings s;
        s.shape = {16, 20};
        s.word = {.segment = 2, .driver = driver};
        s.bit = {.segment = 1, .driver = driver, .driven = DrivenEnds::kBoth};
        if (is_padded) s.pad = 1e-5;
        const TileGrid grid(50, 37, s.shape);
        Twin twin{.bytes = bytes};
        for (Matrix& part : cut(g, grid)) twin.tiles.emplace_back(std::move(part), s);
        twin.update(s);
        for (const Tile& tile : twin.tiles) EXPECT_FALSE(tile.is_stale());
        const TileMatrices matrices = matrices_of(twin.all(), grid);
        auto method = Twin::products(matrices, std::size_t{1} << 30);
        const Matrix found =
            sum_of(multiply_side_by_side(matrices, method, volts), grid, volts.rows);
        const Matrix expected = Tiles(g, s).matmul(volts);
        // Currents are up to 50 mA; two eliminations with conditions below 1e5.
        for (std::size_t k = 0; k < expected.values.size(); ++k) {
          EXPECT_NEAR(found.values[k], expected.values[k], 1e-12) << k;
        }
      }
    }
  }
}

// A line that hangs on nothing; cells that are shorts beside segments of a megohm, whose currents
// have no digits left.
TEST(TilesOnTwin, LeaveTilesWithoutAMatrixToTheProcessor) {
  TileSettings s;
  s.shape = {8, 8};
  s.word = {.segment = 1e6, .driver = 1e6};
  s.bit = {.segment = 1e6, .driver = 1e6};
  const TileGrid grid(8, 24, s.shape);
  Matrix g = random_matrix(8, 24, 1e-6, 1e-3, 1);
  for (std::int64_t i = 0; i < 8; ++i) {
    for (std::int64_t j = 8; j < 16; ++j) g(i, j) = 1e12;
  }
  Twin twin;
  for (Matrix& part : cut(g, grid)) twin.tiles.emplace_back(std::move(part), s);
  twin.update(s);
  EXPECT_FALSE(twin.tiles[0].is_stale());
  EXPECT_TRUE(twin.tiles[1].is_stale());
  EXPECT_FALSE(twin.tiles[2].is_stale());
}

TEST(TilesOnTwin, AreNotMultipliedWhereMemoryIsUsedUp) {
  TileSettings s;
  s.shape = {8, 8};
  s.word = s.bit = {.segment = 1, .driver = 10};
  const TileGrid grid(16, 8, s.shape);
  Twin twin;
  for (Matrix& part : cut(random_matrix(16, 8, 1e-6, 1e-3, 1), grid)) {
    twin.tiles.emplace_back(std::move(part), s);
  }
  twin.update(s);
  const TileMatrices matrices = matrices_of(twin.all(), grid);
  auto method = Twin::products(matrices, 3000);
  for (const Matrix& m : multiply_side_by_side(matrices, method, random_matrix(50, 16, -1, 1, 2))) {
    EXPECT_TRUE(m.values.empty());
  }
}

}  // namespace
}  // namespace wordline::crossbar
