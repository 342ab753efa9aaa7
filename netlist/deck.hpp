// The structure of a netlist before elaboration: blocks (the top level and every `.subckt`) with
// their definitions and lines, all views into the sources.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/line.hpp"

namespace wordline {

struct Statement;

struct StatementLine {
  const Statement* statement;
  std::string_view text;
};

struct Block {
  Token name;                          // kEnd for the top level
  std::vector<Token> ports;            // node names
  std::vector<Assignment> formals;     // parameters of a sub-circuit with their defaults
  std::vector<Assignment> parameters;  // .param
  std::vector<std::string_view> elements;
  std::vector<StatementLine> statements;
  std::map<std::string, std::string_view, std::less<>> models;  // lower-case name: its line
  std::map<std::string, std::unique_ptr<Block>, std::less<>> subcircuits;
};

struct Deck {
  std::string title;
  Block top;
  std::set<std::string, std::less<>> globals;  // lower-case node names
};

// Reads the structure of `text` (one of `sources`) and of the files it includes. Faults are
// collected; what could be read is returned.
Deck read_deck(std::string_view text, Sources& sources, Diagnostics& diagnostics);

}  // namespace wordline
