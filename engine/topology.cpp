#include "wordline/engine/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace wordline {

namespace {

class UnionFind {
 public:
  explicit UnionFind(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t k) {
    while (parent_[k] != k) k = parent_[k] = parent_[parent_[k]];
    return k;
  }
  // False if the two were joined already.
  bool join(NodeId a, NodeId b) {
    const std::size_t ra = find(static_cast<std::size_t>(a));
    const std::size_t rb = find(static_cast<std::size_t>(b));
    parent_[std::max(ra, rb)] = std::min(ra, rb);
    return ra != rb;
  }

 private:
  std::vector<std::size_t> parent_;
};

// An element that fixes the voltage between its nodes.
struct VoltageBranch {
  NodeId p, n;
  std::string name;
};

template <class Row>
void collect(const Table<Row>& table, std::vector<VoltageBranch>& branches) {
  for (std::size_t k = 0; k < table.size(); ++k) {
    branches.push_back({table.rows[k].p, table.rows[k].n, table.names[static_cast<NodeId>(k)]});
  }
}

std::vector<VoltageBranch> voltage_branches(const Circuit& circuit, bool at_rest) {
  std::vector<VoltageBranch> branches;
  collect(circuit.voltage_sources, branches);
  collect(circuit.vcvs, branches);
  collect(circuit.ccvs, branches);
  for (std::size_t k = 0; k < circuit.behavioural.size(); ++k) {
    const BehaviouralSource& b = circuit.behavioural.rows[k];
    if (b.is_voltage) {
      branches.push_back({b.p, b.n, circuit.behavioural.names[static_cast<NodeId>(k)]});
    }
  }
  if (at_rest) {
    collect(circuit.inductors, branches);
    // A line at rest is a wire.
    for (std::size_t k = 0; k < circuit.lines.size(); ++k) {
      const TransmissionLine& line = circuit.lines.rows[k];
      if (line.n1 == line.n2) {
        branches.push_back({line.p1, line.p2, circuit.lines.names[static_cast<NodeId>(k)]});
      }
    }
  }
  return branches;
}

template <class Row>
void join_two_terminals(const Table<Row>& table, UnionFind& sets) {
  for (const Row& row : table.rows) sets.join(row.p, row.n);
}

// The tree of voltage branches from `a` to `b`, found by breadth-first search.
std::string describe_loop(const std::vector<VoltageBranch>& tree, const VoltageBranch& closing,
                          std::size_t nodes) {
  std::vector<std::vector<std::size_t>> at_node(nodes);
  for (std::size_t k = 0; k < tree.size(); ++k) {
    at_node[static_cast<std::size_t>(tree[k].p)].push_back(k);
    at_node[static_cast<std::size_t>(tree[k].n)].push_back(k);
  }
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> reached_by(nodes, kNone);
  std::vector<NodeId> queue = {closing.p};
  for (std::size_t head = 0; head < queue.size() && queue.back() != closing.n; ++head) {
    for (const std::size_t k : at_node[static_cast<std::size_t>(queue[head])]) {
      const NodeId other = tree[k].p == queue[head] ? tree[k].n : tree[k].p;
      if (other == closing.p || reached_by[static_cast<std::size_t>(other)] != kNone) continue;
      reached_by[static_cast<std::size_t>(other)] = k;
      queue.push_back(other);
      if (other == closing.n) break;
    }
  }
  std::string loop = closing.name;
  for (NodeId node = closing.n; node != closing.p;) {
    const std::size_t k = reached_by[static_cast<std::size_t>(node)];
    if (k == kNone) break;
    loop += ", " + tree[k].name;
    node = tree[k].p == node ? tree[k].n : tree[k].p;
  }
  return loop;
}

void check_loops(const Circuit& circuit, bool at_rest, std::vector<Diagnostic>& faults) {
  const auto nodes = static_cast<std::size_t>(circuit.nodes.size());
  UnionFind sets(nodes);
  std::vector<VoltageBranch> tree;
  for (const VoltageBranch& branch : voltage_branches(circuit, at_rest)) {
    if (sets.join(branch.p, branch.n)) {
      tree.push_back(branch);
      continue;
    }
    faults.push_back(
        {Severity::kError,
         {},
         branch.p == branch.n
             ? fmt::format("both ends of '{}' are node '{}'", branch.name, circuit.nodes[branch.p])
             : fmt::format("voltage sources{} form a loop: {}",
                           at_rest && circuit.inductors.size() > 0 ? " and inductors" : "",
                           describe_loop(tree, branch, nodes)),
         "put a resistor into the loop"});
  }
}

// Ties those terminals of a compiled device together between which its model may conduct.
void join_terminals(const CompiledDevice& device, const osdi::Module& module, bool at_rest,
                    UnionFind& sets) {
  UnionFind inside(module.nodes().size());
  for (const OsdiJacobianEntry& entry : module.jacobian_entries()) {
    const bool conducts = !at_rest || (entry.flags & OSDI_RESISTIVE) != 0;
    if (conducts)
      inside.join(static_cast<NodeId>(entry.at.first), static_cast<NodeId>(entry.at.second));
  }
  for (std::size_t a = 0; a < device.nodes.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (inside.find(a) == inside.find(b)) sets.join(device.nodes[a], device.nodes[b]);
    }
  }
}

// Nodes between which a current flows that depends on the voltage there.
UnionFind conducting(const Circuit& circuit, bool at_rest) {
  UnionFind sets(static_cast<std::size_t>(circuit.nodes.size()));
  join_two_terminals(circuit.resistors, sets);
  join_two_terminals(circuit.memristors, sets);
  join_two_terminals(circuit.diodes, sets);
  if (!at_rest) join_two_terminals(circuit.capacitors, sets);
  join_two_terminals(circuit.inductors, sets);
  for (const VoltageBranch& branch : voltage_branches(circuit, at_rest)) {
    sets.join(branch.p, branch.n);
  }
  join_two_terminals(circuit.switches, sets);
  for (const TransmissionLine& line : circuit.lines.rows) {
    sets.join(line.p1, at_rest ? line.p2 : line.n1);
    sets.join(at_rest ? line.n1 : line.p2, line.n2);
  }
  for (const BipolarInstance& q : circuit.bipolars.rows) {
    sets.join(q.base, q.emitter);
    sets.join(q.base, q.collector);
    if (!at_rest) sets.join(q.substrate, q.collector);
  }
  for (const JfetInstance& j : circuit.jfets.rows) {
    sets.join(j.gate, j.source);
    sets.join(j.gate, j.drain);
  }
  for (const MosfetInstance& m : circuit.mosfets.rows) {
    sets.join(m.drain, m.bulk);  // through its junctions
    sets.join(m.source, m.bulk);
    if (!at_rest) sets.join(m.gate, m.bulk);
  }
  for (const CompiledDevice& device : circuit.compiled_devices.rows) {
    const auto& card = circuit.compiled_models[static_cast<std::size_t>(device.model)];
    join_terminals(device, *card.module, at_rest, sets);
  }
  return sets;
}

// Joins the ends of sources of controlled currents as well: apart from these parts of the circuit
// no current flows between them that depends on anything, and the balance of each has none.
void join_controlled_currents(const Circuit& circuit, UnionFind& sets) {
  join_two_terminals(circuit.vccs, sets);
  join_two_terminals(circuit.cccs, sets);
  for (const BehaviouralSource& b : circuit.behavioural.rows) {
    for (const ExpressionInput& input : b.value.inputs()) {
      const bool controls = input.kind == ExpressionInput::Kind::kVoltage ||
                            input.kind == ExpressionInput::Kind::kCurrent;
      if (controls && !b.is_voltage) sets.join(b.p, b.n);
    }
  }
}

// Joins nodes whose voltages are compared instead: apart from these parts of the circuit nothing
// depends on how high one of them is above another.
void join_compared_voltages(const Circuit& circuit, UnionFind& sets) {
  for (const auto* const table : {&circuit.vccs, &circuit.vcvs}) {
    for (const VoltageControlled& source : table->rows) sets.join(source.cp, source.cn);
  }
  for (const BehaviouralSource& b : circuit.behavioural.rows) {
    for (const ExpressionInput& input : b.value.inputs()) {
      if (input.kind == ExpressionInput::Kind::kVoltage) sets.join(input.p, input.n);
    }
  }
  for (const Switch& s : circuit.switches.rows) sets.join(s.cp, s.cn);
  for (const MosfetInstance& m : circuit.mosfets.rows) sets.join(m.gate, m.bulk);
  for (const CompiledDevice& device : circuit.compiled_devices.rows) {
    for (const NodeId node : device.nodes) sets.join(node, device.nodes.front());
  }
}

void check_floating(const Circuit& circuit, bool at_rest, std::vector<Diagnostic>& faults) {
  constexpr std::size_t kNamed = 5;
  UnionFind by_currents = conducting(circuit, at_rest);
  UnionFind by_voltages = by_currents;
  join_controlled_currents(circuit, by_currents);
  join_compared_voltages(circuit, by_voltages);
  std::vector<NodeId> floating;
  for (NodeId node = 1; node < circuit.nodes.size(); ++node) {
    const auto k = static_cast<std::size_t>(node);
    const bool is_tied =
        by_currents.find(k) == by_currents.find(0) && by_voltages.find(k) == by_voltages.find(0);
    if (!is_tied) floating.push_back(node);
  }
  if (floating.empty()) return;
  std::string names;
  for (std::size_t k = 0; k < std::min(kNamed, floating.size()); ++k) {
    names += fmt::format("{}'{}'", k == 0 ? "" : ", ", circuit.nodes[floating[k]]);
  }
  if (floating.size() > kNamed) names += fmt::format(" and {} more", floating.size() - kNamed);
  faults.push_back(
      {Severity::kError,
       {},
       fmt::format("no DC path to ground from node{} {}", floating.size() == 1 ? "" : "s", names),
       "connect a resistor, or give every node a small conductance with "
       "`.options gshunt=1e-12`"});
}

}  // namespace

std::vector<Diagnostic> check_topology(const Circuit& circuit, bool at_rest) {
  std::vector<Diagnostic> faults;
  check_loops(circuit, at_rest, faults);
  if (circuit.options.gshunt <= 0) check_floating(circuit, at_rest, faults);
  return faults;
}

void drop_nodes_fixed_by_sources(const Circuit& circuit, std::map<NodeId, double>& voltages) {
  UnionFind sets(static_cast<std::size_t>(circuit.nodes.size()));
  for (const VoltageBranch& branch : voltage_branches(circuit, true)) {
    sets.join(branch.p, branch.n);
  }
  std::erase_if(voltages, [&](const auto& given) {
    return sets.find(static_cast<std::size_t>(given.first)) == sets.find(0);
  });
}

}  // namespace wordline
