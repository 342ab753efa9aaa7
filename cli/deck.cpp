#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "wordline/cli/command.hpp"
#include "wordline/engine/output/read_file.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli {

Circuit read_deck(const std::string& path, const std::string& dialect, bool keep_source) {
  const ReadOptions options{find_dialect(dialect), {}, keep_source};
  Circuit circuit = path == "-" ? parse(read_file(path), "<stdin>", options) : load(path, options);
  for (const Diagnostic& warning : circuit.warnings) fmt::print(stderr, "{}\n", warning.format());
  return circuit;
}

void add_dialect_option(CLI::App& command, std::string& dialect) {
  command
      .add_option("--dialect", dialect,
                  "The simulator whose way of reading a netlist is meant:\n"
                  "ngspice (the default), xyce, ltspice, hspice")
      ->check(CLI::IsMember({"ngspice", "xyce", "ltspice", "hspice"}));
}

}  // namespace wordline::cli
