// `.matmul` of a netlist, run as an analysis like those of the engine.
#pragma once

#include "wordline/engine/simulator.hpp"

namespace wordline::crossbar {

// A point an input: its number (from 0), then the current [A] out of every sensed line into its bus
// node, called i(bl[0]), i(bl[1]), ... Memristors have their initial states. Throws NetlistError
// where the array cannot be solved on its own, std::invalid_argument where `analysis` is none of
// products.
Result run_matmul(const Circuit& circuit, const Analysis& analysis, const RunControl& control = {});

}  // namespace wordline::crossbar
