// ArrayLadder against a dense solve.
#include "wordline/solvers/array_ladder.hpp"

#include <gtest/gtest.h>

#include "dense_array_method.hpp"
#include "random_array.hpp"

namespace wordline {
namespace {

using testing::DenseArrayMethod;
using testing::random_currents;
using testing::RandomArray;
using testing::RandomArrayOptions;

// Conditions stay below 1e5, so that both solutions are good to 1e-11.
constexpr double kAllowed = 1e-9;

void expect_solved(const RandomArrayOptions& options) {
  SCOPED_TRACE(text_of(options));
  const RandomArray array(options);
  const std::size_t cells = array.matrix.cells();
  DenseArrayMethod dense;
  ASSERT_TRUE(dense.set(array.matrix));
  std::vector<double> row = random_currents(cells, 1), col = random_currents(cells, 2);
  std::vector<double> x_row(cells), x_col(cells);
  dense.solve(row, col, x_row, x_col, 0);
  ArrayLadder ladder;
  ASSERT_TRUE(ladder.factor(array.matrix).ok);
  ladder.solve(row, col);
  double largest = 0;
  for (const auto* x : {&x_row, &x_col}) {
    for (const double v : *x) largest = std::max(largest, std::fabs(v));
  }
  for (std::size_t k = 0; k < cells; ++k) {
    EXPECT_NEAR(row[k], x_row[k], kAllowed * largest) << k;
    EXPECT_NEAR(col[k], x_col[k], kAllowed * largest) << k;
    EXPECT_TRUE(!array.is_held(true, k) || row[k] == 0) << k;
    EXPECT_TRUE(!array.is_held(false, k) || col[k] == 0) << k;
  }
}

TEST(ArrayLadder, AgreesWithTheDenseMatrixForEveryWiring) {
  unsigned seed = 0;
  testing::for_each_wiring({.rows = 9, .cols = 4, .parallel = true, .open = 0.2},
                           [&](RandomArrayOptions options) {
                             options.symmetric = seed % 2 == 0;
                             options.seed = ++seed;
                             expect_solved(options);
                           });
}

TEST(ArrayLadder, TakesArraysOfAnyShape) {
  const std::int32_t sizes[][2] = {{1, 1}, {1, 7}, {2, 1}, {60, 1}, {33, 8}, {3, 40}};
  for (const auto& size : sizes) {
    for (const bool symmetric : {true, false}) {
      expect_solved({.rows = size[0], .cols = size[1], .symmetric = symmetric, .parallel = true});
    }
  }
}

TEST(ArrayLadder, TakesCellsOfAMillionToOne) {
  expect_solved({.rows = 25, .cols = 5, .parallel = true, .low = 1e-9, .high = 1e-3});
}

// Columns are solved on their own: one that floats makes the matrix singular.
TEST(ArrayLadder, ReportsAColumnWithoutADriver) {
  for (const std::int32_t rows : {1, 2, 30}) {
    RandomArray array({.rows = rows, .cols = 3, .parallel = true});
    ArrayLadder ladder;
    EXPECT_TRUE(ladder.factor(array.matrix).ok);
    array.matrix.row.first[1] = 0;
    EXPECT_TRUE(ladder.factor(array.matrix).ok) << rows;  // its cells lead to the other line
    array.matrix.col.last[1] = 0;
    const Factorization factors = ladder.factor(array.matrix);
    EXPECT_FALSE(factors.ok) << rows;
    EXPECT_EQ(factors.singular_column, 1) << rows;
  }
}

}  // namespace
}  // namespace wordline
