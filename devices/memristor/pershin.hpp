// The threshold model of Pershin and Di Ventra, whose state is the resistance.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"

namespace wordline {

struct Pershin {
  static constexpr std::string_view kName = "pershin";
  static constexpr int kLevel = 9;
  static constexpr std::string_view kTitle = "Pershin-Di Ventra: resistance with a threshold";
  static constexpr std::string_view kReference =
      "Y. V. Pershin, M. Di Ventra, Radioengineering 22 (2013) 485";
  static constexpr std::string_view kEquations =
      R"(State R [ohm] in [ron, roff]:
  I = V/R
  dR/dt = beta V + (alpha - beta) (|V + vt| - |V - vt|)/2
that is, alpha V up to the threshold vt and beta per volt beyond it. V > 0 raises the resistance.
With smooth = d > 0, |u| is replaced by sqrt(u^2 + d^2).)";
  static constexpr std::string_view kStateUnit = "ohm";

  double ron = 1e3, roff = 1e4;
  double rinit = 7e3;
  double alpha = 0, beta = 2e12;
  double vt = 1.6;
  double smooth = 0;

  static const std::array<Parameter<Pershin>, 7> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const double g = 1 / x;
    return {v * g, g, -v * g * g};
  }

  WORDLINE_HD Partials rate(double v, double /*x*/) const {
    const ValueAndSlope below = below_threshold(v);
    return {alpha * below.value + beta * (v - below.value),
            alpha * below.slope + beta * (1 - below.slope), 0};
  }

  WORDLINE_HD Bounds bounds() const { return {ron, roff}; }
  double initial_state() const { return rinit; }
  double state_for_conductance(double g, double /*v_read*/) const { return 1 / g; }
  double voltage_scale() const { return std::numeric_limits<double>::infinity(); }

  std::string check() const {
    if (!(ron < roff)) return "roff must exceed ron";
    return rinit < ron || rinit > roff ? "rinit must lie between ron and roff" : "";
  }

  SpiceEquations spice_equations() const {
    const std::string below = smooth == 0 ? "min(max(v,-vt),vt)"
                                          : "(0.5*(sqrt((v+vt)*(v+vt)+smooth*smooth)"
                                            "-sqrt((v-vt)*(v-vt)+smooth*smooth)))";
    return {"v/x", "alpha*" + below + "+beta*(v-" + below + ")"};
  }

 private:
  // (|v + vt| - |v - vt|)/2: the part of the voltage below the threshold.
  WORDLINE_HD ValueAndSlope below_threshold(double v) const {
    if (smooth == 0) {
      return {std::fmin(std::fmax(v, -vt), vt), std::fabs(v) < vt ? 1.0 : 0.0};
    }
    const double right = std::hypot(v + vt, smooth);
    const double left = std::hypot(v - vt, smooth);
    return {0.5 * (right - left), 0.5 * ((v + vt) / right - (v - vt) / left)};
  }
};

inline constexpr std::array<Parameter<Pershin>, 7> Pershin::kParameters = {{
    {&Pershin::ron, "ron", "ohm", Range::positive(), "smallest resistance"},
    {&Pershin::roff, "roff", "ohm", Range::positive(), "largest resistance"},
    {&Pershin::rinit, "rinit", "ohm", Range::positive(),
     "initial resistance where an instance gives none"},
    {&Pershin::alpha, "alpha", "ohm/(V s)", Range::at_least(0), "speed below the threshold"},
    {&Pershin::beta, "beta", "ohm/(V s)", Range::at_least(0), "speed above the threshold"},
    {&Pershin::vt, "vt", "V", Range::at_least(0), "threshold"},
    {&Pershin::smooth, "smooth", "V", Range::at_least(0),
     "width of a rounded threshold (0: sharp)"},
}};

}  // namespace wordline
