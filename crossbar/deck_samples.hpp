// Monte Carlo of a netlist: it is read with another seed for every sample, and all its analyses are
// run.
//
//   const Circuit deck = load("amplifier.cir");  // has .mc, or was read with keep_source
//   const Samples samples = sample_circuit(deck, {.samples = 1000, .seed = 7});
#pragma once

#include <atomic>

#include "wordline/crossbar/monte_carlo.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::crossbar {

// Runs all analyses: the values of measures (NaN where one failed), the signals of operating
// points, the currents of products, called i(bl[0])@1 for the second of several inputs. A name that
// an earlier analysis has given gets the analysis before it, "tran2.delay" for the second of all.
// Throws Error where an analysis fails.
Results results_of(const Circuit& circuit, const std::atomic<bool>* interrupt = nullptr);

// Samples as at_sample() makes them, in the step that `circuit` is. One is read at a time, all are
// simulated in parallel. `.options seed=` with the seed
// of a sample makes it again. Throws NetlistError where no analysis would give results, or a limit
// of `.mc` is of none, and what draw_samples() throws.
Samples sample_circuit(const Circuit& circuit, const Sampling& sampling);

// What `.mc` asks for, with the seed of the options where it has none.
Sampling sampling_of(const Circuit& circuit);

}  // namespace wordline::crossbar
