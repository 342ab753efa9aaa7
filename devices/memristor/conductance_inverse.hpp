// The state for a wanted conductance where the current has no inverse in closed form.
#pragma once

#include <cmath>

#include "wordline/devices/memristor/memristor.hpp"

namespace wordline {

// Finds a state in which the device conducts g at v_read (0: the slope at the origin), by false
// position weighted after Illinois. A state below the bounds where there is none.
template <class M>
double find_state_for_conductance(const M& model, double g, double v_read) {
  const auto miss = [&](double x) {
    const Partials c = model.current(v_read, x);
    return (v_read == 0 ? c.dv : c.value / v_read) - g;
  };
  const Bounds bounds = model.bounds();
  const double range = bounds.high - bounds.low;
  double a = bounds.low;
  double at_a = miss(a);
  double b = bounds.high;
  double at_b = miss(b);
  // If g is not between the conductances of the bounds, these may still have a peak between them.
  constexpr int kParts = 32;
  for (int part = 0; part < kParts && at_a * at_b > 0; ++part) {
    if (part > 0) {
      a = b;
      at_a = at_b;
    }
    b = bounds.low + range * (part + 1) / kParts;
    at_b = miss(b);
  }
  if (at_a == 0) return a;
  if (!(at_a * at_b <= 0)) return bounds.low - range;
  constexpr int kMaxIterations = 200;
  for (int k = 0; k < kMaxIterations && at_b != 0; ++k) {
    const double x = b - at_b * (b - a) / (at_b - at_a);
    const double at_x = miss(x);
    const double change = std::fabs(x - b);
    if (at_x * at_b < 0) {
      a = b;
      at_a = at_b;
    } else {
      at_a *= 0.5;
    }
    b = x;
    at_b = at_x;
    if (change <= 1e-15 * range) break;
  }
  return b;
}

}  // namespace wordline
