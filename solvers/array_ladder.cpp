#include "wordline/solvers/array_ladder.hpp"

#include <cmath>

namespace wordline {

namespace {

constexpr double kSmallestPivot = 1e-14;  // of the larger diagonal of a block; below is rounding

double end(const std::vector<double>& ends, std::int32_t line) {
  return ends.empty() ? 0.0 : ends[static_cast<std::size_t>(line)];
}

// Two equations of a cell, and their inverse. A diagonal of infinity holds its node.
struct Block {
  double rr, rc, cr, cc;

  bool is_sound() const {
    if (rr == kHeld || cc == kHeld) return (rr == kHeld || rr != 0) && (cc == kHeld || cc != 0);
    return std::fabs(rr * cc - rc * cr) > kSmallestPivot * std::fabs(rr * cc);
  }
  Block inverse() const {
    if (rr == kHeld || cc == kHeld) return {1 / rr, 0, 0, 1 / cc};
    const double determinant = rr * cc - rc * cr;
    return {cc / determinant, -rc / determinant, -cr / determinant, rr / determinant};
  }
};

}  // namespace

Factorization ArrayLadder::factor(const ArrayMatrix& a) {
  // Rounding would hide it.
  if (const std::int32_t line = floating_line(a); line >= 0) {
    return {.ok = false, .singular_column = line};
  }
  rows_ = a.rows;
  cols_ = a.cols;
  row_segment_ = a.row.segment;
  col_segment_ = a.col.segment;
  for (std::vector<double>* table : {&row_row_, &row_col_, &col_row_, &col_col_}) {
    table->resize(a.cells());
  }
  const auto cols = static_cast<std::size_t>(cols_);
  for (std::int32_t i = 0; i < rows_; ++i) {
    const double sides = (i > 0 ? 1.0 : 0.0) + (i < rows_ - 1 ? 1.0 : 0.0);
    for (std::int32_t j = 0; j < cols_; ++j) {
      const std::size_t k = static_cast<std::size_t>(i) * cols + static_cast<std::size_t>(j);
      Block block{a.row_row[k] + sides * row_segment_, -a.row_col[k], -a.col_row[k],
                  a.col_col[k] + sides * col_segment_};
      if (i > 0) {
        block.rr -= row_segment_ * row_row_[k - cols] * row_segment_;
        block.rc -= row_segment_ * row_col_[k - cols] * col_segment_;
        block.cr -= col_segment_ * col_row_[k - cols] * row_segment_;
        block.cc -= col_segment_ * col_col_[k - cols] * col_segment_;
      }
      if (i == 0) block.rr += end(a.row.first, j);
      if (i == 0) block.cc += end(a.col.first, j);
      if (i == rows_ - 1) block.rr += end(a.row.last, j);
      if (i == rows_ - 1) block.cc += end(a.col.last, j);
      if (!block.is_sound()) return {.ok = false};
      const Block inverse = block.inverse();
      row_row_[k] = inverse.rr;
      row_col_[k] = inverse.rc;
      col_row_[k] = inverse.cr;
      col_col_[k] = inverse.cc;
    }
  }
  return {};
}

void ArrayLadder::solve(std::span<double> f_row, std::span<double> f_col) const {
  const auto cols = static_cast<std::size_t>(cols_);
  const std::size_t cells = f_row.size();
  const auto solve_block = [&](std::size_t k, double f, double g) {
    f_row[k] = row_row_[k] * f + row_col_[k] * g;
    f_col[k] = col_row_[k] * f + col_col_[k] * g;
  };
  // Downwards every block's own solution, which the one below sees; upwards what it sees itself.
  for (std::size_t k = 0; k < cells; ++k) {
    const double above_row = k < cols ? 0.0 : row_segment_ * f_row[k - cols];
    const double above_col = k < cols ? 0.0 : col_segment_ * f_col[k - cols];
    solve_block(k, f_row[k] + above_row, f_col[k] + above_col);
  }
  for (std::size_t k = cells - cols; k-- > 0;) {
    const double x_row = f_row[k];
    const double x_col = f_col[k];
    solve_block(k, row_segment_ * f_row[k + cols], col_segment_ * f_col[k + cols]);
    f_row[k] += x_row;
    f_col[k] += x_col;
  }
}

}  // namespace wordline
