// Sums of products of two matrices' columns for a tile of 32 x 32 numbers, by 64 threads: each
// keeps 4 x 4 of them in registers, 8 apart, so that each number it reads serves four products, and
// neighbouring threads read neighbouring numbers.
#pragma once

#include <algorithm>
#include <cstdint>

#include "wordline/devices/host_device.hpp"

namespace wordline::gpu {

struct RegisterTile {
  static constexpr std::int32_t kApart = 8;
  static constexpr std::int32_t kEach = 4;
  static constexpr std::int32_t kSize = kApart * kEach;
  static constexpr std::int32_t kThreads = kApart * kApart;

  // Of a thread: its first number, in rows and columns of the tile.
  std::int32_t i, j;
  double sum[kEach][kEach] = {};

  WORDLINE_HD explicit RegisterTile(std::int32_t thread) : i(thread % kApart), j(thread / kApart) {}

  // Rows begin at `row` of `rows`, columns at `col` of `cols`: what is beyond is read as the last
  // one, and its sums mean nothing. Column m of the matrices starts at p + m p_step and q + m
  // q_step.
  WORDLINE_HD void add_products(const double* p, std::int64_t p_step, std::int32_t row,
                                std::int32_t rows, const double* q, std::int64_t q_step,
                                std::int32_t col, std::int32_t cols, std::int32_t depth) {
    std::int32_t of_p[kEach] = {}, of_q[kEach] = {};
    for (std::int32_t k = 0; k < kEach; ++k) {
      of_p[k] = std::min(row + i + k * kApart, rows - 1);
      of_q[k] = std::min(col + j + k * kApart, cols - 1);
    }
    for (std::int32_t m = 0; m < depth; ++m, p += p_step, q += q_step) {
      double x[kEach] = {}, y[kEach] = {};
      for (std::int32_t k = 0; k < kEach; ++k) x[k] = p[of_p[k]];
      for (std::int32_t k = 0; k < kEach; ++k) y[k] = q[of_q[k]];
      for (std::int32_t a = 0; a < kEach; ++a) {
        for (std::int32_t b = 0; b < kEach; ++b) sum[a][b] += x[a] * y[b];
      }
    }
  }
};

}  // namespace wordline::gpu
