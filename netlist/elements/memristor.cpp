// YMEMRISTOR.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/memristor_setup.hpp"

namespace wordline {

namespace {

double positive(const Assignment& assignment, const Scope& scope) {
  const double value = scope.value(assignment.value);
  if (value > 0) return value;
  fail(assignment.value, fmt::format("{} = {} must be positive", assignment.name.text, value));
}

void set_state(const Assignment& assignment, MemristorElement& memristor, const Scope& scope) {
  const ModelCard& card = scope.circuit().models[static_cast<std::size_t>(memristor.model)];
  const double value = scope.value(assignment.value);
  const Bounds bounds = card.type->bounds(card.values);
  if (!bounds.hold(value)) {
    const std::string unit =
        card.type->state_unit.empty() ? "" : fmt::format(" {}", card.type->state_unit);
    fail(assignment.value, fmt::format("the state {}{} is outside of [{:g}, {:g}]{} of model {}",
                                       value, unit, bounds.low, bounds.high, unit, card.name));
  }
  memristor.state = value;
}

void read_parameter(const Assignment& assignment, MemristorElement& memristor, const Scope& scope) {
  const auto is = [name = assignment.name.text](std::string_view known) {
    return equal_ignoring_case(name, known);
  };
  if (is("x0") || is("xo")) {
    set_state(assignment, memristor, scope);
  } else if (is("g")) {
    memristor.conductance = positive(assignment, scope);
  } else if (is("rinit")) {
    memristor.conductance = 1 / positive(assignment, scope);
  } else if (is("m")) {
    memristor.multiplicity *= read_multiplicity(assignment.value, scope);
  } else if (is("flip")) {
    const double flip = scope.value(assignment.value);
    if (flip != 0 && flip != 1) fail(assignment.value, "flip is 0 or 1");
    memristor.flip = flip == 1;
  } else if (is("v_read")) {
    memristor.v_read = scope.value(assignment.value);
  } else {
    fail_unknown(assignment, {"x0", "xo", "g", "rinit", "m", "flip", "v_read"});
  }
}

// A memristor has any name, also one that an element of another letter could have; i(name) must
// not mean two of them.
void refuse_ambiguous(const Token& name, const Scope& scope) {
  const Circuit& circuit = scope.circuit();
  const auto taken = [&](const NameTable& names) {
    return names.size() > 0 && names.find(scope.full_name(name.text)).has_value();
  };
  if (taken(circuit.mosfets.names) || taken(circuit.resistors.names) ||
      taken(circuit.voltage_sources.names) || taken(circuit.current_sources.names) ||
      taken(circuit.diodes.names) || taken(circuit.bipolars.names) || taken(circuit.jfets.names) ||
      taken(circuit.compiled_devices.names)) {
    fail(name, "there is already an element of this name");
  }
}

// Throws Fault where no state within the model's bounds has the conductance that is asked for.
void check_conductance(const Token& name, const MemristorElement& memristor, const Scope& scope) {
  const ModelCard& card = scope.circuit().models[static_cast<std::size_t>(memristor.model)];
  if (!(memristor.conductance > 0) || !card.variations.rows.empty()) return;
  try {
    add_memristor(*card.type->make_bank(), card, memristor, scope.circuit().options.seed);
  } catch (const Error& error) {
    fail(name, error.what());
  }
}

}  // namespace

void read_memristor(Line& line, Scope& scope) {
  if (!equal_ignoring_case(line.head().text, "ymemristor")) {
    const std::string near = did_you_mean(line.head().text, {"ymemristor"});
    fail(line.head(), fmt::format("devices of type '{}' are not supported", line.head().text),
         near.empty()
             ? "Y begins YMEMRISTOR name n+ n- model; ngspice's lossy lines are not supported"
             : near);
  }
  const Token name = line.expect_word("the memristor's name");
  MemristorElement memristor{};
  memristor.p = scope.node(line.expect_word("a node"));
  memristor.n = scope.node(line.expect_word("a node"));
  memristor.model = scope.model(line.expect_word("the model"), {"memristor"});
  memristor.state = std::numeric_limits<double>::quiet_NaN();
  memristor.multiplicity = scope.multiplicity();
  while (const auto assignment = line.accept_assignment()) {
    read_parameter(*assignment, memristor, scope);
  }
  line.expect_end();
  if (memristor.conductance > 0 && memristor.state == memristor.state) {
    fail(name, "the memristor is given both a state and a conductance");
  }
  check_conductance(name, memristor, scope);
  refuse_ambiguous(name, scope);
  memristor.stream = stream_of(scope.full_name(name.text));
  add_element(scope.circuit().memristors, name, scope, memristor);
}

}  // namespace wordline
