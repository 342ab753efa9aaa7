// The statements that begin with a dot. A new one is a handler in its own file here and a line in
// the table of statements.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// Reads the rest of `line` (the cursor stands after the first word) into scope.circuit().
using Handler = void (*)(Line& line, Scope& scope);

// When a statement is elaborated, relative to the elements of its scope and to each other.
enum class Phase {
  kSettings,  // before any condition is evaluated
  kBefore,    // makes nodes or settings that elements use
  kAfter,     // refers to nodes and elements
};

struct Statement {
  std::string_view name;  // ".tran"
  Phase phase;
  bool in_subcircuits;  // whether it may stand inside `.subckt`
  Handler read;
};

// A list of outputs to the end of the line, of an analysis or of any ("").
void read_output_list(Line& line, Scope& scope, const std::string& analysis);

std::span<const Statement> statements();

// Null if there is none.
const Statement* find_statement(std::string_view name);

}  // namespace wordline
