// Derivatives by differences, with the error that the differences themselves admit to.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace wordline::testing {

struct Slope {
  double value;
  double uncertainty;
};

// The slope of f at a point by second-order differences: central (side 0), or from the right (1) or
// the left (-1) alone, where f has a kink. `scale` is over what distance f changes much. Halving
// the step divides the error by four, so that the change which this makes is three times the error
// that is left; to it comes what rounding does to differences of f.
template <class F>
Slope slope_of(const F& f, double at, double scale, int side = 0) {
  double largest = 0;
  const auto value = [&](double x) {
    const double y = f(x);
    largest = std::max(largest, std::abs(y));
    return y;
  };
  const auto quotient = [&](double h) {
    if (side == 0) return (value(at + h) - value(at - h)) / (2 * h);
    h *= side;
    return (-3 * value(at) + 4 * value(at + h) - value(at + 2 * h)) / (2 * h);
  };
  const double h = 1e-4 * scale;
  const double coarse = quotient(h);
  const double fine = quotient(0.5 * h);
  const double rounding = 16 * std::numeric_limits<double>::epsilon() / h;
  const Slope slope{fine, std::abs(fine - coarse) +
                              rounding * (largest + (std::abs(at) + scale) * std::abs(fine))};
  EXPECT_LE(slope.uncertainty, 1e-4 * std::abs(fine) + 0.05 * largest / scale)
      << "no test at " << at;
  return slope;
}

inline void expect_slope(double analytic, const Slope& slope, const std::string& what) {
  EXPECT_NEAR(analytic, slope.value, slope.uncertainty) << what;
}

}  // namespace wordline::testing
