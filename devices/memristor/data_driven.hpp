// The data-driven model of TiOx cells whose rate falls quadratically towards a boundary.
#pragma once

#include <array>
#include <cmath>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/sinh_resistance.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct DataDriven {
  static constexpr std::string_view kName = "data_driven";
  static constexpr int kLevel = 10;
  static constexpr std::string_view kTitle = "data-driven TiOx model, quadratic boundary";
  static constexpr std::string_view kReference =
      "I. Messaris et al., ISCAS 2017; S. Maheshwari et al., arXiv:2012.02267";
  static constexpr std::string_view kEquations =
      R"(State R [ohm] in [ron, roff]; names with p hold for V > 0, those with n for V < 0:
  I = (ap/R) sinh(bp V)   V > 0,   (an/R) sinh(bn V)   V < 0
  dR/dt = s (r - R)^2 on the way to r, 0 beyond it, with
  s = sp (e^(|V|/tp) - 1),   r = rp0 + rp1 V   V > 0
  s = sn (e^(|V|/tn) - 1),   r = rn0 + rn1 V   V < 0
The resistance rises where s > 0. With tp < 0, s tends to -sp at large voltages.)";
  static constexpr std::string_view kStateUnit = "ohm";

  double ron = 1600, roff = 3000;
  double rinit = std::numeric_limits<double>::quiet_NaN();
  double ap = 0.32046175, bp = 2.71689828, an = 0.32046175, bn = 2.71689828;
  double sp = 600.10075, tp = -0.0212028;
  double sn = -34.5988399, tn = -0.05343997;
  double rp0 = 2699.2336, rp1 = -672.930205;
  double rn0 = 649.413746, rn1 = -1474.32358;

  static const std::array<Parameter<DataDriven>, 15> kParameters;

  WORDLINE_HD Partials current(double v, double x) const { return curve().current(v, x); }

  WORDLINE_HD Partials rate(double v, double x) const {
    const bool positive = v > 0;
    const double amplitude = positive ? sp : sn;
    const double t = positive ? tp : tn;
    const double boundary_slope = positive ? rp1 : rn1;
    const double distance = (positive ? rp0 : rn0) + boundary_slope * v - x;
    const auto [e, slope] = safe_expm1(std::fabs(v) / t);
    const double s = amplitude * e;
    if (!(s * distance > 0)) return {0, 0, 0};
    const double ds = std::copysign(1.0, v) * amplitude / t * slope;
    return {s * distance * distance, (ds * distance + 2 * s * boundary_slope) * distance,
            -2 * s * distance};
  }

  WORDLINE_HD Bounds bounds() const { return {ron, roff}; }
  double initial_state() const { return std::isnan(rinit) ? ron : rinit; }
  double state_for_conductance(double g, double v_read) const {
    return curve().state_for_conductance(g, v_read);
  }
  double voltage_scale() const { return curve().voltage_scale(); }

  std::string check() const {
    if (!(ron < roff)) return "roff must exceed ron";
    if (rinit < ron || rinit > roff) return "rinit must lie between ron and roff";
    return tp == 0 || tn == 0 ? "tp and tn must not be zero" : "";
  }

  SpiceEquations spice_equations() const {
    const auto half = [](const std::string& c) {
      const std::string s = "s" + c + "*(exp(min(abs(v)/t" + c + ",80))-1)";
      const std::string distance = "(r" + c + "0+r" + c + "1*v-x)";
      return "(" + s + "*" + distance + " > 0 ? " + s + "*" + distance + "*" + distance + " : 0)";
    };
    return {std::string(SinhResistance::kSpiceCurrent),
            "(v > 0) ? " + half("p") + " : " + half("n")};
  }

 private:
  WORDLINE_HD SinhResistance curve() const { return {ap, bp, an, bn}; }
};

inline constexpr std::array<Parameter<DataDriven>, 15> DataDriven::kParameters = {{
    {&DataDriven::ron, "ron", "ohm", Range::positive(), "smallest resistance", {}, "r_on"},
    {&DataDriven::roff, "roff", "ohm", Range::positive(), "largest resistance", {}, "r_off"},
    {&DataDriven::rinit, "rinit", "ohm", Range::positive(),
     "initial resistance where an instance gives none (ron)"},
    {&DataDriven::ap, "ap", "V", Range::positive(), "amplitude of the current, V > 0"},
    {&DataDriven::bp, "bp", "1/V", Range::positive(), "steepness of the current, V > 0"},
    {&DataDriven::an, "an", "V", Range::positive(), "amplitude of the current, V < 0"},
    {&DataDriven::bn, "bn", "1/V", Range::positive(), "steepness of the current, V < 0"},
    {&DataDriven::sp, "sp", "1/(ohm s)", Range::any(), "speed, V > 0"},
    {&DataDriven::tp, "tp", "V", Range::any(), "voltage over which it changes, V > 0", {}, "t_p"},
    {&DataDriven::sn, "sn", "1/(ohm s)", Range::any(), "speed, V < 0"},
    {&DataDriven::tn, "tn", "V", Range::any(), "voltage over which it changes, V < 0", {}, "t_n"},
    {&DataDriven::rp0, "rp0", "ohm", Range::any(), "boundary at V = 0+"},
    {&DataDriven::rp1, "rp1", "ohm/V", Range::any(), "slope of the boundary, V > 0"},
    {&DataDriven::rn0, "rn0", "ohm", Range::any(), "boundary at V = 0-"},
    {&DataDriven::rn1, "rn1", "ohm/V", Range::any(), "slope of the boundary, V < 0"},
}};

}  // namespace wordline
