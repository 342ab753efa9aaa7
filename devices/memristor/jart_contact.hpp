// The current through the Schottky contact of a JART VCM cell: thermionic emission where the
// contact is biased forward (RESET), thermionic field emission where it is biased in reverse (SET).
// Bengel et al., IEEE TCAS-I 67 (2020) 4618.
#pragma once

#include <cmath>

#include "wordline/devices/safe_math.hpp"

namespace wordline {

// ln(I/A) and its derivatives by the magnitude w of the contact's voltage [V], by the temperature
// [K] and by the concentration N [1e26/m3].
struct LogCurrent {
  double value;
  double dw, dt, dn;
};

struct JartContact {
  double amplitude;  // A/K^2: area times Richardson's constant
  double barrier;    // V: height without image force
  double offset;     // V: barrier less the distance of the Fermi level from the band
  double image;      // V^(3/4): lowering of the barrier by image force at N, per psi^(1/4)
  double w00;        // J: tunnelling energy at N
  double n;          // 1e26/m3
  double q, kb;

  // The barrier at a contact voltage vs, and by vs and N. It is lowered by image force while
  // psi = offset - vs > 0, but not below zero.
  struct Barrier {
    double phi, dv, dn;
  };
  WORDLINE_HD Barrier lowered(double vs) const {
    const double psi = offset - vs;
    if (psi <= 0) return {barrier, 0, 0};
    const double lowering = image * std::sqrt(std::sqrt(psi));
    if (lowering >= barrier) return {0, 0, 0};
    return {barrier - lowering, 0.25 * lowering / psi, -0.25 * lowering / n};
  }

  // Resistance [ohm] at no voltage.
  WORDLINE_HD double resistance_at_rest(double t) const {
    const double per_kt = q / (kb * t);
    return std::exp(per_kt * lowered(0).phi) / (amplitude * t * t * per_kt);
  }

  // Forward: I = amplitude T^2 e^(-q phi/kT) (e^(q w/kT) - 1).
  WORDLINE_HD LogCurrent thermionic(double w, double t) const {
    const Barrier b = lowered(w);
    const double per_kt = q / (kb * t);
    const auto [log, slope] = log_expm1(per_kt * w);
    return {std::log(amplitude * t * t) - per_kt * b.phi + log, per_kt * (slope - b.dv),
            (2 + per_kt * (b.phi - slope * w)) / t, -per_kt * b.dn};
  }

  // Reverse, with z = w00/kT, W0 = w00/tanh z and E = w00/(z - tanh z):
  // I = amplitude T/kb sqrt(pi w00 q (w + phi/cosh^2 z)) e^(-q phi/W0) (e^(q w/E) - 1).
  WORDLINE_HD LogCurrent thermionic_field(double w, double t) const {
    const Barrier b = lowered(-w);
    const double z = w00 / (kb * t);
    const double less_tanh = z_less_tanh(z);
    const double th = z - less_tanh;
    const double sech2 = sech_squared(z);
    const double drop = w + b.phi * sech2;
    const double over_w0 = q * th / w00;        // q/W0
    const double over_e = q * less_tanh / w00;  // q/E
    const auto [log, slope] = log_expm1(over_e * w);
    // By z at a fixed w00; then z falls as 1/T, and w00 and z grow with the root of N.
    const double drop_z = -2 * b.phi * th * sech2;
    const double by_z =
        0.5 * drop_z / drop - b.phi * q / w00 * sech2 + slope * w * q / w00 * th * th;
    const double by_barrier = 0.5 * sech2 / drop - over_w0;
    const double by_w00 = 0.5 + over_w0 * b.phi - slope * over_e * w;  // times w00, at a fixed z
    return {std::log(amplitude * t / kb * std::sqrt(kPi * w00 * q * drop)) - over_w0 * b.phi + log,
            0.5 / drop + slope * over_e - by_barrier * b.dv, (1 - by_z * z) / t,
            by_barrier * b.dn + 0.5 * (by_w00 + by_z * z) / n};
  }

 private:
  static constexpr double kPi = 3.14159265358979323846;

  // ln(e^z - 1) for z > 0, from end to end of the range of numbers.
  WORDLINE_HD static ValueAndSlope log_expm1(double z) {
    const double rest = -std::expm1(-z);
    return {z + std::log(rest), 1 / rest};
  }

  WORDLINE_HD static double sech_squared(double z) {
    const double e = std::exp(-2 * z);
    return 4 * e / ((1 + e) * (1 + e));
  }

  // z - tanh z without cancellation, from the continued fraction tanh z = z/(1 + z^2/(3 + ...)).
  WORDLINE_HD static double z_less_tanh(double z) {
    if (z > 1) return z - std::tanh(z);
    const double z2 = z * z;
    double fraction = 0;
    for (int k = 17; k >= 3; k -= 2) fraction = z2 / (k + fraction);
    return z * fraction / (1 + fraction);
  }
};

}  // namespace wordline
