// Results of Monte Carlo: printed as a table of statistics, written as a plot whose points are the
// samples.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "wordline/crossbar/monte_carlo.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

// Takes the samples with a line of progress, unless `quiet`, until Ctrl-C.
crossbar::Samples with_progress(
    crossbar::Sampling sampling, bool quiet,
    const std::function<crossbar::Samples(const crossbar::Sampling&)>& take);

// A line a result, then the yields; on stderr which samples failed, and why.
void print_samples(const crossbar::Samples& samples, const crossbar::Sampling& sampling,
                   std::FILE* out);
void report_failed_samples(const crossbar::Samples& samples);

// A point a sample that has results: its number, its seed, the results.
void write_samples(const crossbar::Samples& samples, const std::string& title, WaveformSink& sink);

// Of the command: failed where no sample has a result.
int exit_code_of(const crossbar::Samples& samples);

}  // namespace wordline::cli
