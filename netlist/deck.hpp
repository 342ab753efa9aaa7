// The structure of a netlist before elaboration: blocks (the top level and every `.subckt`) with
// their definitions and lines, all views into the sources.
#pragma once

#include <cstddef>
#include <functional>
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
struct Element;

// Keys are lower-case; looked up without making a string.
struct NameHash : std::hash<std::string_view> {
  using is_transparent = void;
};
template <class Value>
using NameMap = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;

struct StatementLine {
  const Statement* statement;
  std::string_view text;
};

struct ElementLine {
  const Element* element;
  std::string_view text;
};

struct Block {
  Token name;                         // kEnd for the top level
  NameMap<std::size_t> ports;         // node name: its position
  std::vector<Assignment> variables;  // parameters with defaults, then `.param`
  std::size_t formals = 0;            // how many of them an instance may set
  NameMap<std::size_t> variable_by_name;
  std::vector<ElementLine> elements;
  std::vector<StatementLine> statements;
  NameMap<std::string_view> models;  // the line of each
  NameMap<std::unique_ptr<Block>> subcircuits;
};

struct Deck {
  std::string title;
  Block top;
  NameMap<Token> globals;                 // nodes
  std::vector<std::string_view> control;  // the commands of `.control`
};

// Reads the structure of `text` (one of `sources`) and of the files it includes. Faults are
// collected; what could be read is returned.
Deck read_deck(std::string_view text, Sources& sources, Diagnostics& diagnostics);

}  // namespace wordline
