// Steps of Newton's method between two points of all voltages.
#pragma once

#include <cstdint>

#include "wordline/cuda/array_view.hpp"

namespace wordline::gpu {

// Keeps the voltages of both planes.
struct KeepVoltages {
  Shape shape;
  const double *row, *col;
  double *kept_row, *kept_col;

  WORDLINE_HD std::int64_t count() const { return shape.size(); }
  WORDLINE_HD void at(std::int64_t k) const {
    kept_row[k] = row[k];
    kept_col[k] = col[k];
  }
};

// Takes back half of the step from those that were kept, where members are awake.
struct HalveStep {
  Shape shape;
  const std::int32_t* awake;
  const double *kept_row, *kept_col;
  double *row, *col;

  WORDLINE_HD std::int64_t count() const { return shape.size(); }
  WORDLINE_HD void at(std::int64_t k) const {
    if (awake[k % shape.members] == 0) return;
    row[k] = 0.5 * (row[k] + kept_row[k]);
    col[k] = 0.5 * (col[k] + kept_col[k]);
  }
};

}  // namespace wordline::gpu
