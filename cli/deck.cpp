#include <fmt/format.h>

#include <cstdio>

#include "wordline/cli/command.hpp"
#include "wordline/engine/output/read_file.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::cli {

Circuit read_deck(const std::string& path) {
  Circuit circuit = path == "-" ? parse(read_file(path), "<stdin>") : load(path);
  for (const Diagnostic& warning : circuit.warnings) fmt::print(stderr, "{}\n", warning.format());
  return circuit;
}

}  // namespace wordline::cli
