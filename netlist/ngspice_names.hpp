// The names of a circuit in a deck for ngspice, whose syntax gives brackets and commas a meaning:
// the node xb.wl[3,17] is called xb_wl_3_17 there.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

class NgspiceNames {
 public:
  // No node of the circuit is called this.
  static constexpr std::string_view kTransientNode = "transient";

  // Names the nodes and elements of a circuit without crossbars, which must outlive this. Every
  // name is unique among those of its kind, and the same for the same circuit.
  explicit NgspiceNames(const Circuit& circuit);

  const std::string& node(NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  // Element k of one of the circuit's tables.
  const std::string& element(const NameTable& table, std::size_t k) const;
  // The node whose voltage is a memristor's state, from 0 at the lower bound to 1 at the upper.
  const std::string& state_node(std::size_t memristor) const { return states_[memristor]; }
  // The node whose voltage is a memristor's temperature [K], where that is a state of its own.
  const std::string& temperature_node(std::size_t memristor) const {
    return temperatures_[memristor];
  }
  // Whether the memristors of a model have a node for their state: where there is no transient, or
  // the model's state does not change, there is none.
  bool has_state_node(std::int32_t model) const {
    return has_state_node_[static_cast<std::size_t>(model)];
  }
  bool has_temperature_node(std::int32_t model) const {
    return has_temperature_node_[static_cast<std::size_t>(model)];
  }
  // The sub-circuit of a model.
  const std::string& model(std::size_t k) const { return models_[k]; }

  // What `.save` must name so that ngspice keeps the request's quantity, or what it is made of: for
  // v(a,b) both voltages. Empty if ngspice has no such quantity.
  std::vector<std::string> vectors(const OutputRequest& request) const;

 private:
  using Taken = std::unordered_set<std::string>;

  void add_elements(const NameTable& table, char letter, Taken& taken);
  void add_switches(const Table<Switch>& table, Taken& taken);
  std::string voltage(std::string_view node) const;
  // The table and row of an element by its name; null if there is none.
  const NameTable* find(std::string_view name, std::size_t& row) const;

  const Circuit& circuit_;
  std::vector<std::string> nodes_;
  std::vector<std::string> states_, temperatures_;
  std::vector<std::string> models_;
  std::vector<bool> has_state_node_, has_temperature_node_;  // of every model
  std::unordered_map<const NameTable*, std::vector<std::string>> elements_;
};

}  // namespace wordline
