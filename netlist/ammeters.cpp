// i(name) in expressions, where `name` is no voltage source: a source of 0 V before the element's
// first terminal, `name.ammeter`, has the current. The node behind it is `name.metered`.
#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

namespace {

// The letters of the elements that have one current, in the tables below.
constexpr std::string_view kLetters = "rcliegfhbdswy";

// The first terminal of an element by its full name; null if there is none of one current.
NodeId* first_terminal(Circuit& circuit, std::string_view element) {
  NodeId* terminal = nullptr;
  const auto look = [&](auto&... tables) {
    const auto look_in = [&](auto& table) {
      if (const auto k = table.names.find(element)) {
        terminal = &table.rows[static_cast<std::size_t>(*k)].p;
      }
    };
    (look_in(tables), ...);
  };
  look(circuit.resistors, circuit.capacitors, circuit.inductors, circuit.current_sources,
       circuit.vcvs, circuit.vccs, circuit.ccvs, circuit.cccs, circuit.behavioural,
       circuit.switches, circuit.diodes, circuit.memristors);
  return terminal;
}

// Whether a line of the block is such an element, read or not.
bool declares(const Block& block, std::string_view lower, Dialect dialect) {
  Line line(dialect);
  return std::any_of(block.elements.begin(), block.elements.end(), [&](const ElementLine& element) {
    const char letter = element.element->letter;
    if (kLetters.find(letter) == std::string_view::npos) return false;
    const std::string_view begin = std::string_view(element.text).substr(0, lower.size());
    if (letter != 'y' && !equal_ignoring_case(begin, lower)) return false;  // not worth a look
    line.reset(element.text);
    return equal_ignoring_case((letter == 'y' ? line.peek() : line.head()).text, lower);
  });
}

[[noreturn]] void refuse(const Token& name, const Scope& scope) {
  if (to_lower(name.text).starts_with('v')) scope.voltage_source(name);  // with what is near
  fail(name, fmt::format("there is no element '{}' of two terminals", name.text),
       "a voltage source of 0 V in a wire has its current");
}

}  // namespace

std::int32_t Scope::ammeter(const Token& name) const {
  Circuit& circuit = this->circuit();
  Table<IndependentSource>& sources = circuit.voltage_sources;
  if (const auto source = find_element(sources.names, name.text)) return *source;
  const std::string lower = to_lower(name.text);
  std::string element(full_name(name.text));
  if (first_terminal(circuit, element) == nullptr && !declares(block(), lower, dialect())) {
    element = lower;
    if (first_terminal(circuit, element) == nullptr) refuse(name, *this);
  }
  if (sources.add(element + ".ammeter", {})) ammeters_.push_back(element);
  return *sources.names.find(element + ".ammeter");
}

void Scope::connect_ammeters() const {
  Circuit& circuit = this->circuit();
  for (const std::string& element : ammeters_) {
    NodeId* const terminal = first_terminal(circuit, element);
    if (terminal == nullptr) continue;  // its line had a fault
    const NodeId behind = circuit.nodes.intern(element + ".metered");
    const auto source = *circuit.voltage_sources.names.find(element + ".ammeter");
    circuit.voltage_sources.rows[static_cast<std::size_t>(source)] = {*terminal, behind, {}};
    *terminal = behind;
  }
}

}  // namespace wordline
