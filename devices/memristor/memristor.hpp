// What a two-terminal memristor model is: current and state rate with their partial derivatives, as
// pure functions. A model is one struct in one header; memristor_bank.hpp turns it into the stamps
// of all its instances, models.hpp names it, and nothing else needs to know of it.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "wordline/devices/host_device.hpp"
#include "wordline/devices/parameter.hpp"
#include "wordline/devices/safe_math.hpp"

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

  // Whether x lies within, to rounding.
  bool hold(double x) const {
    const double rounding = 1e-9 * (high - low);
    return x >= low - rounding && x <= high + rounding;
  }
};

// The equations as SPICE expressions in v (device voltage), x (state), t (temperature, where it is
// a state) and the model's parameter names, for export to other simulators. `if` is written as
// c ? a : b. All are empty for a model that has no such form.
struct SpiceEquations {
  std::string current = {};           // A
  std::string rate = {};              // state unit per second
  std::string temperature_rate = {};  // K/s; empty where the temperature is no state
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

// A model may integrate another variable than the state that users give and see, such as the
// logarithm of a concentration. current, rate, bounds, initial_state and state_for_conductance are
// then in the integrated variable; these two lead from one to the other.
template <class M>
concept HasShownState = requires(double x) {
  { M::shown_state(x) } -> std::same_as<ValueAndSlope>;  // of the integrated x, and its slope
  { M::integrated_state(x) } -> std::same_as<double>;    // of the shown x
};

template <Memristor M>
ValueAndSlope shown_state(double x) {
  if constexpr (HasShownState<M>) return M::shown_state(x);
  return {x, 1};
}
template <Memristor M>
double integrated_state(double shown) {
  if constexpr (HasShownState<M>) return M::integrated_state(shown);
  return shown;
}

// A model that heats itself says how hot it is at a voltage and a state.
template <class M>
concept HasTemperature = requires(const M m, double v, double x) {
  { m.temperature(v, x) } -> std::same_as<Partials>;  // K, and by v, and by x
};

// A model whose current depends on the time in a transient, such as one that ages.
template <class M>
concept DependsOnTime = requires(M m, double seconds) {
  m.set_time(seconds);
};

// A model whose state moves by chance too: in every interval by a normal number of mean 0 and this
// deviation. An interval of 0: it does not.
template <class M>
concept HasStateNoise = requires(const M m, double v, double x) {
  { m.draw_interval() } -> std::same_as<double>;       // s
  { m.draw_deviation(v, x) } -> std::same_as<double>;  // state unit, of one interval
};

}  // namespace wordline
