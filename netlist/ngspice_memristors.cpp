#include "wordline/netlist/ngspice_memristors.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <set>
#include <string_view>

#include "wordline/netlist/memristor_setup.hpp"

namespace wordline {

namespace {

// The state is the voltage of this capacitor. It is large enough for the currents of slow devices
// (0.1/s) to stand above ngspice's abstol.
constexpr std::string_view kStateCapacitance = "1e-6";
// The same for temperatures, whose voltage is in kelvin and changes by up to 1e13 V/s.
constexpr std::string_view kThermalCapacitance = "1e-12";
// The rate falls to zero linearly within this part of the range before a bound.
constexpr std::string_view kBoundLayer = "1e-5";

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Exponentials that go on as straight lines above an argument of 80, as those of the models do:
// ngspice stops at a current that is no number, which a step too far would be.
constexpr std::string_view kFunctions =
    ".func wl_exp(z) {exp(min(z,80))*(1+max(z-80,0))}\n"
    ".func wl_sinh(z) {sinh(min(max(z,-80),80))*(1+max(abs(z)-80,0))}\n";

std::string function_name(std::string_view name) {
  return name == "exp" || name == "sinh" ? fmt::format("wl_{}", name) : std::string(name);
}

// Replaces the names in an equation, other than the letters of numbers.
std::string substitute(std::string_view equation,
                       const std::function<std::string(std::string_view)>& value_of) {
  std::string result;
  for (std::size_t at = 0; at < equation.size();) {
    std::size_t end = at;
    if (begins_name(equation[at])) {
      while (end < equation.size() && (begins_name(equation[end]) || is_digit(equation[end])))
        ++end;
      const std::string_view name = equation.substr(at, end - at);
      const bool is_function = end < equation.size() && equation[end] == '(';
      result += is_function ? function_name(name) : value_of(name);
    } else if (is_digit(equation[at])) {
      // A number with its exponent: 1.5e-3
      const auto is_part = [&](std::size_t k) {
        const char c = equation[k];
        const char before = equation[k - 1];
        return is_digit(c) || c == '.' || c == 'e' || c == 'E' ||
               ((c == '+' || c == '-') && (before == 'e' || before == 'E'));
      };
      ++end;
      while (end < equation.size() && is_part(end)) ++end;
      result += equation.substr(at, end - at);
    } else {
      result += equation[end++];
    }
    at = end;
  }
  return result;
}

std::string literal(double value) {
  return value < 0 ? fmt::format("({})", value) : fmt::format("{}", value);
}

// An equation of a model with numbers for its parameters.
std::string bind_equation(const ModelCard& card, std::string_view equation,
                          const std::string& state, const std::string& time) {
  return substitute(equation, [&](std::string_view name) -> std::string {
    if (name == "v") return "v(p,n)";
    if (name == "x") return state;
    if (name == "time") return time;
    if (name == "t" && card.type->find("t") < 0) return "v(t)";
    if (name == "u") return "v(u)";  // a model's inner voltage
    const int parameter = card.type->find(name);
    const double value = parameter < 0 ? NAN : card.values[static_cast<std::size_t>(parameter)];
    if (!std::isfinite(value)) {
      throw Error(fmt::format("the equations of model {} use '{}', which has no value",
                              card.type->name, name));
    }
    return literal(value);
  });
}

// The state in its unit, from the normalised state `x`.
std::string in_state_unit(const Bounds& bounds, std::string_view x) {
  const double range = bounds.high - bounds.low;
  const std::string scaled = range == 1 ? std::string(x) : fmt::format("{}*{}", range, x);
  return bounds.low == 0 ? fmt::format("({})", scaled)
                         : fmt::format("({}+{})", literal(bounds.low), scaled);
}

// The projected rate, continuous for ngspice's integration: it vanishes at a bound that the state
// presses against. Away from the bounds the rate stands alone, so that it is evaluated once.
std::string project(const std::string& rate) {
  return fmt::format(
      "v(s) < {1} ? max({0},0)+min({0},0)*v(s)/{1} : "
      "(v(s) > 1-{1} ? min({0},0)+max({0},0)*(1-v(s))/{1} : {0})",
      rate, kBoundLayer);
}

}  // namespace

NgspiceMemristors::NgspiceMemristors(const Circuit& circuit, const NgspiceNames& names)
    : circuit_(circuit), names_(names) {
  for (const Analysis& analysis : circuit.analyses) {
    const bool is_transient = std::holds_alternative<TranAnalysis>(analysis.what);
    (is_transient ? has_transient_ : has_static_) = true;
  }
  if (has_transient_) time_ = "(" + while_transient("time", "0") + ")";
  for (const ModelCard& card : circuit.models) {
    const bool is_memristor = card.type->kind == "memristor";
    equations_.push_back(is_memristor ? card.type->spice_equations(card.values) : SpiceEquations{});
  }
  bounds_.resize(circuit.models.size());
  find_initial_states();
}

void NgspiceMemristors::find_initial_states() {
  std::vector<std::unique_ptr<MemristorBank>> banks(circuit_.models.size());
  for (const MemristorElement& m : circuit_.memristors.rows) {
    const auto model = static_cast<std::size_t>(m.model);
    const ModelCard& card = circuit_.models[model];
    if (equations_[model].current.empty()) {
      throw Error(fmt::format("model {} cannot be exported: the equations of {} are implicit",
                              card.name, card.type->name));
    }
    if (!card.variations.rows.empty() || card.noise.any()) {
      throw Error(fmt::format("model {} cannot be exported: it has {} of its own", card.name,
                              card.noise.any() ? "noise" : "random parameters"));
    }
    if (!banks[model]) banks[model] = card.type->make_bank();
    MemristorBank& bank = *banks[model];
    const double state = add_memristor(bank, card, m, circuit_.options.seed);
    if (bank.draw_interval(bank.size() - 1) > 0) {
      throw Error(fmt::format("model {} cannot be exported: its state moves by chance", card.name));
    }
    const Bounds bounds = bank.bounds(bank.size() - 1);
    bounds_[model] = bounds;
    initial_temperature_.push_back(bank.ambient(bank.size() - 1));
    initial_.push_back(
        names_.has_state_node(m.model) ? (state - bounds.low) / (bounds.high - bounds.low) : state);
  }
}

std::string NgspiceMemristors::subcircuit_name(std::int32_t model, double multiplicity) const {
  const std::string& name = names_.model(static_cast<std::size_t>(model));
  if (multiplicity == 1) return "memristor_" + name;
  std::string suffix = fmt::format("{}", multiplicity);
  std::replace_if(
      suffix.begin(), suffix.end(), [](char c) { return !is_digit(c); }, '_');
  return fmt::format("memristor_{}_m{}", name, suffix);
}

// An operating point has no rate: a conductance holds the state instead.
std::string NgspiceMemristors::while_transient(const std::string& rate,
                                               std::string_view held) const {
  return has_static_ ? fmt::format("v({}) > 0 ? {} : {}", NgspiceNames::kTransientNode, rate, held)
                     : rate;
}

void NgspiceMemristors::write_state(std::ostream& out, std::size_t model) const {
  const double range = bounds_[model].high - bounds_[model].low;
  const std::string state = in_state_unit(bounds_[model], "v(s)");
  std::string rate = fmt::format(
      "({})", bind_equation(circuit_.models[model], equations_[model].rate, state, time_));
  if (range != 1) rate = fmt::format("({}*{})", 1 / range, rate);
  rate = fmt::format("{}*({})", kStateCapacitance, project(rate));
  fmt::print(out, "c s 0 {}\nbs 0 s i={}\n", kStateCapacitance, while_transient(rate, "{x0}-v(s)"));
}

void NgspiceMemristors::write_temperature(std::ostream& out, std::size_t model) const {
  const std::string rate =
      fmt::format("{}*({})", kThermalCapacitance,
                  bind_equation(circuit_.models[model], equations_[model].temperature_rate,
                                in_state_unit(bounds_[model], "v(s)"), time_));
  fmt::print(out, "ct t 0 {}\nbt 0 t i={}\n", kThermalCapacitance,
             while_transient(rate, "{t0}-v(t)"));
}

void NgspiceMemristors::write_subcircuit(std::ostream& out, std::int32_t model,
                                         double multiplicity) const {
  const auto k = static_cast<std::size_t>(model);
  const ModelCard& card = circuit_.models[k];
  const bool moving = names_.has_state_node(model);
  const std::string state = moving ? in_state_unit(bounds_[k], "v(s)") : "{x0}";
  const std::string current = bind_equation(card, equations_[k].current, state, time_);
  const bool needs_x0 = !moving || has_static_;
  fmt::print(out, "* {}: {}\n", card.name, card.type->title);
  const bool hot = names_.has_temperature_node(model);
  fmt::print(out, ".subckt {} p n{}{}{}\n", subcircuit_name(model, multiplicity),
             moving ? " s" : "", hot ? " t" : "",
             !needs_x0 ? "" : (hot ? " params: x0=0 t0=0" : " params: x0=0"));
  if (multiplicity == 1) {
    fmt::print(out, "b p n i={}\n", current);
  } else {
    fmt::print(out, "b p n i={}*({})\n", multiplicity, current);
  }
  if (!equations_[k].inner.empty()) {
    fmt::print(out, "bu 0 u i={}\n", bind_equation(card, equations_[k].inner, state, time_));
  }
  if (moving) write_state(out, k);
  if (hot) write_temperature(out, k);
  fmt::print(out, ".ends\n");
}

void NgspiceMemristors::write(std::ostream& out) const {
  std::set<std::pair<std::int32_t, double>> kinds;
  for (const MemristorElement& m : circuit_.memristors.rows) kinds.emplace(m.model, m.multiplicity);
  // ngspice's `time` keeps its last value in what follows a transient; a source has its DC value.
  if (has_transient_ && has_static_ && !kinds.empty()) {
    fmt::print(out, ".global {0}\nv_{0} {0} 0 dc 0 pwl(0 0 1 1)\n", NgspiceNames::kTransientNode);
  }
  if (!kinds.empty()) fmt::print(out, "{}", kFunctions);
  for (const auto& [model, multiplicity] : kinds) write_subcircuit(out, model, multiplicity);
  for (std::size_t k = 0; k < circuit_.memristors.size(); ++k) {
    const MemristorElement& m = circuit_.memristors.rows[k];
    const bool moving = names_.has_state_node(m.model);
    const std::string& state = names_.state_node(k);
    const bool hot = names_.has_temperature_node(m.model);
    const std::string& temperature = names_.temperature_node(k);
    fmt::print(out, "{} {} {}", names_.element(circuit_.memristors.names, k),
               names_.node(m.flip ? m.n : m.p), names_.node(m.flip ? m.p : m.n));
    if (moving) fmt::print(out, " {}", state);
    if (hot) fmt::print(out, " {}", temperature);
    fmt::print(out, " {}", subcircuit_name(m.model, m.multiplicity));
    if (!moving || has_static_) fmt::print(out, " x0={}", initial_[k]);
    if (hot && has_static_) fmt::print(out, " t0={}", initial_temperature_[k]);
    fmt::print(out, "\n");
    if (moving) fmt::print(out, ".ic v({})={}\n", state, initial_[k]);
    if (hot) fmt::print(out, ".ic v({})={}\n", temperature, initial_temperature_[k]);
  }
}

}  // namespace wordline
