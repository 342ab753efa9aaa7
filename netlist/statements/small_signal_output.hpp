// What .noise, .tf and .sens name: an output and a source as the input.
#pragma once

#include "wordline/netlist/frequency_analyses.hpp"
#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// v(node), v(node,node) or i(voltage source).
SmallSignalOutput read_small_signal_output(Line& line, const Scope& scope);
SmallSignalInput read_small_signal_input(Line& line, const Scope& scope);
// dec|oct|lin points start stop; the cursor stands before the first.
FrequencySweep read_frequencies(Line& line, const Scope& scope);

}  // namespace wordline
