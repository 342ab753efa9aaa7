#include "array_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace wordline::bench {

namespace {

// Visits every entry (row, column, value) of the matrix, diagonals in parts.
template <class Visit>
void for_entries(const ArrayCase& a, const Visit& visit) {
  const std::int32_t n = a.n;
  const std::int32_t plane = n * n;
  const auto conductance = [&](std::int32_t p, std::int32_t q, double g) {
    visit(p, p, g);
    visit(q, q, g);
    visit(p, q, -g);
    visit(q, p, -g);
  };
  for (std::int32_t i = 0; i < n; ++i) {
    for (std::int32_t j = 0; j < n; ++j) {
      const std::int32_t row = i * n + j;
      const std::int32_t col = plane + row;
      conductance(row, col, a.g[static_cast<std::size_t>(row)]);
      if (j + 1 < n) conductance(row, row + 1, a.matrix.row.segment);
      if (i + 1 < n) conductance(col, col + n, a.matrix.col.segment);
      if (j == 0) visit(row, row, a.matrix.row.first[static_cast<std::size_t>(i)]);
      if (i == n - 1) visit(col, col, a.matrix.col.last[static_cast<std::size_t>(j)]);
    }
  }
}

}  // namespace

std::vector<std::int32_t> sizes_of(int argc, char** argv) {
  std::vector<std::int32_t> sizes;
  for (int k = 1; k < argc; ++k) sizes.push_back(std::atoi(argv[k]));
  if (std::any_of(sizes.begin(), sizes.end(), [](std::int32_t n) { return n < 1; })) {
    fmt::print(stderr, "usage: {} [N ...]\n", std::filesystem::path(argv[0]).filename().string());
    std::exit(2);
  }
  return sizes;
}

SparsePattern ArrayCase::pattern() const {
  PatternBuilder builder(2 * n * n);
  for_entries(*this, [&](std::int32_t i, std::int32_t j, double) { builder.add(i, j); });
  return builder.build();
}

std::vector<double> ArrayCase::values(const SparsePattern& pattern) const {
  std::vector<double> values(pattern.nonzeros());
  for_entries(*this, [&](std::int32_t i, std::int32_t j, double g) {
    values[static_cast<std::size_t>(pattern.slot(i, j))] += g;
  });
  return values;
}

}  // namespace wordline::bench
