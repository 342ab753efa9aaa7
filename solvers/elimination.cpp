#include "wordline/solvers/elimination.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace wordline {

Elimination::Elimination(const SparsePattern& pattern, std::span<const double> values,
                         std::span<const std::int32_t> rows, std::span<const std::int32_t> columns)
    : rows_(rows.begin(), rows.end()), columns_(columns.begin(), columns.end()) {
  const std::size_t n = rows.size();
  std::vector<Index> row_at(n), column_at(n);
  for (std::size_t k = 0; k < n; ++k) {
    row_at[rows_[k]] = static_cast<Index>(k);
    column_at[columns_[k]] = static_cast<Index>(k);
  }
  std::vector<std::vector<char>> filled(n, std::vector<char>(n));
  for (std::size_t k = 0; k < n; ++k) filled[k][k] = 1;
  const auto for_each_entry = [&](auto visit) {
    for (std::size_t j = 0; j < n; ++j) {
      for (auto slot = pattern.start[j]; slot < pattern.start[j + 1]; ++slot) {
        const auto row = static_cast<std::size_t>(pattern.row[static_cast<std::size_t>(slot)]);
        visit(row_at[row], column_at[j]);
      }
    }
  };
  for_each_entry([&](Index row, Index column) { filled[row][column] = 1; });
  write_down(filled);
  for_each_entry([&](Index row, Index column) {
    const auto begin = column_.begin() + first_[row];
    const auto end = column_.begin() + first_[row + 1];
    entry_.push_back(static_cast<Index>(std::lower_bound(begin, end, column) - column_.begin()));
  });
  set_scales(pattern, values, row_at);
}

// Finds what fills in, and lists all entries and subtractions.
void Elimination::write_down(std::vector<std::vector<char>>& filled) {
  const std::size_t n = filled.size();
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = k + 1; i < n; ++i) {
      if (filled[i][k] == 0) continue;
      for (std::size_t j = k + 1; j < n; ++j) filled[i][j] |= filled[k][j];
    }
  }
  first_ = {0};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) pivot_.push_back(static_cast<Index>(column_.size()));
      if (filled[i][j] != 0) column_.push_back(static_cast<Index>(j));
    }
    first_.push_back(static_cast<Index>(column_.size()));
  }
  const auto entry = [&](std::size_t i, std::size_t j) {
    const auto begin = column_.begin() + first_[i];
    const auto end = column_.begin() + first_[i + 1];
    return static_cast<Index>(std::lower_bound(begin, end, static_cast<Index>(j)) -
                              column_.begin());
  };
  first_below_ = {0};
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = k + 1; i < n; ++i) {
      if (filled[i][k] == 0) continue;
      below_.push_back(entry(i, k));
      row_below_.push_back(static_cast<Index>(i));
      for (std::size_t u = pivot_[k] + 1; u < first_[k + 1]; ++u) {
        targets_.push_back(entry(i, column_[u]));
      }
    }
    first_below_.push_back(static_cast<Index>(below_.size()));
  }
  factors_.resize(column_.size());
  per_pivot_.resize(n);
  work_.resize(n);
}

void Elimination::set_scales(const SparsePattern& pattern, std::span<const double> values,
                             std::span<const Index> row_at) {
  per_scale_.assign(row_at.size(), 0);
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    double& largest = per_scale_[row_at[static_cast<std::size_t>(pattern.row[slot])]];
    largest = std::max(largest, std::abs(values[slot]));
  }
  for (double& scale : per_scale_) scale = 1 / scale;
}

bool Elimination::factor(std::span<const double> values, double smallest_ratio) {
  double* const f = factors_.data();
  std::fill(factors_.begin(), factors_.end(), 0.0);
  for (std::size_t slot = 0; slot < values.size(); ++slot) f[entry_[slot]] = values[slot];
  double smallest = std::numeric_limits<double>::infinity();
  double largest = 0;
  const Index* target = targets_.data();
  for (std::size_t k = 0; k < pivot_.size(); ++k) {
    const double pivot = f[pivot_[k]];
    const double size = std::abs(pivot) * per_scale_[k];
    if (!(size > 0)) return false;  // nor where it is no number
    smallest = std::min(smallest, size);
    largest = std::max(largest, size);
    per_pivot_[k] = 1 / pivot;
    const double* const u = f + pivot_[k] + 1;
    const std::size_t right = first_[k + 1] - pivot_[k] - 1;
    for (std::size_t below = first_below_[k]; below < first_below_[k + 1]; ++below) {
      const double multiple = f[below_[below]] *= per_pivot_[k];
      for (std::size_t j = 0; j < right; ++j) f[target[j]] -= multiple * u[j];
      target += right;
    }
  }
  return smallest > smallest_ratio * largest && std::isfinite(largest);
}

void Elimination::solve(std::span<double> x) const {
  const std::size_t n = pivot_.size();
  double* const y = work_.data();
  for (std::size_t k = 0; k < n; ++k) y[k] = x[rows_[k]];
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t below = first_below_[k]; below < first_below_[k + 1]; ++below) {
      y[row_below_[below]] -= factors_[below_[below]] * y[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    double sum = y[k];
    for (std::size_t u = pivot_[k] + 1; u < first_[k + 1]; ++u) sum -= factors_[u] * y[column_[u]];
    y[k] = sum * per_pivot_[k];
  }
  for (std::size_t k = 0; k < n; ++k) x[columns_[k]] = y[k];
}

}  // namespace wordline
