// R, C, L and K.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"

namespace wordline {

namespace {

constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

struct Passive {
  NodeId p, n;
  double value = 0;
  double initial = kNotGiven;
  double multiplicity = 1;
};

// What follows the digits of a number.
std::string_view suffix(const Token& token) {
  std::string_view text = token.text;
  const std::size_t end = text.find_last_of("0123456789.");
  return end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
}

// SPICE reads 1F as a femtofarad and 1M as a thousandth: what they say is seldom what was meant.
void warn_of_suffix(const Token& value, char kind, const Scope& scope) {
  if (!value.is_word()) return;
  const std::string_view letters = suffix(value);
  if (kind == 'c' && (letters == "F" || to_lower(letters) == "farad")) {
    scope.warn(value,
               fmt::format("'{}' is {} F: the letter f is femto", value.text, scope.value(value)),
               "leave the unit away");
  } else if (kind == 'r' && (letters == "M" || letters == "MOhm")) {
    scope.warn(value,
               fmt::format("'{}' is {} ohm: the letter m is milli", value.text, scope.value(value)),
               "write meg for a million");
  }
}

// Two nodes and a value, bare or as `r=`; ic= and m=.
Passive read_passive(Line& line, const Scope& scope, std::string_view letter, bool has_initial) {
  Passive passive{};
  passive.p = scope.node(line.expect_word("a node"));
  passive.n = scope.node(line.expect_word("a node"));
  bool has_value = false;
  const auto take_value = [&](const Token& token) {
    warn_of_suffix(token, letter.front(), scope);
    passive.value = scope.value(token);
    has_value = true;
  };
  if (const auto value = line.accept_value()) take_value(*value);
  while (const auto assignment = line.accept_assignment()) {
    const auto& [name, value] = *assignment;
    if (!has_value && equal_ignoring_case(name.text, letter)) {
      take_value(value);
    } else if (equal_ignoring_case(name.text, "m")) {
      passive.multiplicity = read_multiplicity(value, scope);
    } else if (has_initial && equal_ignoring_case(name.text, "ic")) {
      passive.initial = scope.value(value);
    } else {
      fail_unknown(*assignment, {letter, "m", has_initial ? "ic" : letter});
    }
  }
  line.expect_end();
  if (!has_value) line.expect_value("a value");
  passive.multiplicity *= scope.multiplicity();
  return passive;
}

}  // namespace

void read_resistor(Line& line, Scope& scope) {
  const Token name = line.head();
  const Passive r = read_passive(line, scope, "r", false);
  Circuit& circuit = scope.circuit();
  if (r.value == 0) {  // no conductance, but a wire whose current can be asked for
    add_element(circuit.voltage_sources, name, scope, IndependentSource{r.p, r.n, {}});
  } else {
    add_element(circuit.resistors, name, scope, Resistor{r.p, r.n, r.value / r.multiplicity});
  }
}

void read_capacitor(Line& line, Scope& scope) {
  const Token name = line.head();
  const Passive c = read_passive(line, scope, "c", true);
  add_element(scope.circuit().capacitors, name, scope,
              Capacitor{c.p, c.n, c.value * c.multiplicity, c.initial});
}

void read_inductor(Line& line, Scope& scope) {
  const Token name = line.head();
  const Passive l = read_passive(line, scope, "l", true);
  if (l.value == 0) fail(name, "an inductance of zero", "use a voltage source of 0 V for a wire");
  add_element(scope.circuit().inductors, name, scope,
              Inductor{l.p, l.n, l.value / l.multiplicity, l.initial * l.multiplicity});
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
  if (k >= 1 || k <= lowest) {
    fail(value, fmt::format("the coupling {} of {} windings is outside of ({:.4g}, 1)", k,
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
    }
  }
}

}  // namespace wordline
