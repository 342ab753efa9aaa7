// What the commands about one array of conductances share: the options of its lines, and the files
// of conductances and of inputs.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <string>

#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/array.hpp"

namespace wordline::cli {

// For all lines, and for those of one kind where that differs.
struct WireOptions {
  std::string segment = "1", word_segment, bit_segment, source_segment;
  std::string driver = "0", word_driver, bit_driver, source_driver;
  std::string driven = "first", word_driven, bit_driven, source_driven;

  bool operator==(const WireOptions&) const = default;
};

void add_wire_options(CLI::App& command, WireOptions& options);
// Those of source lines alone, of cells with transistors.
void add_source_line_options(CLI::App& command, WireOptions& options);

// Throw UsageError where an option is no resistance.
crossbar::Wires word_lines(const WireOptions& options);
crossbar::Wires bit_lines(const WireOptions& options);
crossbar::Wires source_lines(const WireOptions& options);

// A SPICE number that is 0 or more. Throws UsageError, naming the option.
double non_negative(const std::string& text, const char* option);

// Throw Error, or UsageError where the numbers are no conductances, or too few or many.
Matrix read_conductances(const std::string& path);
// A row an input of `count` voltages; a vector is one input, however it stands in the file. What
// lines it is for: "word".
Matrix read_inputs(const std::string& path, std::int32_t count, const char* lines);

}  // namespace wordline::cli
