// D, M and YMEMRISTOR.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "wordline/base/units.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/memristor_setup.hpp"

namespace wordline {

namespace {

constexpr double kDefaultChannel = 100e-6;  // m, SPICE's DEFW and DEFL

double positive(const Assignment& assignment, const Scope& scope) {
  const double value = scope.value(assignment.value);
  if (value > 0) return value;
  fail(assignment.value, fmt::format("{} = {} must be positive", assignment.name.text, value));
}

// A parameter of a MOSFET that is a plain number of its instance.
struct Dimension {
  std::string_view name;
  double MosfetInstance::*field;
  bool may_be_zero;
};

constexpr std::array<Dimension, 9> kDimensions = {{
    {"w", &MosfetInstance::width, false},
    {"l", &MosfetInstance::length, false},
    {"ad", &MosfetInstance::drain_area, true},
    {"as", &MosfetInstance::source_area, true},
    {"pd", &MosfetInstance::drain_perimeter, true},
    {"ps", &MosfetInstance::source_perimeter, true},
    {"nrd", &MosfetInstance::drain_squares, true},
    {"nrs", &MosfetInstance::source_squares, true},
    {"m", &MosfetInstance::multiplicity, false},
}};

void read_dimension(const Assignment& assignment, MosfetInstance& mosfet, const Scope& scope) {
  const auto found =
      std::find_if(kDimensions.begin(), kDimensions.end(), [&](const Dimension& dimension) {
        return equal_ignoring_case(assignment.name.text, dimension.name);
      });
  if (found == kDimensions.end()) {
    fail_unknown(assignment, {"w", "l", "ad", "as", "pd", "ps", "nrd", "nrs", "m"});
  }
  const double value = scope.value(assignment.value);
  if (value < 0 || (value == 0 && !found->may_be_zero)) {
    fail(assignment.value, fmt::format("{} = {} must be {}", found->name, value,
                                       found->may_be_zero ? "zero or more" : "positive"));
  }
  mosfet.*(found->field) = value;
}

// ---- memristors ----

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
      taken(circuit.diodes.names) || taken(circuit.compiled_devices.names)) {
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

void read_diode(Line& line, Scope& scope) {
  const Token name = line.head();
  DiodeInstance diode{};
  diode.p = scope.node(line.expect_word("the anode"));
  diode.n = scope.node(line.expect_word("the cathode"));
  diode.model = scope.model(line.expect_word("the model"), {"d"});
  diode.area = scope.multiplicity();
  const auto take_area = [&](const Token& name_of, const Token& value) {
    diode.area *= positive({name_of, value}, scope);
  };
  if (const auto value = line.accept_value()) take_area({"area"}, *value);
  while (const auto assignment = line.accept_assignment()) {
    const bool known = equal_ignoring_case(assignment->name.text, "area") ||
                       equal_ignoring_case(assignment->name.text, "m");
    if (!known) fail_unknown(*assignment, {"area", "m"});
    take_area(assignment->name, assignment->value);
  }
  line.expect_end();
  add_element(scope.circuit().diodes, name, scope, diode);
}

void check_transistor(const Token& where, std::int32_t model, double width, double length,
                      const Scope& scope) {
  const ModelCard& card = scope.circuit().models[static_cast<std::size_t>(model)];
  const Options& options = scope.circuit().options;
  try {
    make_transistor(*card.type, card.values, {.w = width, .l = length},
                    options.temperature + kZeroCelsius, options.nominal_temperature + kZeroCelsius);
  } catch (const Error& error) {
    fail(where, error.what());
  }
}

void read_mosfet(Line& line, Scope& scope) {
  const Token name = line.head();
  MosfetInstance mosfet{};
  for (NodeId MosfetInstance::*node : {&MosfetInstance::drain, &MosfetInstance::gate,
                                       &MosfetInstance::source, &MosfetInstance::bulk}) {
    mosfet.*node = scope.node(line.expect_word("a node"));
  }
  const Token model = line.expect_word("the model");
  mosfet.model = scope.model(find_bin(model, line, scope), {"nmos", "pmos"});
  mosfet.width = mosfet.length = kDefaultChannel;
  while (const auto assignment = line.accept_assignment()) {
    read_dimension(*assignment, mosfet, scope);
  }
  line.expect_end();
  check_transistor(name, mosfet.model, mosfet.width, mosfet.length, scope);
  mosfet.multiplicity *= scope.multiplicity();
  add_element(scope.circuit().mosfets, name, scope, mosfet);
}

void read_memristor(Line& line, Scope& scope) {
  if (!equal_ignoring_case(line.head().text, "ymemristor")) {
    fail(line.head(), fmt::format("devices of type '{}' are not supported", line.head().text),
         did_you_mean(line.head().text, {"ymemristor"}));
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
