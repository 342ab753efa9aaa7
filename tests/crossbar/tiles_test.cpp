// Matrices over tiles: the cut and the way back, products against plain arithmetic and against
// arrays of their own, converters, threads.
#include <gtest/gtest.h>

#include "array_decks.hpp"
#include "matrices.hpp"
#include "wordline/crossbar/tiles.hpp"

namespace wordline::crossbar {
namespace {

using testing::expect_near;
using testing::matrix;
using testing::pattern;
using testing::pattern_volts;
using testing::product;
using testing::random_matrix;

constexpr double kPrinted = 1e-10;  // twelve digits, and residuals of 1e-10

TileSettings passive(TileShape shape, double driver, double segment) {
  return {.shape = shape,
          .word = {.segment = segment, .driver = driver},
          .bit = {.segment = segment, .driver = driver, .driven = DrivenEnds::kLast}};
}

TEST(TileGrid, NumbersTilesRowByRow) {
  // T-M9: 5 inputs and 3 outputs in tiles of 4 x 2. MemTorch's tiles are all full, with devices
  // beyond the matrix; these are not.
  const TileGrid grid(5, 3, {4, 2});
  EXPECT_EQ(grid.down(), 2);
  EXPECT_EQ(grid.across(), 2);
  EXPECT_EQ(grid.count(), 4);
  EXPECT_EQ(grid.part(0).rows, 4);
  EXPECT_EQ(grid.part(3).row, 4);
  EXPECT_EQ(grid.part(3).rows, 1);
  EXPECT_EQ(grid.part(3).col, 2);
  EXPECT_EQ(grid.part(3).cols, 1);
  const TilePlace place = grid.place(4, 1);
  EXPECT_EQ(place.tile, 2);
  EXPECT_EQ(place.row, 0);
  EXPECT_EQ(place.col, 1);
  EXPECT_THROW(grid.place(5, 0), Error);
  EXPECT_THROW(TileGrid(5, 3, {0, 2}), Error);
  EXPECT_THROW(TileGrid(0, 3, {1, 2}), Error);
}

TEST(TileGrid, CutsAndJoinsExactly) {
  for (const auto& [rows, cols, down, across] : {std::array<std::int64_t, 4>{5, 3, 4, 2},
                                                 {1, 1, 128, 128},
                                                 {7, 9, 1, 1},
                                                 {6, 4, 3, 2},
                                                 {10, 3, 4, 7}}) {
    const Matrix m = random_matrix(rows, cols, -1, 1, 1);
    const TileGrid grid(rows, cols, {down, across});
    const std::vector<Matrix> tiles = cut(m, grid);
    EXPECT_EQ(std::ssize(tiles), grid.count());
    EXPECT_EQ(join(tiles, grid).values, m.values);
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < cols; ++j) {
        const TilePlace at = grid.place(i, j);
        EXPECT_EQ(tiles[static_cast<std::size_t>(at.tile)](at.row, at.col), m(i, j));
      }
    }
  }
  EXPECT_THROW(join({}, TileGrid(2, 2, {1, 1})), Error);
}

TEST(TiledProducts, AreThoseOfTheMatrixWithoutWires) {
  const Matrix g = random_matrix(77, 53, 1e-6, 1e-4, 2);
  const Matrix v = random_matrix(130, 77, -.3, .3, 3);
  const Matrix expected = product(v, g);
  for (const TileShape shape : {TileShape{16, 8}, {77, 53}, {128, 128}, {1, 1}, {50, 50}}) {
    Tiles tiles(g, {.shape = shape});
    expect_near(tiles.matmul(v).values, expected.values, 1e-13);
    EXPECT_EQ(tiles.conductances().values, g.values);
  }
}

TEST(TiledProducts, AddTheCurrentsOfArraysWithWires) {
  Tiles tiles(pattern(4, 4), passive({2, 2}, 10, 2));
  expect_near(tiles.matmul(pattern_volts(4)).values,
              {2.64866613854e-4, 1.9151074612e-4, 2.55161712188e-4, 1.47540886143e-4}, kPrinted,
              "T-P15");
}

// T-P16: 3 x 3 cells alone, and in a tile of 4 x 4 with devices of 1e-5 S around them, and with
// none but longer lines.
TEST(TiledProducts, KnowNoPhantomDevicesUnlessAsked) {
  const Matrix g = pattern(3, 3);
  TileSettings settings = passive({4, 4}, 10, 2);
  const auto currents = [&] { return Tiles(g, settings).matmul(pattern_volts(3)).values; };
  expect_near(currents(), {2.33759655837e-4, 1.7971224811e-4, 1.93834825575e-4}, kPrinted);
  settings.pad = 1e-5;
  expect_near(currents(), {2.33167514703e-4, 1.79221224483e-4, 1.93264698796e-4}, kPrinted);
  settings.pad = 0;
  expect_near(currents(), {2.33213425971e-4, 1.79260073745e-4, 1.93310429244e-4}, kPrinted);
}

// T-P8. MemTorch solves one array of differences, conductances below 0 included, and is wrong by
// half a current and more.
TEST(TiledProducts, SubtractTheCurrentsOfTwoCircuits) {
  const Matrix positive = matrix({{5.05e-3, 1e-4}, {1e-4, 2.575e-3}});
  const Matrix negative = matrix({{1e-4, 1e-2}, {1e-4, 1e-4}});
  const Matrix volts = matrix({{.3, .2}});
  struct Case {
    double driver, segment;
    std::vector<double> currents;
  };
  for (const Case& c :
       {Case{0, 0, {1.485e-3, -2.475e-3}}, Case{5, 5, {1.37756808569e-3, -1.99249408639e-3}},
        Case{20, 5, {1.20178586122e-3, -1.52431106506e-3}},
        Case{100, 10, {6.98159409571e-4, -5.89769277764e-4}}}) {
    for (const Subtraction how : {Subtraction::kAnalogue, Subtraction::kDigital}) {
      TileSettings settings = passive({2, 2}, c.driver, c.segment);
      settings.subtraction = how;
      Tiles tiles(positive, negative, settings);
      expect_near(tiles.matmul(volts).values, c.currents, kPrinted);
      EXPECT_EQ(tiles.negative_conductances().values, negative.values);
    }
  }
}

TEST(TiledProducts, ConvertEveryTilesCurrentsOnTheirOwn) {
  // Two tiles of one row: partial sums of 0.3 and 0.8 read by an ADC with levels 0, 0.5 and 1.
  TileSettings settings{.shape = {1, 1}, .adc = Quantiser{Law::kLevels, 3, Interval{0, 1}, 0}};
  Tiles tiles(matrix({{.3}, {.8}}), settings);
  EXPECT_EQ(tiles.matmul(matrix({{1, 1}})).values, std::vector<double>{.5 + 1});
  // One ADC for both signs, or one each: 0.3 - 0.8 is -0.5; 0.5 - 1 the same, 0.3 - 0.2 is not.
  settings.adc->range = Interval{-1, 1};
  settings.subtraction = Subtraction::kAnalogue;
  EXPECT_EQ(Tiles(matrix({{.9}}), matrix({{.2}}), settings).matmul(matrix({{1}})).values[0], 1);
  settings.adc->range = Interval{0, 1};
  settings.subtraction = Subtraction::kDigital;
  EXPECT_EQ(Tiles(matrix({{.7}}), matrix({{.3}}), settings).matmul(matrix({{1}})).values[0], 0);
}

// T-M10: column currents of 1.4 and 3.2 mA. MemTorch clips them at one cell's 1.8 mA; a converter
// clips where its range ends.
TEST(TiledProducts, ClipAtTheRangeOfTheConverter) {
  TileSettings settings;
  const Matrix g = matrix({{1e-3, 4e-3}, {2e-3, 5e-3}, {3e-3, 6e-3}});
  const Matrix v = matrix({{.1, .2, .3}});
  expect_near(Tiles(g, settings).matmul(v).values, {1.4e-3, 3.2e-3}, 1e-14);
  settings.adc = Quantiser{Law::kLevels, 1 << 20, Interval{0, 2e-3}, 0};
  expect_near(Tiles(g, settings).matmul(v).values, {1.4e-3, 2e-3}, 1e-6);  // 2e-3/2^20 a step
}

TEST(TiledProducts, CalibrateTheirConvertersOnSamples) {
  const Matrix g = random_matrix(40, 10, 1e-6, 1e-4, 6);
  const Matrix v = random_matrix(64, 40, 0, .2, 7);
  Tiles exact(g, {.shape = {16, 10}});
  Tiles read(g, {.shape = {16, 10}, .adc = Quantiser{}});
  EXPECT_FALSE(read.adc_range());
  read.calibrate(v);
  const Interval range = read.adc_range().value();
  EXPECT_EQ(range.low, 0);
  const double half = .5 * range.high / 255;
  const Matrix wanted = exact.matmul(v);
  const Matrix found = read.matmul(v);
  double most = 0;
  for (std::size_t k = 0; k < wanted.values.size(); ++k) {
    most = std::max(most, std::abs(found.values[k] - wanted.values[k]));
  }
  EXPECT_LE(most, 3 * half * (1 + 1e-9));  // three tiles one above the other
  EXPECT_GT(most, half);
}

TEST(TiledProducts, TakeVoltagesFromADac) {
  TileSettings settings;
  settings.dac = Quantiser{Law::kLevels, 4, Interval{0, .3}, 0};
  Tiles tiles(matrix({{1}}), settings);
  const Matrix found = tiles.matmul(matrix({{.04}, {.06}, {.16}, {.7}, {-1}}));
  expect_near(found.values, {0, .1, .2, .3, 0}, 1e-14);
  settings.dac->range.reset();
  EXPECT_THROW(Tiles(matrix({{1}}), settings), Error);
}

TEST(TiledProducts, DoNotDependOnThreads) {
  const Matrix positive = random_matrix(100, 70, 1e-6, 1e-3, 8);
  const Matrix negative = random_matrix(100, 70, 1e-6, 1e-3, 9);
  const Matrix v = random_matrix(200, 100, -.3, .3, 10);
  std::vector<double> expected;
  for (const int threads : {1, 2, 3, 8}) {
    TileSettings settings = passive({32, 32}, 20, 2);
    settings.threads = threads;
    settings.adc = Quantiser{Law::kFixedPoint, 256, {}, 0};
    Tiles tiles(positive, negative, settings);
    const std::vector<double> found = tiles.matmul(v).values;
    if (expected.empty()) expected = found;
    EXPECT_EQ(found, expected) << threads;
  }
}

TEST(TiledProducts, FollowTheirConductances) {
  Matrix g = random_matrix(20, 20, 1e-6, 1e-3, 11);
  const Matrix v = random_matrix(3, 20, -.3, .3, 12);
  const TileSettings settings = passive({8, 8}, 20, 2);
  Tiles tiles(g, settings);
  tiles.matmul(v);
  g(13, 17) = 5e-3;
  tiles.set_conductance(13, 17, 5e-3);
  EXPECT_EQ(tiles.conductances().values, g.values);
  EXPECT_EQ(tiles.matmul(v).values, Tiles(g, settings).matmul(v).values);
  const Matrix other = random_matrix(20, 20, 1e-6, 1e-3, 13);
  tiles.set_conductances(other);
  EXPECT_EQ(tiles.matmul(v).values, Tiles(other, settings).matmul(v).values);
  EXPECT_THROW(tiles.set_conductances(matrix({{1}})), Error);
}

// Devices of a model between lines, each tile from a deck of its own.
TEST(TiledProducts, HoldArraysOfAnyKind) {
  const auto make = [](const Matrix& g) {
    Circuit circuit = read_lines(
        ".model m memristor type=data_driven2018\n.crossbar xb rows=" + std::to_string(g.rows) +
        " cols=" + std::to_string(g.cols) + " cell=1r memristor=m g=1e-4 r_wl=0 r_bl=0\n");
    Crossbar crossbar = circuit.crossbars.at(0);
    crossbar.values = g.values;
    return Array(crossbar, circuit);
  };
  TileSettings settings{.shape = {2, 2}, .make = make};
  Tiles tiles(random_matrix(3, 2, 1e-4, 1e-4, 1), settings);
  // I = 0.24 g sinh(3 V) at each cell of R = 1/g, where g is the small-signal 0.72/R.
  const double r = .72 / 1e-4;
  double expected = 0;
  for (const double v : {.1, .2, .3}) expected += .24 / r * std::sinh(3 * v);
  expect_near(tiles.matmul(matrix({{.1, .2, .3}})).values, {expected, expected}, 1e-8);
}

TEST(TiledProducts, RefuseWhatDoesNotFit) {
  const Matrix g = matrix({{1e-3, 2e-3}});
  EXPECT_THROW(Tiles(g, {}).matmul(matrix({{1, 2}})), Error);
  EXPECT_THROW(Tiles(g, {}).matmul(matrix({{NAN}})), Error);
  EXPECT_THROW(Tiles(matrix({{-1}}), {}), Error);
  EXPECT_THROW(Tiles(g, matrix({{1e-3}}), {}), Error);
  EXPECT_THROW(Tiles(g, {.pad = -1}), Error);
  EXPECT_THROW(Tiles(g, {.adc = Quantiser{.levels = 1}}), Error);
  EXPECT_THROW(Tiles(g, {}).negative_conductances(), Error);
  EXPECT_THROW(Tiles(g, {}).set_conductance(0, 0, -1), Error);
}

}  // namespace
}  // namespace wordline::crossbar
