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
  if (magnitude <= kLargestExponent) return {std::sinh(z), std::cosh(z)};
  const double half = 0.5 * std::exp(kLargestExponent);
  return {std::copysign(half * (1 + magnitude - kLargestExponent), z), half};
}

}  // namespace wordline
