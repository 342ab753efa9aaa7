// What the noise of memristors costs a transient: every sample of white noise and every jump of
// telegraph noise is a time point of its own.
#pragma once

#include <vector>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

// A warning for each transient that noise makes very much longer, with the number of time steps.
std::vector<Diagnostic> warn_of_noise(const Circuit& circuit);

}  // namespace wordline
