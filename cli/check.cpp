// `wordline check`: reads a deck and says what it holds.
#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "wordline/cli/command.hpp"
#include "wordline/netlist/analysis_name.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli {

namespace {

void print_count(const char* what, std::size_t count) {
  if (count > 0) fmt::print("{:<20} {}\n", what, count);
}

void print_crossbar(const Crossbar& crossbar, const Circuit& circuit) {
  const auto model = [&](int index) {
    return circuit.models.at(static_cast<std::size_t>(index)).name;
  };
  const bool has_transistors = crossbar.cell == CellKind::k1T1R;
  const int second = has_transistors ? crossbar.transistor : crossbar.selector;
  fmt::print("crossbar {}: {} x {} cells, {} of {}{}\n", crossbar.name, crossbar.rows,
             crossbar.cols, has_transistors ? "1t1r" : "1r", model(crossbar.memristor),
             second >= 0 ? " and " + model(second) : "");
}

struct CheckOptions {
  std::string deck;
  DeckReading reading;
};

int check(const CheckOptions& options) {
  const Circuit circuit = read_deck(options.deck, options.reading);
  fmt::print("{}\n", circuit.title);
  print_count("nodes with ground", static_cast<std::size_t>(circuit.nodes.size()));
  print_count("resistors", circuit.resistors.size());
  print_count("capacitors", circuit.capacitors.size());
  print_count("inductors", circuit.inductors.size());
  print_count("mutual inductances", circuit.mutuals.size());
  print_count("voltage sources", circuit.voltage_sources.size());
  print_count("current sources", circuit.current_sources.size());
  print_count("controlled sources", circuit.vcvs.size() + circuit.vccs.size() +
                                        circuit.ccvs.size() + circuit.cccs.size());
  print_count("behavioural sources", circuit.behavioural.size());
  print_count("switches", circuit.switches.size());
  print_count("transmission lines", circuit.lines.size());
  print_count("diodes", circuit.diodes.size());
  print_count("bipolar transistors", circuit.bipolars.size());
  print_count("jfets", circuit.jfets.size());
  print_count("mosfets", circuit.mosfets.size());
  print_count("memristors", circuit.memristors.size());
  print_count("compiled devices", circuit.compiled_devices.size());
  print_count("models", circuit.models.size() + circuit.compiled_models.size());
  for (const Crossbar& crossbar : circuit.crossbars) print_crossbar(crossbar, circuit);
  std::map<std::string, std::size_t> analyses;
  for (const Analysis& analysis : circuit.analyses) ++analyses[std::string(name_of(analysis))];
  for (const auto& [name, count] : analyses) print_count(("." + name).c_str(), count);
  if (!circuit.steps.empty()) print_count("steps", step_count(circuit));
  if (circuit.monte_carlo) {
    print_count("samples of .mc", static_cast<std::size_t>(circuit.monte_carlo->samples));
  }
  print_count("outputs asked for", circuit.outputs.size());
  print_count("warnings", circuit.warnings.size());
  return kOk;
}

}  // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand("check", "Read a deck, report its faults and its size");
  command->add_option("deck", options->deck, "The netlist file; - is standard input")->required();
  add_reading_options(*command, options->reading);
  command->footer(R"(Every fault is reported with its place. Nothing is simulated: a node without a
path to ground, for instance, is found by 'wordline run'.)");
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace wordline::cli
