#include "wordline/solvers/array_solver.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>

#include "array_systems.hpp"
#include "dense_array_method.hpp"
#include "sparse_twin.hpp"

namespace wordline {
namespace {

using testing::ArrayAssembler;
using testing::ArrayOptions;
using testing::ArraySystem;
using testing::DenseArrayMethod;
using testing::make_array_system;

std::unique_ptr<LinearSolver> dense_solver(const ArraySystem& system) {
  return make_array_solver(system.geometry, std::make_unique<DenseArrayMethod>(), 1e-12);
}

std::unique_ptr<LinearSolver> krylov_solver(const ArraySystem& system) {
  return make_array_solver(system.geometry, make_krylov_method(system.geometry), 1e-12);
}

std::unique_ptr<LinearSolver> multifrontal_solver(const ArraySystem& system) {
  return make_array_solver(system.geometry, make_multifrontal_method(system.geometry), 1e-12);
}

std::unique_ptr<LinearSolver> ladder_solver(const ArraySystem& system) {
  return make_array_solver(system.geometry, make_ladder_method(system.geometry), 1e-12);
}

// The name of the solver that was used in the end.
std::string solve_and_check(const ArraySystem& system, LinearSolver& solver, double tolerance) {
  const std::vector<double> b = testing::random_vector(system.size());
  EXPECT_TRUE(solver.analyze(system.pattern).ok);
  EXPECT_TRUE(solver.factor(system.values).ok);
  std::vector<double> x = b;
  solver.solve(x);
  EXPECT_LT(system.residual(x, b), tolerance);
  return std::string(solver.name());
}

const std::vector<ArrayOptions> kFitting = {
    {},
    {.rows = 1, .cols = 1},
    {.rows = 1, .cols = 9},
    {.rows = 9, .cols = 2},
    {.rows = 7, .cols = 12},
    {.driver = 0},
    {.rows = 2, .cols = 2, .driver = 0, .both_ends = true},
    {.driver = 0, .both_ends = true},
    {.both_ends = true},
    {.sources = false},
    {.rows = 5, .cols = 8, .inner_nodes = true},
    {.inner_nodes = true, .driver = 0},
    {.inner_nodes = true, .gate = 1e-3},
    {.inner_nodes = true, .driver = 0, .gate = 0.1},
    {.inner_nodes = true, .gate = 0.3, .sources = false},
    {.rows = 9, .cols = 4, .inner_nodes = true, .source_along_columns = true},
    {.rows = 5, .inner_nodes = true, .source_along_columns = true, .gate = 1e-3},
    {.inner_nodes = true, .source_along_columns = true, .driver = 0, .both_ends = true},
};

TEST(ArraySolver, SolvesArraysWithTheirDrivers) {
  for (const ArrayOptions& shape : kFitting) {
    SCOPED_TRACE(&shape - kFitting.data());
    const ArraySystem system = make_array_system(shape);
    EXPECT_EQ(solve_and_check(system, *dense_solver(system), 1e-10), "dense");
    if (shape.source_along_columns) {
      EXPECT_EQ(solve_and_check(system, *ladder_solver(system), 1e-10), "ladder");
    } else {
      EXPECT_EQ(solve_and_check(system, *multifrontal_solver(system), 1e-10), "multifrontal");
      EXPECT_EQ(solve_and_check(system, *krylov_solver(system), 1e-8), "krylov");
    }
  }
}

std::string refusal(const ArraySystem& system) {
  return solve_and_check(system, *dense_solver(system), 1e-9);
}

TEST(ArraySolver, LeavesOtherCircuitsToKlu) {
  EXPECT_EQ(refusal(make_array_system({.segment = 0})),
            "klu, nested dissection (no dense: nodes of its lines are merged)");
  EXPECT_EQ(refusal(make_array_system({.both_ends = true, .sources = false})),
            "klu (no dense: its lines are connected outside of it)");
}

TEST(ArraySolver, RefusesWhatConnectsLinesOutsideOfCells) {
  ArrayAssembler across({});
  const std::vector<std::int32_t>& word = across.geometry().planes[0].unknown;
  across.add_conductance(word[3], word[20], 1e-5);
  EXPECT_TRUE(refusal(across.build())
                  .ends_with("(no dense: something connects its lines outside of cells)"));

  ArrayAssembler uneven({});
  uneven.add_conductance(uneven.geometry().planes[0].unknown[3],
                         uneven.geometry().planes[0].unknown[4], 1e-5);
  EXPECT_TRUE(refusal(uneven.build()).ends_with("(no dense: the segments of its lines differ)"));

  ArrayAssembler joined({.sources = false});
  joined.add_conductance(joined.bus(0)[1], joined.bus(1)[2], 1e-5);
  EXPECT_TRUE(
      refusal(joined.build()).ends_with("(no dense: its lines are connected outside of it)"));
}

// Two more nodes behind one bus, one of them held by a source through another.
TEST(ArraySolver, EliminatesWhatDrivesALine) {
  ArrayAssembler circuit({.sources = false});
  const std::int32_t middle = circuit.add_unknown();
  const std::int32_t far = circuit.add_unknown();
  const std::int32_t branch = circuit.add_unknown();
  circuit.add_conductance(circuit.bus(0)[2], middle, 0.1);
  circuit.add_conductance(middle, far, 0.2);
  circuit.add(far, branch, 1);
  circuit.add(branch, far, 1);
  circuit.add(middle, branch, -1);
  circuit.add(branch, middle, -1);
  circuit.add_conductance(far, -1, 1e-3);
  const ArraySystem system = circuit.build();
  EXPECT_EQ(solve_and_check(system, *dense_solver(system), 1e-10), "dense");
}

// A transistor with a series resistance has two nodes in the cell.
TEST(ArraySolver, EliminatesCellsOfSeveralNodes) {
  ArrayAssembler circuit({.inner_nodes = true});
  for (std::size_t cell : {3U, 10U, 63U}) {
    const std::int32_t node = circuit.add_unknown();
    circuit.add_conductance(circuit.geometry().planes[1].unknown[cell], node, 1e-4);
    circuit.add_conductance(circuit.geometry().planes[2].unknown[cell], node, 1e-3);
  }
  const ArraySystem system = circuit.build();
  EXPECT_EQ(solve_and_check(system, *dense_solver(system), 1e-10), "dense");
}

// The method gives up on every second solve.
class Obstinate final : public ArrayMethod {
 public:
  std::string_view name() const override { return "obstinate"; }
  bool factors_cheaply() const override { return false; }
  bool set(const ArrayMatrix& matrix) override { return dense_.set(matrix); }
  bool solve(std::span<const double> f_row, std::span<const double> f_col, std::span<double> x_row,
             std::span<double> x_col, double tolerance) override {
    return ++solves_ % 2 == 1 && dense_.solve(f_row, f_col, x_row, x_col, tolerance);
  }

 private:
  DenseArrayMethod dense_;
  int solves_ = 0;
};

void expect_change_of_solvers(const GeneralSolverMaker& make_general, std::string_view name) {
  const ArraySystem system = make_array_system({.rows = 6, .cols = 6});
  const auto solver =
      make_array_solver(system.geometry, std::make_unique<Obstinate>(), 1e-12, make_general);
  ASSERT_TRUE(solver->analyze(system.pattern).ok);
  const std::vector<double> b = testing::random_vector(system.size());
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(solver->factor(system.values).ok);
    std::vector<double> x = b;
    solver->solve(x);
    EXPECT_LT(system.residual(x, b), 1e-9);
  }
  EXPECT_EQ(solver->name(), name);
}

TEST(ArraySolver, GoesOverToKluWhereTheMethodStagnates) {
  expect_change_of_solvers({}, "obstinate and klu");
}

TEST(ArraySolver, GoesOverToTheGeneralSolverThatIsGiven) {
  expect_change_of_solvers(
      [](const ArrayGeometry& array) { return testing::make_sparse_twin({array}); },
      "obstinate and LU on the GPU, pivots of klu");
}

}  // namespace
}  // namespace wordline
