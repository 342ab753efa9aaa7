// Products with an array whose inputs are solved side by side, as a GPU does it.
#pragma once

#include <optional>

#include "wordline/crossbar/cells.hpp"
#include "wordline/crossbar/problem.hpp"
#include "wordline/solvers/array_newton.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::crossbar {

// batch x outputs, for inputs that are one a row. Nothing where one of them was not solved. The
// first is for ohmic cells, the second for any others; `method` is made of these and of the array's
// lines.
std::optional<Matrix> multiply_by_batches(const ArrayProblem& problem, const Matrix& voltages,
                                          ArrayBatchMethod& method, SolveReport& report);

std::optional<Matrix> multiply_by_newton(const ArrayProblem& problem, Cells& cells,
                                         const Matrix& voltages, ArrayNewton& method,
                                         SolveReport& report);

// The same on a GPU, as many at once as its memory is likely to hold; nothing also where it does
// not or where lines are merged.
std::optional<Matrix> multiply_on_gpu(const ArrayProblem& problem, const Matrix& voltages,
                                      SolveReport& report);

}  // namespace wordline::crossbar
