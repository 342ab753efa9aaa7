#include "wordline/solvers/array_ordering.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "array_systems.hpp"

namespace wordline {
namespace {

using testing::ArrayAssembler;
using testing::ArrayOptions;
using testing::ArraySystem;
using testing::make_array_system;

const std::vector<ArrayOptions> kShapes = {
    {},
    {.rows = 1, .cols = 1},
    {.rows = 1, .cols = 9},
    {.rows = 9, .cols = 1},
    {.rows = 7, .cols = 12},
    {.segment = 0},
    {.driver = 0},
    {.segment = 0, .driver = 0},
    {.driver = 0, .both_ends = true},
    {.both_ends = true, .sources = false},
    {.rows = 5, .cols = 8, .inner_nodes = true},
    {.rows = 8, .cols = 5, .inner_nodes = true, .source_along_columns = true},
    {.inner_nodes = true, .segment = 0, .gate = 1e-3},
    {.inner_nodes = true, .driver = 0, .sources = false},
};

TEST(ArrayOrdering, HasEveryUnknownOnce) {
  for (const ArrayOptions& shape : kShapes) {
    const ArraySystem system = make_array_system(shape);
    std::vector<std::int32_t> order = array_ordering(system.pattern, {&system.geometry, 1});
    ASSERT_EQ(order.size(), system.size());
    std::sort(order.begin(), order.end());
    for (std::size_t k = 0; k < order.size(); ++k) {
      ASSERT_EQ(order[k], static_cast<std::int32_t>(k));
    }
  }
}

// Minimum degree and dissection choose different pivots; both leave rounding alone.
TEST(ArrayOrdering, LeavesTheSolutionAsItIs) {
  for (const ArrayOptions& shape : kShapes) {
    const ArraySystem system = make_array_system(shape);
    const std::vector<double> b = testing::random_vector(system.size());
    const auto solver = make_klu_solver({system.geometry});
    ASSERT_TRUE(solver->analyze(system.pattern).ok);
    ASSERT_TRUE(solver->factor(system.values).ok);
    std::vector<double> x = b;
    solver->solve(x);
    EXPECT_LT(system.residual(x, b), 1e-9);
  }
}

// KLU's name tells which order took fewer operations.
TEST(ArrayOrdering, IsLessWorkThanMinimumDegreeOnArrays) {
  for (const ArrayOptions& shape :
       {ArrayOptions{.rows = 48, .cols = 48},
        {.rows = 48, .cols = 48, .driver = 0},
        {.rows = 24, .cols = 96, .both_ends = true, .sources = false},
        {.rows = 32, .cols = 32, .inner_nodes = true},
        {.rows = 32, .cols = 32, .inner_nodes = true, .segment = 0.1, .gate = 1e-6}}) {
    const ArraySystem system = make_array_system(shape);
    const auto solver = make_klu_solver({system.geometry});
    ASSERT_TRUE(solver->analyze(system.pattern).ok);
    ASSERT_TRUE(solver->factor(system.values).ok);
    EXPECT_EQ(solver->name(), "klu, nested dissection");
  }
}

// A grid of 30 x 30 resistors on the buses of an array of 4x4.
TEST(ArrayOrdering, GivesWayWhereTheArrayIsASmallPart) {
  ArrayAssembler circuit({.rows = 4, .cols = 4, .sources = false});
  std::vector<std::int32_t> ends;
  for (std::int32_t k = 0; k < 900; ++k) {
    const std::int32_t node = circuit.add_unknown();
    circuit.add_conductance(node, -1, 1e-3);
    if (k % 30 > 0) circuit.add_conductance(node, node - 1, 1);
    if (k >= 30) circuit.add_conductance(node, node - 30, 1);
    if (k < 4) circuit.add_conductance(node, circuit.bus(0)[static_cast<std::size_t>(k)], 1);
  }
  const ArraySystem system = circuit.build();
  const auto solver = make_klu_solver({system.geometry});
  ASSERT_TRUE(solver->analyze(system.pattern).ok);
  ASSERT_TRUE(solver->factor(system.values).ok);
  std::vector<double> x = testing::random_vector(system.size());
  const std::vector<double> b = x;
  solver->solve(x);
  EXPECT_LT(system.residual(x, b), 1e-9);
}

}  // namespace
}  // namespace wordline
