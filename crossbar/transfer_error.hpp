// Elimination leaves no residual to test: whether a transconductance matrix has kept its digits,
// one input that is solved the other way tells.
#pragma once

#include <functional>

#include "wordline/crossbar/problem.hpp"

namespace wordline::crossbar {

// Matrices that are further off have lost too many of them.
inline constexpr double kMostTransferError = 1e-6;

// The difference of the currents for one input, relative to the largest: as `multiply` finds them
// for an input a row, and as the array of `problem` is solved for it. Throws Error where it is not.
double transfer_error(const ArrayProblem& problem,
                      const std::function<Matrix(const Matrix&)>& multiply, int threads);

}  // namespace wordline::crossbar
