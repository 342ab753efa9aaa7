// The pivots of a sparse LU factorisation, for those who eliminate by them themselves.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// Pivots are numbered in the order of elimination. Rows and columns of the factors are those of
// pivots.
struct PivotOrder {
  std::vector<std::int32_t> row, column;  // of the matrix, for each pivot
  // The blocks of the block triangular form, pivots block[k] .. block[k+1]-1: only within them is
  // eliminated. Entries of their rows in columns of later blocks stay as they are.
  std::vector<std::int32_t> block;
  // What the factors of the blocks hold, fill-in included and the pivots left out.
  SparsePattern lower, upper;
  // The entries of the analysed pattern that are part of the matrix; the others were 0 so far.
  std::vector<std::int32_t> slots;
};

class PivotingSolver : public LinearSolver {
 public:
  // factor(), by new pivots in any case.
  virtual Factorization choose_pivots(std::span<const double> values) = 0;
  // Those of the last factorisation that was ok.
  virtual PivotOrder pivot_order() const = 0;
};

// make_klu_solver(), which tells its pivots.
std::unique_ptr<PivotingSolver> make_pivoting_solver(std::vector<ArrayGeometry> arrays = {},
                                                     double pivot_ratio = 1e-3);

}  // namespace wordline
