// Memristors whose temperature T [K] is a state of its own. Its equation is linear in T,
//     dT/dt = heating(v, x) - cooling (T - ambient),
// so that an integration formula a0 T + b = dT/dt gives T in closed form, and the device keeps the
// one implicit equation of any memristor: that of x, with T(v, x) put in. a0 = b = 0 asks for the
// temperature that stays as it is.
#pragma once

#include <concepts>

#include "wordline/devices/memristor/memristor.hpp"

namespace wordline {

// A function of voltage, state and temperature with its partial derivatives.
struct ThermalPartials {
  double value;
  double dv;
  double dx;
  double dt;
};

template <class M>
concept ThermalMemristor = requires(const M m, double v, double x, double t) {
  { m.has_thermal_state() } -> std::same_as<bool>;       // false: T is the one that stays
  { m.ambient() } -> std::same_as<double>;               // K
  { m.cooling() } -> std::same_as<double>;               // 1/s
  { m.heating(v, x) } -> std::same_as<Partials>;         // K/s, and by v, and by x
  { m.rate(v, x, t) } -> std::same_as<ThermalPartials>;  // dx/dt at temperature t
};

template <class M>
WORDLINE_HD Partials temperature_in_step(const M& model, double v, double x, double a0, double b) {
  const Partials heating = model.heating(v, x);
  const double cooling = model.cooling();
  const double scale = 1 / (a0 + cooling);
  return {(heating.value - b + cooling * model.ambient()) * scale, heating.dv * scale,
          heating.dx * scale};
}

// dx/dt with the temperature of a step put in, and its total derivatives.
template <class M>
WORDLINE_HD Partials rate_in_step(const M& model, double v, double x, double a0, double b) {
  const Partials t = temperature_in_step(model, v, x, a0, b);
  const ThermalPartials f = model.rate(v, x, t.value);
  return {f.value, f.dv + f.dt * t.dv, f.dx + f.dt * t.dx};
}

// What the local solver asks for in a step of such a model.
template <class M>
struct ThermalStep {
  const M& model;
  double a0, b;  // the formula of the temperature

  WORDLINE_HD Partials rate(double v, double x) const { return rate_in_step(model, v, x, a0, b); }
  WORDLINE_HD Bounds bounds() const { return model.bounds(); }
};

}  // namespace wordline
