// What diodes and the bulk junctions of transistors share: the charge of a depletion layer and the
// temperature of its parameters, as SPICE defines them.
#pragma once

#include <cmath>

#include "wordline/devices/constants.hpp"

namespace wordline {

inline constexpr double kReferenceTemperature = 300.15;  // K

// Band gap of silicon [eV] at T [K].
inline double silicon_band_gap(double kelvin) {
  return 1.16 - 7.02e-4 * kelvin * kelvin / (kelvin + 1108);
}

// How built-in potentials and depletion capacitances move from the nominal temperature to T.
class JunctionTemperature {
 public:
  JunctionTemperature(double kelvin, double nominal_kelvin)
      : kelvin_(kelvin), nominal_(nominal_kelvin) {}

  double potential(double at_nominal) const {
    return offset(kelvin_) + kelvin_ / kReferenceTemperature * at_reference(at_nominal);
  }
  // The factor on the zero-bias capacitance of a junction of built-in potential `vj` (at nominal
  // temperature) and grading `m`.
  double capacitance_factor(double vj, double m) const {
    const double reference = at_reference(vj);
    const auto factor = [&](double kelvin, double potential) {
      return 1 +
             m * (4e-4 * (kelvin - kReferenceTemperature) - (potential - reference) / reference);
    };
    return factor(kelvin_, potential(vj)) / factor(nominal_, vj);
  }

 private:
  static double offset(double kelvin) {
    const double per_electron = 1.1150877 / (2 * thermal_voltage(kReferenceTemperature)) -
                                silicon_band_gap(kelvin) / (2 * thermal_voltage(kelvin));
    return -2 * thermal_voltage(kelvin) *
           (1.5 * std::log(kelvin / kReferenceTemperature) + per_electron);
  }
  double at_reference(double at_nominal) const {
    return (at_nominal - offset(nominal_)) * kReferenceTemperature / nominal_;
  }

  double kelvin_, nominal_;
};

struct Charge {
  double q;  // C
  double c;  // F
};

// Depletion charge of a junction with zero-bias capacitance cj, built-in potential vj and grading
// m; above fc*vj the capacitance goes on as a straight line.
inline Charge depletion_charge(double v, double cj, double vj, double m, double fc) {
  const auto below = [&](double at) {
    const double a = 1 - at / vj;
    const double s = std::pow(a, -m);
    return Charge{cj * vj * (1 - a * s) / (1 - m), cj * s};
  };
  const double edge = fc * vj;
  if (v < edge) return below(v);
  const Charge at_edge = below(edge);
  const double slope = at_edge.c * m / (vj * (1 - fc));
  const double beyond = v - edge;
  return {at_edge.q + beyond * (at_edge.c + 0.5 * slope * beyond), at_edge.c + slope * beyond};
}

}  // namespace wordline
