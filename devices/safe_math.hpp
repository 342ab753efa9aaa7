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
    const double sinh_over_z =
        1 + s * (1.0 / 6 + s * (1.0 / 120 + s * (1.0 / 5040 + s * (1.0 / 362880 + s / 39916800))));
    const double cosh =
        1 + s * (0.5 + s * (1.0 / 24 + s * (1.0 / 720 + s * (1.0 / 40320 + s / 3628800))));
    return {z * sinh_over_z, cosh};
  }
  if (magnitude <= kLargestExponent) return {std::sinh(z), std::cosh(z)};
  const double half = 0.5 * std::exp(kLargestExponent);
  return {std::copysign(half * (1 + magnitude - kLargestExponent), z), half};
}

}  // namespace wordline
