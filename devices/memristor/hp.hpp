// The linear ion drift model, named after the device of HP Labs.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/windows.hpp"

namespace wordline {

struct Hp {
  static constexpr std::string_view kName = "hp";
  static constexpr int kLevel = 1;
  static constexpr std::string_view kTitle = "linear ion drift with any of six windows";
  static constexpr std::string_view kReference =
      "D. B. Strukov, G. S. Snider, D. R. Stewart, R. S. Williams, Nature 453 (2008) 80";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1], the doped part of the thickness d:
  I = V/R(x),   R = ron x + roff (1 - x)
  dx/dt = mu ron/d^2 I F(x)
Windows, with s = 0 for V > 0 and 1 for V < 0 (smoothed within some 1e-9 V):
  none         F = 1
  strukov      F = x (1 - x)
  joglekar     F = 1 - (2 x - 1)^(2p)
  biolek       F = 1 - (x - s)^(2p)
  prodromakis  F = j (1 - ((x - 1/2)^2 + 3/4)^p)
  zha          F = j (1 - ((x - s)^2/4 + 3/4)^p)
The state never leaves a bound at which F is zero for both signs: strukov, joglekar, prodromakis.)";
  static constexpr std::string_view kStateUnit = "";
  // The last is another spelling of joglekar that is about.
  static constexpr std::array<std::string_view, 7> kWindows = {
      "none", "strukov", "joglekar", "biolek", "prodromakis", "zha", "jogelkar"};

  double ron = 100, roff = 16e3;
  double mu = 1e-14, d = 10e-9;
  double window = 0, p = 1, j = 1;
  double x0 = 0.1;

  static const std::array<Parameter<Hp>, 8> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const double g = 1 / (ron * x + roff * (1 - x));
    return {v * g, g, v * g * g * (roff - ron)};
  }

  WORDLINE_HD Partials rate(double v, double x) const {
    const double k = mu * ron / (d * d);
    const Partials i = current(v, x);
    const Partials f = window_at(v, x);
    return {k * i.value * f.value, k * (i.dv * f.value + i.value * f.dv),
            k * (i.dx * f.value + i.value * f.dx)};
  }

  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return x0; }
  double state_for_conductance(double g, double /*v_read*/) const {
    return (roff - 1 / g) / (roff - ron);
  }
  double voltage_scale() const { return std::numeric_limits<double>::infinity(); }

  std::string check() const {
    if (!(ron < roff)) return "roff must exceed ron";
    const int kind = window_kind();
    const bool even_power = kind == kJoglekar || kind == kBiolek;
    return even_power && p < 1 ? "p must be at least 1 with this window" : "";
  }

  SpiceEquations spice_equations() const {
    const std::string resistance = "(ron*x+roff*(1-x))";
    const std::string s = "((v < 0) ? 1 : 0)";
    const std::array<std::string, 6> windows = {
        "1",
        "x*(1-x)",
        "(1-pwr(abs(2*x-1),2*p))",
        "(1-pwr(abs(x-" + s + "),2*p))",
        "j*(1-pwr((x-0.5)*(x-0.5)+0.75,p))",
        "j*(1-pwr(0.25*(x-" + s + ")*(x-" + s + ")+0.75,p))"};
    return {"v/" + resistance, "mu*ron/(d*d)*v/" + resistance + "*" +
                                   windows.at(static_cast<std::size_t>(window_kind()))};
  }

 private:
  enum Window { kNone, kStrukov, kJoglekar, kBiolek, kProdromakis, kZha, kJogelkar };

  WORDLINE_HD int window_kind() const {
    const int kind = static_cast<int>(window);
    return kind == kJogelkar ? kJoglekar : kind;
  }

  WORDLINE_HD Partials window_at(double v, double x) const {
    constexpr double kSignWidth = 1e-9;  // V
    const ValueAndSlope s = logistic(-v / kSignWidth);
    const auto symmetric = [](const ValueAndSlope& f) { return Partials{f.value, 0, f.slope}; };
    // As s follows the voltage: dF/dv = dF/ds ds/dv, dF/ds = -dF/dx.
    const auto switched = [&](const ValueAndSlope& f) {
      return Partials{f.value, f.slope * s.slope / kSignWidth, f.slope};
    };
    switch (window_kind()) {
      case kStrukov:
        return symmetric(window::strukov(x));
      case kJoglekar:
        return symmetric(window::joglekar(x, p));
      case kBiolek:
        return switched(window::biolek(x, s.value, p));
      case kProdromakis:
        return symmetric(window::prodromakis(x, p, j));
      case kZha:
        return switched(window::zha(x, s.value, p, j));
      default:
        return {1, 0, 0};
    }
  }
};

inline constexpr std::array<Parameter<Hp>, 8> Hp::kParameters = {{
    {&Hp::ron, "ron", "ohm", Range::positive(), "resistance at x = 1", {}, "r_on"},
    {&Hp::roff, "roff", "ohm", Range::positive(), "resistance at x = 0", {}, "r_off"},
    {&Hp::mu, "mu", "m^2/(V s)", Range::positive(), "mobility of the dopants", {}, "u_v"},
    {&Hp::d, "d", "m", Range::positive(), "thickness"},
    {&Hp::window, "window", "", Range::between(0, 6), "window at the bounds", Hp::kWindows},
    {&Hp::p, "p", "", Range::positive(), "exponent of the window; at least 1 for joglekar, biolek"},
    {&Hp::j, "j", "", Range::positive(), "height of the windows prodromakis and zha"},
    {&Hp::x0, "x0", "", Range::between(0, 1), "initial state where an instance gives none"},
}};

}  // namespace wordline
