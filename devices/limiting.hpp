// Limits on how far a Newton iteration may move a junction or a transistor, as in SPICE: the next
// iterate stays where the last linearisation still says something about the device.
#pragma once

#include <algorithm>
#include <cmath>

namespace wordline {

// The voltage of a junction of emission voltage `nvt` = n kT/q. Above `v_critical` a step grows
// logarithmically; below zero it is at most a volt more than twice the last reverse voltage.
inline double pnjlim(double v, double v_old, double nvt, double v_critical) {
  if (v > v_critical && std::abs(v - v_old) > 2 * nvt) {
    if (v_old <= 0) return nvt * std::log(v / nvt);
    // From 2 nvt on without a jump; SPICE's ln(steps - 2) may lead the other way there.
    const double steps = std::abs(v - v_old) / nvt;
    return v_old + std::copysign(nvt * (2 + std::log1p(steps - 2)), v - v_old);
  }
  if (v >= 0) return v;
  return std::max(v, v_old > 0 ? -v_old - 1 : 2 * v_old - 1);
}

// Above which voltage pnjlim holds a junction back: where its current curves most, but at least
// nvt, which only enormous saturation currents reach.
inline double junction_critical_voltage(double nvt, double saturation_current) {
  return nvt * std::max(1.0, std::log(nvt / (std::sqrt(2.0) * saturation_current)));
}

// The gate voltage of a transistor of threshold `v_on`.
inline double fetlim(double v, double v_old, double v_on) {
  const double large = 2 * std::abs(v_old - v_on) + 2;
  const double small = std::abs(v_old - v_on) + 1;
  const double strong = v_on + 3.5;
  const bool falls = v <= v_old;
  if (v_old >= strong) {
    if (!falls) return std::min(v, v_old + large);
    return v >= strong ? std::max(v, v_old - small) : std::max(v, v_on + 2);
  }
  if (v_old >= v_on) return falls ? std::max(v, v_on - 0.5) : std::min(v, v_on + 4);
  if (falls) return std::max(v, v_old - large);
  return v <= v_on + 0.5 ? std::min(v, v_old + small) : v_on + 0.5;
}

// The drain voltage of a transistor.
inline double limvds(double v, double v_old) {
  if (v_old >= 3.5) {
    if (v > v_old) return std::min(v, 3 * v_old + 2);
    return v < 3.5 ? std::max(v, 2.0) : v;
  }
  return v > v_old ? std::min(v, 4.0) : std::max(v, -0.5);
}

}  // namespace wordline
