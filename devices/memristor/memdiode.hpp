// The dynamic memdiode: two opposed diodes in series with a resistance, all three following the
// state.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "wordline/devices/memristor/conductance_inverse.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct Memdiode {
  static constexpr std::string_view kName = "memdiode";
  static constexpr int kLevel = 14;
  static constexpr std::string_view kTitle = "dynamic memdiode: diodes behind a resistance";
  static constexpr std::string_view kReference =
      "E. Miranda, J. Sune, Appl. Phys. Lett. 117 (2020); F. L. Aguirre et al., Micromachines 13 "
      "(2022) 330";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1]; i0, a and rs are imin, almin, rsmin at x = 0, imax, almax, rsmax at x = 1
and linear between:
  V = u + rs I,   I = i0 (e^(beta a u) - e^(-(1 - beta) a u))
  dx/dt = (1 - x)/ts - x/tr,   ts = t0s e^(-V/v0s),   tr = t0r e^(V/v0r))";
  static constexpr std::string_view kStateUnit = "";

  // An HfO2 device.
  double imin = 1.8e-6, imax = 1.23e-3;
  double almin = 3, almax = 3.8;
  double rsmin = 117, rsmax = 256;
  double beta = 0.308;
  double t0s = 1.796e6, v0s = 0.0899;
  double t0r = 132, v0r = 0.1905;
  double x0 = 0;

  static const std::array<Parameter<Memdiode>, 12> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const double i0 = imin + (imax - imin) * x;
    const double a = almin + (almax - almin) * x;
    const double rs = rsmin + (rsmax - rsmin) * x;
    const double u = inner_voltage(v, i0, a, rs);
    const ValueAndSlope d = diodes(a * u, beta);
    const double i = i0 * d.value;
    const double gd = i0 * a * d.slope;
    const double i_x = (imax - imin) * d.value + i0 * u * (almax - almin) * d.slope;  // at fixed u
    const double divider = 1 / (1 + rs * gd);
    return {i, gd * divider, (i_x - gd * i * (rsmax - rsmin)) * divider};
  }

  WORDLINE_HD WORDLINE_INLINE Partials rate(double v, double x) const {
    const ValueAndSlope set = safe_exp(v / v0s);
    const ValueAndSlope reset = safe_exp(-v / v0r);
    return {(1 - x) * set.value / t0s - x * reset.value / t0r,
            (1 - x) * set.slope / (t0s * v0s) + x * reset.slope / (t0r * v0r),
            -(set.value / t0s + reset.value / t0r)};
  }

  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return x0; }
  double state_for_conductance(double g, double v_read) const {
    return find_state_for_conductance(*this, g, v_read);
  }
  double voltage_scale() const { return 1 / (std::max(beta, 1 - beta) * std::max(almin, almax)); }
  std::string check() const { return imin < imax ? "" : "imax must exceed imin"; }

  SpiceEquations spice_equations() const {
    const std::string a = "(almax*x+almin*(1-x))";
    const std::string current =
        "(imax*x+imin*(1-x))*(exp(min(beta*" + a + "*u,80))-exp(min(-(1-beta)*" + a + "*u,80)))";
    return {.current = current,
            .rate = "(1-x)*exp(min(v/v0s,80))/t0s-x*exp(min(-v/v0r,80))/t0r",
            .inner = "v-u-(rsmax*x+rsmin*(1-x))*" + current};
  }

 private:
  // e^(b z) - e^(-(1 - b) z)
  WORDLINE_HD static ValueAndSlope diodes(double z, double b) {
    const ValueAndSlope forward = safe_expm1(b * z);
    const ValueAndSlope reverse = safe_expm1(-(1 - b) * z);
    return {forward.value - reverse.value, b * forward.slope + (1 - b) * reverse.slope};
  }

  // Newton's method in a bracket. It starts from above, where the exponential carries it down
  // without a detour: v >= rs i0 (e^(b a u) - 1) bounds u.
  WORDLINE_HD double inner_voltage(double v, double i0, double a, double rs) const {
    const double b = v < 0 ? 1 - beta : beta;
    const double magnitude = std::fabs(v);
    double low = 0;
    double high = std::fmin(magnitude, std::log1p(magnitude / (rs * i0)) / (b * a));
    double u = high;
    constexpr int kMaxIterations = 60;  // bisection alone takes 53
    for (int k = 0; k < kMaxIterations; ++k) {
      const ValueAndSlope d = diodes(a * u, b);
      const double residual = u + rs * i0 * d.value - magnitude;
      (residual > 0 ? high : low) = u;
      double next = u - residual / (1 + rs * i0 * a * d.slope);
      if (!(next >= low && next <= high)) next = 0.5 * (low + high);
      const double change = std::fabs(next - u);
      u = next;
      if (change <= 1e-15 * u) break;
    }
    return std::copysign(u, v);
  }
};

inline constexpr std::array<Parameter<Memdiode>, 12> Memdiode::kParameters = {{
    {&Memdiode::imin, "imin", "A", Range::positive(), "amplitude of the current at x = 0"},
    {&Memdiode::imax, "imax", "A", Range::positive(), "amplitude of the current at x = 1"},
    {&Memdiode::almin, "almin", "1/V", Range::positive(), "its steepness at x = 0"},
    {&Memdiode::almax, "almax", "1/V", Range::positive(), "its steepness at x = 1"},
    {&Memdiode::rsmin, "rsmin", "ohm", Range::at_least(0), "series resistance at x = 0"},
    {&Memdiode::rsmax, "rsmax", "ohm", Range::at_least(0), "series resistance at x = 1"},
    {&Memdiode::beta, "beta", "", Range{.low = 0, .high = 1, .low_open = true, .high_open = true},
     "part of the steepness that holds for V > 0; the rest holds for V < 0"},
    {&Memdiode::t0s, "t0s", "s", Range::positive(), "time constant of setting at 0 V"},
    {&Memdiode::v0s, "v0s", "V", Range::positive(), "voltage over which it falls e-fold"},
    {&Memdiode::t0r, "t0r", "s", Range::positive(), "time constant of resetting at 0 V"},
    {&Memdiode::v0r, "v0r", "V", Range::positive(), "voltage over which it grows e-fold"},
    {&Memdiode::x0, "x0", "", Range::between(0, 1), "initial state where an instance gives none"},
}};

}  // namespace wordline
