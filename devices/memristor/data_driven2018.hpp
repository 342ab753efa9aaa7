// The data-driven model of TiOx cells whose rate falls exponentially towards a boundary.
#pragma once

#include <array>
#include <cmath>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/sinh_resistance.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct DataDriven2018 {
  static constexpr std::string_view kName = "data_driven2018";
  static constexpr int kLevel = 11;
  static constexpr std::string_view kTitle = "data-driven TiOx model, exponential boundary";
  static constexpr std::string_view kReference =
      "I. Messaris et al., IEEE Trans. Comput.-Aided Des. 37 (2018) 3151";
  static constexpr std::string_view kEquations =
      R"(State R [ohm] in [ron, roff]; names with p hold for V > 0, those with n for V < 0:
  I = (ap/R) sinh(bp V)   V > 0,   (an/R) sinh(bn V)   V < 0
  V > 0: dR/dt = s (e^(kp (r - R)) - 1)   R < r, else 0;   s = sp (e^(tp |V|) - 1),  r = rp0 + rp1 V
  V < 0: dR/dt = s (e^(kn (R - r)) - 1)   R > r, else 0;   s = sn (e^(tn |V|) - 1),  r = rn0 + rn1 V
V > 0 raises the resistance (sp > 0), V < 0 lowers it (sn < 0).)";
  static constexpr std::string_view kStateUnit = "ohm";

  double ron = 1280, roff = 17e3;
  double rinit = std::numeric_limits<double>::quiet_NaN();
  double ap = 0.24, bp = 3, an = 0.24, bn = 3;
  double sp = 743.47, tp = 6.51, kp = 5.11e-4;
  double sn = -68012.28374, tn = 0.31645, kn = 1.17e-3;
  double rp0 = 16719, rp1 = 0;
  double rn0 = 29304.82557, rn1 = 23692.77225;

  static const std::array<Parameter<DataDriven2018>, 17> kParameters;

  WORDLINE_HD Partials current(double v, double x) const { return curve().current(v, x); }

  WORDLINE_HD Partials rate(double v, double x) const {
    return v > 0 ? towards(sp, tp, kp, rp0, rp1, v, x, 1) : towards(sn, tn, kn, rn0, rn1, v, x, -1);
  }

  WORDLINE_HD Bounds bounds() const { return {ron, roff}; }
  double initial_state() const { return std::isnan(rinit) ? ron : rinit; }
  double state_for_conductance(double g, double v_read) const {
    return curve().state_for_conductance(g, v_read);
  }
  double voltage_scale() const { return curve().voltage_scale(); }

  std::string check() const {
    if (!(ron < roff)) return "roff must exceed ron";
    return rinit < ron || rinit > roff ? "rinit must lie between ron and roff" : "";
  }

  SpiceEquations spice_equations() const {
    const auto half = [](const std::string& c, const std::string& sign) {
      return "s" + c + "*(exp(min(t" + c + "*abs(v),80))-1)*(exp(min(max(" + sign + "k" + c +
             "*(r" + c + "0+r" + c + "1*v-x),0),80))-1)";
    };
    return {std::string(SinhResistance::kSpiceCurrent),
            "(v > 0) ? " + half("p", "") + " : " + half("n", "-")};
  }

 private:
  WORDLINE_HD SinhResistance curve() const { return {ap, bp, an, bn}; }

  // sign: 1 where the boundary r0 + r1 v lies at higher resistances and v > 0, -1 where not.
  WORDLINE_HD static Partials towards(double amplitude, double t, double k, double r0, double r1,
                                      double v, double x, double sign) {
    const double distance = sign * (r0 + r1 * v - x);
    if (!(distance > 0)) return {0, 0, 0};
    const auto [e, slope] = safe_expm1(t * std::fabs(v));
    const auto [w, w_slope] = safe_expm1(k * distance);
    const double s = amplitude * e;
    const double ds = sign * amplitude * t * slope;
    const double dw = sign * k * w_slope;  // by the boundary
    return {s * w, ds * w + s * dw * r1, -s * dw};
  }
};

inline constexpr std::array<Parameter<DataDriven2018>, 17> DataDriven2018::kParameters = {{
    {&DataDriven2018::ron, "ron", "ohm", Range::positive(), "smallest resistance", {}, "r_on"},
    {&DataDriven2018::roff, "roff", "ohm", Range::positive(), "largest resistance", {}, "r_off"},
    {&DataDriven2018::rinit, "rinit", "ohm", Range::positive(),
     "initial resistance where an instance gives none (ron)"},
    {&DataDriven2018::ap, "ap", "V", Range::positive(), "amplitude of the current, V > 0"},
    {&DataDriven2018::bp, "bp", "1/V", Range::positive(), "steepness of the current, V > 0"},
    {&DataDriven2018::an, "an", "V", Range::positive(), "amplitude of the current, V < 0"},
    {&DataDriven2018::bn, "bn", "1/V", Range::positive(), "steepness of the current, V < 0"},
    {&DataDriven2018::sp, "sp", "ohm/s", Range::at_least(0), "speed, V > 0"},
    {&DataDriven2018::tp, "tp", "1/V", Range::positive(), "its steepness, V > 0", {}, "t_p"},
    {&DataDriven2018::kp,
     "kp",
     "1/ohm",
     Range::positive(),
     "steepness towards the boundary, V > 0",
     {},
     "k_p"},
    {&DataDriven2018::sn, "sn", "ohm/s", Range{.high = 0}, "speed, V < 0"},
    {&DataDriven2018::tn, "tn", "1/V", Range::positive(), "its steepness, V < 0", {}, "t_n"},
    {&DataDriven2018::kn,
     "kn",
     "1/ohm",
     Range::positive(),
     "steepness towards the boundary, V < 0",
     {},
     "k_n"},
    {&DataDriven2018::rp0, "rp0", "ohm", Range::any(), "boundary at V = 0+"},
    {&DataDriven2018::rp1, "rp1", "ohm/V", Range::any(), "slope of the boundary, V > 0"},
    {&DataDriven2018::rn0, "rn0", "ohm", Range::any(), "boundary at V = 0-"},
    {&DataDriven2018::rn1, "rn1", "ohm/V", Range::any(), "slope of the boundary, V < 0"},
}};

}  // namespace wordline
