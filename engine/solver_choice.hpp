// Which linear solver a circuit gets.
#pragma once

#include <memory>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// The arrays of `described` in the linear system of its compiled form: node k is unknown k-1, as
// ground is left out.
std::vector<ArrayGeometry> find_arrays(const Circuit& described, const Circuit& compiled);

// By `.options solver`. Throws Error where that asks for what this build does not have.
std::unique_ptr<LinearSolver> choose_solver(const Circuit& described, const Circuit& compiled);

}  // namespace wordline
