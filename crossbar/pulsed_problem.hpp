// The array that pulses are asked to act on.
#pragma once

#include "wordline/crossbar/problem.hpp"
#include "wordline/crossbar/pulsed_array.hpp"

namespace wordline::crossbar {

// Throws Error for what PulsedArray does not take.
ArrayProblem make_pulsed_problem(const Crossbar& crossbar, const Circuit& circuit,
                                 const PulseSettings& settings);

}  // namespace wordline::crossbar
