// Stanford-PKU RRAM model, version 1: a gap in a filament, heated by its own current.
// Guan, Yu, Wong, IEEE EDL 33 (2012) 1405; Jiang et al., IEEE TED 63 (2016) 1884.
// Parameter names as in release 1.0.0 or shorter. Its random term is left out.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/constants.hpp"
#include "wordline/devices/memristor/gap_current.hpp"
#include "wordline/devices/memristor/heating.hpp"
#include "wordline/devices/memristor/memristor.hpp"

namespace wordline {

struct Stanford {
  static constexpr std::string_view kName = "stanford";
  static constexpr int kLevel = 7;
  static constexpr std::string_view kTitle = "Stanford-PKU: filament with a gap, self-heating";
  static constexpr std::string_view kReference =
      "Z. Jiang et al., IEEE Trans. Electron Devices 63 (2016) 1884";
  static constexpr std::string_view kEquations =
      R"(State x [m] in [gmin, gmax], the gap; V > 0 closes it:
  I = i0 e^(-x/g0) sinh(V/v0)
  dx/dt = -vel0 e^(-q ea/(kb T)) sinh(gamma (a0/tox) q V/(kb T))
  T = tamb + rth V I
  gamma = max(gamma0 - beta (x/g1)^3, 0), and 0 where gamma |V|/tox < fmin;
          gamma0n in place of gamma0 for V < 0
The rise rth V I is bent from half of tmax - tamb on, so that T stays below tmax.
With fmin > 0 the rate jumps at that field; fmin=0 takes the jump away.)";
  static constexpr std::string_view kStateUnit = "m";

  double i0 = 1e-3, g0 = 0.25e-9, v0 = 0.25;
  double vel0 = 10, ea = 0.6;
  double a0 = 0.25e-9, tox = 12e-9;
  double gamma0 = 16, gamma0n = std::numeric_limits<double>::quiet_NaN();
  double beta = 0.8, g1 = 1e-9;
  double fmin = 1.4e9;
  double gmin = 0.2e-9, gmax = 1.7e-9;
  double x0 = std::numeric_limits<double>::quiet_NaN();
  double tamb = 298, rth = 2.1e3, tmax = 5000;
  double q = kElementaryCharge, kb = kBoltzmann;

  static const std::array<Parameter<Stanford>, 20> kParameters;

  WORDLINE_HD WORDLINE_INLINE Partials current(double v, double x) const {
    return across_gap().at(v, x);
  }

  WORDLINE_HD Partials temperature(double v, double x) const {
    const Partials i = current(v, x);
    const auto [rise, slope] = limited_rise(rth * v * i.value, tmax - tamb);
    return {tamb + rise, slope * rth * (i.value + v * i.dv), slope * rth * v * i.dx};
  }

  WORDLINE_HD Partials rate(double v, double x) const {
    const double part = x / g1;
    const double gamma =
        (v < 0 && !std::isnan(gamma0n) ? gamma0n : gamma0) - beta * part * part * part;
    if (gamma <= 0 || gamma * std::fabs(v) / tox < fmin) return {0, 0, 0};
    const double dgamma = -3 * beta * part * part / g1;
    const Partials t = temperature(v, x);
    const double beta_t = q / (kb * t.value);  // 1/V
    const double jump = vel0 * safe_exp(-ea * beta_t).value;
    const double per_volt = gamma * a0 / tox * beta_t;
    const double u = per_volt * v;
    const auto [s, c] = safe_sinh(u);
    const double by_t = -jump * (ea * beta_t * s - c * u) / t.value;
    const double du_dx = dgamma * a0 / tox * beta_t * v;
    return {-jump * s, by_t * t.dv - jump * c * per_volt, by_t * t.dx - jump * c * du_dx};
  }

  WORDLINE_HD Bounds bounds() const { return {gmin, gmax}; }
  double initial_state() const { return std::isnan(x0) ? gmin : x0; }

  double state_for_conductance(double g, double v_read) const {
    return across_gap().gap_for_conductance(g, v_read);
  }

  double voltage_scale() const { return v0; }

  std::string check() const {
    if (!(gmin < gmax)) return "gmax must exceed gmin";
    if (!(tamb < tmax)) return "tmax must exceed tamb";
    return !std::isnan(x0) && (x0 < gmin || x0 > gmax) ? "x0 must lie between gmin and gmax" : "";
  }

  SpiceEquations spice_equations() const {
    const std::string current = "i0*exp(-x/g0)*sinh(v/v0)";
    const std::string rise = "(rth*v*" + current + ")";
    const std::string half = "((tmax-tamb)/2)";
    const std::string kt = "(kb*(tamb+(" + rise + " < " + half + " ? " + rise + " : tmax-tamb-" +
                           half + "*" + half + "/" + rise + ")))";
    const std::string gamma = std::string("max(") +
                              (std::isnan(gamma0n) ? "gamma0" : "((v < 0) ? gamma0n : gamma0)") +
                              "-beta*(x/g1)*(x/g1)*(x/g1),0)";
    return {current, "(" + gamma + "*abs(v)/tox < fmin) ? 0 : -vel0*exp(-q*ea/" + kt + ")*sinh(" +
                         gamma + "*a0/tox*q*v/" + kt + ")"};
  }

 private:
  WORDLINE_HD GapCurrent across_gap() const { return {i0, g0, v0}; }
};

inline constexpr std::array<Parameter<Stanford>, 20> Stanford::kParameters = {{
    {&Stanford::i0, "i0", "A", Range::positive(), "current amplitude without a gap"},
    {&Stanford::g0, "g0", "m", Range::positive(), "gap over which the current falls e-fold"},
    {&Stanford::v0, "v0", "V", Range::positive(), "voltage over which the current grows e-fold"},
    {&Stanford::vel0, "vel0", "m/s", Range::at_least(0), "speed of the gap without a barrier"},
    {&Stanford::ea, "ea", "eV", Range::at_least(0), "activation energy"},
    {&Stanford::a0, "a0", "m", Range::positive(), "distance between sites"},
    {&Stanford::tox, "tox", "m", Range::positive(), "oxide thickness"},
    {&Stanford::gamma0, "gamma0", "", Range::at_least(0), "field enhancement without a gap"},
    {&Stanford::gamma0n, "gamma0n", "", Range::at_least(0), "the same for V < 0 (gamma0)"},
    {&Stanford::beta, "beta", "", Range::at_least(0), "loss of field enhancement at a gap of g1"},
    {&Stanford::g1, "g1", "m", Range::positive(), "gap at which beta counts"},
    {&Stanford::fmin,
     "fmin",
     "V/m",
     Range::at_least(0),
     "enhanced field below which nothing moves",
     {},
     "f_min"},
    {&Stanford::gmin, "gmin", "m", Range::at_least(0), "smallest gap", {}, "gap_min"},
    {&Stanford::gmax, "gmax", "m", Range::positive(), "largest gap", {}, "gap_max"},
    {&Stanford::x0,
     "x0",
     "m",
     Range::at_least(0),
     "initial gap where an instance gives none (gmin)",
     {},
     "gap_ini"},
    {&Stanford::tamb, "tamb", "K", Range::positive(), "ambient temperature", {}, "t_ini"},
    {&Stanford::rth, "rth", "K/W", Range::at_least(0), "thermal resistance"},
    {&Stanford::tmax, "tmax", "K", Range::positive(), "temperature that heating never reaches"},
    {&Stanford::q, "q", "C", Range::positive(), "elementary charge"},
    {&Stanford::kb, "kb", "J/K", Range::positive(), "Boltzmann's constant"},
}};

}  // namespace wordline
