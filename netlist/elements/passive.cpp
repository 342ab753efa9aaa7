// R, C, L and K.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/devices/passive_cards.hpp"
#include "wordline/netlist/behaviour.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/elements/passive.hpp"

namespace wordline {

namespace {

// The card of the line's model, or one without any values.
template <class Card>
Card card_of(const PassiveLine& passive) {
  return passive.model == nullptr ? Card{} : from_values<Card>(passive.model->values);
}

template <class Card>
TemperatureLaw law_of(const PassiveLine& passive, const Card& card, const Scope& scope) {
  const double tnom =
      std::isnan(card.tnom) ? scope.circuit().options.nominal_temperature : card.tnom;
  TemperatureLaw law{.tc1 = passive.tc1.value_or(card.tc1),
                     .tc2 = passive.tc2.value_or(card.tc2),
                     .nominal = tnom,
                     .temperature = passive.temperature,
                     .warmer_by = passive.warmer_by};
  if constexpr (requires { card.tce; }) law.exponential = passive.tce.value_or(card.tce);
  return law;
}

bool is_constant(const TemperatureLaw& law) {
  return law.tc1 == 0 && law.tc2 == 0 && law.exponential == 0;
}

bool is_usual(const TemperatureLaw& law) {
  return is_constant(law) && !law.temperature && law.warmer_by == 0;
}

double checked(const PassiveLine& passive, double value, std::string_view what) {
  if (std::isfinite(value)) return value;
  if (std::isinf(value)) {
    fail(passive.name, fmt::format("the {} of these dimensions is infinite", what),
         "the model's narrowing leaves no width");
  }
  fail(passive.name, fmt::format("the {} is given neither on this line nor by its model", what));
}

void add_behavioural(const PassiveLine& passive, const Scope& scope, char letter) {
  add_element(scope.circuit().behavioural, passive.name, scope,
              read_behavioural_passive(passive, scope, letter));
}

// In Xyce a capacitor's initial voltage holds in the operating point, too, with uic or without.
void hold_initial_voltage(const PassiveLine& c, const Scope& scope) {
  if (scope.dialect() != Dialect::kXyce || std::isnan(c.initial) || c.p == c.n) return;
  if (c.p != 0 && c.n != 0) {
    scope.warn(c.name, "the initial voltage holds with uic alone: neither node is ground");
    return;
  }
  scope.circuit().initial_conditions[c.p + c.n] = c.n == 0 ? c.initial : -c.initial;
}

// The element's law, where it has one.
template <class Row>
void add_law(std::map<std::int32_t, TemperatureLaw>& laws, const Table<Row>& table,
             const TemperatureLaw& law) {
  if (!is_usual(law)) laws.emplace(static_cast<std::int32_t>(table.size()) - 1, law);
}

}  // namespace

BehaviouralSource read_behavioural_passive(const PassiveLine& passive, const Scope& scope,
                                           char letter) {
  if (passive.model != nullptr || !std::isnan(passive.initial) || passive.ac) {
    fail(passive.name, "an element whose value is an expression takes no model, ic or ac");
  }
  const NodeId p = passive.p;
  const NodeId n = passive.n;
  TemperatureLaw law = law_of(passive, ResistorCard{}, scope);
  Behaviour behaviour(scope);
  if (letter == 'r') {
    behaviour.push_voltage(p, n);
    behaviour.push(*passive.value);
    behaviour.apply("/");
  } else if (passive.charge && letter == 'c') {
    behaviour.name_voltage(p, n);
    behaviour.push_rate(*passive.charge);
  } else if (passive.charge) {
    if (passive.multiplicity != 1) fail(*passive.charge, "a flux takes no multiplicity");
    behaviour.name_own_current();
    behaviour.push_rate(*passive.charge);
  } else if (letter == 'c') {
    behaviour.push(*passive.value);
    behaviour.push_voltage_rate(p, n);
    behaviour.apply("*");
  } else {
    behaviour.push(*passive.value);
    behaviour.push_own_current_rate();
    behaviour.apply("*");
  }
  const bool divides = letter == 'r';
  const double factor =
      letter == 'c' ? passive.scale * passive.multiplicity : passive.scale / passive.multiplicity;
  behaviour.multiply(divides ? 1 / factor : factor);
  if (!is_constant(law)) {
    behaviour.push_law(law);
    behaviour.apply(divides ? "/" : "*");
  }
  return std::move(behaviour).make(p, n, letter == 'l');
}

PassiveLine without_parasitics(PassiveLine passive, Scope& scope) {
  Circuit& circuit = scope.circuit();
  const std::string name(scope.full_name(passive.name.text));
  const auto add = [&](auto& table, const char* suffix, auto row) {
    if (!table.add(name + suffix, row))
      fail(passive.name, "there is already an element of this name");
  };
  const double m = passive.multiplicity;
  const double none = std::numeric_limits<double>::quiet_NaN();
  if (passive.parallel_resistance > 0) {
    add(circuit.resistors, ".rpar",
        Resistor{passive.p, passive.n, passive.parallel_resistance / m});
  }
  if (passive.parallel_capacitance > 0) {
    add(circuit.capacitors, ".cpar",
        Capacitor{passive.p, passive.n, passive.parallel_capacitance * m, none});
  }
  const auto inner = [&](const char* suffix) {
    return scope.node(to_lower(passive.name.text) + suffix);
  };
  if (passive.series_resistance > 0) {
    const NodeId end = std::exchange(passive.p, inner(".inside"));
    add(circuit.resistors, ".rser", Resistor{end, passive.p, passive.series_resistance / m});
  }
  if (passive.series_inductance > 0) {
    const NodeId end = std::exchange(passive.p, inner(".within"));
    add(circuit.inductors, ".lser", Inductor{end, passive.p, passive.series_inductance / m, none});
  }
  return passive;
}

void read_resistor(Line& line, Scope& scope) {
  const PassiveLine r = read_passive_line(line, scope, 'r');
  const auto card = card_of<ResistorCard>(r);
  const auto value = r.value
                         ? scope.constant_value(*r.value)
                         : card.resistance(r.length.value_or(card.l), r.width.value_or(card.defw));
  if (!value) {
    if (!scope.defer(line)) add_behavioural(r, scope, 'r');
    return;
  }
  const double factor = r.scale / r.multiplicity;
  const double ohms = checked(r, *value, "resistance") * factor;
  Circuit& circuit = scope.circuit();
  if (ohms == 0) {  // no conductance, but a wire whose current can be asked for
    add_element(circuit.voltage_sources, r.name, scope, IndependentSource{r.p, r.n, {}});
    return;
  }
  add_element(circuit.resistors, r.name, scope, Resistor{r.p, r.n, ohms});
  note_factor(r.name, factor, scope);
  add_law(circuit.resistor_laws, circuit.resistors, law_of(r, card, scope));
  if (r.ac) {
    if (*r.ac == 0) fail(r.name, "an AC resistance of zero");
    circuit.ac_resistances.emplace(static_cast<std::int32_t>(circuit.resistors.size()) - 1,
                                   *r.ac * factor);
  }
}

void read_capacitor(Line& line, Scope& scope) {
  const PassiveLine whole = read_passive_line(line, scope, 'c');
  const auto card = card_of<CapacitorCard>(whole);
  std::optional<double> value;
  if (whole.value) {
    value = scope.constant_value(*whole.value);
  } else if (!whole.charge) {
    value = card.capacitance(whole.length.value_or(card.defl), whole.width.value_or(card.defw));
  }
  if (!value && scope.defer(line)) return;
  const PassiveLine c = without_parasitics(whole, scope);
  if (!value) return add_behavioural(c, scope, 'c');
  const double factor = c.scale * c.multiplicity;
  const double farads = checked(c, *value, "capacitance") * factor;
  Circuit& circuit = scope.circuit();
  add_element(circuit.capacitors, c.name, scope, Capacitor{c.p, c.n, farads, c.initial});
  note_factor(c.name, factor, scope);
  hold_initial_voltage(whole, scope);
  add_law(circuit.capacitor_laws, circuit.capacitors, law_of(c, card, scope));
}

void read_inductor(Line& line, Scope& scope) {
  const PassiveLine whole = read_passive_line(line, scope, 'l');
  const auto card = card_of<InductorCard>(whole);
  std::optional<double> value;
  if (whole.value) {
    value = scope.constant_value(*whole.value);
  } else if (!whole.charge) {
    value = card.inductance(whole.turns.value_or(card.nt));
  }
  if (!value && scope.defer(line)) return;
  const PassiveLine l = without_parasitics(whole, scope);
  if (!value) return add_behavioural(l, scope, 'l');
  const double factor = l.scale / l.multiplicity;
  const double henries = checked(l, *value, "inductance") * factor;
  if (henries == 0) fail(l.name, "an inductance of zero", "use a voltage source of 0 V for a wire");
  Circuit& circuit = scope.circuit();
  add_element(circuit.inductors, l.name, scope,
              Inductor{l.p, l.n, henries, l.initial * l.multiplicity});
  note_factor(l.name, factor, scope);
  add_law(circuit.inductor_laws, circuit.inductors, law_of(l, card, scope));
}

// K1 L1 L2 ... k couples each pair of its windings.
void read_coupling(Line& line, Scope& scope) {
  const Token name = line.head();
  const NameTable& inductors = scope.circuit().inductors.names;
  std::vector<std::int32_t> windings;
  do {
    const Token& winding = line.expect_word("the name of an inductor");
    const auto index = scope.find_element(inductors, winding.text);
    if (!index) {
      fail(winding, fmt::format("there is no inductor '{}'", winding.text),
           did_you_mean(scope.full_name(winding.text), inductors.stored()));
    }
    if (std::find(windings.begin(), windings.end(), *index) != windings.end()) {
      fail(winding, fmt::format("'{}' is coupled to itself", winding.text));
    }
    windings.push_back(*index);
  } while (line.peek(1).kind != Token::Kind::kEnd);
  const Token value = line.expect_value("the coupling");
  if (windings.size() < 2) fail(value, "a coupling needs two inductors");
  const double k = scope.value(value);
  // Below this the energy of some currents would be negative.
  const double lowest = -1.0 / static_cast<double>(windings.size() - 1);
  if (k > 1 || k < lowest) {
    fail(value, fmt::format("the coupling {} of {} windings is outside of [{:.4g}, 1]", k,
                            windings.size(), lowest));
  }
  for (std::size_t i = 0; i < windings.size(); ++i) {
    for (std::size_t j = i + 1; j < windings.size(); ++j) {
      const MutualInductance pair{windings[i], windings[j], k};
      const std::string full(scope.full_name(name.text));
      const std::string pair_name =
          windings.size() == 2 ? full : fmt::format("{}[{},{}]", full, i, j);
      if (!scope.circuit().mutuals.add(pair_name, pair)) {
        fail(name, "there is already an element of this name");
      }
      scope.elaborator().coupling_places.push_back(name.text.data());
    }
  }
}

}  // namespace wordline
