// Self-heating that stays finite for voltages far beyond any solution.
#pragma once

#include "wordline/devices/safe_math.hpp"

namespace wordline {

// A temperature rise [K]: as it is up to half of the limit, then bent (C1) so that it never reaches
// the limit.
WORDLINE_HD inline ValueAndSlope limited_rise(double rise, double limit) {
  const double half = 0.5 * limit;
  if (!(rise > half)) return {rise, 1};
  const double part = half / rise;
  return {limit - half * part, part * part};
}

}  // namespace wordline
