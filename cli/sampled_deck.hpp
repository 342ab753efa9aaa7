// All samples of a deck, in each of its steps: the table of statistics and the file of results.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wordline/cli/result_files.hpp"
#include "wordline/crossbar/monte_carlo.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::cli {

// "rload = 2 k, temp = 50"
std::string describe(const std::vector<Override>& values);

// The file of samples, of a circuit's or of an array's, as that of an analysis. Throws as
// ResultFiles.
ResultFiles open_sample_file(const Circuit& circuit, const std::string& deck,
                             const ResultOptions& options);

// Returns the exit code. Without `results` the table is all there is.
int sample_deck(const Circuit& circuit, const crossbar::Sampling& sampling, const std::string& deck,
                const std::optional<ResultOptions>& results, bool quiet);

}  // namespace wordline::cli
