// TEAM: threshold currents and a resistance between ron and roff. Parameter names as in Xyce's
// level 2.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/memristor/limited_speed.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/threshold_adaptive.hpp"
#include "wordline/devices/memristor/windows.hpp"

namespace wordline {

struct Team {
  static constexpr std::string_view kName = "team";
  static constexpr int kLevel = 2;
  static constexpr std::string_view kTitle = "TEAM: current thresholds, two resistance curves";
  static constexpr std::string_view kReference =
      "S. Kvatinsky et al., IEEE Trans. Circuits Syst. I 60 (2013) 211";
  static constexpr std::string_view kEquations =
      R"(State x [m] in [xon, xoff]; s = (x - xon)/(xoff - xon):
  I = V/R(x),   R = ron + (roff - ron) s  (iv=lin)   or   ron (roff/ron)^s  (iv=exp)
  dx/dt = koff (I/ioff - 1)^alphaoff F_off(x)   I > ioff
        = kon  (I/ion  - 1)^alphaon  F_on(x)    I < ion      (kon < 0)
        = 0                                     between
A rate r enters as r/sqrt(1 + (r/vmax)^2): the current of a device that sets grows with its motion,
which without a limit ends within less time than a simulation can resolve.
Windows, with w = (x - xon)/d held within [0, 1]:
  none         F = 1
  joglekar     F = 1 - (2 w - 1)^(2p)
  biolek       F_off = 1 - w^(2p),   F_on = 1 - (w - 1)^(2p)
  prodromakis  F = j (1 - ((w - 1/2)^2 + 3/4)^p)
  kvatinsky    F_off = exp(-exp((x - aoff)/wc)),   F_on = exp(-exp(-(x - aon)/wc))
biolek and prodromakis are as published; Xyce's wt=2 and wt=3 have other signs. The state never
leaves a bound at which F is zero both ways: joglekar, prodromakis.)";
  static constexpr std::string_view kStateUnit = "m";
  static constexpr std::array<std::string_view, 2> kCurves = {"lin", "exp"};
  static constexpr std::array<std::string_view, 5> kWindows = {"none", "joglekar", "biolek",
                                                               "prodromakis", "kvatinsky"};

  double ron = 50, roff = 1000;
  double kon = -8e-13, koff = 8e-13;
  double alphaon = 3, alphaoff = 3;
  double ion = -8.9e-6, ioff = 115e-6;
  double xon = 0, xoff = 3e-9;
  double x0 = std::numeric_limits<double>::quiet_NaN();
  double iv = 0, window = 0;
  double aon = 0, aoff = 3e-9, wc = 1.07e-12;
  double d = std::numeric_limits<double>::quiet_NaN();
  double p = 1, j = 1;
  double vmax = 1e4;
  double xscaling = 1;

  static const std::array<Parameter<Team>, 21> kParameters;

  WORDLINE_HD Partials current(double v, double x) const { return curve().current(v, x); }

  WORDLINE_HD Partials rate(double v, double x) const {
    const Partials i = current(v, x);
    const bool to_off = i.value > ioff;
    if (!to_off && i.value >= ion) return {0, 0, 0};
    const ValueAndSlope g = to_off ? overdriven_speed(koff, alphaoff, ioff, i.value)
                                   : overdriven_speed(kon, alphaon, ion, i.value);
    const ValueAndSlope f = window_at(x, to_off);
    const ValueAndSlope speed = limited_speed(g.value * f.value, vmax);
    return {speed.value, speed.slope * g.slope * i.dv * f.value,
            speed.slope * (g.slope * i.dx * f.value + g.value * f.slope)};
  }

  WORDLINE_HD Bounds bounds() const { return {xon, xoff}; }
  double initial_state() const { return std::isnan(x0) ? xon : x0; }

  double state_for_conductance(double g, double /*v_read*/) const {
    return curve().state_for_conductance(g);
  }

  double voltage_scale() const { return std::numeric_limits<double>::infinity(); }

  std::string check() const {
    if (std::string fault = curve().check(); !fault.empty()) return fault;
    if (!std::isnan(x0) && (x0 < xon || x0 > xoff)) return "x0 must lie between xon and xoff";
    const bool even_power = window == kJoglekar || window == kBiolek;
    return even_power && p < 1 ? "p must be at least 1 with this window" : "";
  }

  SpiceEquations spice_equations() const {
    const std::string current = curve().spice_current();
    const std::string off = spice_limited_speed(
        "(koff*pwr(max(" + current + "/ioff-1,0),alphaoff)*" + spice_window(true) + ")", "vmax");
    const std::string on = spice_limited_speed(
        "(kon*pwr(max(" + current + "/ion-1,0),alphaon)*" + spice_window(false) + ")", "vmax");
    return {current,
            "(" + current + " > ioff) ? " + off + " : ((" + current + " < ion) ? " + on + " : 0)"};
  }

 private:
  // Of `window`.
  static constexpr double kNone = 0, kJoglekar = 1, kBiolek = 2, kProdromakis = 3, kKvatinsky = 4;

  WORDLINE_HD ResistanceCurve curve() const { return {ron, roff, xon, xoff, iv != 0}; }

  // With its slope by x.
  WORDLINE_HD ValueAndSlope window_at(double x, bool to_off) const {
    if (window == kNone) return {1, 0};
    if (window == kKvatinsky) {
      const double sign = to_off ? 1 : -1;
      const auto [f, slope] = window::kvatinsky(sign * (x - (to_off ? aoff : aon)) / wc);
      return {f, sign * slope / wc};
    }
    const double width = std::isnan(d) ? xoff - xon : d;
    const double position = (x - xon) / width;
    const double w = std::fmin(position, 1.0);
    const ValueAndSlope f = window == kJoglekar ? window::joglekar(w, p)
                            : window == kBiolek ? window::biolek(w, to_off ? 0 : 1, p)
                                                : window::prodromakis(w, p, j);
    return {f.value, position > 1 ? 0 : f.slope / width};
  }

  std::string spice_window(bool to_off) const {
    const std::string width = std::isnan(d) ? "(xoff-xon)" : "d";
    const std::string w = "min((x-xon)/" + width + ",1)";
    if (window == kJoglekar) return "(1-pwr(abs(2*" + w + "-1),2*p))";
    if (window == kBiolek) return "(1-pwr(abs(" + w + (to_off ? "" : "-1") + "),2*p))";
    if (window == kProdromakis) return "j*(1-pwr((" + w + "-0.5)*(" + w + "-0.5)+0.75,p))";
    if (window == kNone) return "1";
    return to_off ? "exp(-exp(min((x-aoff)/wc,6.6)))" : "exp(-exp(min((aon-x)/wc,6.6)))";
  }
};

inline constexpr std::array<Parameter<Team>, 21> Team::kParameters = {{
    {&Team::ron, "ron", "ohm", Range::positive(), "resistance at xon"},
    {&Team::roff, "roff", "ohm", Range::positive(), "resistance at xoff"},
    {&Team::kon, "kon", "m/s", Range::negative(), "speed towards xon"},
    {&Team::koff, "koff", "m/s", Range::positive(), "speed towards xoff"},
    {&Team::alphaon,
     "alphaon",
     "",
     Range::at_least(1),
     "exponent of the overdrive towards xon",
     {},
     "alpha_on"},
    {&Team::alphaoff,
     "alphaoff",
     "",
     Range::at_least(1),
     "exponent of the overdrive towards xoff",
     {},
     "alpha_off"},
    {&Team::ion, "ion", "A", Range::negative(), "threshold towards xon"},
    {&Team::ioff, "ioff", "A", Range::positive(), "threshold towards xoff"},
    {&Team::xon, "xon", "m", Range::any(), "state of lowest resistance"},
    {&Team::xoff, "xoff", "m", Range::any(), "state of highest resistance"},
    {&Team::x0, "x0", "m", Range::any(), "initial state where an instance gives none (xon)"},
    {&Team::iv, "iv", "", Range::between(0, 1), "resistance curve", Team::kCurves, "ivrelation"},
    {&Team::window, "window", "", Range::between(0, 4), "window at the bounds", Team::kWindows,
     "wt"},
    {&Team::aon,
     "aon",
     "m",
     Range::any(),
     "centre of the window kvatinsky towards xon",
     {},
     "a_on"},
    {&Team::aoff,
     "aoff",
     "m",
     Range::any(),
     "centre of the window kvatinsky towards xoff",
     {},
     "a_off"},
    {&Team::wc, "wc", "m", Range::positive(), "width of the window kvatinsky"},
    {&Team::d, "d", "m", Range::positive(), "length of the other windows (xoff - xon)"},
    {&Team::p, "p", "", Range::positive(),
     "exponent of the window; at least 1 for joglekar, biolek"},
    {&Team::j, "j", "", Range::positive(), "height of the window prodromakis"},
    {&Team::vmax, "vmax", "m/s", Range::positive(), "largest speed of the state"},
    {&Team::xscaling, "xscaling", "", Range::positive(),
     "for decks of Xyce, which scales its unknowns by it; without effect"},
}};

}  // namespace wordline
