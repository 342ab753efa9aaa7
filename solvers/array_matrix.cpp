#include "wordline/solvers/array_matrix.hpp"

#include <cmath>

namespace wordline {

namespace {

// A plane as a table: cell k of line i at i * line_step + k * cell_step.
struct Lines {
  std::size_t count, length, line_step, cell_step;
};

// Adds what flows along the lines to r = f - (cells): segments, and drivers at both ends.
void subtract_lines(const ArrayPlane& plane, const Lines& lines, std::span<const double> x,
                    std::span<double> r) {
  for (std::size_t i = 0; i < lines.count; ++i) {
    const std::size_t first = i * lines.line_step;
    const std::size_t last = first + (lines.length - 1) * lines.cell_step;
    double sum = 0;
    for (std::size_t p = first; p < last; p += lines.cell_step) {
      const std::size_t next = p + lines.cell_step;
      if (plane.merged()) {
        sum += r[p];
        r[p] = 0;
      } else {
        const double current = plane.segment * (x[p] - x[next]);
        r[p] -= current;
        r[next] += current;
      }
    }
    if (plane.merged()) {
      sum += r[last];
      r[last] = 0;
      r[first] = sum;
    }
    const std::size_t end = plane.merged() ? first : last;
    const bool held_first = std::isinf(plane.first[i]);
    const bool held_last = std::isinf(plane.last[i]);
    if (!held_first) r[first] -= plane.first[i] * x[first];
    if (!held_last) r[end] -= plane.last[i] * x[end];
    if (held_first) r[first] = 0;
    if (held_last) r[end] = 0;
  }
}

}  // namespace

void array_residual(const ArrayMatrix& a, std::span<const double> f_row,
                    std::span<const double> f_col, std::span<const double> x_row,
                    std::span<const double> x_col, std::span<double> r_row,
                    std::span<double> r_col) {
  for (std::size_t c = 0; c < a.cells(); ++c) {
    r_row[c] = f_row[c] - (a.row_row[c] * x_row[c] - a.row_col[c] * x_col[c]);
    r_col[c] = f_col[c] - (a.col_col[c] * x_col[c] - a.col_row[c] * x_row[c]);
  }
  const auto rows = static_cast<std::size_t>(a.rows), cols = static_cast<std::size_t>(a.cols);
  if (a.cells() == 0) return;
  subtract_lines(a.row, {rows, cols, cols, 1}, x_row, r_row);
  subtract_lines(a.col, {cols, rows, 1, cols}, x_col, r_col);
}

}  // namespace wordline
