// VTEAM: threshold voltages and a resistance between ron and roff.
// Kvatinsky, Ramadan, Friedman, Kolodny, IEEE TCAS-II 62 (2015) 786.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/threshold_adaptive.hpp"
#include "wordline/devices/memristor/windows.hpp"

namespace wordline {

struct Vteam {
  static constexpr std::string_view kName = "vteam";
  static constexpr int kLevel = 6;
  static constexpr std::string_view kTitle = "VTEAM: voltage thresholds, any resistance curve";
  static constexpr std::string_view kReference =
      "S. Kvatinsky et al., IEEE Trans. Circuits Syst. II 62 (2015) 786";
  static constexpr std::string_view kEquations =
      R"(State x [m] in [xon, xoff]; s = (x - xon)/(xoff - xon):
  I = V/R(x),   R = ron + (roff - ron) s  (iv=lin)   or   ron (roff/ron)^s  (iv=exp)
  dx/dt = koff (V/voff - 1)^aoff F_off(x)   V > voff
        = kon  (V/von  - 1)^aon  F_on(x)    V < von      (kon < 0)
        = 0                                 between
  F_off = exp(-exp((x - a_off)/wc)),  F_on = exp(-exp(-(x - a_on)/wc))  (window=team), or 1
With smooth = d > 0 the overdrive u = V/voff - 1 enters as u^2/sqrt(u^2 + d^2): where alpha = 1,
that takes the kink out of the threshold and leaves the rate zero below it.)";
  static constexpr std::string_view kStateUnit = "m";
  static constexpr std::array<std::string_view, 2> kCurves = {"lin", "exp"};
  static constexpr std::array<std::string_view, 2> kWindows = {"none", "team"};

  double ron = 50, roff = 1000;
  double kon = -10, koff = 5e-4;
  double aon = 3, aoff = 1;
  double von = -0.2, voff = 0.02;
  double xon = 0, xoff = 3e-9;
  double x0 = std::numeric_limits<double>::quiet_NaN();
  double iv = 0, window = 0;
  double wc = 107e-12, a_on = 0, a_off = 3e-9;
  double smooth = 0;

  static const std::array<Parameter<Vteam>, 17> kParameters;

  WORDLINE_HD Partials current(double v, double x) const { return curve().current(v, x); }

  WORDLINE_HD Partials rate(double v, double x) const {
    if (v > voff) {
      const ValueAndSlope g = overdriven_speed(koff, aoff, voff, v, smooth);
      return moved(g, (x - a_off) / wc, 1 / wc);
    }
    if (v < von) {
      const ValueAndSlope g = overdriven_speed(kon, aon, von, v, smooth);
      return moved(g, (a_on - x) / wc, -1 / wc);
    }
    return {0, 0, 0};
  }

  WORDLINE_HD Bounds bounds() const { return {xon, xoff}; }
  double initial_state() const { return std::isnan(x0) ? xoff : x0; }

  double state_for_conductance(double g, double /*v_read*/) const {
    return curve().state_for_conductance(g);
  }

  double voltage_scale() const { return std::numeric_limits<double>::infinity(); }

  std::string check() const {
    if (std::string fault = curve().check(); !fault.empty()) return fault;
    if (!std::isnan(x0) && (x0 < xon || x0 > xoff)) return "x0 must lie between xon and xoff";
    return "";
  }

  SpiceEquations spice_equations() const {
    const std::string off = window == 0 ? "" : "*exp(-exp(min((x-a_off)/wc,6.6)))";
    const std::string on = window == 0 ? "" : "*exp(-exp(min((a_on-x)/wc,6.6)))";
    const auto overdrive = [&](const std::string& threshold) {
      const std::string u = "max(v/" + threshold + "-1,0)";
      return smooth == 0 ? u : u + "*" + u + "/sqrt(" + u + "*" + u + "+smooth*smooth)";
    };
    return {curve().spice_current(), "(v > voff) ? koff*pwr(" + overdrive("voff") + ",aoff)" + off +
                                         " : ((v < von) ? kon*pwr(" + overdrive("von") + ",aon)" +
                                         on + " : 0)"};
  }

 private:
  WORDLINE_HD ResistanceCurve curve() const { return {ron, roff, xon, xoff, iv != 0}; }

  // Speed g(V) times the window, whose argument u has the slope du_dx.
  WORDLINE_HD Partials moved(const ValueAndSlope& g, double u, double du_dx) const {
    const ValueAndSlope f = window == 0 ? ValueAndSlope{1, 0} : window::kvatinsky(u);
    return {g.value * f.value, g.slope * f.value, g.value * f.slope * du_dx};
  }
};

inline constexpr std::array<Parameter<Vteam>, 17> Vteam::kParameters = {{
    {&Vteam::ron, "ron", "ohm", Range::positive(), "resistance at xon"},
    {&Vteam::roff, "roff", "ohm", Range::positive(), "resistance at xoff"},
    {&Vteam::kon, "kon", "m/s", Range::negative(), "speed towards xon"},
    {&Vteam::koff, "koff", "m/s", Range::positive(), "speed towards xoff"},
    {&Vteam::aon,
     "aon",
     "",
     Range::at_least(1),
     "exponent of the overdrive towards xon",
     {},
     "alpha_on"},
    {&Vteam::aoff,
     "aoff",
     "",
     Range::at_least(1),
     "exponent of the overdrive towards xoff",
     {},
     "alpha_off"},
    {&Vteam::von, "von", "V", Range::negative(), "threshold towards xon"},
    {&Vteam::voff, "voff", "V", Range::positive(), "threshold towards xoff"},
    {&Vteam::xon, "xon", "m", Range::any(), "state of lowest resistance"},
    {&Vteam::xoff, "xoff", "m", Range::any(), "state of highest resistance"},
    {&Vteam::x0, "x0", "m", Range::any(), "initial state where an instance gives none (xoff)"},
    {&Vteam::iv, "iv", "", Range::between(0, 1), "resistance curve", Vteam::kCurves},
    {&Vteam::window, "window", "", Range::between(0, 1), "window at the bounds", Vteam::kWindows},
    {&Vteam::wc, "wc", "m", Range::positive(), "width of the window"},
    {&Vteam::a_on, "a_on", "m", Range::any(), "centre of the window towards xon"},
    {&Vteam::a_off, "a_off", "m", Range::any(), "centre of the window towards xoff"},
    {&Vteam::smooth, "smooth", "", Range::at_least(0),
     "relative width of a rounded threshold (0: sharp)"},
}};

}  // namespace wordline
