// Diodes and transistors as lines of a deck for ngspice.
#pragma once

#include <ostream>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/ngspice_names.hpp"

namespace wordline {

// The `.model` lines of all kinds but memristors.
void write_ngspice_models(const Circuit& circuit, const NgspiceNames& names, std::ostream& out);

// The devices. Throws Error for those that ngspice has no model of.
void write_ngspice_semiconductors(const Circuit& circuit, const NgspiceNames& names,
                                  std::ostream& out);

}  // namespace wordline
