// D, Q, J and M.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/elements/straight_diode.hpp"

namespace wordline {

namespace {

// A parameter that is a plain number of an instance.
template <class Row>
struct Dimension {
  std::string_view name;
  double Row::*field;
  bool may_be_zero;
  int metres = 0;  // the power of a length that `.options scale` multiplies
};

constexpr std::array<Dimension<DiodeInstance>, 2> kDiodeDimensions = {
    {{"area", &DiodeInstance::area, false}, {"pj", &DiodeInstance::perimeter, true}}};

constexpr std::array<Dimension<BipolarInstance>, 3> kBipolarDimensions = {
    {{"area", &BipolarInstance::area, false},
     {"areab", &BipolarInstance::base_area, false},
     {"areac", &BipolarInstance::collector_area, false}}};

constexpr std::array<Dimension<JfetInstance>, 1> kJfetDimensions = {
    {{"area", &JfetInstance::area, false}}};

constexpr std::array<Dimension<MosfetInstance>, 8> kMosfetDimensions = {{
    {"w", &MosfetInstance::width, false, 1},
    {"l", &MosfetInstance::length, false, 1},
    {"ad", &MosfetInstance::drain_area, true, 2},
    {"as", &MosfetInstance::source_area, true, 2},
    {"pd", &MosfetInstance::drain_perimeter, true, 1},
    {"ps", &MosfetInstance::source_perimeter, true, 1},
    {"nrd", &MosfetInstance::drain_squares, true},
    {"nrs", &MosfetInstance::source_squares, true},
}};

double read_dimension(std::string_view name, bool may_be_zero, const Token& token,
                      const Scope& scope) {
  const double value = scope.value(token);
  if (value > 0 || (value == 0 && may_be_zero)) return value;
  fail(token,
       fmt::format("{} = {} must be {}", name, value, may_be_zero ? "zero or more" : "positive"));
}

double read_temperature(const Token& token, const Scope& scope) {
  const double celsius = scope.value(token);
  if (celsius > -kZeroCelsius) return celsius;
  fail(token, fmt::format("{} C is below absolute zero", celsius));
}

// The values after `ic=`, as many as there are, at most all.
void read_initial(const Token& first, Line& line, const Scope& scope, std::span<double> initial) {
  initial[0] = scope.value(first);
  for (std::size_t count = 1; !line.peek(2).is('=') && line.accept(','); ++count) {
    const Token value = line.expect_value("an initial voltage");
    if (count == initial.size()) {
      fail(value, fmt::format("ic takes at most {} voltage{}", count, count == 1 ? "" : "s"));
    }
    initial[count] = scope.value(value);
  }
}

template <class Row, std::size_t N>
[[noreturn]] void fail_unknown_of(const Assignment& assignment,
                                  const std::array<Dimension<Row>, N>& dimensions) {
  std::vector<std::string> known = {"m", "ic", "off", "temp", "dtemp"};
  for (const Dimension<Row>& dimension : dimensions) known.emplace_back(dimension.name);
  fail(assignment.name, fmt::format("'{}' is no parameter of this element", assignment.name.text),
       did_you_mean(assignment.name.text, known));
}

// What follows the model: `off`, and assignments of dimensions and of what all devices have.
template <class Row, std::size_t N>
void read_settings(Line& line, const Scope& scope, Row& row,
                   const std::array<Dimension<Row>, N>& dimensions) {
  row.multiplicity = scope.multiplicity();
  while (!line.done()) {
    if (!line.at_assignment() && line.accept_word("off")) {
      row.off = true;
      continue;
    }
    const auto assignment = line.accept_assignment();
    if (!assignment) break;
    const Token& name = assignment->name;
    const Token& value = assignment->value;
    const auto is = [&](std::string_view known) { return equal_ignoring_case(name.text, known); };
    const auto dimension = std::find_if(dimensions.begin(), dimensions.end(),
                                        [&](const Dimension<Row>& d) { return is(d.name); });
    if (dimension != dimensions.end()) {
      row.*(dimension->field) =
          read_dimension(dimension->name, dimension->may_be_zero, value, scope) *
          std::pow(scope.circuit().options.scale, dimension->metres);
    } else if (is("m")) {
      row.multiplicity *= read_multiplicity(value, scope);
    } else if (is("ic")) {
      read_initial(value, line, scope, row.initial);
    } else if (is("off")) {
      row.off = scope.value(value) != 0;
    } else if (is("temp")) {
      row.temperature.celsius = read_temperature(value, scope);
    } else if (is("dtemp")) {
      row.temperature.warmer_by = scope.value(value);
    } else {
      fail_unknown_of(*assignment, dimensions);
    }
  }
  line.expect_end();
}

// A bare number after the model is the area.
template <class Row>
void read_bare_area(Line& line, const Scope& scope, Row& row) {
  const Token& next = line.peek();
  if (next.is_word() && equal_ignoring_case(next.text, "off")) return;
  if (const auto value = line.accept_value())
    row.area = read_dimension("area", false, *value, scope);
}

// The nodes of a bipolar transistor, three or with the substrate four, and its model.
void read_bipolar_nodes(Line& line, const Scope& scope, BipolarInstance& q) {
  q.collector = scope.node(line.expect_word("the collector"));
  q.base = scope.node(line.expect_word("the base"));
  q.emitter = scope.node(line.expect_word("the emitter"));
  q.substrate = 0;
  const Token fourth = line.expect_word("the substrate or the model");
  const Token& fifth = line.peek();
  const bool is_name = fifth.is_word() && !line.at_assignment() &&
                       !equal_ignoring_case(fifth.text, "off") &&
                       (scope.has_model(fifth) || !parse_spice_number(fifth.text));
  Token model = fourth;
  if (is_name && !scope.has_model(fourth)) {
    q.substrate = scope.node(fourth);
    model = line.take();
  }
  q.model = scope.model(model, {"npn", "pnp"});
}

}  // namespace

void read_diode(Line& line, Scope& scope) {
  const Token name = line.head();
  DiodeInstance diode{};
  diode.p = scope.node(line.expect_word("the anode"));
  diode.n = scope.node(line.expect_word("the cathode"));
  const Token model = line.expect_word("the model");
  const auto straight = find_straight_diode(model, scope);
  if (!straight) diode.model = scope.model(model, {"d"});
  read_bare_area(line, scope, diode);
  read_settings(line, scope, diode, kDiodeDimensions);
  if (!straight) return add_element(scope.circuit().diodes, name, scope, diode);
  Behaviour behaviour(scope);
  straight->push_current(behaviour, diode.p, diode.n);
  behaviour.multiply(diode.area * diode.multiplicity);
  add_element(scope.circuit().behavioural, name, scope,
              std::move(behaviour).make(diode.p, diode.n, false));
}

void read_bipolar(Line& line, Scope& scope) {
  const Token name = line.head();
  BipolarInstance q{};
  read_bipolar_nodes(line, scope, q);
  read_bare_area(line, scope, q);
  // Those of base and collector are as large as the emitter's where they are not given.
  q.base_area = q.collector_area = 0;
  read_settings(line, scope, q, kBipolarDimensions);
  if (q.base_area == 0) q.base_area = q.area;
  if (q.collector_area == 0) q.collector_area = q.area;
  add_element(scope.circuit().bipolars, name, scope, q);
}

void read_jfet(Line& line, Scope& scope) {
  const Token name = line.head();
  JfetInstance jfet{};
  jfet.drain = scope.node(line.expect_word("the drain"));
  jfet.gate = scope.node(line.expect_word("the gate"));
  jfet.source = scope.node(line.expect_word("the source"));
  jfet.model = scope.model(line.expect_word("the model"), {"njf", "pjf"});
  read_bare_area(line, scope, jfet);
  read_settings(line, scope, jfet, kJfetDimensions);
  add_element(scope.circuit().jfets, name, scope, jfet);
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

// Power transistors of other simulators have three nodes, or five with their temperatures: their
// model says that it is not supported.
void check_nodes_of_mosfet(const Line& line, const Scope& scope) {
  if (scope.has_model(line.peek(4))) return;
  std::size_t nodes = 0;
  while (line.peek(nodes).is_word() && !scope.has_model(line.peek(nodes))) ++nodes;
  const Token& model = line.peek(nodes);
  if (!model.is_word()) return;
  scope.model(model, {"nmos", "pmos"});
  fail(model, fmt::format("a MOS transistor has four nodes before its model, not {}", nodes),
       nodes == 3 ? "the bulk is missing" : "");
}

void read_mosfet(Line& line, Scope& scope) {
  const Token name = line.head();
  check_nodes_of_mosfet(line, scope);
  MosfetInstance mosfet{};
  for (NodeId MosfetInstance::*node : {&MosfetInstance::drain, &MosfetInstance::gate,
                                       &MosfetInstance::source, &MosfetInstance::bulk}) {
    mosfet.*node = scope.node(line.expect_word("a node"));
  }
  const Token model = line.expect_word("the model");
  mosfet.model = scope.model(find_bin(model, line, scope), {"nmos", "pmos"});
  const Options& options = scope.circuit().options;
  const ModelCard& card = scope.circuit().models[static_cast<std::size_t>(mosfet.model)];
  mosfet.width = card.channel_width.value_or(options.channel_width);
  mosfet.length = card.channel_length.value_or(options.channel_length);
  mosfet.drain_area = options.drain_area;
  mosfet.source_area = options.source_area;
  read_settings(line, scope, mosfet, kMosfetDimensions);
  check_transistor(name, mosfet.model, mosfet.width, mosfet.length, scope);
  add_element(scope.circuit().mosfets, name, scope, mosfet);
}

}  // namespace wordline
