// Arrays with a plane of merged lines, each of which is one node: those nodes make a dense matrix,
// once the lines of the other plane, ladders or single nodes, are eliminated one by one.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/dense.hpp"

namespace wordline {

class ArrayMerged {
 public:
  // False where a pivot vanished. The matrix has a merged plane.
  bool factor(const ArrayMatrix& matrix);
  // As ArrayMultifrontal::solve(), one right-hand side.
  void solve(std::span<double> f_row, std::span<double> f_col, bool transposed) const;

 private:
  // Tables of cells, or of another plane's view of them: cell k of line i.
  struct Table {
    std::size_t line_step = 0, cell_step = 0;
    std::size_t at(std::size_t line, std::size_t cell) const {
      return line * line_step + cell * cell_step;
    }
  };
  struct Ladder;

  void set_diagonals();
  bool eliminate_line(std::size_t line, Ladder& ladder, std::vector<double>& schur);
  bool invert_node(std::size_t line, Ladder& ladder);
  bool invert_ladder(std::size_t line, Ladder& ladder);
  void subtract(const Ladder& ladder, std::vector<double>& schur) const;
  void solve_line(std::size_t line, std::span<double> x) const;
  void add_carried(std::span<const double> to_line, const std::vector<double>& kept,
                   std::span<double> x) const;
  bool factor_dense(const std::vector<double>& schur);

  ArrayMatrix matrix_;
  bool kept_rows_ = true;             // the row lines are the dense matrix's unknowns
  std::size_t kept_ = 0, lines_ = 0;  // lines of the two planes
  const ArrayPlane *keep_ = nullptr, *eliminate_ = nullptr;  // of matrix_
  Table table_;  // of the lines eliminated; cells are the kept lines
  std::span<const double> kept_own_, kept_other_, own_, other_;  // see ArrayMatrix
  std::vector<double> diagonal_;                                 // of the kept lines; held: 1
  std::vector<double> pivot_, share_;  // of the lines eliminated, by their cells
  DenseFactors dense_;
};

}  // namespace wordline
