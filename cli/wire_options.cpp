#include "wordline/cli/wire_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline::cli {

namespace {

const std::map<std::string, DrivenEnds> kEnds = {
    {"first", DrivenEnds::kFirst}, {"last", DrivenEnds::kLast}, {"both", DrivenEnds::kBoth}};

}  // namespace

double non_negative(const std::string& text, const char* option) {
  const std::optional<double> value = parse_spice_number(text);
  if (!value || !std::isfinite(*value) || *value < 0) {
    throw UsageError(fmt::format("--{}: '{}' is no number that is 0 or more", option, text));
  }
  return *value;
}

crossbar::Wires word_lines(const WireOptions& o) {
  return {.segment = o.word_segment.empty() ? non_negative(o.segment, "line-resistance")
                                            : non_negative(o.word_segment, "word-line-resistance"),
          .driver = o.word_driver.empty() ? non_negative(o.driver, "source-resistance")
                                          : non_negative(o.word_driver, "word-source-resistance"),
          .driven = kEnds.at(o.word_driven.empty() ? o.driven : o.word_driven)};
}

crossbar::Wires bit_lines(const WireOptions& o) {
  return {.segment = o.bit_segment.empty() ? non_negative(o.segment, "line-resistance")
                                           : non_negative(o.bit_segment, "bit-line-resistance"),
          .driver = o.bit_driver.empty() ? non_negative(o.driver, "source-resistance")
                                         : non_negative(o.bit_driver, "bit-source-resistance"),
          .driven = kEnds.at(o.bit_driven.empty() ? o.driven : o.bit_driven)};
}

crossbar::Wires source_lines(const WireOptions& o) {
  return {.segment = o.source_segment.empty()
                         ? non_negative(o.segment, "line-resistance")
                         : non_negative(o.source_segment, "source-line-resistance"),
          .driver = o.source_driver.empty()
                        ? non_negative(o.driver, "source-resistance")
                        : non_negative(o.source_driver, "source-line-source-resistance"),
          .driven = kEnds.at(o.source_driven.empty() ? o.driven : o.source_driven)};
}

Matrix read_conductances(const std::string& path) {
  Matrix matrix = read_matrix(path);
  for (std::int64_t i = 0; i < matrix.rows; ++i) {
    for (std::int64_t j = 0; j < matrix.cols; ++j) {
      if (matrix(i, j) >= 0) continue;
      throw UsageError(fmt::format("{}: the conductance [{},{}] is {} S; it must be 0 or more",
                                   path, i, j, matrix(i, j)));
    }
  }
  return matrix;
}

Matrix read_inputs(const std::string& path, std::int32_t count, const char* lines) {
  Matrix matrix = read_matrix(path);
  if (matrix.cols != count && matrix.cols == 1 && matrix.rows == count) {
    std::swap(matrix.rows, matrix.cols);
  }
  if (matrix.cols != count) {
    throw UsageError(fmt::format("{}: {} numbers in a row for an array of {} {} lines{}", path,
                                 matrix.cols, count, lines,
                                 matrix.rows == count ? "; transpose it, a row is an input" : ""));
  }
  return matrix;
}

void add_wire_options(CLI::App& command, WireOptions& options) {
  const auto ohms = [&command](const char* name, std::string& value, const char* text) {
    command.add_option(name, value, text)->type_name("OHM");
  };
  const auto ends = [&command](const char* name, std::string& value, const char* text) {
    command.add_option(name, value, text)->check(CLI::IsMember(kEnds));
  };
  ohms("--line-resistance", options.segment, "Of a line between neighbouring cells; 1 by default");
  ohms("--word-line-resistance", options.word_segment, "The same of word lines alone");
  ohms("--bit-line-resistance", options.bit_segment, "The same of bit lines alone");
  ohms("--source-resistance", options.driver,
       "Between the driven end of a line and its source;\n0 by default");
  ohms("--word-source-resistance", options.word_driver, "The same of word lines alone");
  ohms("--bit-source-resistance", options.bit_driver, "The same of bit lines alone");
  ends("--driven-ends", options.driven,
       "Where lines are tied to their sources: first (at cell 0;\nthe default), last, both");
  ends("--word-driven-ends", options.word_driven, "The same of word lines alone");
  ends("--bit-driven-ends", options.bit_driven, "The same of bit lines alone");
}

void add_source_line_options(CLI::App& command, WireOptions& options) {
  const char* text = "The same of source lines alone";
  command.add_option("--source-line-resistance", options.source_segment, text)->type_name("OHM");
  command.add_option("--source-line-source-resistance", options.source_driver, text)
      ->type_name("OHM");
  command.add_option("--source-line-driven-ends", options.source_driven, text)
      ->check(CLI::IsMember(kEnds));
}

}  // namespace wordline::cli
