// How far a device lets Newton's method move its voltages in one iteration, as SPICE does it. A
// voltage that comes back changed means: not converged yet.
#pragma once

#include <algorithm>
#include <cmath>

namespace wordline {

// The voltage above which a junction of saturation current `is` is limited.
inline double critical_voltage(double vt, double is) { return vt * std::log(vt / (M_SQRT2 * is)); }

// A pn junction: logarithmic steps above the critical voltage, bounded steps in reverse.
inline double limit_junction(double v, double v_old, double vt, double v_critical) {
  if (v > v_critical && std::abs(v - v_old) > 2 * vt) {
    if (v_old <= 0) return vt * std::log(v / vt);
    const double steps = (v - v_old) / vt;
    return steps > 0 ? v_old + vt * (2 + std::log(steps - 2))
                     : v_old - vt * (2 + std::log(2 - steps));
  }
  if (v >= 0) return v;
  return std::max(v, v_old > 0 ? -v_old - 1 : 2 * v_old - 1);
}

// Gate-source voltage of a field-effect transistor of threshold `vto`.
inline double limit_gate(double v, double v_old, double vto) {
  const double off_step = std::abs(v_old - vto) + 1;
  const double on_step = 2 * std::abs(v_old - vto) + 2;
  const double well_on = vto + 3.5;
  const double change = v - v_old;
  if (v_old >= vto) {
    if (v_old >= well_on) {
      if (change > 0) return std::min(v, v_old + on_step);
      if (v >= well_on) return std::max(v, v_old - off_step);
      return std::max(v, vto + 2);
    }
    return change <= 0 ? std::max(v, vto - 0.5) : std::min(v, vto + 4);
  }
  if (change <= 0) return std::max(v, v_old - off_step);
  return v <= vto + 0.5 ? std::min(v, v_old + on_step) : vto + 0.5;
}

// Drain-source voltage of a field-effect transistor.
inline double limit_drain(double v, double v_old) {
  if (v_old >= 3.5) {
    if (v > v_old) return std::min(v, 3 * v_old + 2);
    return v < 3.5 ? std::max(v, 2.0) : v;
  }
  return v > v_old ? std::min(v, 4.0) : std::max(v, -0.5);
}

}  // namespace wordline
