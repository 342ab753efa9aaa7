// Matrices for tests, and plain arithmetic on them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <random>
#include <vector>

#include "wordline/base/matrix.hpp"

namespace wordline::crossbar::testing {

inline Matrix matrix(std::initializer_list<std::initializer_list<double>> rows) {
  Matrix m{std::ssize(rows), std::ssize(*rows.begin()), {}};
  for (const auto& row : rows) {
    for (const double value : row) m.values.push_back(value);
  }
  return m;
}

inline Matrix random_matrix(std::int64_t rows, std::int64_t cols, double low, double high,
                            unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> number(low, high);
  Matrix m{rows, cols, {}};
  for (std::int64_t k = 0; k < rows * cols; ++k) m.values.push_back(number(random));
  return m;
}

inline Matrix product(const Matrix& a, const Matrix& b) {
  Matrix c{a.rows, b.cols, {}};
  for (std::int64_t i = 0; i < a.rows; ++i) {
    for (std::int64_t j = 0; j < b.cols; ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k < a.cols; ++k) sum += a(i, k) * b(k, j);
      c.values.push_back(sum);
    }
  }
  return c;
}

inline double largest_size(const std::vector<double>& values) {
  double most = 0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

// Within `relative` of the largest expected number.
inline void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                        double relative, const std::string& what = "") {
  ASSERT_EQ(found.size(), expected.size()) << what;
  const double tolerance = relative * largest_size(expected);
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_NEAR(found[k], expected[k], tolerance) << what << " " << k;
  }
}

// The pattern of the passive reference cases: g(i,j) = 1e-4 (1 + ((3i + 5j) mod 7)) S and V(i) =
// 0.05 (1 + (2i mod 5)) V.
inline Matrix pattern(std::int64_t rows, std::int64_t cols) {
  Matrix g{rows, cols, {}};
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < cols; ++j) {
      g.values.push_back(1e-4 * static_cast<double>(1 + (3 * i + 5 * j) % 7));
    }
  }
  return g;
}
inline Matrix pattern_volts(std::int64_t rows) {
  Matrix v{1, rows, {}};
  for (std::int64_t i = 0; i < rows; ++i) {
    v.values.push_back(.05 * static_cast<double>(1 + 2 * i % 5));
  }
  return v;
}

}  // namespace wordline::crossbar::testing
