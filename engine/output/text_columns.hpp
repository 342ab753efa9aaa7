// Tables of text, whose columns are real: a complex signal is two, re(x) and im(x).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline {

// Where all columns but the first are pairs re(x), im(x), they are complex signals x.
void join_parts(PlotHeader& header);

// A line x, re, im, re, im ... as a complex plot takes its numbers.
std::vector<double> point_of_pairs(std::span<const double> line);

}  // namespace wordline
