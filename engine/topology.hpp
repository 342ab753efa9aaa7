// What can be told of a circuit before solving it: nodes without a path to ground, loops of voltage
// sources. Both make the matrix singular, and a name is worth more than a pivot.
#pragma once

#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

// The faults of a circuit without crossbars (compiled), each naming its nodes or elements. With
// `at_rest`, capacitors do not conduct and inductors are short circuits, as at an operating point.
std::vector<Diagnostic> check_topology(const Circuit& circuit, bool at_rest);

// Nodes whose voltage is fixed by voltage sources alone, so that no initial condition can set it.
std::vector<char> nodes_fixed_by_sources(const Circuit& circuit);

}  // namespace wordline
