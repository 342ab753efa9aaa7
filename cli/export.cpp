// `wordline export`: the circuit of a deck as a flat deck for another simulator.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>

#include "wordline/base/output_file.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/cli/result_files.hpp"
#include "wordline/netlist/export_ngspice.hpp"

namespace wordline::cli {

namespace {

struct ExportOptions {
  std::string deck;
  DeckReading reading;
  std::string output = "-";
  std::string format = "ngspice";
};

int export_deck(const ExportOptions& options) {
  // Complete in memory before the file is touched: what cannot be exported leaves no file.
  std::ostringstream text;
  const Circuit circuit = read_deck(options.deck, options.reading);
  for (const Analysis& analysis : circuit.analyses) {
    if (!std::holds_alternative<MatmulAnalysis>(analysis.what)) continue;
    spdlog::warn("{}:{}: .matmul is left out, ngspice has none", analysis.where.file,
                 analysis.where.line);
  }
  if (circuit.monte_carlo) {
    const SourceLocation& where = circuit.monte_carlo->where;
    spdlog::warn("{}:{}: .mc is left out; the numbers are those of the seed {}", where.file,
                 where.line, circuit.options.seed);
  }
  if (!circuit.measures.empty()) {
    const SourceLocation& where = circuit.measures.front().where;
    spdlog::warn("{}:{}: .measure is left out", where.file, where.line);
  }
  if (!circuit.spectra.empty()) spdlog::warn(".fft is left out");
  if (!circuit.control.empty()) spdlog::warn("the commands of .control are left out");
  try {
    export_ngspice(circuit, text);
  } catch (const Error& error) {  // nothing but the circuit is in its way
    throw UsageError(fmt::format("{}: {}", options.deck, error.what()));
  }
  refuse_to_overwrite(circuit.files, options.output);
  OutputFile file(options.output);
  file.append(text.str());
  file.close();
  return kOk;
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App* command = app.add_subcommand(
      "export", "Write a deck out flat, with arrays and memristors as plain elements");
  command->add_option("deck", options->deck, "The netlist file; - is standard input")->required();
  add_reading_options(*command, options->reading);
  command->add_option("--format", options->format, "What is written: ngspice")
      ->check(CLI::IsMember({"ngspice"}));
  command->add_option("-o,--output", options->output, "The file to write; standard output if none");
  command->callback([options, &exit_code] { exit_code = export_deck(*options); });
}

}  // namespace wordline::cli
