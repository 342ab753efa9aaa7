// A memristor that does not move: a conductance, ohmic or with the sinh characteristic of
// tunnelling cells. Its state is the conductance itself, so that arrays of it are set up like any
// others.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct StaticResistance {
  static constexpr std::string_view kName = "static";
  static constexpr int kLevel = 0;
  static constexpr std::string_view kTitle = "fixed conductance, ohmic or sinh";
  static constexpr std::string_view kReference =
      "Ohm's law; sinh: J. G. Simmons, J. Appl. Phys. 34 (1963) 1793";
  static constexpr std::string_view kEquations =
      R"(iv=linear: I = x V
iv=sinh:   I = x sinh(alpha V)/alpha
dx/dt = 0)";
  static constexpr std::string_view kStateUnit = "S";
  static constexpr std::array<std::string_view, 2> kCurves = {"linear", "sinh"};

  double g = 1e-4;
  double gmin = 1e-15;
  double gmax = 1e3;
  double iv = 0;
  double alpha = 2;

  static const std::array<Parameter<StaticResistance>, 5> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    if (iv == 0) return {x * v, x, v};
    const auto [s, c] = safe_sinh(alpha * v);
    return {x * s / alpha, x * c, s / alpha};
  }
  WORDLINE_HD Partials rate(double /*v*/, double /*x*/) const { return {0, 0, 0}; }
  WORDLINE_HD Bounds bounds() const { return {gmin, gmax}; }
  double initial_state() const { return g; }
  double state_for_conductance(double conductance, double v_read) const {
    if (iv == 0 || v_read == 0) return conductance;
    return conductance * alpha * v_read / safe_sinh(alpha * v_read).value;
  }
  double voltage_scale() const {
    return iv == 0 ? std::numeric_limits<double>::infinity() : 1 / alpha;
  }
  std::string check() const {
    if (!(gmin < gmax)) return "gmax must exceed gmin";
    return g < gmin || g > gmax ? "g must lie between gmin and gmax" : "";
  }
  SpiceEquations spice_equations() const {
    return {iv == 0 ? "x*v" : "x*sinh(alpha*v)/alpha", "0"};
  }
};

inline constexpr std::array<Parameter<StaticResistance>, 5> StaticResistance::kParameters = {{
    {&StaticResistance::g, "g", "S", Range::positive(), "conductance where an instance gives none"},
    {&StaticResistance::gmin, "gmin", "S", Range::positive(), "smallest conductance"},
    {&StaticResistance::gmax, "gmax", "S", Range::positive(), "largest conductance"},
    {&StaticResistance::iv, "iv", "", Range::between(0, 1), "characteristic",
     StaticResistance::kCurves},
    {&StaticResistance::alpha, "alpha", "1/V", Range::positive(), "steepness of sinh"},
}};

}  // namespace wordline
