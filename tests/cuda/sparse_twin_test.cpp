// Sparse LU on the GPU, by its twin on the processor: against dense LU and KLU over matrices as
// circuits make them, with the kernels' work in either order, which may not change a digit.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "circuit_systems.hpp"
#include "triangular_system.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/cuda/sparse_direct.hpp"

namespace wordline::gpu {
namespace {

using testing::random_vector;
using Twin = SparseFactors<HostQueue>;

// Of rows, what rounding makes of a residual in Newton's method: 16 roundings; one more of the
// twin's own residual.
constexpr double kRounding = 17 * std::numeric_limits<double>::epsilon();
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

HostQueue queue_in(Order order) { return HostQueue(12288, kNoLimit, order); }

std::vector<double> solve(Twin& twin, const std::vector<double>& b, std::int32_t count) {
  std::vector<double> x(b.size());
  const auto refined = twin.solve(b, x, count);
  EXPECT_EQ(std::ssize(refined), count);
  return x;
}

// x is as near to another solution as the residuals of the two allow: x - y = A^-1 (r_y - r_x).
void expect_near(const CircuitSystem& system, std::span<const double> x, const Eigen::VectorXd& y,
                 std::span<const double> b) {
  const Eigen::MatrixXd a = dense(system);
  const Eigen::Map<const Eigen::VectorXd> rhs(b.data(), a.rows());
  const Eigen::Map<const Eigen::VectorXd> ours(x.data(), a.rows());
  const double errors =
      error_of(system, x, b) + error_of(system, {y.data(), static_cast<std::size_t>(y.size())}, b);
  const Eigen::VectorXd sizes =
      a.cwiseAbs() * ours.cwiseAbs().cwiseMax(y.cwiseAbs()) + rhs.cwiseAbs();
  // 2: for the inverse's own rounding.
  const Eigen::VectorXd allowed = 2 * errors * (a.inverse().cwiseAbs() * sizes);
  for (Eigen::Index k = 0; k < y.size(); ++k) ASSERT_LE(std::abs(ours[k] - y[k]), allowed[k]) << k;
}

class SparseTwin : public ::testing::TestWithParam<CircuitCase> {};
INSTANTIATE_TEST_SUITE_P(Each, SparseTwin, ::testing::ValuesIn(circuit_cases()),
                         [](const auto& info) { return info.param.name; });

TEST_P(SparseTwin, SolvesAsDenseLuAndToTheResidualOfKlu) {
  const CircuitSystem system = GetParam().make(0);
  HostQueue queue;
  Twin twin(queue, plan_of(system), system.values);
  const std::vector<double> b = random_vector(system.size());
  const std::vector<double> x = solve(twin, b, 1);
  EXPECT_LE(error_of(system, x, b), kRounding);
  const Eigen::Map<const Eigen::VectorXd> rhs(b.data(), system.pattern.size);
  expect_near(system, x, dense(system).partialPivLu().solve(rhs), b);

  const auto klu = make_klu_solver();
  ASSERT_TRUE(klu->analyze(system.pattern).ok && klu->factor(system.values).ok);
  std::vector<double> theirs = b;
  klu->solve(theirs);
  EXPECT_LE(error_of(system, x, b), std::max(error_of(system, theirs, b), kRounding));
  expect_near(system, x, Eigen::Map<const Eigen::VectorXd>(theirs.data(), system.pattern.size), b);
}

// Counts below, at and above what stands side by side, and more than are solved at once.
TEST_P(SparseTwin, SolvesManyRightHandSidesAsEachAlone) {
  const CircuitSystem system = GetParam().make(0);
  HostQueue queue;
  Twin twin(queue, plan_of(system), system.values);
  const std::vector<double> all = random_vector(70 * system.size(), 3);
  const auto alone = [&](std::size_t k) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(k * system.size());
    return solve(twin, {begin, begin + static_cast<std::ptrdiff_t>(system.size())}, 1);
  };
  for (const std::int32_t count : {2, 3, 8, 9, 70}) {
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(count) * system.pattern.size;
    const std::vector<double> x = solve(twin, {all.begin(), end}, count);
    for (const std::int32_t k : {0, count / 2, count - 1}) {
      const auto begin = x.begin() + static_cast<std::ptrdiff_t>(k) * system.pattern.size;
      EXPECT_EQ(std::vector<double>(begin, begin + system.pattern.size),
                alone(static_cast<std::size_t>(k)));
    }
  }
}

TEST_P(SparseTwin, HasTheSameDigitsInEitherOrder) {
  const CircuitSystem system = GetParam().make(0);
  const std::vector<double> b = random_vector(5 * system.size(), 4);
  std::vector<double> solutions[2];
  for (const Order order : {Order::kForwards, Order::kBackwards}) {
    HostQueue queue = queue_in(order);
    Twin twin(queue, plan_of(system), system.values);
    EXPECT_TRUE(twin.factor(system.values));
    solutions[order == Order::kBackwards] = solve(twin, b, 5);
  }
  EXPECT_EQ(solutions[0], solutions[1]);
}

// The system that a GPU's libraries are given, by substitution from its first row to its last.
TEST_P(SparseTwin, SolvesOneTriangularSystem) {
  const CircuitSystem system = GetParam().make(0);
  HostQueue queue;
  Twin twin(queue, plan_of(system), system.values);
  const testing::TriangularSystem triangle(twin.plan());
  const std::vector<double> values = triangle.values(twin.factors());
  const std::vector<double> b = random_vector(2 * system.size());
  std::vector<double> v = triangle.right_hand_sides(b, 2);
  for (std::size_t r = 0; r < triangle.size(); ++r) {
    const auto end = static_cast<std::size_t>(triangle.start[r + 1]) - 1;
    ASSERT_EQ(triangle.column[end], static_cast<std::int32_t>(r));
    for (auto e = static_cast<std::size_t>(triangle.start[r]); e < end; ++e) {
      const auto column = static_cast<std::size_t>(triangle.column[e]);
      for (const std::size_t k : {0U, 1U}) v[2 * r + k] -= values[e] * v[2 * column + k];
    }
    for (const std::size_t k : {0U, 1U}) v[2 * r + k] /= values[end];
  }
  const std::vector<double> x = triangle.solutions(v, 2);
  for (const std::size_t first : {std::size_t{0}, system.size()}) {
    // Not refined: a pivot may be a thousandth of its column, twice so one that follows from it.
    EXPECT_LE(error_of(system, std::span(x).subspan(first, system.size()),
                       std::span(b).subspan(first, system.size())),
              1e-9);
  }
}

TEST_P(SparseTwin, FactorsNewValuesWithTheSamePivots) {
  const CircuitSystem first = GetParam().make(0);
  HostQueue queue;
  Twin twin(queue, plan_of(first), first.values);
  const std::vector<double> b = random_vector(first.size());
  for (unsigned variation = 1; variation <= 4; ++variation) {
    const CircuitSystem system = GetParam().make(variation);
    ASSERT_TRUE(twin.factor(system.values));
    EXPECT_LE(error_of(system, solve(twin, b, 1), b), kRounding);
  }
}

TEST(SparseTwinPivots, AreRefusedWhereTheyHaveBecomeSmall) {
  PatternBuilder builder(2);
  for (std::int32_t k = 0; k < 4; ++k) builder.add(k / 2, k % 2);
  const CircuitSystem system{builder.build(), {1, 1, 1, 2}};
  HostQueue queue;
  Twin twin(queue, plan_of(system), system.values);
  EXPECT_TRUE(twin.factor(std::vector<double>{1e9, 1e9, 1e9, 2e9}));
  EXPECT_TRUE(twin.factor(std::vector<double>{1, 1, 1, 1 + 1e-12}));
  EXPECT_FALSE(twin.factor(std::vector<double>{1, 1, 1, 1}));
  EXPECT_FALSE(twin.factor(std::vector<double>{0, 1, 1, 1}));
  EXPECT_FALSE(twin.factor(std::vector<double>{NAN, 1, 1, 1}));
  EXPECT_FALSE(twin.factor(std::vector<double>{0, 0, 0, 0}));
  EXPECT_TRUE(twin.factor(system.values));
}

// KLU, counting how often it chooses.
class CountingPivots final : public PivotingSolver {
 public:
  explicit CountingPivots(int& count) : count_(count) {}
  std::string_view name() const override { return klu_->name(); }
  Factorization analyze(const SparsePattern& pattern) override { return klu_->analyze(pattern); }
  Factorization factor(std::span<const double> values) override { return klu_->factor(values); }
  void solve(std::span<double> b, std::int32_t count) const override { klu_->solve(b, count); }
  Factorization choose_pivots(std::span<const double> values) override {
    ++count_;
    return klu_->choose_pivots(values);
  }
  PivotOrder pivot_order() const override { return klu_->pivot_order(); }

 private:
  std::unique_ptr<PivotingSolver> klu_ = make_pivoting_solver();
  int& count_;
};

class SparseDirectTwin : public ::testing::Test {
 protected:
  explicit SparseDirectTwin(std::size_t bytes = kNoLimit) : solver_(make(bytes)) {}

  SparseDirect<HostQueue> make(std::size_t bytes) {
    return {std::make_unique<CountingPivots>(chosen_), std::make_unique<HostQueue>(12288, bytes),
            [this](std::string_view) { ++warnings_; }};
  }
  static void expect_solved(const LinearSolver& solver, const CircuitSystem& system) {
    const std::vector<double> b = random_vector(2 * system.size());
    std::vector<double> x = b;
    solver.solve(x, 2);
    for (const std::size_t first : {std::size_t{0}, system.size()}) {
      EXPECT_LE(error_of(system, std::span(x).subspan(first, system.size()),
                         std::span(b).subspan(first, system.size())),
                1e-14);
    }
  }

  int chosen_ = 0;
  int warnings_ = 0;
  SparseDirect<HostQueue> solver_;
};

TEST_F(SparseDirectTwin, ChoosesPivotsOnceAndNothingForTheSameValues) {
  CircuitSystem system = amplifiers(60, 3);
  ASSERT_TRUE(solver_.analyze(system.pattern).ok);
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(solver_.factor(system.values).ok);
    ASSERT_TRUE(solver_.factor(system.values).ok);
    expect_solved(solver_, system);
    for (double& value : system.values) value *= 1.5;
  }
  EXPECT_EQ(chosen_, 1);
  EXPECT_EQ(solver_.name(), "LU on the GPU, pivots of klu");
}

// A chain of nodes with a leaf each, which is eliminated first. A leaf's diagonal is next to
// nothing; its pivot makes the node's 1e14, in which the rest of the node's equation is lost. The
// matrix before has pivots of the same sizes, though for good reasons, so that none of them gives
// itself away. What they leave of errors does.
TEST_F(SparseDirectTwin, ChoosesPivotsAnewWhereTheOldOnesLeaveErrors) {
  constexpr double kSmall = 1e-14;
  const auto chain = [](double diagonal, double coupling) {
    Stamps s;
    for (std::int32_t k = 0; k < 60; ++k) s.add_unknown();
    for (std::int32_t node = 0; node < 60; node += 2) {
      s.add(node, node, diagonal);
      s.add(node + 1, node + 1, kSmall);
      s.add(node, node + 1, coupling);
      s.add(node + 1, node, 2 * coupling);
      if (node > 0) s.add(node, node - 2, coupling);
      if (node > 0) s.add(node - 2, node, -coupling);
    }
    return s.build();
  };
  const CircuitSystem good = chain(1 / kSmall, kSmall * kSmall);
  const CircuitSystem bad = chain(0.3, 1);
  ASSERT_TRUE(solver_.analyze(good.pattern).ok);
  ASSERT_TRUE(solver_.factor(good.values).ok);
  ASSERT_TRUE(solver_.factor(bad.values).ok);
  ASSERT_EQ(chosen_, 1);
  expect_solved(solver_, bad);
  EXPECT_EQ(chosen_, 2);
}

TEST_F(SparseDirectTwin, ReportsSingularMatricesAndGoesOn) {
  CircuitSystem system = supply(20);
  ASSERT_TRUE(solver_.analyze(system.pattern).ok);
  ASSERT_TRUE(solver_.factor(system.values).ok);
  std::vector<double> singular = system.values;
  for (auto k = static_cast<std::size_t>(system.pattern.start[5]);
       k < static_cast<std::size_t>(system.pattern.start[6]); ++k) {
    singular[k] = 0;
  }
  const Factorization outcome = solver_.factor(singular);
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.singular_column, 5);
  ASSERT_TRUE(solver_.factor(system.values).ok);
  expect_solved(solver_, system);
}

// Whatever memory holds: nothing, the plan, the plan and one right-hand side, everything.
TEST_F(SparseDirectTwin, GoesOnWithKluWhereMemoryIsUsedUp) {
  CircuitSystem system = mesh(12, 1e-4, 1e-3);
  bool fits = false;
  int used_up_in_solve = 0;
  for (std::size_t bytes = 0; !fits; bytes += 20'000) {
    warnings_ = 0;
    auto solver = make(bytes);
    ASSERT_TRUE(solver.analyze(system.pattern).ok);
    ASSERT_TRUE(solver.factor(system.values).ok);
    const bool was_used_up = warnings_ > 0;
    expect_solved(solver, system);
    fits = warnings_ == 0;
    used_up_in_solve += !fits && !was_used_up ? 1 : 0;
    EXPECT_EQ(solver.name(),
              fits ? "LU on the GPU, pivots of klu" : "klu, as the GPU has no memory left");
    EXPECT_LE(warnings_, 1);
    for (double& value : system.values) value *= 1.1;
    ASSERT_TRUE(solver.factor(system.values).ok);
    expect_solved(solver, system);
  }
  EXPECT_GT(used_up_in_solve, 0);
}

// What ByLevels makes of items with few and many terms: sums in the order that it promises.
struct SumOfTerms {
  using Sum = double;
  const double* terms;
  const std::int32_t *item, *start;
  double* sums;
  double share(std::int32_t k, std::int32_t rank, std::int32_t team, std::int32_t) const {
    double sum = 0;
    for (std::int32_t n = start[item[k]] + rank; n < start[item[k] + 1]; n += team) sum += terms[n];
    return sum;
  }
  void finish(std::int32_t k, std::int32_t, double sum) const { sums[item[k]] = sum; }
};

TEST(ByLevels, AddsSharesInTheOrderOfTheThreads) {
  std::vector<std::int32_t> start{0}, lengths;
  for (std::int32_t k = 0; k < 1000; ++k) {
    lengths.push_back(k % 17 == 0 ? 150 + k % 40 : k % 5 == 0 ? 17 + k % 60 : k % 16);
    start.push_back(start.back() + lengths.back());
  }
  const std::vector<double> terms = random_vector(static_cast<std::size_t>(start.back()));
  const LevelOrder order = order_by_levels(std::vector<std::int32_t>(1000), lengths);
  std::vector<double> sums(1000);
  for (const LevelRun& run : runs_of(order.levels, 1)) {
    run_on_host(ByLevels<SumOfTerms>{{terms.data(), order.item.data(), start.data(), sums.data()},
                                     order.levels.data(),
                                     run,
                                     1,
                                     1});
  }
  for (std::size_t k = 0; k < 1000; ++k) {
    const std::int32_t team = lengths[k] > 128 ? 32 : lengths[k] > 16 ? 8 : 1;
    double expected = 0;
    for (std::int32_t rank = 0; rank < team; ++rank) {
      double share = 0;
      for (std::int32_t n = start[k] + rank; n < start[k + 1]; n += team) {
        share += terms[static_cast<std::size_t>(n)];
      }
      expected = rank == 0 ? share : expected + share;
    }
    EXPECT_EQ(sums[k], expected) << k;
  }
}

TEST(ByLevels, PutsNarrowLevelsIntoOneRun) {
  const auto level = [](std::int32_t items) {
    Level l;
    l.count[Level::kTeams - 1] = items;
    return l;
  };
  const std::vector<Level> levels = {level(3), level(256), level(257), level(5), level(700)};
  const auto runs = runs_of(levels, 1);
  ASSERT_EQ(runs.size(), 4U);
  EXPECT_EQ(runs[0].count, 2);
  EXPECT_EQ(runs[1].blocks, 2);
  EXPECT_EQ(runs[2].first, 3);
  EXPECT_EQ(runs[3].blocks, 3);
  EXPECT_EQ(runs_of(levels, 8).size(), 5U);
}

}  // namespace
}  // namespace wordline::gpu
