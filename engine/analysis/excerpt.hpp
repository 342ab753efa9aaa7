// One element of a circuit on its own, with what it refers to: at the same voltages and currents it
// has the same currents. Nodes and elements keep their names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <type_traits>
#include <utility>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

class Excerpt {
 public:
  explicit Excerpt(const Circuit& whole) : whole_(whole) { circuit_.options = whole.options; }

  template <class Row>
  Circuit of(Table<Row> Circuit::*table, std::size_t k) && {
    take(table, k);
    if constexpr (std::is_same_v<Row, Inductor>) take_couplings(static_cast<std::int32_t>(k));
    return std::move(circuit_);
  }

 private:
  template <class Row>
  void take(Table<Row> Circuit::*table, std::size_t k) {
    Row row = (whole_.*table).rows[k];
    adopt(row, k);
    (circuit_.*table).add((whole_.*table).names[static_cast<NameTable::Id>(k)], std::move(row));
  }

  // Those of the inductor that was taken, with the others that they lead to.
  void take_couplings(std::int32_t inductor);

  // Makes the row one of the excerpt: its nodes, and the rows that it refers to by their numbers.
  void adopt(Resistor& row, std::size_t k);
  void adopt(Capacitor& row, std::size_t k);
  void adopt(Inductor& row, std::size_t k);
  void adopt(MutualInductance& row, std::size_t k);
  void adopt(IndependentSource& row, std::size_t k);
  void adopt(VoltageControlled& row, std::size_t k);
  void adopt(CurrentControlled& row, std::size_t k);
  void adopt(DiodeInstance& row, std::size_t k);
  void adopt(MemristorElement& row, std::size_t k);
  void adopt(MosfetInstance& row, std::size_t k);

  void adopt_node(NodeId& node) { node = circuit_.nodes.intern(whole_.nodes[node]); }
  void adopt_model(std::int32_t& model);
  template <class Law>
  static void adopt_law(const std::map<std::int32_t, Law>& from, std::size_t k,
                        std::map<std::int32_t, Law>& to) {
    const auto found = from.find(static_cast<std::int32_t>(k));
    if (found != from.end()) to.emplace(0, found->second);
  }

  const Circuit& whole_;
  Circuit circuit_;
};

}  // namespace wordline
