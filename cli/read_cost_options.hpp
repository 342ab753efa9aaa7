// The options of `wordline matmul` that say what a read costs: energy, settling, area.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/array.hpp"

namespace wordline::cli {

struct ReadCostOptions {
  std::string read_time;  // empty: not asked for, as the next ones
  std::string capacitance, word_capacitance, bit_capacitance;
  std::string feature_size;
  double cell_squares = 4;
};

void add_read_cost_options(CLI::App& command, ReadCostOptions& options);

bool are_given(const ReadCostOptions& options);

// "read: 1.2mW, 12pJ in 10ns, settled to 1 % after 3.1ns, 0.0042 mm2": of the mean input. Inputs
// are on the word lines. Throws UsageError where an option cannot be.
std::string describe(crossbar::Array& array, const Matrix& inputs, const ReadCostOptions& options);

}  // namespace wordline::cli
