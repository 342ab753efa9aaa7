// A circuit as a deck for ngspice, so that any result can be checked there.
#pragma once

#include <ostream>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

// Writes a flat deck with the circuit's elements (arrays compiled to plain ones), models, options,
// analyses and requested outputs, for ngspice 39 in batch mode. Names: ngspice_names.hpp.
//
// A memristor is a behavioural sub-circuit of its model's equations. Where the deck has a
// transient, its state is the voltage of a node, scaled to 0..1 between the state's bounds, whose
// rate falls to zero within 1e-5 of a bound that it presses against; at operating points it stands
// at its initial value. A deck without a transient has the initial states as constants.
//
// Throws Error for what ngspice cannot do: a sweep over more than two quantities or over unevenly
// spaced values, a repeated piecewise linear current.
void export_ngspice(const Circuit& circuit, std::ostream& out);

}  // namespace wordline
