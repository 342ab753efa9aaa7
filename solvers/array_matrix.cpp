#include "wordline/solvers/array_matrix.hpp"

#include <algorithm>
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

// The search for lines with a path to ground, from one to the next through the cells.
class Grounded {
 public:
  explicit Grounded(const ArrayMatrix& a)
      : a_(a), cols_(static_cast<std::size_t>(a.cols)), row_lines_(a.parallel ? cols_ : rows()) {
    grounded_.assign(row_lines_ + cols_, false);
    for (std::size_t line = 0; line < grounded_.size(); ++line) {
      const bool of_row = line < row_lines_;
      const ArrayPlane& plane = of_row ? a.row : a.col;
      const std::size_t k = of_row ? line : line - row_lines_;
      if (plane.first[k] != 0 || plane.last[k] != 0) ground(line);
    }
  }

  std::int32_t first_floating() {
    if (open_.size() < grounded_.size()) find_leaks();
    for (std::size_t next = 0; next < open_.size() && open_.size() < grounded_.size(); ++next) {
      spread_from(open_[next]);
    }
    const auto found = std::find(grounded_.begin(), grounded_.end(), false);
    return found == grounded_.end() ? -1 : static_cast<std::int32_t>(found - grounded_.begin());
  }

 private:
  std::size_t rows() const { return static_cast<std::size_t>(a_.rows); }
  std::size_t row_line(std::size_t cell) const { return a_.parallel ? cell % cols_ : cell / cols_; }
  std::size_t col_line(std::size_t cell) const { return row_lines_ + cell % cols_; }

  void ground(std::size_t line) {
    if (grounded_[line]) return;
    grounded_[line] = true;
    open_.push_back(line);
  }
  // What does not come from the other line comes from elsewhere.
  void find_leaks() {
    for (std::size_t c = 0; c < a_.cells(); ++c) {
      if (a_.row_row[c] != a_.row_col[c]) ground(row_line(c));
      if (a_.col_col[c] != a_.col_row[c]) ground(col_line(c));
    }
  }
  void spread_from(std::size_t line) {
    const bool of_row = line < row_lines_;
    const bool along_row = of_row && !a_.parallel;
    const std::size_t length = along_row ? cols_ : rows();
    const std::size_t index = of_row ? line : line - row_lines_;
    for (std::size_t k = 0; k < length; ++k) {
      const std::size_t cell = along_row ? index * cols_ + k : k * cols_ + index;
      const double coupling = of_row ? a_.col_row[cell] : a_.row_col[cell];
      if (coupling != 0) ground(of_row ? col_line(cell) : row_line(cell));
    }
  }

  const ArrayMatrix& a_;
  std::size_t cols_, row_lines_;
  std::vector<bool> grounded_;
  std::vector<std::size_t> open_;  // grounded lines, in the order in which they were found
};

}  // namespace

std::int32_t floating_line(const ArrayMatrix& a) { return Grounded(a).first_floating(); }

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
