#include "wordline/cli/read_cost_options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <span>
#include <vector>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/wire_options.hpp"
#include "wordline/crossbar/read_cost.hpp"

namespace wordline::cli {

namespace {

using crossbar::LineCapacitance;

double positive(const std::string& text, const char* option) {
  const double value = non_negative(text, option);
  if (value == 0) throw UsageError(fmt::format("--{}: it must be greater than 0", option));
  return value;
}

LineCapacitance line_capacitance(const ReadCostOptions& o) {
  const double all = o.capacitance.empty() ? 0 : non_negative(o.capacitance, "line-capacitance");
  return {.word = o.word_capacitance.empty()
                      ? all
                      : non_negative(o.word_capacitance, "word-line-capacitance"),
          .bit = o.bit_capacitance.empty()
                     ? all
                     : non_negative(o.bit_capacitance, "bit-line-capacitance")};
}

// Of one read, in the mean over the inputs.
crossbar::ReadEnergy mean_energy(crossbar::Array& array, const Matrix& inputs,
                                 const LineCapacitance& capacitance) {
  crossbar::ReadEnergy mean;
  const auto lines = static_cast<std::size_t>(inputs.cols);
  for (std::size_t k = 0; k < inputs.values.size(); k += lines) {
    const auto one =
        crossbar::read_energy(array, std::span(inputs.values).subspan(k, lines), capacitance);
    mean.power += one.power / static_cast<double>(inputs.rows);
    mean.charge += one.charge / static_cast<double>(inputs.rows);
  }
  return mean;
}

}  // namespace

void add_read_cost_options(CLI::App& command, ReadCostOptions& o) {
  const auto add = [&](const char* name, std::string& value, const char* text, const char* type) {
    return command.add_option(name, value, text)->type_name(type);
  };
  add("--read-time", o.read_time, "Print the energy of a read that lasts so long", "SECONDS");
  add("--line-capacitance", o.capacitance,
      "To ground at every cell of a line: print when currents\nhave settled, and add the charge to "
      "the energy",
      "FARAD");
  add("--word-line-capacitance", o.word_capacitance, "The same of word lines alone", "FARAD");
  add("--bit-line-capacitance", o.bit_capacitance, "The same of bit lines alone", "FARAD");
  CLI::Option* const feature = add("--feature-size", o.feature_size,
                                   "F of the process: print the area of the cells", "METRE");
  command
      .add_option("--cell-squares", o.cell_squares,
                  "Area of a cell in F^2; 4 by default, the least of lines\nthat cross")
      ->check(CLI::PositiveNumber)
      ->type_name("NUMBER")
      ->needs(feature);
}

bool are_given(const ReadCostOptions& o) {
  return !(o.read_time.empty() && o.capacitance.empty() && o.word_capacitance.empty() &&
           o.bit_capacitance.empty() && o.feature_size.empty());
}

std::string describe(crossbar::Array& array, const Matrix& inputs, const ReadCostOptions& o) {
  const LineCapacitance capacitance = line_capacitance(o);
  const crossbar::ReadEnergy energy = mean_energy(array, inputs, capacitance);
  std::string text = "read: " + engineering(energy.power, "W");
  if (!o.read_time.empty()) {
    const double time = positive(o.read_time, "read-time");
    text +=
        fmt::format(", {} in {}", engineering(energy.energy(time), "J"), engineering(time, "s"));
  }
  if (capacitance.word > 0 || capacitance.bit > 0) {
    text += fmt::format(", settled to 1 % after {}",
                        engineering(crossbar::settling_time(array, capacitance), "s"));
  }
  if (!o.feature_size.empty()) {
    const double area = crossbar::cell_area(
        array.rows(), array.cols(), positive(o.feature_size, "feature-size"), o.cell_squares);
    constexpr double kSquareMillimetres = 1e6;
    text += fmt::format(", {:.4g} mm2", area * kSquareMillimetres);
  }
  return text;
}

}  // namespace wordline::cli
