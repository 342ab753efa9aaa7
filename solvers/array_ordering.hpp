// Elimination orders for circuits that are mostly crossbar arrays, by nested dissection of the
// arrays' geometry: between two halves of a block of cells lie only the nodes of the lines that
// cross the cut, one a line. A general ordering, which cannot see that, leaves two to six times the
// work (George, SIAM J. Numer. Anal. 10, 1973, for the method).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/array_geometry.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// A permutation of all unknowns of `pattern`: element k is the one eliminated k-th. Unknowns
// outside the arrays' planes (inner nodes of cells, drivers) come with the cells they are connected
// to, those that join distant cells after these.
std::vector<std::int32_t> array_ordering(const SparsePattern& pattern,
                                         std::span<const ArrayGeometry> arrays);

}  // namespace wordline
