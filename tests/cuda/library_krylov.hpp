// Array matrices by NVIDIA's libraries alone: conjugate gradients on both planes at once, the
// product by cusparseSpMV, the preconditioner the lines of both planes by cuSPARSE's tridiagonal
// solvers, vectors by cuBLAS. The independent witness of the GPU's own kernels.
#pragma once

#include <span>

#include "wordline/solvers/array_matrix.hpp"

namespace wordline::testing {

// Improves x until |f - A x| <= tolerance |f|, of a symmetric matrix without held ends. False if
// that is not reached. Throws where a call fails.
bool solve_by_libraries(const ArrayMatrix& a, std::span<const double> f_row,
                        std::span<const double> f_col, std::span<double> x_row,
                        std::span<double> x_col, double tolerance);

}  // namespace wordline::testing
