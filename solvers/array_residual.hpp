// How far voltages are from solving the equations of an array, whose cells may be nonlinear.
#pragma once

#include <cstdint>
#include <span>

#include "wordline/solvers/array_matrix.hpp"

namespace wordline {

// One number a cell for each plane.
struct ArrayTables {
  std::span<const double> row, col;
};

struct ArrayNorms {
  double drive = 0;     // of the right-hand side f [A]
  double residual = 0;  // [A]
  double rounding = 0;  // of the residual that the rounding of the voltages alone can make [A]
};

// r = f - A x, at held nodes 0. With `currents` these [A] stand in place of what the matrix says
// its cells draw from the lines at x. Rows of r are `stride` doubles apart. Where a plane is
// merged, r is a line's residual only as a whole; the norms count it so. The same for any number of
// threads.
ArrayNorms array_residual(const ArrayMatrix& a, const ArrayTables& f, const ArrayTables& x,
                          const ArrayTables* currents, double* r_row, double* r_col,
                          std::int64_t stride, int threads);

}  // namespace wordline
