// The linear network of a crossbar array: two planes of lines over rows x cols cells, tied together
// only inside the cells. Lines of the row plane run along rows (line i through cells (i,
// 0..cols-1)), lines of the column plane along columns. Tables of cells are rows x cols, row by
// row.
//
//   [ R  -P ] [x_row]   [f_row]        R, C: one tridiagonal matrix a line
//   [ -Q  C ] [x_col] = [f_col]        P, Q: diagonal
//
// A cell draws the current row_row x_row - row_col x_col from its row line, and
// col_col x_col - col_row x_row from its column line [A]. A conductance g between the lines is g
// in all four places; a device with a third terminal, or a capacitance to ground, makes them
// differ.
//
// An end that is held (conductance infinity to its driver) is no unknown: its correction is 0 and
// its right-hand side is not read. Where `segment` is infinity, all nodes of a line are one: its
// equations are summed and its solution stands at every cell.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace wordline {

inline constexpr double kHeld = std::numeric_limits<double>::infinity();

struct ArrayPlane {
  double segment = 1;         // S, between neighbouring cells of a line; infinity: none between
  std::vector<double> first;  // S, per line: from its end at cell 0 to its driver; 0: not driven
  std::vector<double> last;   // S, per line: from its other end to the driver

  bool merged() const { return segment == kHeld; }
};

struct ArrayMatrix {
  std::int32_t rows = 0;
  std::int32_t cols = 0;
  ArrayPlane row, col;  // `row.first` has rows entries, `col.first` cols
  // The lines of the row plane run along columns too, beside those of the column plane; `row.first`
  // then has cols entries.
  bool parallel = false;
  // S, per cell. They are views: their owner keeps them while the matrix is in use.
  std::span<const double> row_row, row_col, col_row, col_col;

  std::size_t cells() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
  }
  // Same table, not same values: a matter of how the matrix was made.
  bool is_symmetric() const { return row_col.data() == col_row.data(); }
};

// Residual r = f - A x of the real equations, at held nodes 0. Where a plane is merged, the sum
// over a line stands at its first cell and 0 at the others.
void array_residual(const ArrayMatrix& a, std::span<const double> f_row,
                    std::span<const double> f_col, std::span<const double> x_row,
                    std::span<const double> x_col, std::span<double> r_row,
                    std::span<double> r_col);

}  // namespace wordline
