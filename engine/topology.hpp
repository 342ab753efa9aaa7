// What can be told of a circuit before solving it: nodes without a path to ground, loops of voltage
// sources. Both make the matrix singular, and a name is worth more than a pivot.
#pragma once

#include <map>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

// The faults of a circuit without crossbars (compiled), each naming its nodes or elements. With
// `at_rest`, capacitors do not conduct and inductors are short circuits, as at an operating point.
std::vector<Diagnostic> check_topology(const Circuit& circuit, bool at_rest);

// Takes out the nodes whose voltage sources alone fix, so that no condition can.
void drop_nodes_fixed_by_sources(const Circuit& circuit, std::map<NodeId, double>& voltages);

}  // namespace wordline
