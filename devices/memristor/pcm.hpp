// Phase change memory that has been programmed: its conductance drifts with the logarithm of time,
// also in a transient, and the state is the programmed conductance.
// Joshi et al., Nature Communications 11 (2020) 2473, for the mean drift of a 90 nm array.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/memristor/memristor.hpp"

namespace wordline {

struct Pcm {
  static constexpr std::string_view kName = "pcm";
  static constexpr int kLevel = 20;
  static constexpr std::string_view kTitle = "phase change memory: power law drift";
  static constexpr std::string_view kReference = "V. Joshi et al., Nat. Commun. 11 (2020) 2473";
  static constexpr std::string_view kEquations =
      R"(State x [S] in [gmin, gmax], the conductance at t0 after programming:
  I = x ((age + t)/t0)^-nu V,   t: the time in a transient, else 0
  dx/dt = 0
  nu = -0.0155 ln(x/gmax) + 0.0244, but from 0.049 to 0.1, unless given)";
  static constexpr std::string_view kStateUnit = "S";

  double gmin = 0, gmax = 25e-6;
  double x0 = std::numeric_limits<double>::quiet_NaN();
  double age = std::numeric_limits<double>::quiet_NaN();
  double t0 = 20;
  double nu = std::numeric_limits<double>::quiet_NaN();
  double elapsed = 0;  // s, in the transient

  static const std::array<Parameter<Pcm>, 6> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const double decades = log_age();
    const ValueAndSlope exponent = drift(x);
    const double remains = std::exp(-exponent.value * decades);
    return {v * x * remains, x * remains, v * remains * (1 - decades * x * exponent.slope)};
  }
  WORDLINE_HD Partials rate(double /*v*/, double /*x*/) const { return {0, 0, 0}; }
  void set_time(double seconds) { elapsed = seconds; }
  WORDLINE_HD Bounds bounds() const { return {gmin, gmax}; }
  double initial_state() const { return std::isnan(x0) ? gmax : x0; }

  // The exponent falls with x, so that at most one of its three branches holds.
  double state_for_conductance(double g, double /*v_read*/) const {
    const double decades = log_age();
    if (!std::isnan(nu)) return g * std::exp(nu * decades);
    const double x =
        gmax * std::exp((std::log(g / gmax) + kOffset * decades) / (1 - kSlope * decades));
    const double exponent = kSlope * std::log(x / gmax) + kOffset;
    if (exponent > kMost) return g * std::exp(kMost * decades);
    return exponent < kLeast ? g * std::exp(kLeast * decades) : x;
  }

  double voltage_scale() const { return std::numeric_limits<double>::infinity(); }

  std::string check() const {
    if (!(gmin < gmax)) return "gmax must exceed gmin";
    if (!std::isnan(age) && age < t0) return "age must not be less than t0";
    return !std::isnan(x0) && (x0 < gmin || x0 > gmax) ? "x0 must lie between gmin and gmax" : "";
  }

  SpiceEquations spice_equations() const {
    const std::string mean = "min(max(-0.0155*ln(max(x/gmax,0.000000000001))+0.0244,0.049),0.1)";
    return {"x*exp(-" + (std::isnan(nu) ? mean : "nu") + "*ln((" +
                (std::isnan(age) ? "t0" : "age") + "+time)/t0))*v",
            "0"};
  }

 private:
  static constexpr double kSlope = -0.0155, kOffset = 0.0244, kLeast = 0.049, kMost = 0.1;

  WORDLINE_HD double log_age() const {
    return std::log(((std::isnan(age) ? t0 : age) + elapsed) / t0);
  }

  // The exponent at x, and by x.
  WORDLINE_HD ValueAndSlope drift(double x) const {
    if (!std::isnan(nu)) return {nu, 0};
    const double mean = kSlope * std::log(x / gmax) + kOffset;
    if (mean < kLeast) return {kLeast, 0};
    return mean > kMost ? ValueAndSlope{kMost, 0} : ValueAndSlope{mean, kSlope / x};
  }
};

inline constexpr std::array<Parameter<Pcm>, 6> Pcm::kParameters = {{
    {&Pcm::gmin, "gmin", "S", Range::at_least(0), "smallest conductance"},
    {&Pcm::gmax, "gmax", "S", Range::positive(), "largest conductance"},
    {&Pcm::x0, "x0", "S", Range::at_least(0), "conductance where an instance gives none (gmax)"},
    {&Pcm::age, "age", "s", Range::positive(), "time from programming to time 0 (t0)"},
    {&Pcm::t0, "t0", "s", Range::positive(), "time after which the state is the conductance"},
    {&Pcm::nu, "nu", "", Range::at_least(0), "exponent of the drift of all devices"},
}};

}  // namespace wordline
