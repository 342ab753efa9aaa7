// The volatile tungsten oxide device of the University of Michigan.
#pragma once

#include <algorithm>
#include <array>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct UmichWox {
  static constexpr std::string_view kName = "umich_wox";
  static constexpr int kLevel = 15;
  static constexpr std::string_view kTitle = "volatile WOx device: Schottky and tunnelling current";
  static constexpr std::string_view kReference =
      "T. Chang, S.-H. Jo, K.-H. Kim, P. Sheridan, S. Gaba, W. Lu, Appl. Phys. A 102 (2011) 857";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1]:
  I = (1 - x) alpha (1 - e^(-beta V)) + x gamma sinh(delta V)
  dx/dt = lambda (eta1 sinh(eta2 V) - x/tau)
Without a voltage the state decays with the time constant tau/lambda.)";
  static constexpr std::string_view kStateUnit = "";

  double alpha = 0.5e-6, beta = 0.5;
  double gamma = 4e-6, delta = 2;
  double lambda = 4.5;
  double eta1 = 0.004, eta2 = 4;
  double tau = 10;
  double x0 = 0;

  static const std::array<Parameter<UmichWox>, 9> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const auto [schottky, tunnel] = branches(v);
    return {(1 - x) * schottky.value + x * tunnel.value,
            (1 - x) * schottky.slope + x * tunnel.slope, tunnel.value - schottky.value};
  }

  WORDLINE_HD Partials rate(double v, double x) const {
    const auto [s, c] = safe_sinh(eta2 * v);
    return {lambda * (eta1 * s - x / tau), lambda * eta1 * eta2 * c, -lambda / tau};
  }

  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return x0; }

  double state_for_conductance(double g, double v_read) const {
    const auto [schottky, tunnel] = branches(v_read);
    if (v_read == 0) return (g - schottky.slope) / (tunnel.slope - schottky.slope);
    return (g * v_read - schottky.value) / (tunnel.value - schottky.value);
  }

  double voltage_scale() const { return 1 / std::max(beta, delta); }
  std::string check() const { return ""; }

  SpiceEquations spice_equations() const {
    return {"(1-x)*alpha*(1-exp(-beta*v))+x*gamma*sinh(delta*v)",
            "lambda*(eta1*sinh(eta2*v)-x/tau)"};
  }

 private:
  struct Branches {
    ValueAndSlope schottky, tunnel;
  };

  WORDLINE_HD Branches branches(double v) const {
    const ValueAndSlope e = safe_expm1(-beta * v);
    const ValueAndSlope s = safe_sinh(delta * v);
    return {{-alpha * e.value, alpha * beta * e.slope}, {gamma * s.value, gamma * delta * s.slope}};
  }
};

inline constexpr std::array<Parameter<UmichWox>, 9> UmichWox::kParameters = {{
    {&UmichWox::alpha, "alpha", "A", Range::positive(), "amplitude of the Schottky current"},
    {&UmichWox::beta, "beta", "1/V", Range::positive(), "its steepness"},
    {&UmichWox::gamma, "gamma", "A", Range::positive(), "amplitude of the tunnelling current"},
    {&UmichWox::delta, "delta", "1/V", Range::positive(), "its steepness"},
    {&UmichWox::lambda, "lambda", "", Range::positive(), "factor of the rate"},
    {&UmichWox::eta1, "eta1", "1/s", Range::at_least(0), "amplitude of the drift"},
    {&UmichWox::eta2, "eta2", "1/V", Range::positive(), "its steepness"},
    {&UmichWox::tau, "tau", "s", Range::positive(), "time constant of the decay times lambda"},
    {&UmichWox::x0, "x0", "", Range::between(0, 1), "initial state where an instance gives none"},
}};

}  // namespace wordline
