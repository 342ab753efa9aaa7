// What every LinearSolver promises, against Eigen's dense LU.

#include "wordline/solvers/linear_solver.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <memory>
#include <random>
#include <string>

#include "array_systems.hpp"
#include "dense_array_method.hpp"
#include "sparse_twin.hpp"

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

using testing::ArrayOptions;
using testing::ArraySystem;
using testing::make_array_system;

// A solver, told of the array that is in a system.
struct Backend {
  std::string name;
  std::unique_ptr<LinearSolver> (*make)(const ArrayGeometry& array);
};

std::ostream& operator<<(std::ostream& os, const Backend& backend) { return os << backend.name; }

const std::vector<Backend> kBackends = {
    {"Klu", [](const ArrayGeometry&) { return make_klu_solver(); }},
    {"KluDissection", [](const ArrayGeometry& array) { return make_klu_solver({array}); }},
    {"ArrayDense",
     [](const ArrayGeometry& array) {
       return make_array_solver(array, std::make_unique<testing::DenseArrayMethod>(), 1e-12);
     }},
    {"ArrayKrylov",
     [](const ArrayGeometry& array) {
       return make_array_solver(array, make_krylov_method(array, 1), 1e-13);
     }},
    {"ArrayMultifrontal",
     [](const ArrayGeometry& array) {
       return make_array_solver(array, make_multifrontal_method(array, 1), 1e-13);
     }},
    {"ArrayLadder",
     [](const ArrayGeometry& array) {
       return make_array_solver(array, make_ladder_method(array), 1e-13);
     }},
    {"GpuTwin", [](const ArrayGeometry&) { return testing::make_sparse_twin(); }},
    {"GpuTwinDissection",
     [](const ArrayGeometry& array) { return testing::make_sparse_twin({array}); }},
};

class LinearSolverContract : public ::testing::TestWithParam<Backend> {
 protected:
  // For a matrix that has nothing of an array.
  static std::unique_ptr<LinearSolver> make() {
    return GetParam().make({.rows = 1, .cols = 1, .planes = {}});
  }
  static std::unique_ptr<LinearSolver> make(const ArraySystem& system) {
    return GetParam().make(system.geometry);
  }
};

TEST_P(LinearSolverContract, SolvesBlocksOfRightHandSides) {
  const auto solver = make();
  const Matrix m = random_matrix(60, 4, 1);
  ASSERT_TRUE(solver->analyze(m.pattern).ok);
  ASSERT_TRUE(solver->factor(m.values).ok);
  Eigen::MatrixXd x = Eigen::MatrixXd::Random(60, 3);
  const Eigen::MatrixXd expected = m.dense.partialPivLu().solve(x);
  solver->solve({x.data(), static_cast<std::size_t>(x.size())}, 3);
  EXPECT_LT((x - expected).norm(), 1e-12 * expected.norm());
}

TEST_P(LinearSolverContract, FactorsNewValuesInTheSamePattern) {
  const auto solver = make();
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

TEST_P(LinearSolverContract, SolvesArrays) {
  const std::vector<ArrayOptions> shapes = {
      {},
      {.rows = 13, .cols = 10, .driver = 0, .both_ends = true},
      {.segment = 0},
      {.rows = 10, .cols = 6, .inner_nodes = true},
      {.inner_nodes = true, .gate = 1e-3, .sources = false},
      {.inner_nodes = true, .source_along_columns = true, .gate = 1e-3},
  };
  for (const ArrayOptions& shape : shapes) {
    ArraySystem system = make_array_system(shape);
    const auto solver = make(system);
    ASSERT_TRUE(solver->analyze(system.pattern).ok);
    for (int round = 0; round < 2; ++round) {
      ASSERT_TRUE(solver->factor(system.values).ok);
      const std::vector<double> b = testing::random_vector(2 * system.size());
      std::vector<double> x = b;
      solver->solve(x, 2);
      const auto half = static_cast<std::ptrdiff_t>(system.size());
      EXPECT_LT(system.residual({x.begin(), x.begin() + half}, {b.begin(), b.begin() + half}),
                1e-10);
      EXPECT_LT(system.residual({x.begin() + half, x.end()}, {b.begin() + half, b.end()}), 1e-10);
      for (double& value : system.values) value *= 3;
    }
  }
}

// A row without a driver and without a cell that conducts. Of its two nodes the second pivot is
// 1 - 1, whatever the order.
TEST_P(LinearSolverContract, ReportsFloatingLines) {
  ArraySystem system = make_array_system({.rows = 9, .cols = 2});
  for (std::int32_t j = 0; j < 2; ++j) {
    const std::int32_t word = system.geometry.planes[0].unknown[system.geometry.cell(4, j)];
    const std::int32_t bit = system.geometry.planes[1].unknown[system.geometry.cell(4, j)];
    const auto at = [&](std::int32_t i, std::int32_t k) -> double& {
      return system.values[static_cast<std::size_t>(system.pattern.slot(i, k))];
    };
    const double g = -at(word, bit);
    at(word, bit) = at(bit, word) = 0;
    at(bit, bit) -= g;
    at(word, word) = 1;  // its segment; a held bus counts nothing
  }
  const auto solver = make(system);
  ASSERT_TRUE(solver->analyze(system.pattern).ok);
  EXPECT_FALSE(solver->factor(system.values).ok);
}

// A matrix that falls into blocks while one of its entries is zero.
TEST_P(LinearSolverContract, TakesEntriesThatWereZero) {
  const auto solver = make();
  Matrix m = random_matrix(40, 3, 5);
  ASSERT_TRUE(solver->analyze(m.pattern).ok);
  for (const int zeros : {40, 7, 3, 2, 1, 5, 4, 6, 9, 1}) {
    Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(40, 40);
    std::vector<double> values = m.values;
    for (std::int32_t j = 0; j < 40; ++j) {
      for (auto k = m.pattern.start[static_cast<std::size_t>(j)];
           k < m.pattern.start[static_cast<std::size_t>(j) + 1]; ++k) {
        const std::int32_t i = m.pattern.row[static_cast<std::size_t>(k)];
        double& value = values[static_cast<std::size_t>(k)];
        if (i != j && k % zeros != 0) value = 0;
        dense(i, j) = value;
      }
    }
    ASSERT_TRUE(solver->factor(values).ok);
    Eigen::VectorXd x = Eigen::VectorXd::Ones(40);
    const Eigen::VectorXd expected = dense.partialPivLu().solve(x);
    solver->solve({x.data(), 40});
    EXPECT_LT((x - expected).norm(), 1e-12 * expected.norm());
  }
}

// [1 1; 1 1+d] with the pivots of [1 0; 0 1]: the old pivot order alone would lose all digits.
TEST_P(LinearSolverContract, ChoosesNewPivotsWhenTheOldOnesVanish) {
  const auto solver = make();
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
  const auto solver = make();
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

INSTANTIATE_TEST_SUITE_P(All, LinearSolverContract, ::testing::ValuesIn(kBackends),
                         [](const auto& info) { return info.param.name; });

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
