// Yakopcic's model: sinh current, threshold voltages, one-sided exponential windows.
// Yakopcic, Taha, Subramanyam, Pino, Rogers, IEEE EDL 32 (2011) 1436; IEEE TCAD 32 (2013) 1201.
// Parameter names as in Xyce's level 3.
#pragma once

#include <array>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/yakopcic_motion.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct Yakopcic {
  static constexpr std::string_view kName = "yakopcic";
  static constexpr int kLevel = 3;
  static constexpr std::string_view kTitle = "Yakopcic: sinh current, voltage thresholds";
  static constexpr std::string_view kReference =
      "C. Yakopcic et al., IEEE Electron Device Lett. 32 (2011) 1436";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1]:
  I = a1 x sinh(b V)  V >= 0,   a2 x sinh(b V)  V < 0
  dx/dt = eta g(V) f(x)
  g = ap (e^V - e^vp)  V > vp;   -an (e^-V - e^vn)  V < -vn;   0 between
  moving up:   f = e^(-alphap (x - xp)) (1 - x)/(1 - xp)   x >= xp;      else 1
  moving down: f = e^(alphan (x + xn - 1)) x/(1 - xn)      x <= 1 - xn;  else 1)";
  static constexpr std::string_view kStateUnit = "";

  // The fit to the silver chalcogenide device of Oblea et al.
  double a1 = 0.17, a2 = 0.17, b = 0.05;
  double ap = 4000, an = 4000;
  double vp = 0.16, vn = 0.15;
  double alphap = 1, alphan = 5;
  double xp = 0.3, xn = 0.5;
  double eta = 1;
  double xo = 0.11;
  double xscaling = 1;

  static const std::array<Parameter<Yakopcic>, 14> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const double a = v >= 0 ? a1 : a2;
    const auto [s, c] = safe_sinh(b * v);
    return {a * x * s, a * x * b * c, a * s};
  }

  WORDLINE_HD Partials rate(double v, double x) const {
    return YakopcicMotion{ap, an, vp, vn, alphap, alphan, xp, 1 - xn, eta}.rate(v, x);
  }

  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return xo; }

  double state_for_conductance(double g, double v_read) const {
    const double a = v_read >= 0 ? a1 : a2;
    const double per_state = v_read == 0 ? b : safe_sinh(b * v_read).value / v_read;
    return g / (a * per_state);
  }

  double voltage_scale() const { return 1 / b; }
  std::string check() const { return ""; }

  SpiceEquations spice_equations() const {
    return {"((v >= 0) ? a1 : a2)*x*sinh(b*v)", YakopcicMotion::spice_rate(eta, "1-xn")};
  }
};

inline constexpr std::array<Parameter<Yakopcic>, 14> Yakopcic::kParameters = {{
    {&Yakopcic::a1, "a1", "A", Range::positive(), "current amplitude for V >= 0"},
    {&Yakopcic::a2, "a2", "A", Range::positive(), "current amplitude for V < 0"},
    {&Yakopcic::b, "b", "1/V", Range::positive(), "steepness of the current"},
    {&Yakopcic::ap, "ap", "1/s", Range::at_least(0), "speed above vp"},
    {&Yakopcic::an, "an", "1/s", Range::at_least(0), "speed below -vn"},
    {&Yakopcic::vp, "vp", "V", Range::at_least(0), "positive threshold"},
    {&Yakopcic::vn, "vn", "V", Range::at_least(0), "negative threshold (its magnitude)"},
    {&Yakopcic::alphap, "alphap", "", Range::at_least(0), "decay of the speed above xp"},
    {&Yakopcic::alphan, "alphan", "", Range::at_least(0), "decay of the speed below 1 - xn"},
    {&Yakopcic::xp, "xp", "", Range{.low = 0, .high = 1, .high_open = true},
     "state from which upward motion slows"},
    {&Yakopcic::xn, "xn", "", Range{.low = 0, .high = 1, .high_open = true},
     "1 - xn: state from which downward motion slows"},
    {&Yakopcic::eta, "eta", "", Range::between(-1, 1), "1: V > 0 raises the state; -1: lowers it"},
    {&Yakopcic::xo,
     "xo",
     "",
     Range::between(0, 1),
     "initial state where an instance gives none",
     {},
     "x0"},
    {&Yakopcic::xscaling, "xscaling", "", Range::positive(),
     "for decks of Xyce, which scales its unknowns by it; without effect"},
}};

}  // namespace wordline
