// What a two-terminal memristor model is: current and state rate with their partial derivatives, as
// pure functions. A model is one struct in one header; memristor_bank.hpp turns it into the stamps
// of all its instances, registry.cpp names it, and nothing else needs to know of it.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "wordline/devices/host_device.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline {

// A function of device voltage v [V] and state x [model unit] with its partial derivatives.
struct Partials {
  double value;
  double dv;
  double dx;
};

struct Bounds {
  double low;
  double high;
};

// The equations as SPICE expressions in v (device voltage), x (state) and the model's parameter
// names, for export to other simulators. `if` is written as c ? a : b.
struct SpiceEquations {
  std::string current;  // A
  std::string rate;     // state unit per second
  // Where the current is given by an inner voltage u: what is zero at its value, falling with u.
  std::string inner = {};
};

template <class M>
concept Memristor = requires(const M m, double v, double x) {
  { M::kName } -> std::convertible_to<std::string_view>;       // the `type=` name
  { M::kLevel } -> std::convertible_to<int>;                   // the `level=` number
  { M::kTitle } -> std::convertible_to<std::string_view>;      // one line
  { M::kReference } -> std::convertible_to<std::string_view>;  // the paper
  { M::kEquations } -> std::convertible_to<std::string_view>;  // for readers, as plain text
  { M::kStateUnit } -> std::convertible_to<std::string_view>;  // "" for a fraction
  { *std::begin(M::kParameters) } -> std::convertible_to<Parameter<M>>;

  { m.current(v, x) } -> std::same_as<Partials>;  // A into n+, S, A per state unit
  { m.rate(v, x) } -> std::same_as<Partials>;     // dx/dt, and by v, and by x
  { m.bounds() } -> std::same_as<Bounds>;         // hard bounds of the state
  { m.initial_state() } -> std::same_as<double>;  // where `x0` is not given
  // The state in which the device conducts g = I(v_read)/v_read [S]; v_read = 0 asks for the slope
  // at the origin. Outside the bounds if no state within them does.
  { m.state_for_conductance(v, v) } -> std::same_as<double>;
  // The voltage [V] over which the current grows e-fold; infinity for ohmic models. Newton limits
  // its steps to it.
  { m.voltage_scale() } -> std::same_as<double>;
  // Empty if the parameters fit together, else what is wrong ("xoff must exceed xon").
  { m.check() } -> std::same_as<std::string>;
  { m.spice_equations() } -> std::same_as<SpiceEquations>;
};

}  // namespace wordline
