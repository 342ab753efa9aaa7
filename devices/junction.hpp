// The pn junction of diodes and of a transistor's bulk: current, depletion charge, and how silicon
// changes with temperature. Equations of SPICE; P. Antognetti, G. Massobrio, "Semiconductor Device
// Modeling with SPICE", ch. 1.
#pragma once

#include <algorithm>
#include <cmath>

#include "wordline/devices/host_device.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

// Current [A] and charge [C] of a junction with their slopes [S], [F].
struct JunctionPoint {
  double i, g;
  double q, c;
};

// i(v) = is (e^(v/nvt) - 1); below -3 nvt, where that is flat, -is (1 + (3 nvt / (e v))^3), which
// keeps a slope and joins with it (C1). nvt = n kT/q.
WORDLINE_HD inline ValueAndSlope junction_current(double v, double is, double nvt) {
  constexpr double kE = 2.718281828459045;
  const double inverse = 1 / v;
  const double ratio = 3 / kE * nvt * inverse;
  const double cube = ratio * ratio * ratio;
  const auto [e, slope] = safe_exp(v / nvt);
  const bool flat = v < -3 * nvt;
  return {flat ? -is * (1 + cube) : is * (e - 1),
          flat ? 3 * is * cube * inverse : is * slope / nvt};
}

// Depletion charge c0 vj (1 - (1 - v/vj)^(1-m)) / (1-m); above fc vj the capacitance goes on as its
// tangent.
struct DepletionCharge {
  double capacitance;  // c0, at no voltage, F
  double potential;    // vj, V
  double grading;      // m, below 1
  double fc;           // below 1

  // Charge [C] and capacitance [F].
  ValueAndSlope at(double v) const {
    if (capacitance == 0) return {0, 0};
    if (grading != 0.5) return of_charged(v);
    return grown(v, [](double rest) { return 1 / std::sqrt(rest); });
  }

  // The same where there is a capacitance, without branches.
  WORDLINE_INLINE ValueAndSlope of_charged(double v) const {
    return grown(v, [this](double rest) { return positive_power(rest, -grading); });
  }

 private:
  // growth(r): r^-m.
  template <class Growth>
  WORDLINE_INLINE ValueAndSlope grown(double v, Growth growth) const {
    const double inside = std::min(v, fc * potential);
    const double beyond = v - inside;
    const double rest = 1 - inside / potential;
    const double c = capacitance * growth(rest);
    const double charge = potential * (capacitance - c * rest) / (1 - grading);
    const double slope = c * grading / (potential * (1 - fc));  // of the tangent
    return {charge + beyond * (c + 0.5 * slope * beyond), c + slope * beyond};
  }
};

// The band gap of silicon [eV].
double silicon_gap(double kelvin);

// A built-in potential (of a junction, or the surface potential of a transistor) given at
// `nominal`, at another temperature. Not positive where the material is intrinsic.
double junction_potential(double potential, double nominal, double kelvin);

// By what a depletion capacitance given at `nominal` grows at another temperature.
double depletion_growth(double grading, double potential, double nominal, double kelvin);

}  // namespace wordline
