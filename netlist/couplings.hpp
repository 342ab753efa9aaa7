// Whether the couplings of inductors fit together.
#pragma once

#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/diagnostics.hpp"

namespace wordline {

// A fault for every set of coupled inductors in which some currents would have negative energy:
// whose matrix of coupling coefficients has a negative eigenvalue. `places` are those of the
// couplings in the text, in the order of circuit.mutuals; a fault is at the last of its set.
std::vector<Fault> check_couplings(const Circuit& circuit, const std::vector<const char*>& places);

}  // namespace wordline
