#include "wordline/solvers/array_residual.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "wordline/solvers/array_kernels.hpp"
#include "wordline/solvers/blocks.hpp"

namespace wordline {

namespace {

double conductance(const std::vector<double>& ends, std::int32_t line) {
  return ends.empty() ? 0.0 : ends[static_cast<std::size_t>(line)];
}

void subtract_driver(double conductance, double x, double& r) {
  r = conductance == kHeld ? 0.0 : r - conductance * x;
}

// Squares, to be added up over rows.
struct Squares {
  double drive = 0, residual = 0, rounding = 0;
  Squares& operator+=(const Squares& other) {
    drive += other.drive;
    residual += other.residual;
    rounding += other.rounding;
    return *this;
  }
};

class Residual {
 public:
  Residual(const ArrayMatrix& a, const ArrayTables& f, const ArrayTables& x,
           const ArrayTables* currents, double* r_row, double* r_col, std::int64_t stride)
      : a_(a), f_(f), x_(x), currents_(currents), r_row_(r_row), r_col_(r_col), stride_(stride) {}

  Squares row(std::int32_t i) const {
    const auto k = static_cast<std::ptrdiff_t>(i) * a_.cols;
    double* r_row = r_row_ + i * stride_;
    double* r_col = r_col_ + i * stride_;
    residual_row({.cols = a_.cols,
                  .f_row = f_.row.data() + k,
                  .f_col = f_.col.data() + k,
                  .x_row = x_.row.data() + k,
                  .x_col = x_.col.data() + k,
                  .i_row = currents_ != nullptr ? currents_->row.data() + k : nullptr,
                  .i_col = currents_ != nullptr ? currents_->col.data() + k : nullptr,
                  .row_row = a_.row_row.data() + k,
                  .row_col = a_.row_col.data() + k,
                  .col_row = a_.col_row.data() + k,
                  .col_col = a_.col_col.data() + k,
                  .row_segment = a_.row.merged() ? 0.0 : a_.row.segment,
                  .col_segment = a_.col.merged() ? 0.0 : a_.col.segment,
                  .parallel = a_.parallel,
                  .has_above = i > 0,
                  .has_below = i < a_.rows - 1,
                  .r_row = r_row,
                  .r_col = r_col});
    if (!a_.parallel) {
      const double* x = x_.row.data() + k;
      subtract_driver(conductance(a_.row.first, i), x[0], r_row[0]);
      subtract_driver(conductance(a_.row.last, i), x[a_.cols - 1], r_row[a_.cols - 1]);
    } else {
      subtract_column_drivers(a_.row, i, x_.row.data() + k, r_row);
    }
    subtract_column_drivers(a_.col, i, x_.col.data() + k, r_col);
    return squares(i);
  }

 private:
  void subtract_column_drivers(const ArrayPlane& plane, std::int32_t i, const double* x,
                               double* r) const {
    for (std::int32_t j = 0; i == 0 && j < a_.cols; ++j) {
      subtract_driver(conductance(plane.first, j), x[j], r[j]);
    }
    for (std::int32_t j = 0; i == a_.rows - 1 && j < a_.cols; ++j) {
      subtract_driver(conductance(plane.last, j), x[j], r[j]);
    }
  }

  Squares squares(std::int32_t i) const {
    const auto square = [&](const double* v) { return dot(a_.cols, v, v); };
    const auto k = static_cast<std::ptrdiff_t>(i) * a_.cols;
    Squares s;
    s.drive = square(f_.row.data() + k) + square(f_.col.data() + k);
    if (!a_.row.merged()) {
      s.residual += square(r_row_ + i * stride_);
      s.rounding += a_.row.segment * a_.row.segment * square(x_.row.data() + k);
    }
    if (!a_.col.merged()) {
      s.residual += square(r_col_ + i * stride_);
      s.rounding += a_.col.segment * a_.col.segment * square(x_.col.data() + k);
    }
    return s;
  }

  const ArrayMatrix& a_;
  const ArrayTables &f_, &x_;
  const ArrayTables* currents_;
  double *r_row_, *r_col_;
  std::int64_t stride_;
};

bool is_held(const ArrayPlane& plane, std::int32_t line) {
  return conductance(plane.first, line) == kHeld || conductance(plane.last, line) == kHeld;
}

// The equations of lines that are one node each.
double squares_of_sums(const ArrayPlane& plane, std::int32_t lines, std::int32_t cells,
                       const double* r, std::int64_t line_step, std::int64_t cell_step) {
  double squares = 0;
  for (std::int32_t line = 0; plane.merged() && line < lines; ++line) {
    if (is_held(plane, line)) continue;
    double sum = 0;
    for (std::int32_t k = 0; k < cells; ++k) sum += r[line * line_step + k * cell_step];
    squares += sum * sum;
  }
  return squares;
}

}  // namespace

ArrayNorms array_residual(const ArrayMatrix& a, const ArrayTables& f, const ArrayTables& x,
                          const ArrayTables* currents, double* r_row, double* r_col,
                          std::int64_t stride, int threads) {
  const Residual residual(a, f, x, currents, r_row, r_col, stride);
  Squares squares = sum_of_blocks(threads, a.rows, [&](std::int32_t i) { return residual.row(i); });
  squares.residual += squares_of_sums(a.row, a.rows, a.cols, r_row, stride, 1);
  squares.residual += squares_of_sums(a.col, a.cols, a.rows, r_col, 1, stride);
  constexpr double kRoundings = 2 * std::numeric_limits<double>::epsilon();
  return {std::sqrt(squares.drive), std::sqrt(squares.residual),
          kRoundings * std::sqrt(squares.rounding)};
}

}  // namespace wordline
