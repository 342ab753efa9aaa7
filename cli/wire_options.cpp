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

// What is said of one kind of line, and by which options.
struct OwnLines {
  const std::string &segment, &driver, &driven;
};
struct OwnOptions {
  const char *segment, *driver;
};

crossbar::Wires lines(const WireOptions& all, const OwnLines& own, const OwnOptions& options) {
  return {.segment = own.segment.empty() ? non_negative(all.segment, "line-resistance")
                                         : non_negative(own.segment, options.segment),
          .driver = own.driver.empty() ? non_negative(all.driver, "source-resistance")
                                       : non_negative(own.driver, options.driver),
          .driven = kEnds.at(own.driven.empty() ? all.driven : own.driven)};
}

}  // namespace

double non_negative(const std::string& text, const char* option) {
  const std::optional<double> value = parse_spice_number(text);
  if (!value || !std::isfinite(*value) || *value < 0) {
    throw UsageError(fmt::format("--{}: '{}' is no number that is 0 or more", option, text));
  }
  return *value;
}

crossbar::Wires word_lines(const WireOptions& o) {
  return lines(o, {o.word_segment, o.word_driver, o.word_driven},
               {"word-line-resistance", "word-source-resistance"});
}

crossbar::Wires bit_lines(const WireOptions& o) {
  return lines(o, {o.bit_segment, o.bit_driver, o.bit_driven},
               {"bit-line-resistance", "bit-source-resistance"});
}

crossbar::Wires source_lines(const WireOptions& o) {
  return lines(o, {o.source_segment, o.source_driver, o.source_driven},
               {"source-line-resistance", "source-line-source-resistance"});
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
