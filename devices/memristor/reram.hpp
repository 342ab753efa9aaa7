// ReRAM of Arizona State University and of SkyWater's open process kit: a gap and a temperature,
// both with memory. Chen, Yu, IEEE TED 62 (2015) 4022; sky130_fd_pr_reram, whose filament is the
// thickness less the gap. There both states advance explicitly at every evaluation; here they are
// the differential equations behind that.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/constants.hpp"
#include "wordline/devices/memristor/gap_current.hpp"
#include "wordline/devices/memristor/limited_speed.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/thermal_memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct Reram {
  static constexpr std::string_view kName = "reram";
  static constexpr int kLevel = 12;
  static constexpr std::string_view kTitle = "ASU and sky130: filament with a gap, thermal RC";
  static constexpr std::string_view kReference =
      "P.-Y. Chen, S. Yu, IEEE Trans. Electron Devices 62 (2015) 4022";
  static constexpr std::string_view kEquations =
      R"(State x [m] in [gmin, gmax], the gap, and the temperature T [K]; V > 0 closes the gap:
  I = i0 e^(-x/g0) sinh(V/v0)
  dx/dt = -vel0 (e^(-(q eg - w)/(kb T)) - e^(-(q er + w)/(kb T)))
  w = gamma (a0/l) q V,   gamma = gamma0 + gammak (x/g1)^3
  dT/dt = |V I|/cth - (T - t0)/tau             (thermal=dynamic)
  T = t0 + (tau/cth) |V I|                     (thermal=quasistatic)
A rate r enters as r/sqrt(1 + (r/vmax)^2): where the field exceeds the barrier the published rate
grows without end, beyond the speed of light at a few volts.)";
  static constexpr std::string_view kStateUnit = "m";
  static constexpr std::array<std::string_view, 2> kThermal = {"dynamic", "quasistatic"};

  double i0 = 6.14e-5, g0 = 0.2751e-9, v0 = 0.43;
  double vel0 = 150, eg = 1.501, er = 1.5;
  double a0 = 0.25e-9, l = 5e-9;
  double gamma0 = 16.5, gammak = -1.25, g1 = 1e-9;
  double gmin = 0.1e-9, gmax = 1.7e-9;
  double x0 = std::numeric_limits<double>::quiet_NaN();
  double t0 = 300, cth = 3.1825e-16, tau = 0.23e-9;
  double thermal = 0;
  double vmax = 1e4;
  double q = kElementaryCharge, kb = kBoltzmann;

  static const std::array<Parameter<Reram>, 21> kParameters;

  WORDLINE_HD WORDLINE_INLINE Partials current(double v, double x) const {
    return across_gap().at(v, x);
  }

  // ---- the temperature ----
  WORDLINE_HD bool has_thermal_state() const { return thermal == 0; }
  WORDLINE_HD double ambient() const { return t0; }
  WORDLINE_HD double cooling() const { return 1 / tau; }
  WORDLINE_HD Partials heating(double v, double x) const {
    const Partials i = current(v, x);
    return {v * i.value / cth, (i.value + v * i.dv) / cth, v * i.dx / cth};
  }
  WORDLINE_HD Partials temperature(double v, double x) const {
    return temperature_in_step(*this, v, x, 0, 0);
  }

  WORDLINE_HD WORDLINE_INLINE ThermalPartials rate(double v, double x, double t) const {
    const double part = x / g1;
    const double gamma = gamma0 + gammak * part * part * part;
    const double per_kt = q / (kb * t);  // 1/V
    const double per_volt = gamma * a0 / l;
    const double w = per_volt * v;
    const auto [forth, dforth] = safe_exp(per_kt * (w - eg));
    const auto [back, dback] = safe_exp(-per_kt * (w + er));
    const double by_w = -vel0 * per_kt * (dforth + dback);
    const double dw_dx = 3 * gammak * part * part / g1 * a0 / l * v;
    const double by_t = vel0 * per_kt / t * (dforth * (w - eg) + dback * (w + er));
    const auto [speed, slope] = limited_speed(-vel0 * (forth - back), vmax);
    return {speed, slope * by_w * per_volt, slope * by_w * dw_dx, slope * by_t};
  }
  WORDLINE_HD WORDLINE_INLINE Partials rate(double v, double x) const {
    return rate_in_step(*this, v, x, 0, 0);
  }

  WORDLINE_HD Bounds bounds() const { return {gmin, gmax}; }
  double initial_state() const { return std::isnan(x0) ? gmax : x0; }

  double state_for_conductance(double g, double v_read) const {
    return across_gap().gap_for_conductance(g, v_read);
  }

  double voltage_scale() const { return v0; }

  std::string check() const {
    if (!(gmin < gmax)) return "gmax must exceed gmin";
    return !std::isnan(x0) && (x0 < gmin || x0 > gmax) ? "x0 must lie between gmin and gmax" : "";
  }

  SpiceEquations spice_equations() const {
    const std::string current = "i0*exp(-x/g0)*sinh(v/v0)";
    const std::string heating = "v*" + current + "/cth";
    const std::string t = thermal == 0 ? "t" : "(t0+tau*" + heating + ")";
    const std::string w = "(gamma0+gammak*(x/g1)*(x/g1)*(x/g1))*a0/l*v";
    const std::string rate = "(-vel0*(exp(min(q*(" + w + "-eg)/(kb*" + t + "),80))-exp(min(-q*(" +
                             w + "+er)/(kb*" + t + "),80))))";
    return {current, spice_limited_speed(rate, "vmax"),
            thermal == 0 ? heating + "-(t-t0)/tau" : ""};
  }

 private:
  WORDLINE_HD GapCurrent across_gap() const { return {i0, g0, v0}; }
};

inline constexpr std::array<Parameter<Reram>, 21> Reram::kParameters = {{
    {&Reram::i0, "i0", "A", Range::positive(), "current amplitude without a gap"},
    {&Reram::g0, "g0", "m", Range::positive(), "gap over which the current falls e-fold"},
    {&Reram::v0, "v0", "V", Range::positive(), "voltage over which the current grows e-fold"},
    {&Reram::vel0, "vel0", "m/s", Range::at_least(0), "speed of the gap without a barrier"},
    {&Reram::eg, "eg", "eV", Range::at_least(0), "activation energy of vacancies"},
    {&Reram::er, "er", "eV", Range::at_least(0), "activation energy of recombination"},
    {&Reram::a0, "a0", "m", Range::positive(), "distance between sites"},
    {&Reram::l, "l", "m", Range::positive(), "oxide thickness", {}, "tox"},
    {&Reram::gamma0, "gamma0", "", Range::any(), "field enhancement without a gap"},
    {&Reram::gammak, "gammak", "", Range::any(), "change of field enhancement at a gap of g1"},
    {&Reram::g1, "g1", "m", Range::positive(), "gap at which gammak counts"},
    {&Reram::gmin, "gmin", "m", Range::at_least(0), "smallest gap"},
    {&Reram::gmax, "gmax", "m", Range::positive(), "largest gap"},
    {&Reram::x0, "x0", "m", Range::at_least(0), "initial gap where an instance gives none (gmax)"},
    {&Reram::t0, "t0", "K", Range::positive(), "ambient temperature, and the initial one"},
    {&Reram::cth, "cth", "J/K", Range::positive(), "thermal capacitance"},
    {&Reram::tau, "tau", "s", Range::positive(), "thermal time constant", {}, "tauth"},
    {&Reram::thermal, "thermal", "", Range::between(0, 1), "course of the temperature",
     Reram::kThermal},
    {&Reram::vmax, "vmax", "m/s", Range::positive(), "largest speed of the gap"},
    {&Reram::q, "q", "C", Range::positive(), "elementary charge"},
    {&Reram::kb, "kb", "J/K", Range::positive(), "Boltzmann's constant"},
}};

}  // namespace wordline
