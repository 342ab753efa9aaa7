#include <algorithm>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

std::int32_t SparsePattern::slot(std::int32_t i, std::int32_t j) const {
  const auto column = static_cast<std::size_t>(j);
  const auto first = row.begin() + start[column];
  const auto last = row.begin() + start[column + 1];
  const auto found = std::lower_bound(first, last, i);
  return found != last && *found == i ? static_cast<std::int32_t>(found - row.begin()) : -1;
}

void multiply(const SparsePattern& pattern, std::span<const double> values,
              std::span<const double> x, std::span<double> y) {
  std::fill(y.begin(), y.end(), 0.0);
  for (std::size_t j = 0; j < x.size(); ++j) {
    for (auto k = static_cast<std::size_t>(pattern.start[j]);
         k < static_cast<std::size_t>(pattern.start[j + 1]); ++k) {
      y[static_cast<std::size_t>(pattern.row[k])] += values[k] * x[j];
    }
  }
}

void PatternBuilder::add(std::int32_t row, std::int32_t column) {
  columns_[static_cast<std::size_t>(column)].push_back(row);
}

SparsePattern PatternBuilder::build() {
  SparsePattern pattern;
  pattern.size = static_cast<std::int32_t>(columns_.size());
  pattern.start.push_back(0);
  for (std::vector<std::int32_t>& column : columns_) {
    std::sort(column.begin(), column.end());
    column.erase(std::unique(column.begin(), column.end()), column.end());
    pattern.row.insert(pattern.row.end(), column.begin(), column.end());
    pattern.start.push_back(static_cast<std::int32_t>(pattern.row.size()));
  }
  return pattern;
}

}  // namespace wordline
