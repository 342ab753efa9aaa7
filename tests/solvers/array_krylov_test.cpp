// ArrayKrylov against a dense solve: every shape, wiring and kind of cells, and what cannot be
// solved.
#include "wordline/solvers/array_krylov.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "array_tables.hpp"

namespace wordline {
namespace {

using testing::LineEnds;
using testing::random_tables;
using testing::RandomArray;
using testing::RandomArrayOptions;
using testing::Tables;
using TwoLevel = ArrayKrylov::TwoLevel;

// A residual of 1e-13 is magnified by conditions of up to 1e5 (drivers and cells beside segments);
// the dense solution has the same from its rounding.
constexpr double kTolerance = 1e-13;
constexpr double kAllowed = 1e-8;

void expect_solved(const RandomArrayOptions& options, TwoLevel two_level) {
  SCOPED_TRACE(text_of(options) + (two_level == TwoLevel::kOn ? ", two levels" : ""));
  const RandomArray array(options);
  ArrayKrylov solver(options.rows, options.cols, {.two_level = two_level});
  ASSERT_TRUE(solver.set(array.matrix).ok);
  const Tables f = random_tables(array.matrix.cells(), 1);
  Tables x = start(array, 2);
  const Tables before = x;
  const ArrayKrylov::Outcome outcome =
      solver.solve(f.view(), x.row, x.col, kTolerance, scale_of(array, x));
  ASSERT_TRUE(outcome.ok) << outcome.failure << ", residual " << outcome.residual;
  const Tables expected = dense_solution(array.matrix, f, before);
  EXPECT_LE(distance(x, expected), kAllowed * norm(expected));
  for (std::size_t k = 0; k < x.row.size(); ++k) {
    EXPECT_TRUE(!array.is_held(true, k) || x.row[k] == before.row[k]) << k;
    EXPECT_TRUE(!array.is_held(false, k) || x.col[k] == before.col[k]) << k;
  }
}

class ArrayKrylovLevels : public ::testing::TestWithParam<TwoLevel> {};
INSTANTIATE_TEST_SUITE_P(TwoLevel, ArrayKrylovLevels,
                         ::testing::Values(TwoLevel::kOff, TwoLevel::kOn), [](const auto& level) {
                           return level.param == TwoLevel::kOn ? "On" : "Off";
                         });

TEST_P(ArrayKrylovLevels, SolvesArraysOfEveryShape) {
  for (const auto& size : testing::kArrayShapes) {
    for (const bool symmetric : {true, false}) {
      expect_solved({.rows = size[0], .cols = size[1], .symmetric = symmetric}, GetParam());
    }
  }
}

TEST_P(ArrayKrylovLevels, SolvesEveryWiring) {
  unsigned seed = 0;
  testing::for_each_wiring({.rows = 11, .cols = 6}, [&](RandomArrayOptions options) {
    for (const bool symmetric : {true, false}) {
      options.symmetric = symmetric;
      options.seed = ++seed;
      expect_solved(options, GetParam());
    }
  });
}

TEST_P(ArrayKrylovLevels, SolvesOpenCellsAndCellsOfAMillionToOne) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    expect_solved({.rows = 18, .cols = 23, .open = 0.4, .seed = seed}, GetParam());
    expect_solved({.rows = 18, .cols = 23, .low = 1e-9, .high = 1e-3, .seed = seed}, GetParam());
    expect_solved({.rows = 18, .cols = 23, .low = 1e-6, .high = 1, .open = 0.1, .seed = seed},
                  GetParam());
    expect_solved({.rows = 18, .cols = 23, .symmetric = false, .to_ground = 1e-5, .seed = seed},
                  GetParam());
  }
}

TEST(ArrayKrylov, GoesOverToOtherIterationsWhereTheMatrixIsNotSymmetric) {
  for (const bool symmetric : {true, false}) {
    const RandomArray array({.symmetric = symmetric});
    ArrayKrylov solver(8, 8);
    ASSERT_TRUE(solver.set(array.matrix).ok);
    const Tables f = random_tables(64, 1);
    Tables x = start(array, 2);
    const ArrayKrylov::Outcome outcome = solver.solve(f.view(), x.row, x.col, 1e-10);
    EXPECT_TRUE(outcome.ok);
    EXPECT_EQ(outcome.symmetric, symmetric);
  }
}

Eigen::MatrixXd dense_matrix(const ArrayMatrix& a) {
  const auto cells = static_cast<Eigen::Index>(a.cells());
  Eigen::MatrixXd dense(2 * cells, 2 * cells);
  const Tables none{std::vector<double>(a.cells()), std::vector<double>(a.cells())};
  for (Eigen::Index k = 0; k < 2 * cells; ++k) {
    Tables unit = none;
    (k < cells ? unit.row : unit.col)[static_cast<std::size_t>(k % cells)] = -1;
    const Tables column = residual_of(a, none, unit);
    for (Eigen::Index i = 0; i < cells; ++i) {
      dense(i, k) = column.row[static_cast<std::size_t>(i)];
      dense(cells + i, k) = column.col[static_cast<std::size_t>(i)];
    }
  }
  return dense;
}

// Drivers of 20 ohm: from some -1/40 S on one cell makes the matrix indefinite, from some -1/20 S
// on a line alone, which is refused. Whatever is called ok has to be the solution.
TEST_P(ArrayKrylovLevels, NeverCallsAWrongSolutionOfAnIndefiniteMatrixSolved) {
  int solved = 0;
  int indefinite = 0;
  for (unsigned seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    RandomArray array({.rows = 12, .cols = 10, .seed = seed});
    for (const std::size_t cell : {5U, 37U, 80U}) array.set(cell, -0.002 * seed);
    const bool definite =
        Eigen::LLT<Eigen::MatrixXd>(dense_matrix(array.matrix)).info() == Eigen::Success;
    if (!definite) ++indefinite;
    ArrayKrylov solver(12, 10, {.two_level = GetParam()});
    const bool sound = solver.set(array.matrix).ok;
    const Tables f = random_tables(120, 1);
    Tables x = start(array, 2);
    const ArrayKrylov::Outcome outcome = solver.solve(f.view(), x.row, x.col, 1e-11);
    if (!outcome.ok) {
      EXPECT_FALSE(definite);
      EXPECT_FALSE(outcome.failure.empty());
      continue;
    }
    EXPECT_TRUE(sound);
    if (!definite) ++solved;
    EXPECT_LE(norm(residual_of(array.matrix, f, x)), 1e-10 * norm(f));
    const Tables expected = dense_solution(array.matrix, f, start(array, 2));
    EXPECT_LE(distance(x, expected), 1e-6 * norm(expected));
  }
  EXPECT_GE(indefinite, 10);
  EXPECT_GE(solved, 5);
}

TEST(ArrayKrylov, ReportsSingularLines) {
  // A row without a driver and without a conducting cell.
  RandomArray floating({});
  floating.matrix.row.first[3] = 0;
  for (std::size_t j = 0; j < 8; ++j) floating.set(24 + j, 0);
  // A column likewise.
  RandomArray column({});
  column.matrix.col.last[5] = 0;
  for (std::size_t i = 0; i < 8; ++i) column.set(8 * i + 5, 0);
  // Nothing is driven.
  const RandomArray undriven({.row_first = LineEnds::kFree, .col_last = LineEnds::kFree});
  // Merged lines are for other methods.
  RandomArray merged({});
  merged.matrix.col.segment = kHeld;
  const RandomArray* const arrays[] = {&floating, &column, &undriven, &merged};
  for (const RandomArray* array : arrays) {
    for (const TwoLevel level : {TwoLevel::kOff, TwoLevel::kOn}) {
      ArrayKrylov solver(8, 8, {.two_level = level});
      const bool sound = solver.set(array->matrix).ok;
      const Tables f = random_tables(64, 1);
      Tables x = start(*array, 2);
      const ArrayKrylov::Outcome outcome = solver.solve(f.view(), x.row, x.col, 1e-12);
      EXPECT_FALSE(sound && outcome.ok);
      EXPECT_FALSE(outcome.failure.empty());
      EXPECT_TRUE(array == &undriven || !sound);  // its lines are sound, one by one
    }
  }
}

TEST(ArrayKrylov, SolvesAgainAfterASingularMatrix) {
  RandomArray array({});
  array.matrix.row.first[3] = 0;
  for (std::size_t j = 0; j < 8; ++j) array.set(24 + j, 0);
  ArrayKrylov solver(8, 8);
  ASSERT_FALSE(solver.set(array.matrix).ok);
  for (std::size_t j = 0; j < 8; ++j) array.set(24 + j, 1e-4);
  ASSERT_TRUE(solver.set(array.matrix).ok);
  const Tables f = random_tables(64, 1);
  Tables x = start(array, 2);
  EXPECT_TRUE(solver.solve(f.view(), x.row, x.col, 1e-12).ok);
  const Tables expected = dense_solution(array.matrix, f, start(array, 2));
  EXPECT_LE(distance(x, expected), kAllowed * norm(expected));
}

TEST_P(ArrayKrylovLevels, ReportsTheResidualThatItHas) {
  for (const double tolerance : {1e-3, 1e-6, 1e-10}) {
    for (const bool symmetric : {true, false}) {
      const RandomArray array({.rows = 30, .cols = 25, .symmetric = symmetric, .segment = 5});
      ArrayKrylov solver(30, 25, {.two_level = GetParam()});
      ASSERT_TRUE(solver.set(array.matrix).ok);
      const Tables f = random_tables(750, 1);
      Tables x = start(array, 2);
      const ArrayKrylov::Outcome outcome = solver.solve(f.view(), x.row, x.col, tolerance);
      ASSERT_TRUE(outcome.ok);
      const double residual = norm(residual_of(array.matrix, f, x)) / norm(f);
      EXPECT_LE(residual, tolerance);
      // The rounding of either residual is eps |x| segment / |f|, some 1e-14 here.
      EXPECT_NEAR(outcome.residual, residual, 1e-3 * residual + 1e-13);
      EXPECT_EQ(outcome.two_level, GetParam() == TwoLevel::kOn);
    }
  }
}

// A solution that is given stays as it is.
TEST(ArrayKrylov, StartsFromWhatItIsGiven) {
  const RandomArray array({});
  ArrayKrylov solver(8, 8);
  ASSERT_TRUE(solver.set(array.matrix).ok);
  const Tables f = random_tables(64, 1);
  Tables x = dense_solution(array.matrix, f, start(array, 2));
  const Tables given = x;
  const ArrayKrylov::Outcome outcome = solver.solve(f.view(), x.row, x.col, 1e-10);
  EXPECT_TRUE(outcome.ok);
  EXPECT_EQ(outcome.iterations, 0);
  EXPECT_EQ(x.row, given.row);
  EXPECT_EQ(x.col, given.col);
}

TEST(ArrayKrylov, SaysWhenItsIterationsAreUsedUp) {
  const RandomArray array({.rows = 40, .cols = 40, .segment = 100, .low = 1e-3, .high = 1e-2});
  ArrayKrylov solver(40, 40, {.two_level = TwoLevel::kOff, .max_iterations = 3});
  ASSERT_TRUE(solver.set(array.matrix).ok);
  const Tables f = random_tables(1600, 1);
  Tables x = start(array, 2);
  const ArrayKrylov::Outcome outcome = solver.solve(f.view(), x.row, x.col, 1e-12);
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.iterations, 3);
  EXPECT_FALSE(outcome.failure.empty());
}

// The bound that the two-level correction is there for, on arrays from easy to hard: the
// resistances of segments and drivers spread over seven and more decades beside cells of 1 kohm to
// 1 Mohm.
TEST(ArrayKrylov, NeedsNoMoreThanFortyIterationsWithTwoLevels) {
  for (const std::int32_t n : {32, 64, 128}) {
    for (const double segment : {0.1, 1.0, 10.0, 100.0}) {
      for (const double driver : {1e-3, 1.0, 100.0, 1e5}) {
        for (const double high : {1e-4, 1e-3}) {
          const RandomArrayOptions options{.rows = n,
                                           .cols = n,
                                           .segment = segment,
                                           .driver = driver,
                                           .low = 1e-6,
                                           .high = high};
          const RandomArray array(options);
          ArrayKrylov solver(n, n, {.two_level = TwoLevel::kOn});
          ASSERT_TRUE(solver.set(array.matrix).ok);
          // As driven by 1 V behind the drivers of the rows.
          Tables f{std::vector<double>(array.matrix.cells()),
                   std::vector<double>(array.matrix.cells())};
          for (std::int32_t i = 0; i < n; ++i)
            f.row[static_cast<std::size_t>(i) * static_cast<std::size_t>(n)] = 1 / driver;
          Tables x = start(array, 2);
          const ArrayKrylov::Outcome outcome = solver.solve(f.view(), x.row, x.col, 1e-10);
          EXPECT_TRUE(outcome.ok) << text_of(options) << ": " << outcome.failure;
          EXPECT_LE(outcome.iterations, 40) << text_of(options);
        }
      }
    }
  }
}

// 300 x 200 cells are worth several threads. Every sum is made of the same parts whoever adds them
// up.
TEST_P(ArrayKrylovLevels, GivesTheSameWithAnyNumberOfThreads) {
  for (const bool symmetric : {true, false}) {
    const RandomArray array({.rows = 300, .cols = 200, .symmetric = symmetric});
    const Tables f = random_tables(array.matrix.cells(), 1);
    Tables first;
    for (const int threads : {1, 2, 4}) {
      ArrayKrylov solver(300, 200, {.two_level = GetParam(), .threads = threads});
      ASSERT_TRUE(solver.set(array.matrix).ok);
      Tables x = start(array, 2);
      ASSERT_TRUE(solver.solve(f.view(), x.row, x.col, 1e-10).ok);
      if (threads == 1) first = x;
      EXPECT_TRUE(x.row == first.row) << threads;
      EXPECT_TRUE(x.col == first.col) << threads;
    }
    EXPECT_LT(norm(residual_of(array.matrix, f, first)), 1e-9 * norm(f));
  }
}

}  // namespace
}  // namespace wordline
