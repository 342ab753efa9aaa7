// A table of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace wordline {

struct Matrix {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::vector<double> values;  // row by row

  bool is_vector() const { return rows == 1 || cols == 1; }
  double& operator()(std::int64_t row, std::int64_t col) {
    return values[static_cast<std::size_t>(row * cols + col)];
  }
  double operator()(std::int64_t row, std::int64_t col) const {
    return values[static_cast<std::size_t>(row * cols + col)];
  }
};

}  // namespace wordline
