#include "wordline/netlist/ngspice_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace wordline {

namespace {

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

// Letters, digits and underscores; a closing bracket leaves no trace.
std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c != ']') result += is_plain(c) ? c : '_';
  }
  return result;
}

template <class Taken>
std::string unique(const std::string& wanted, Taken& taken) {
  std::string name = wanted;
  for (int k = 2; !taken.insert(name).second; ++k) name = fmt::format("{}_{}", wanted, k);
  return name;
}

}  // namespace

NgspiceNames::NgspiceNames(const Circuit& circuit) : circuit_(circuit) {
  Taken nodes = {"0", "gnd", "null", std::string(kTransientNode)};
  nodes_.push_back("0");
  for (NodeId id = 1; id < circuit.nodes.size(); ++id) {
    nodes_.push_back(unique(plain(circuit.nodes[id]), nodes));
  }
  Taken elements = {fmt::format("v_{}", kTransientNode)};
  add_elements(circuit.resistors.names, 'r', elements);
  add_elements(circuit.capacitors.names, 'c', elements);
  add_elements(circuit.inductors.names, 'l', elements);
  add_elements(circuit.mutuals.names, 'k', elements);
  add_elements(circuit.voltage_sources.names, 'v', elements);
  add_elements(circuit.current_sources.names, 'i', elements);
  add_elements(circuit.vcvs.names, 'e', elements);
  add_elements(circuit.vccs.names, 'g', elements);
  add_elements(circuit.ccvs.names, 'h', elements);
  add_elements(circuit.cccs.names, 'f', elements);
  add_elements(circuit.behavioural.names, 'b', elements);
  add_elements(circuit.lines.names, 't', elements);
  add_switches(circuit.switches, elements);
  add_elements(circuit.diodes.names, 'd', elements);
  add_elements(circuit.mosfets.names, 'm', elements);
  add_elements(circuit.memristors.names, 'x', elements);
  for (const std::string& memristor : elements_.at(&circuit.memristors.names)) {
    states_.push_back(unique(memristor + "_x", nodes));
    temperatures_.push_back(unique(memristor + "_t", nodes));
  }
  Taken models;
  const bool has_transient = std::any_of(
      circuit.analyses.begin(), circuit.analyses.end(),
      [](const Analysis& analysis) { return std::holds_alternative<TranAnalysis>(analysis.what); });
  for (const ModelCard& card : circuit.models) {
    models_.push_back(unique(plain(card.name), models));
    const bool may_move = has_transient && card.type->kind == "memristor";
    const SpiceEquations equations =
        may_move ? card.type->spice_equations(card.values) : SpiceEquations{};
    has_state_node_.push_back(may_move && equations.rate != "0");
    has_temperature_node_.push_back(!equations.temperature_rate.empty());
  }
}

void NgspiceNames::add_elements(const NameTable& table, char letter, Taken& taken) {
  std::vector<std::string>& names = elements_[&table];
  for (NameTable::Id id = 0; id < table.size(); ++id) {
    std::string name = plain(table[id]);
    if (!name.starts_with(letter)) name.insert(name.begin(), letter);
    names.push_back(unique(name, taken));
  }
}

// One table of two letters.
void NgspiceNames::add_switches(const Table<Switch>& table, Taken& taken) {
  std::vector<std::string>& names = elements_[&table.names];
  for (std::size_t k = 0; k < table.size(); ++k) {
    const char letter = table.rows[k].control < 0 ? 's' : 'w';
    std::string name = plain(table.names[static_cast<NameTable::Id>(k)]);
    if (!name.starts_with(letter)) name.insert(name.begin(), letter);
    names.push_back(unique(name, taken));
  }
}

const std::string& NgspiceNames::element(const NameTable& table, std::size_t k) const {
  return elements_.at(&table)[k];
}

const NameTable* NgspiceNames::find(std::string_view name, std::size_t& row) const {
  for (const auto& [table, names] : elements_) {
    if (const auto id = table->find(name)) {
      row = static_cast<std::size_t>(*id);
      return table;
    }
  }
  return nullptr;
}

std::string NgspiceNames::voltage(std::string_view node) const {
  const auto id = circuit_.nodes.find(node);
  return id && *id != 0 ? fmt::format("v({})", this->node(*id)) : std::string();
}

std::vector<std::string> NgspiceNames::vectors(const OutputRequest& request) const {
  std::vector<std::string> result;
  const auto add = [&result](std::string vector) {
    if (!vector.empty()) result.push_back(std::move(vector));
  };
  if (request.kind == OutputRequest::Kind::kNodeVoltage) {
    add(voltage(request.first));
    add(voltage(request.second));
    return result;
  }
  std::size_t row = 0;
  const NameTable* const table = find(request.first, row);
  if (table == nullptr) return {};
  const std::string& name = element(*table, row);
  const bool is_memristor = table == &circuit_.memristors.names;
  if (request.kind == OutputRequest::Kind::kCurrent) {
    const bool has_branch = table == &circuit_.voltage_sources.names ||
                            table == &circuit_.inductors.names || table == &circuit_.vcvs.names ||
                            table == &circuit_.ccvs.names;
    if (has_branch) {
      add(fmt::format("i({})", name));
    } else if (is_memristor) {
      add(fmt::format("@b.{}.b[i]", name));
    } else if (table == &circuit_.current_sources.names) {
      add(fmt::format("@{}[current]", name));
    } else {
      const bool is_transistor = table == &circuit_.mosfets.names;
      const bool is_diode = table == &circuit_.diodes.names;
      add(fmt::format("@{}[{}]", name, is_transistor || is_diode ? "id" : "i"));
    }
  } else if (!is_memristor) {
    add(fmt::format("@{}[{}]", name, request.second));
  } else if (request.second == "x" && has_state_node(circuit_.memristors.rows[row].model)) {
    add(fmt::format("v({})", state_node(row)));
  } else if (request.second == "t" && has_temperature_node(circuit_.memristors.rows[row].model)) {
    add(fmt::format("v({})", temperature_node(row)));
  }
  return result;
}

}  // namespace wordline
