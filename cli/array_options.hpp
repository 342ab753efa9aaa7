// The options of commands that work on an array with memristors that move: one of a deck, or one
// that they describe themselves.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "wordline/cli/command.hpp"
#include "wordline/cli/wire_options.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::cli {

struct ArrayOptions {
  std::string deck, array;
  DeckReading reading;
  std::string model, card;
  std::vector<std::string> parameters;
  std::string transistor;  // empty: cells without
  std::vector<std::string> transistor_parameters;
  std::string width = "1u", length = "1u";
  bool sources_along_columns = false;
  bool flip = false;
  WireOptions wires;
  std::string initial;  // a file
  std::string v_read;   // empty: as the deck says, or 0
};

void add_array_options(CLI::App& command, ArrayOptions& options);

// A circuit whose first crossbar is the array, of rows x cols cells. Throws UsageError, and
// NetlistError where a deck or a parameter is at fault.
Circuit make_array(const ArrayOptions& options, std::int64_t rows, std::int64_t cols);

}  // namespace wordline::cli
