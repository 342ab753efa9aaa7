// Yakopcic's generalised model: two sinh currents, for the conducting and the insulating device.
#pragma once

#include <algorithm>
#include <array>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/yakopcic_motion.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct YakopcicGeneral {
  static constexpr std::string_view kName = "yakopcic_general";
  static constexpr int kLevel = 13;
  static constexpr std::string_view kTitle = "Yakopcic, generalised: two sinh currents";
  static constexpr std::string_view kReference =
      "C. Yakopcic et al., IEEE Trans. Comput.-Aided Des. 39 (2020) 1084";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1]:
  I = x gmaxp sinh(bmaxp V) + (1 - x) gminp sinh(bminp V)   V >= 0
    = x gmaxn sinh(bmaxn V) + (1 - x) gminn sinh(bminn V)   V < 0
  dx/dt = eta g(V) f(x)
  g = ap (e^V - e^vp)  V > vp;   -an (e^-V - e^vn)  V < -vn;   0 between
  moving up:   f = e^(-alphap (x - xp)) (1 - x)/(1 - xp)   x >= xp;   else 1
  moving down: f = e^(alphan (x - xnk)) x/xnk              x <= xnk;  else 1)";
  static constexpr std::string_view kStateUnit = "";

  // The fit to a Nb:SrTiO3 device.
  double gmaxp = 9e-5, bmaxp = 4.96, gmaxn = 1.7e-4, bmaxn = 3.23;
  double gminp = 1.5e-5, bminp = 6.91, gminn = 4.4e-7, bminn = 2.6;
  double ap = 90 / 844.3632, an = 10 / 844.3632;
  double vp = 0.5, vn = 0.5;
  double alphap = 1, alphan = 1;
  double xp = 0.1, xnk = 0.242;
  double eta = 1;
  double xo = 0;

  static const std::array<Parameter<YakopcicGeneral>, 18> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const auto [high, low] = branches(v);
    return {x * high.value + (1 - x) * low.value, x * high.slope + (1 - x) * low.slope,
            high.value - low.value};
  }

  WORDLINE_HD Partials rate(double v, double x) const {
    return YakopcicMotion{ap, an, vp, vn, alphap, alphan, xp, xnk, eta}.rate(v, x);
  }

  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return xo; }

  double state_for_conductance(double g, double v_read) const {
    const auto [high, low] = branches(v_read);
    if (v_read == 0) return (g - low.slope) / (high.slope - low.slope);
    return (g * v_read - low.value) / (high.value - low.value);
  }

  double voltage_scale() const { return 1 / std::max({bmaxp, bmaxn, bminp, bminn}); }
  std::string check() const { return ""; }

  SpiceEquations spice_equations() const {
    return {
        "(v >= 0) ? x*gmaxp*sinh(bmaxp*v)+(1-x)*gminp*sinh(bminp*v)"
        " : x*gmaxn*sinh(bmaxn*v)+(1-x)*gminn*sinh(bminn*v)",
        YakopcicMotion::spice_rate(eta, "xnk")};
  }

 private:
  struct Branches {
    ValueAndSlope high, low;  // at x = 1 and x = 0
  };

  WORDLINE_HD Branches branches(double v) const {
    const bool positive = v >= 0;
    return {sinh_current(positive ? gmaxp : gmaxn, positive ? bmaxp : bmaxn, v),
            sinh_current(positive ? gminp : gminn, positive ? bminp : bminn, v)};
  }
  WORDLINE_HD static ValueAndSlope sinh_current(double g, double b, double v) {
    const auto [s, c] = safe_sinh(b * v);
    return {g * s, g * b * c};
  }
};

inline constexpr std::array<Parameter<YakopcicGeneral>, 18> YakopcicGeneral::kParameters = {{
    {&YakopcicGeneral::gmaxp, "gmaxp", "A", Range::positive(), "amplitude at x = 1, V >= 0"},
    {&YakopcicGeneral::bmaxp, "bmaxp", "1/V", Range::positive(), "steepness at x = 1, V >= 0"},
    {&YakopcicGeneral::gmaxn, "gmaxn", "A", Range::positive(), "amplitude at x = 1, V < 0"},
    {&YakopcicGeneral::bmaxn, "bmaxn", "1/V", Range::positive(), "steepness at x = 1, V < 0"},
    {&YakopcicGeneral::gminp, "gminp", "A", Range::positive(), "amplitude at x = 0, V >= 0"},
    {&YakopcicGeneral::bminp, "bminp", "1/V", Range::positive(), "steepness at x = 0, V >= 0"},
    {&YakopcicGeneral::gminn, "gminn", "A", Range::positive(), "amplitude at x = 0, V < 0"},
    {&YakopcicGeneral::bminn, "bminn", "1/V", Range::positive(), "steepness at x = 0, V < 0"},
    {&YakopcicGeneral::ap, "ap", "1/s", Range::at_least(0), "speed above vp"},
    {&YakopcicGeneral::an, "an", "1/s", Range::at_least(0), "speed below -vn"},
    {&YakopcicGeneral::vp, "vp", "V", Range::at_least(0), "positive threshold"},
    {&YakopcicGeneral::vn, "vn", "V", Range::at_least(0), "negative threshold (its magnitude)"},
    {&YakopcicGeneral::alphap, "alphap", "", Range::at_least(0), "decay of the speed above xp"},
    {&YakopcicGeneral::alphan, "alphan", "", Range::at_least(0), "decay of the speed below xnk"},
    {&YakopcicGeneral::xp, "xp", "", Range{.low = 0, .high = 1, .high_open = true},
     "state from which upward motion slows"},
    {&YakopcicGeneral::xnk, "xnk", "", Range{.low = 0, .high = 1, .low_open = true},
     "state from which downward motion slows"},
    {&YakopcicGeneral::eta, "eta", "", Range::between(-1, 1),
     "1: V > 0 raises the state; -1: lowers it"},
    {&YakopcicGeneral::xo,
     "xo",
     "",
     Range::between(0, 1),
     "initial state where an instance gives none",
     {},
     "x0"},
}};

}  // namespace wordline
