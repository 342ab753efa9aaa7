// Outputs and measures that ask for what the circuit does not have.
#pragma once

#include "wordline/engine/system.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

// Looks at those of all analyses of `circuit` that keep quantities of it, before the first of them
// is run; `system` is of the same circuit with its arrays written out. Throws NetlistError with all
// that is wrong.
void check_outputs(const Circuit& circuit, const System& system);

}  // namespace wordline
