// ArrayMultifrontal against the dense nodal matrix of the same array (Eigen's LU).

#include "wordline/solvers/array_multifrontal.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "array_support.hpp"

namespace wordline {
namespace {

std::vector<double> random_table(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(-1, 1);
  std::vector<double> table(size);
  for (double& v : table) v = value(random);
  return table;
}

Eigen::VectorXd joined(const std::vector<double>& a, const std::vector<double>& b) {
  Eigen::VectorXd v(a.size() + b.size());
  std::copy(a.begin(), a.end(), v.data());
  std::copy(b.begin(), b.end(), v.data() + a.size());
  return v;
}

// Condition numbers are below 1e5 (segments of 1 S, cells and drivers of 1e-5 S and more), so
// rounding stays below 1e-11; 1e-9 leaves room for the dense reference.
constexpr double kTolerance = 1e-9;

void expect_solved(const Array& array, const ArrayMultifrontal& solver, bool transposed) {
  const ArrayMatrix& m = array.matrix;
  const Dense dense(m);
  std::vector<double> row = random_table(m.cells(), 1), col = random_table(m.cells(), 2);
  const Eigen::VectorXd f = dense.gather(row, col);
  Eigen::MatrixXd a = dense.inside();
  if (transposed) a.transposeInPlace();
  Eigen::VectorXd x = f;
  if (f.size() > 0) x = a.partialPivLu().solve(f);
  if (transposed) {
    solver.solve_transposed(row, col);
  } else {
    solver.solve(row, col);
  }
  const Eigen::VectorXd expected = dense.spread(x);
  EXPECT_LE((joined(row, col) - expected).norm(), kTolerance * (expected.norm() + 1e-300));
}

void expect_reduced(const Array& array, ArrayMultifrontal& solver) {
  const ArrayMatrix& m = array.matrix;
  std::vector<double> y;
  ASSERT_TRUE(solver.reduce(m, y).ok);
  const Eigen::MatrixXd expected = Dense(m).reduced();
  const Eigen::Map<Eigen::MatrixXd> found(y.data(), m.rows + m.cols, m.rows + m.cols);
  EXPECT_LE((found - expected).norm(), kTolerance * (expected.norm() + 1e-300));
  std::vector<double> t;
  ASSERT_TRUE(solver.transfer(m, t).ok);
  const Eigen::Map<Eigen::MatrixXd> across(t.data(), m.cols, m.rows);
  EXPECT_LE((across - expected.bottomLeftCorner(m.cols, m.rows)).norm(),
            kTolerance * (expected.norm() + 1e-300));
}

Options random_options(unsigned seed) {
  std::mt19937 random(seed);
  const auto size = [&] { return 1 + static_cast<int>(random() % 20); };
  const auto ends = [&] { return static_cast<Ends>(random() % 4); };
  Options o{size(), size()};
  o.symmetric = random() % 2 == 0;
  o.to_ground = random() % 2 == 0;
  const auto merged = random() % 8;
  o.merged_row = merged == 0 || merged == 2;
  o.merged_col = merged == 1 || merged == 2;
  o.row_first = ends();
  o.row_last = ends();
  o.col_first = ends();
  o.col_last = ends();
  // Something has to lead to ground.
  if (!o.to_ground) {
    o.row_first = random() % 2 == 0 ? Ends::kDriven : Ends::kHeld;
    o.col_last = random() % 2 == 0 ? Ends::kDriven : Ends::kHeld;
  }
  return o;
}

std::string text(const Options& o) {
  std::string s = std::to_string(o.rows) + " x " + std::to_string(o.cols);
  s += o.symmetric ? " symmetric" : "";
  s += o.to_ground ? " to ground" : "";
  s += o.merged_row ? " merged rows" : "";
  s += o.merged_col ? " merged columns" : "";
  for (const Ends e : {o.row_first, o.row_last, o.col_first, o.col_last}) {
    s += " " + std::to_string(static_cast<int>(e));
  }
  return s;
}

TEST(ArrayMultifrontal, AgreesWithTheDenseMatrix) {
  for (unsigned seed = 0; seed < 240; ++seed) {
    const Options o = random_options(seed);
    SCOPED_TRACE(text(o));
    Array array;
    fill(array, o, seed);
    ArrayMultifrontal solver(o.rows, o.cols, 1);
    ASSERT_TRUE(solver.factor(array.matrix).ok);
    expect_solved(array, solver, false);
    expect_solved(array, solver, true);
    expect_reduced(array, solver);
  }
}

TEST(ArrayMultifrontal, TakesArraysOfAnyShape) {
  const int sizes[][2] = {{1, 1}, {1, 2},  {1, 70}, {70, 1},  {2, 8},   {8, 8},  {8, 9},
                          {9, 8}, {16, 8}, {3, 50}, {17, 40}, {24, 16}, {7, 64}, {33, 33}};
  for (const auto& size : sizes) {
    Options o{size[0], size[1]};
    o.row_last = o.col_first = Ends::kMixed;
    SCOPED_TRACE(text(o));
    Array array;
    fill(array, o, 5);
    ArrayMultifrontal solver(o.rows, o.cols, 1);
    ASSERT_TRUE(solver.factor(array.matrix).ok);
    expect_solved(array, solver, false);
    expect_reduced(array, solver);
  }
}

TEST(ArrayMultifrontal, TakesOpenAndShortedCells) {
  Options o{20, 13};
  Array array;
  fill(array, o, 9);
  for (std::size_t c = 0; c < array.matrix.cells(); ++c) array.set(c, c % 3 == 0 ? 0 : 1e-4);
  array.set(17, 1e2);
  array.set(101, 1e2);
  ArrayMultifrontal solver(o.rows, o.cols, 1);
  ASSERT_TRUE(solver.factor(array.matrix).ok);
  expect_solved(array, solver, false);
  expect_reduced(array, solver);
}

// What flows in flows out: without paths to ground, equal voltages on all buses drive nothing. And
// a network of conductances is reciprocal.
TEST(ArrayMultifrontal, ReducesToAConductanceMatrix) {
  for (const bool merged : {false, true}) {
    Options o{21, 30};
    o.merged_col = merged;
    o.row_last = Ends::kHeld;
    o.col_first = Ends::kMixed;
    Array array;
    fill(array, o, 3);
    ArrayMultifrontal solver(o.rows, o.cols);
    std::vector<double> y;
    ASSERT_TRUE(solver.reduce(array.matrix, y).ok);
    const Eigen::Map<Eigen::MatrixXd> matrix(y.data(), 51, 51);
    EXPECT_LT((matrix - matrix.transpose()).norm(), 1e-12 * matrix.norm());
    EXPECT_LT(matrix.rowwise().sum().norm(), 1e-12 * matrix.norm());
    EXPECT_GT(matrix.diagonal().minCoeff(), 0);
  }
}

TEST(ArrayMultifrontal, LeavesLinesWithoutDriversOutOfTheReducedMatrix) {
  Options o{10, 12};
  Array array;
  fill(array, o, 4);
  array.matrix.row.first[3] = 0;
  array.matrix.col.last[7] = 0;
  for (std::size_t c = 0; c < array.matrix.cells(); ++c) array.set(c, 1e-4);
  ArrayMultifrontal solver(o.rows, o.cols, 1);
  std::vector<double> y;
  ASSERT_TRUE(solver.reduce(array.matrix, y).ok);
  const Eigen::Map<Eigen::MatrixXd> matrix(y.data(), 22, 22);
  EXPECT_EQ(matrix.row(3).norm() + matrix.col(3).norm(), 0);
  EXPECT_EQ(matrix.row(17).norm() + matrix.col(17).norm(), 0);
  expect_reduced(array, solver);
}

TEST(ArrayMultifrontal, UpdatesOneCell) {
  for (const bool symmetric : {true, false}) {
    Options o{43, 37, symmetric};
    Array array;
    fill(array, o, 6);
    ArrayMultifrontal solver(o.rows, o.cols, 1);
    ASSERT_TRUE(solver.factor(array.matrix).ok);
    for (const auto& [row, col] : {std::pair{0, 0}, {42, 36}, {20, 11}, {7, 8}}) {
      array.set(index(row) * 37 + index(col), 7e-3);
      ASSERT_TRUE(solver.update(array.matrix, row, col).ok);
      ArrayMultifrontal fresh(o.rows, o.cols, 1);
      ASSERT_TRUE(fresh.factor(array.matrix).ok);
      std::vector<double> r = random_table(array.matrix.cells(), 1), c = r, r2 = r, c2 = r;
      solver.solve(r, c);
      fresh.solve(r2, c2);
      EXPECT_EQ(r, r2);  // the same operations
      EXPECT_EQ(c, c2);
    }
  }
}

TEST(ArrayMultifrontal, SolvesBlocksLikeSingleOnes) {
  for (const bool merged : {false, true}) {
    Options o{30, 41, false};
    o.merged_row = merged;
    Array array;
    fill(array, o, 7);
    ArrayMultifrontal solver(o.rows, o.cols, 2);
    ASSERT_TRUE(solver.factor(array.matrix).ok);
    const std::size_t cells = array.matrix.cells();
    for (const std::int32_t count : {2, 5, 8, 19}) {
      std::vector<double> row = random_table(cells * index(count), 1);
      std::vector<double> col = random_table(cells * index(count), 2);
      std::vector<double> rows = row, cols = col;
      solver.solve(rows, cols, count);
      for (std::size_t k = 0; k < index(count); ++k) {
        solver.solve(std::span(row).subspan(k * cells, cells),
                     std::span(col).subspan(k * cells, cells));
      }
      const Eigen::VectorXd expected = joined(row, col);
      EXPECT_LT((joined(rows, cols) - expected).norm(), 1e-12 * expected.norm());
    }
  }
}

TEST(ArrayMultifrontal, GivesTheSameWithAnyNumberOfThreads) {
  for (const bool symmetric : {true, false}) {
    Options o{200, 144, symmetric};
    Array array;
    fill(array, o, 8);
    std::vector<double> first_row, first_col, first_y;
    for (const int threads : {1, 2, 4}) {
      ArrayMultifrontal solver(o.rows, o.cols, threads);
      ASSERT_TRUE(solver.factor(array.matrix).ok);
      std::vector<double> row = random_table(array.matrix.cells(), 1), col = row, y;
      solver.solve(row, col);
      ASSERT_TRUE(solver.reduce(array.matrix, y).ok);
      if (threads == 1) {
        first_row = row;
        first_col = col;
        first_y = y;
      }
      EXPECT_EQ(row, first_row);
      EXPECT_EQ(col, first_col);
      EXPECT_EQ(y, first_y);
    }
  }
}

TEST(ArrayMultifrontal, ReportsNodesWithoutAPathToADriver) {
  for (const int size : {1, 5, 20, 75}) {
    for (const bool merged : {false, true}) {
      for (const bool symmetric : {true, false}) {
        Options o{size, size, symmetric};
        o.merged_row = merged;
        SCOPED_TRACE(text(o));
        Array array;
        fill(array, o, 2);
        const auto n = index(size);
        array.matrix.row.first[n / 2] = 0;
        for (std::size_t j = 0; j < n; ++j) array.set(n / 2 * n + j, 0);
        ArrayMultifrontal solver(size, size, 1);
        std::vector<double> y;
        const Factorization f = solver.factor(array.matrix);
        EXPECT_FALSE(f.ok);
        EXPECT_EQ(f.singular_column, size / 2);
        EXPECT_FALSE(solver.reduce(array.matrix, y).ok);
        // Nothing drives the array at all.
        for (auto* ends : {&array.matrix.row.first, &array.matrix.col.last}) {
          std::fill(ends->begin(), ends->end(), 0.0);
        }
        for (std::size_t c = 0; c < n * n; ++c) array.set(c, 1e-3);
        EXPECT_FALSE(solver.factor(array.matrix).ok);
      }
    }
  }
}

double relative_residual(const ArrayMatrix& m, const ArrayMultifrontal& solver) {
  const std::vector<double> f_row = random_table(m.cells(), 1), f_col = random_table(m.cells(), 2);
  std::vector<double> row = f_row, col = f_col, r_row(m.cells()), r_col(m.cells());
  solver.solve(row, col);
  array_residual(m, f_row, f_col, row, col, r_row, r_col);
  return joined(r_row, r_col).norm() / joined(f_row, f_col).norm();
}

// Right-hand sides of 1 A give voltages of up to 1e4 V, and rounding 1e4 eps in the residual.
TEST(ArrayMultifrontal, LeavesASmallResidual) {
  const int sizes[][2] = {{100, 70}, {8, 600}, {264, 256}};
  for (const auto& size : sizes) {
    for (const bool symmetric : {true, false}) {
      Options o{size[0], size[1], symmetric};
      Array array;
      fill(array, o, 10);
      ArrayMultifrontal solver(o.rows, o.cols);
      ASSERT_TRUE(solver.factor(array.matrix).ok);
      EXPECT_LT(relative_residual(array.matrix, solver), 1e-11) << size[0] << " x " << size[1];
    }
  }
}

TEST(ArrayMultifrontal, RefusesMisuse) {
  EXPECT_THROW(ArrayMultifrontal(0, 3), std::invalid_argument);
  ArrayMultifrontal solver(2, 2);
  std::vector<double> f(4);
  EXPECT_THROW(solver.solve(f, f), std::logic_error);
}

// r = f - A x, by its equations, at held nodes 0, merged lines at their first cell.
TEST(ArrayResidual, IsThatOfTheDenseMatrix) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const Options o = random_options(seed);
    SCOPED_TRACE(text(o));
    Array array;
    fill(array, o, seed);
    const ArrayMatrix& m = array.matrix;
    const Dense dense(m);
    const std::vector<double> f_row = random_table(m.cells(), 1);
    const std::vector<double> f_col = random_table(m.cells(), 2);
    const Eigen::VectorXd x = Eigen::VectorXd::Random(dense.nodes());
    const Eigen::VectorXd tables = dense.spread(x);
    const auto cells = static_cast<std::ptrdiff_t>(m.cells());
    std::vector<double> r_row(m.cells()), r_col(m.cells());
    array_residual(m, f_row, f_col, {tables.data(), m.cells()}, {tables.data() + cells, m.cells()},
                   r_row, r_col);
    const Eigen::VectorXd expected = dense.gather(f_row, f_col) - dense.inside() * x;
    EXPECT_LT((dense.gather(r_row, r_col) - expected).norm(), 1e-13 * (expected.norm() + 1));
    EXPECT_NEAR(joined(r_row, r_col).norm(), expected.norm(), 1e-13 * (expected.norm() + 1));
  }
}

}  // namespace
}  // namespace wordline
