#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "wordline/cli/command.hpp"
#include "wordline/engine/output/read_file.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli {

Circuit read_deck(const std::string& path, const DeckReading& reading, bool keep_source) {
  const ReadOptions options{find_dialect(reading.dialect), {}, keep_source, reading.folders};
  Circuit circuit = path == "-" ? parse(read_file(path), "<stdin>", options) : load(path, options);
  for (const Diagnostic& warning : circuit.warnings) fmt::print(stderr, "{}\n", warning.format());
  return circuit;
}

void add_reading_options(CLI::App& command, DeckReading& reading) {
  command
      .add_option("--dialect", reading.dialect,
                  "The simulator whose way of reading a netlist is meant:\n"
                  "ngspice (the default), xyce, ltspice, hspice")
      ->check(CLI::IsMember({"ngspice", "xyce", "ltspice", "hspice"}));
  command
      .add_option("-I,--include", reading.folders,
                  "A folder for files that the deck names, after its own and the current one;\n"
                  "may be repeated")
      ->allow_extra_args(false);
}

}  // namespace wordline::cli
