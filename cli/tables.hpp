// Results of few numbers, as text.
#pragma once

#include <cstdio>

#include "wordline/engine/simulator.hpp"

namespace wordline::cli {

// The signals of a plot of one point, one below the other.
void print_values(const Waveforms& waveforms, std::FILE* out);

// The tables that an analysis gives beside its waveforms: integrated noise, the largest
// contribution first; harmonics; sensitivities, whose derivatives are `main`.
void print_tables(const Waveforms& main, const std::vector<Waveforms>& tables, std::FILE* out);

}  // namespace wordline::cli
