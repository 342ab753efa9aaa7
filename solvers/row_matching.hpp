// Rows for the columns of a matrix, so that every pivot has an entry to stand on.
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// The row of every column: all different, with an entry of the pattern each, and the diagonal one
// where that can be kept. -1: there is none left, the matrix is singular whatever its values are.
std::vector<std::int32_t> match_rows(const SparsePattern& pattern);

}  // namespace wordline
