// Exponentials that neither overflow nor lose their derivative: above an argument of 80 they go on
// as straight lines (C1). Newton's method meets such arguments on its way, never at a solution.
#pragma once

#include <cmath>

#include "wordline/devices/host_device.hpp"

namespace wordline {

struct ValueAndSlope {
  double value;
  double slope;
};

inline constexpr double kLargestExponent = 80;

WORDLINE_HD inline ValueAndSlope safe_exp(double z) {
  if (z <= kLargestExponent) {
    const double e = std::exp(z);
    return {e, e};
  }
  const double e = std::exp(kLargestExponent);
  return {e * (1 + z - kLargestExponent), e};
}

WORDLINE_HD inline ValueAndSlope safe_sinh(double z) {
  const double magnitude = std::fabs(z);
  if (magnitude <= 0.25) {
    // The first term left out is below rounding.
    const double s = z * z;
    const auto series = [s](double a, double b, double c, double d, double e) {
      return 1 + s / a * (1 + s / b * (1 + s / c * (1 + s / d * (1 + s / e))));
    };
    return {z * series(6, 20, 42, 72, 110), series(2, 12, 30, 56, 90)};
  }
  if (magnitude <= kLargestExponent) return {std::sinh(z), std::cosh(z)};
  const double half = 0.5 * std::exp(kLargestExponent);
  return {std::copysign(half * (1 + magnitude - kLargestExponent), z), half};
}

}  // namespace wordline
