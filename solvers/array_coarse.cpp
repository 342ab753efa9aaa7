#include "wordline/solvers/array_coarse.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "wordline/solvers/array_kernels.hpp"

namespace wordline {

namespace {

constexpr std::int32_t kGroup = 8;  // fine lines of a coarse one, about
// From this ratio of cell to line conductance on the second level saves more than it costs.
constexpr double kHardArray = 20;
// Below this many cells iterations are so cheap that it never does.
constexpr std::size_t kSmallArray = std::size_t{128} * 128;

std::int32_t coarse_size(std::int32_t n) { return std::max(1, (n + kGroup / 2) / kGroup); }

// Ohm from the outermost coarse node of a line to its driver; infinity where there is none.
double resistance_to_driver(const std::vector<double>& ends, std::int32_t line, double segment,
                            double centre) {
  const double driver = ends.empty() ? 0.0 : ends[static_cast<std::size_t>(line)];
  return centre / segment + 1 / driver;
}

std::size_t index(std::int32_t k) { return static_cast<std::size_t>(k); }

// Siemens a cell at which a plane's lines lead a smooth error to their drivers.
double line_conductance(const ArrayPlane& plane, std::int32_t cells) {
  const auto mean = [&](const std::vector<double>& ends) {
    double sum = 0;
    for (const double g : ends) sum += 1 / (1 / g + 0.4 * cells / plane.segment);
    return ends.empty() ? 0.0 : sum / static_cast<double>(ends.size());
  };
  return (mean(plane.first) + mean(plane.last)) / cells;
}

}  // namespace

bool wants_coarse_level(const ArrayMatrix& a) {
  return wants_coarse_level(
      a, Eigen::Map<const Eigen::VectorXd>(a.col_col.data(), std::ssize(a.col_col)).mean());
}

bool wants_coarse_level(const ArrayMatrix& a, double cell) {
  if (a.cells() < kSmallArray) return false;
  const double lines = line_conductance(a.row, a.cols) + line_conductance(a.col, a.rows);
  return cell > kHardArray * lines;
}

std::int32_t ArrayCoarse::Axis::group(std::int32_t k) const {
  return std::min(coarse - 1, static_cast<std::int32_t>((k + 0.5) / spacing));
}

ArrayCoarse::Interpolation ArrayCoarse::interpolation(std::int32_t i) const {
  const double beyond_first = std::max(0.0, row_axis_.centre() - i);
  const double beyond_last = std::max(0.0, row_axis_.centre() - (row_axis_.fine - 1 - i));
  const double at = (i - row_axis_.centre()) / row_axis_.spacing;
  if (at <= 0 || at >= row_axis_.coarse - 1) {
    return {at <= 0 ? 0 : row_axis_.coarse - 1, 1, 0, beyond_first, beyond_last};
  }
  const auto row = static_cast<std::int32_t>(at);
  return {row, 1 - (at - row), at - row, 0, 0};
}

ArrayCoarse::ArrayCoarse(std::int32_t rows, std::int32_t cols, std::int64_t stride, int threads)
    : row_axis_{rows, coarse_size(rows), static_cast<double>(rows) / coarse_size(rows)},
      col_axis_{cols, coarse_size(cols), static_cast<double>(cols) / coarse_size(cols)},
      stride_(stride),
      threads_(threads),
      solver_(row_axis_.coarse, col_axis_.coarse, threads) {
  coarse_.rows = row_axis_.coarse;
  coarse_.cols = col_axis_.coarse;
  for (std::vector<double>* table : {&row_row_, &row_col_, &col_row_, &col_col_}) {
    table->resize(coarse_.cells());
  }
  f_row_.resize(coarse_.cells());
  f_col_.resize(coarse_.cells());
  lines_.assign(static_cast<std::size_t>(coarse_.rows * stride_));
  for (std::int32_t i = 0; i < rows; ++i) interpolations_.push_back(interpolation(i));
  for (std::int32_t j = 0; j < cols; ++j) groups_.push_back(col_axis_.group(j));
}

// `across` is the axis that counts the lines, `along` the one that they run along.
void ArrayCoarse::set_plane(const ArrayPlane& fine, const Axis& across, const Axis& along,
                            ArrayPlane& coarse) {
  coarse.segment = fine.segment * across.spacing / along.spacing;
  coarse.first.assign(static_cast<std::size_t>(across.coarse), 0);
  coarse.last = coarse.first;
  for (std::int32_t k = 0; k < across.fine; ++k) {
    const auto group = static_cast<std::size_t>(across.group(k));
    coarse.first[group] += 1 / resistance_to_driver(fine.first, k, fine.segment, along.centre());
    coarse.last[group] += 1 / resistance_to_driver(fine.last, k, fine.segment, along.centre());
  }
}

void ArrayCoarse::set_fading(const ArrayPlane& columns) {
  const auto fade = [&](const std::vector<double>& ends, std::vector<double>& per_cell) {
    per_cell.resize(static_cast<std::size_t>(col_axis_.fine));
    for (std::int32_t j = 0; j < col_axis_.fine; ++j) {
      const double ohms = resistance_to_driver(ends, j, columns.segment, row_axis_.centre());
      per_cell[static_cast<std::size_t>(j)] = 1 / (ohms * columns.segment);
    }
  };
  fade(columns.first, fade_first_);
  fade(columns.last, fade_last_);
}

void ArrayCoarse::add_cells(const ArrayMatrix& fine) {
  const bool symmetric = fine.is_symmetric();
  for (std::vector<double>* table : {&row_row_, &row_col_, &col_row_, &col_col_}) {
    std::fill(table->begin(), table->end(), 0.0);
  }
  std::size_t k = 0;
  for (std::int32_t i = 0; i < fine.rows; ++i) {
    const auto row = index(row_axis_.group(i)) * index(coarse_.cols);
    for (std::int32_t j = 0; j < fine.cols; ++j, ++k) {
      const std::size_t at = row + static_cast<std::size_t>(groups_[static_cast<std::size_t>(j)]);
      row_row_[at] += fine.row_row[k];
      row_col_[at] += fine.row_col[k];
      col_row_[at] += fine.col_row[k];
      col_col_[at] += fine.col_col[k];
    }
  }
  coarse_.row_row = row_row_;
  coarse_.row_col = row_col_;
  coarse_.col_row = symmetric ? row_col_ : col_row_;
  coarse_.col_col = col_col_;
}

bool ArrayCoarse::set(const ArrayMatrix& fine) {
  column_segment_ = fine.col.segment;
  set_plane(fine.row, row_axis_, col_axis_, coarse_.row);
  set_plane(fine.col, col_axis_, row_axis_, coarse_.col);
  set_fading(fine.col);
  add_cells(fine);
  return solver_.factor(coarse_).ok;
}

void ArrayCoarse::restrict_residual(const AlignedTable& r) {
  constexpr std::int32_t kStrip = 64;  // columns
  const std::int32_t cols = col_axis_.fine;
#pragma omp parallel for num_threads(threads_) schedule(static) if (threads_ > 1)
  for (std::int32_t j = 0; j < cols; j += kStrip) {
    const std::int32_t n = std::min(kStrip, cols - j);
    for (std::int32_t i = 0; i < coarse_.rows; ++i) std::fill_n(&lines_[at(i, j)], n, 0.0);
    for (std::int32_t i = 0; i < row_axis_.fine; ++i) {
      const Interpolation& w = interpolations_[static_cast<std::size_t>(i)];
      const double* fine = r.data() + at(i, j);
      double* here = lines_.data() + at(w.row, j);
      combine(n, w.here, fine, 1, here);
      if (w.next != 0) combine(n, w.next, fine, 1, here + stride_);
      if (w.beyond_first > 0) add_product(n, -w.beyond_first, &fade_first_[index(j)], fine, here);
      if (w.beyond_last > 0) add_product(n, -w.beyond_last, &fade_last_[index(j)], fine, here);
    }
  }
  std::fill(f_row_.begin(), f_row_.end(), 0.0);
  std::fill(f_col_.begin(), f_col_.end(), 0.0);
  for (std::int32_t i = 0; i < coarse_.rows; ++i) {
    double* f = f_col_.data() + std::ptrdiff_t{i} * coarse_.cols;
    for (std::int32_t j = 0; j < cols; ++j)
      f[groups_[index(j)]] += column_segment_ * lines_[at(i, j)];
  }
}

void ArrayCoarse::prolong(AlignedTable& z) {
  const std::int32_t cols = col_axis_.fine;
  for (std::int32_t i = 0; i < coarse_.rows; ++i) {
    const double* x = f_col_.data() + std::ptrdiff_t{i} * coarse_.cols;
    for (std::int32_t j = 0; j < cols; ++j) lines_[at(i, j)] = x[groups_[index(j)]];
  }
#pragma omp parallel for num_threads(threads_) schedule(static) if (threads_ > 1)
  for (std::int32_t i = 0; i < row_axis_.fine; ++i) {
    const Interpolation& w = interpolations_[static_cast<std::size_t>(i)];
    const double* here = lines_.data() + at(w.row, 0);
    double* fine = z.data() + at(i, 0);
    interpolate(cols, w.here, here, w.next, w.next != 0 ? here + stride_ : here, fine);
    if (w.beyond_first > 0) add_product(cols, -w.beyond_first, fade_first_.data(), here, fine);
    if (w.beyond_last > 0) add_product(cols, -w.beyond_last, fade_last_.data(), here, fine);
  }
}

void ArrayCoarse::add_correction(const AlignedTable& r, AlignedTable& z) {
  restrict_residual(r);
  solver_.solve(f_row_, f_col_);
  prolong(z);
}

}  // namespace wordline
