// Outputs of many signals: v(*), i(x1.*), @*[x].
#pragma once

#include <vector>

#include "wordline/engine/system.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

// The requests that one with wildcards stands for; itself if it has none. `circuit` has the arrays
// that are written out in `system`; what lies inside them only matches patterns that begin with an
// array's name, since there is too much of it. Throws NetlistError where nothing matches.
std::vector<OutputRequest> expand_wildcards(const OutputRequest& request, const System& system,
                                            const Circuit& circuit);

}  // namespace wordline
