// A memristor that does not move: a conductance, ohmic, with the sinh characteristic of
// tunnelling cells or with a polynomial. Its state is the conductance itself, so that arrays of it
// are set up like any others.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct StaticResistance {
  static constexpr std::string_view kName = "static";
  static constexpr int kLevel = 0;
  static constexpr std::string_view kTitle = "fixed conductance: ohmic, sinh or polynomial";
  static constexpr std::string_view kReference =
      "Ohm's law; sinh: J. G. Simmons, J. Appl. Phys. 34 (1963) 1793";
  static constexpr std::string_view kEquations =
      R"(iv=linear: I = x V
iv=sinh:   I = x sinh(alpha V)/alpha
iv=poly:   I = x (V + c2 V^2 + c3 V^3), which rises everywhere if c2^2 < 3 c3
dx/dt = 0)";
  static constexpr std::string_view kStateUnit = "S";
  static constexpr std::array<std::string_view, 3> kCurves = {"linear", "sinh", "poly"};

  double g = 1e-4;
  double gmin = 1e-15;
  double gmax = 1e3;
  double iv = 0;
  double alpha = 2;
  double c2 = 0, c3 = 0;

  static const std::array<Parameter<StaticResistance>, 7> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    if (iv == kSinh) {
      const auto [s, c] = safe_sinh(alpha * v);
      return {x * s / alpha, x * c, s / alpha};
    }
    // One branch alone lets loops over devices be vectorised.
    const double second = iv == kPoly ? c2 : 0;
    const double third = iv == kPoly ? c3 : 0;
    const double shape = v * (1 + v * (second + v * third));
    return {x * shape, x * (1 + v * (2 * second + 3 * third * v)), shape};
  }
  WORDLINE_HD Partials rate(double /*v*/, double /*x*/) const { return {0, 0, 0}; }
  WORDLINE_HD Bounds bounds() const { return {gmin, gmax}; }
  double initial_state() const { return g; }
  double state_for_conductance(double conductance, double v_read) const {
    if (iv == kLinear || v_read == 0) return conductance;
    if (iv == kPoly) return conductance / (1 + v_read * (c2 + v_read * c3));
    return conductance * alpha * v_read / safe_sinh(alpha * v_read).value;
  }
  double voltage_scale() const {
    return iv == kSinh ? 1 / alpha : std::numeric_limits<double>::infinity();
  }
  std::string check() const {
    if (!(gmin < gmax)) return "gmax must exceed gmin";
    const bool rises = c2 * c2 < 3 * c3 || (c2 == 0 && c3 == 0);
    if (iv == kPoly && !rises) {
      return "c2^2 must be below 3 c3, or the current would fall at some voltages";
    }
    return g < gmin || g > gmax ? "g must lie between gmin and gmax" : "";
  }
  SpiceEquations spice_equations() const {
    if (iv == kPoly) return {"x*v*(1+v*(c2+v*c3))", "0"};
    return {iv == kLinear ? "x*v" : "x*sinh(alpha*v)/alpha", "0"};
  }

 private:
  static constexpr double kLinear = 0, kSinh = 1, kPoly = 2;  // of iv
};

inline constexpr std::array<Parameter<StaticResistance>, 7> StaticResistance::kParameters = {{
    {&StaticResistance::g, "g", "S", Range::positive(), "conductance where an instance gives none"},
    {&StaticResistance::gmin, "gmin", "S", Range::positive(), "smallest conductance"},
    {&StaticResistance::gmax, "gmax", "S", Range::positive(), "largest conductance"},
    {&StaticResistance::iv, "iv", "", Range::between(0, 2), "characteristic",
     StaticResistance::kCurves},
    {&StaticResistance::alpha, "alpha", "1/V", Range::positive(), "steepness of sinh"},
    {&StaticResistance::c2, "c2", "1/V", Range::any(), "quadratic part of poly"},
    {&StaticResistance::c3, "c3", "1/V^2", Range::at_least(0), "cubic part of poly"},
}};

}  // namespace wordline
