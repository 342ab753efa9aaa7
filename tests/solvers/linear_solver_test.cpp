// What every LinearSolver promises, against Eigen's dense LU.

#include "wordline/solvers/linear_solver.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <random>

namespace wordline {
namespace {

struct Matrix {
  SparsePattern pattern;
  std::vector<double> values;
  Eigen::MatrixXd dense;
};

// A random non-symmetric matrix with a strong diagonal, `per_column` further entries a column.
Matrix random_matrix(int size, int per_column, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::int32_t> row(0, size - 1);
  std::uniform_real_distribution<double> value(-1, 1);
  PatternBuilder builder(size);
  for (std::int32_t j = 0; j < size; ++j) {
    builder.add(j, j);
    for (int k = 0; k < per_column; ++k) builder.add(row(random), j);
  }
  Matrix m{builder.build(), {}, Eigen::MatrixXd::Zero(size, size)};
  for (std::int32_t j = 0; j < size; ++j) {
    for (auto k = m.pattern.start[static_cast<std::size_t>(j)];
         k < m.pattern.start[static_cast<std::size_t>(j) + 1]; ++k) {
      const std::int32_t i = m.pattern.row[static_cast<std::size_t>(k)];
      m.values.push_back(value(random) + (i == j ? 2.0 * per_column : 0));
      m.dense(i, j) = m.values.back();
    }
  }
  return m;
}

class LinearSolverContract : public ::testing::TestWithParam<std::unique_ptr<LinearSolver> (*)()> {
 protected:
  std::unique_ptr<LinearSolver> solver = GetParam()();
};

TEST_P(LinearSolverContract, SolvesBlocksOfRightHandSides) {
  const Matrix m = random_matrix(60, 4, 1);
  ASSERT_TRUE(solver->analyze(m.pattern).ok);
  ASSERT_TRUE(solver->factor(m.values).ok);
  Eigen::MatrixXd x = Eigen::MatrixXd::Random(60, 3);
  const Eigen::MatrixXd expected = m.dense.partialPivLu().solve(x);
  solver->solve({x.data(), static_cast<std::size_t>(x.size())}, 3);
  EXPECT_LT((x - expected).norm(), 1e-12 * expected.norm());
}

TEST_P(LinearSolverContract, FactorsNewValuesInTheSamePattern) {
  Matrix m = random_matrix(60, 4, 2);
  ASSERT_TRUE(solver->analyze(m.pattern).ok);
  ASSERT_TRUE(solver->factor(m.values).ok);
  for (double& v : m.values) v *= 3;
  ASSERT_TRUE(solver->factor(m.values).ok);
  Eigen::VectorXd x = Eigen::VectorXd::Ones(60);
  const Eigen::VectorXd expected = (3 * m.dense).partialPivLu().solve(x);
  solver->solve({x.data(), 60});
  EXPECT_LT((x - expected).norm(), 1e-12 * expected.norm());
}

// [1 1; 1 1+d] with the pivots of [1 0; 0 1]: the old pivot order alone would lose all digits.
TEST_P(LinearSolverContract, ChoosesNewPivotsWhenTheOldOnesVanish) {
  PatternBuilder builder(2);
  for (const std::int32_t i : {0, 1}) {
    for (const std::int32_t j : {0, 1}) builder.add(i, j);
  }
  ASSERT_TRUE(solver->analyze(builder.build()).ok);
  ASSERT_TRUE(solver->factor(std::vector<double>{1, 0, 0, 1}).ok);
  ASSERT_TRUE(solver->factor(std::vector<double>{1e-20, 1, 1, 1}).ok);
  std::vector<double> x = {1, 2};  // x2 = 1, x1 = 1 to rounding
  solver->solve(x);
  EXPECT_NEAR(x[0], 1, 1e-12);
  EXPECT_NEAR(x[1], 1, 1e-12);
}

TEST_P(LinearSolverContract, ReportsSingularMatrices) {
  PatternBuilder builder(2);
  for (const std::int32_t i : {0, 1}) {
    for (const std::int32_t j : {0, 1}) builder.add(i, j);
  }
  ASSERT_TRUE(solver->analyze(builder.build()).ok);
  EXPECT_FALSE(solver->factor(std::vector<double>{1, 2, 2, 4}).ok);

  PatternBuilder empty_column(2);
  empty_column.add(0, 0);
  empty_column.add(1, 0);
  EXPECT_FALSE(solver->analyze(empty_column.build()).ok);
}

INSTANTIATE_TEST_SUITE_P(Klu, LinearSolverContract,
                         ::testing::Values(+[] { return make_klu_solver(); }));

TEST(SparsePattern, FindsSlotsAndMultiplies) {
  const Matrix m = random_matrix(20, 3, 3);
  for (std::int32_t i = 0; i < 20; ++i) {
    for (std::int32_t j = 0; j < 20; ++j) {
      const std::int32_t slot = m.pattern.slot(i, j);
      EXPECT_EQ(slot >= 0 ? m.values[static_cast<std::size_t>(slot)] : 0.0, m.dense(i, j));
    }
  }
  const Eigen::VectorXd x = Eigen::VectorXd::Random(20);
  Eigen::VectorXd y(20);
  multiply(m.pattern, m.values, {x.data(), 20}, {y.data(), 20});
  EXPECT_LT((y - m.dense * x).norm(), 1e-14);
}

}  // namespace
}  // namespace wordline
