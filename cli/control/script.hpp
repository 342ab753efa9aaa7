// The commands of `.control` as a tree: loops and choices with what they hold.
#pragma once

#include <string>
#include <vector>

#include "wordline/netlist/circuit.hpp"

namespace wordline::cli::control {

struct Command {
  enum class Kind { kPlain, kIf, kWhile, kDoWhile, kRepeat, kForeach };
  Kind kind = Kind::kPlain;
  std::string name;       // lower case: "print", "foreach"
  std::string arguments;  // the rest of the line, as it stands
  SourceLocation where;
  std::vector<Command> body;       // what is repeated, or done where the condition holds
  std::vector<Command> otherwise;  // of kIf
};

// Throws NetlistError where a block is not closed, or a command is one that may not be executed: a
// script must not start programs, delete files or run other scripts.
std::vector<Command> read_script(const std::vector<ControlLine>& lines);

}  // namespace wordline::cli::control
