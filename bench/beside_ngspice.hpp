// The same transient by Wordline and by ngspice, each on one core: their CPU times and how far
// their results are from a reference.
#pragma once

#include <string>

#include "wordline/engine/simulator.hpp"

namespace wordline::bench {

struct Run {
  double seconds = 0;  // CPU time
  Waveforms waveforms;
};

// From the circuit to the waveforms of its first analysis. Throws Error where it fails.
Run run_wordline(const Circuit& circuit);
// Of several runs the one whose time is in the middle.
Run median_run(const Circuit& circuit, int repetitions);

// From the start of the program to its file of results. Throws Error where ngspice fails.
Run run_ngspice(const Circuit& circuit);  // as it is exported
Run run_ngspice(const std::string& deck);

// The largest difference of any signal from the reference, as a fraction of its full scale, at the
// points of `run`; the reference is much finer.
double error(const Waveforms& run, const Waveforms& reference);

}  // namespace wordline::bench
