#include "wordline/cli/array_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/device_card.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli {

namespace {

double size(const std::string& text, const char* option) {
  const double value = non_negative(text, option);
  if (value == 0) throw UsageError(fmt::format("--{}: it must be greater than 0", option));
  return value;
}

ArrayLine line_of(const crossbar::Wires& wires, std::vector<NodeId> bus) {
  ArrayLine line;
  line.segment = wires.segment;
  line.driver = wires.driver;
  line.driven = wires.driven;
  line.bus = std::move(bus);
  return line;
}

bool has_transistor_options(const ArrayOptions& o) {
  const ArrayOptions usual;
  return !o.transistor_parameters.empty() || o.sources_along_columns || o.width != usual.width ||
         o.length != usual.length || !o.wires.source_segment.empty() ||
         !o.wires.source_driver.empty() || !o.wires.source_driven.empty();
}

// What the deck's reader makes of the models and the cells; lines are put in afterwards.
Circuit described_array(const ArrayOptions& o, std::int64_t rows, std::int64_t cols) {
  if (o.model.empty() == o.card.empty()) {
    throw UsageError("an array needs a deck, a --model or a --card, and one of them alone");
  }
  if (!o.array.empty()) throw UsageError("--array is of a deck's arrays, and there is no deck");
  const DeviceCard cell = memristor_card(o.model, o.card, o.parameters);
  std::string deck = "program\n" + cell.line + "\n";
  std::string array = fmt::format(".crossbar xb rows={} cols={} memristor={}{}", rows, cols,
                                  cell.name, o.flip ? " flip=1" : "");
  if (!o.transistor.empty()) {
    const DeviceCard select = transistor_card(o.transistor, o.transistor_parameters);
    deck += select.line + "\n";
    array += fmt::format(" cell=1t1r transistor={} w={} l={} sl_along={}", select.name,
                         size(o.width, "transistor-width"), size(o.length, "transistor-length"),
                         o.sources_along_columns ? "columns" : "rows");
  } else if (has_transistor_options(o)) {
    throw UsageError("options of transistors without --transistor");
  }
  Circuit circuit = parse(deck + array + "\n", "command line");
  Crossbar& xb = circuit.crossbars.at(0);
  xb.word = line_of(word_lines(o.wires), std::move(xb.word.bus));
  xb.bit = line_of(bit_lines(o.wires), std::move(xb.bit.bus));
  xb.source = line_of(source_lines(o.wires), std::move(xb.source.bus));
  return circuit;
}

Circuit array_of_deck(const ArrayOptions& o) {
  const bool has_devices = !o.model.empty() || !o.card.empty() || !o.parameters.empty() || o.flip ||
                           !o.transistor.empty() || has_transistor_options(o);
  if (has_devices || !(o.wires == WireOptions{})) {
    throw UsageError("a deck has its own devices and lines: no options of them beside it");
  }
  Circuit circuit = read_deck(o.deck, o.reading);
  std::vector<std::string> names;
  for (const Crossbar& xb : circuit.crossbars) names.push_back(xb.name);
  if (names.empty()) throw UsageError(fmt::format("{}: there is no .crossbar", o.deck));
  if (o.array.empty() && names.size() > 1) {
    throw UsageError(fmt::format("{}: which array? --array {}", o.deck, fmt::join(names, ", ")));
  }
  const std::string wanted = o.array.empty() ? names.front() : to_lower(o.array);
  const auto at = std::find(names.begin(), names.end(), wanted);
  if (at == names.end()) {
    throw UsageError(
        fmt::format("{}: no array '{}'; there are {}", o.deck, o.array, fmt::join(names, ", ")));
  }
  std::swap(circuit.crossbars.front(),
            circuit.crossbars[static_cast<std::size_t>(at - names.begin())]);
  return circuit;
}

void set_v_read(const ArrayOptions& o, Crossbar& xb) {
  const std::optional<double> volts = parse_spice_number(o.v_read);
  if (!volts || !std::isfinite(*volts)) {
    throw UsageError(fmt::format("--v-read: '{}' is no number", o.v_read));
  }
  if (xb.values_are_conductances && o.initial.empty()) {
    throw UsageError("--v-read: the deck says at which voltage its cells have their conductances");
  }
  xb.v_read = *volts;
}

}  // namespace

Circuit make_array(const ArrayOptions& o, std::int64_t rows, std::int64_t cols) {
  Circuit circuit = o.deck.empty() ? described_array(o, rows, cols) : array_of_deck(o);
  Crossbar& xb = circuit.crossbars.front();
  if (xb.rows != rows || xb.cols != cols) {
    throw UsageError(fmt::format("{}: array {} has {} x {} cells, not {} x {}", o.deck, xb.name,
                                 xb.rows, xb.cols, rows, cols));
  }
  if (!o.v_read.empty()) set_v_read(o, xb);
  if (o.initial.empty()) return circuit;
  Matrix initial = read_matrix(o.initial);
  if (initial.rows != rows || initial.cols != cols) {
    throw UsageError(fmt::format("{}: {} x {} conductances for {} x {} cells", o.initial,
                                 initial.rows, initial.cols, rows, cols));
  }
  for (const double siemens : initial.values) {
    if (siemens > 0 && std::isfinite(siemens)) continue;
    throw UsageError(fmt::format("{}: a cell cannot begin with {} S", o.initial, siemens));
  }
  xb.values = std::move(initial.values);
  xb.values_are_conductances = true;
  return circuit;
}

void add_array_options(CLI::App& command, ArrayOptions& o) {
  command.add_option("deck", o.deck, "The netlist that has the array (- for standard input)");
  add_reading_options(command, o.reading);
  command.add_option("--array", o.array, "Which array of the deck, where it has several")
      ->type_name("NAME");
  command.add_option("--model", o.model, "Without a deck: the memristors' model")
      ->type_name("NAME");
  command.add_option("--card", o.card, "Without a deck: a device of memristors.lib")
      ->type_name("NAME");
  command.add_option("-s,--set", o.parameters, "A parameter of the model; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--flip", o.flip, "Exchange the memristors' terminals");
  command
      .add_option("--transistor", o.transistor,
                  "A select transistor in every cell: nmos, pmos, or a card\nof transistors.lib")
      ->type_name("NAME");
  command
      .add_option("--transistor-set", o.transistor_parameters,
                  "A parameter of nmos or pmos, as level=44; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--transistor-width", o.width, "1u by default")->type_name("METRE");
  command.add_option("--transistor-length", o.length, "1u by default")->type_name("METRE");
  command.add_flag("--sources-along-columns", o.sources_along_columns,
                   "Source lines run along columns, not rows");
  add_wire_options(command, o.wires);
  add_source_line_options(command, o.wires);
  command
      .add_option(
          "--initial", o.initial,
          "Conductances at the beginning; by default those of the\nmodel's initial state, or "
          "the deck's")
      ->type_name("FILE");
  command
      .add_option("--v-read", o.v_read,
                  "Volts at which conductances are I/V; 0, the default: the\nslope at the origin")
      ->type_name("VOLT");
}

}  // namespace wordline::cli
