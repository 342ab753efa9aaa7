// What the programs of this example share: images with their digits, the trained network, and the
// count of what is recognised.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <vector>
#include <wordline/netlist/matrix_file.hpp>

namespace digits {

using wordline::Matrix;

constexpr std::int64_t kPixels = 64;
constexpr std::int64_t kTrained = 1200;  // as in train.py; the images after them are the test
constexpr double kWhitest = 16;          // of a pixel
constexpr double kFullScale = 0.2;       // V, of the largest input

struct Digits {
  Matrix images;  // 0..1, with a last column of ones
  std::vector<std::int64_t> labels;
};

inline Digits read_digits(const std::filesystem::path& path) {
  const Matrix table = wordline::read_matrix(path);
  Digits digits{{table.rows, kPixels + 1, {}}, {}};
  for (std::int64_t n = 0; n < table.rows; ++n) {
    for (std::int64_t k = 0; k < kPixels; ++k) {
      digits.images.values.push_back(table(n, k) / kWhitest);
    }
    digits.images.values.push_back(1);
    digits.labels.push_back(std::lround(table(n, kPixels)));
  }
  return digits;
}

inline Matrix rows_of(const Matrix& m, std::int64_t first, std::int64_t last) {
  const auto begin = m.values.begin();
  return {last - first, m.cols, {begin + first * m.cols, begin + last * m.cols}};
}

// Positive parts, divided by `scale`, and the constant input.
inline Matrix activated(const Matrix& sums, double scale) {
  Matrix hidden{sums.rows, sums.cols + 1, {}};
  for (std::int64_t n = 0; n < sums.rows; ++n) {
    for (std::int64_t k = 0; k < sums.cols; ++k) {
      hidden.values.push_back(std::max(sums(n, k), 0.0) / scale);
    }
    hidden.values.push_back(1 / scale);
  }
  return hidden;
}

// Of the test images, the share whose largest score is that of their digit.
inline double share_recognised(const Matrix& scores, const std::vector<std::int64_t>& labels) {
  std::int64_t right = 0;
  for (std::int64_t n = 0; n < scores.rows; ++n) {
    const auto first = scores.values.begin() + n * scores.cols;
    const auto found = std::max_element(first, first + scores.cols) - first;
    if (found == labels[static_cast<std::size_t>(kTrained + n)]) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(scores.rows);
}

}  // namespace digits
