// Array matrices whose lines of both planes run side by side along the columns: every column is a
// ladder of its own, two rails with a cell on each rung. Solved exactly by block elimination, in
// time and memory as the number of cells.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

class ArrayLadder {
 public:
  // `matrix` is parallel, its lines are not merged. Not ok: a column is singular;
  // `singular_column` is the number of a line without a path to a driver, row lines first.
  Factorization factor(const ArrayMatrix& matrix);
  // In place: tables of cells. Held nodes come out as 0.
  void solve(std::span<double> f_row, std::span<double> f_col) const;

 private:
  std::int32_t rows_ = 0, cols_ = 0;
  double row_segment_ = 1, col_segment_ = 1;
  // Per cell: the inverse of its two equations' block after those above were eliminated.
  std::vector<double> row_row_, row_col_, col_row_, col_col_;
};

}  // namespace wordline
