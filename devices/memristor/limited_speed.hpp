// The largest speed of a state: a rate r [state unit/s] enters as r/sqrt(1 + (r/limit)^2).
#pragma once

#include <cmath>
#include <string>

#include "wordline/devices/safe_math.hpp"

namespace wordline {

// The speed, and its slope by r.
WORDLINE_HD WORDLINE_INLINE ValueAndSlope limited_speed(double r, double limit) {
  const double over = r / limit;
  const double part = 1 / std::sqrt(1 + over * over);
  return {r * part, part * part * part};
}

inline std::string spice_limited_speed(const std::string& r, const std::string& limit) {
  return r + "/sqrt(1+pwr(abs(" + r + ")/" + limit + ",2))";
}

}  // namespace wordline
