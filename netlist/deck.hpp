// The structure of a netlist before elaboration: blocks (the top level and every `.subckt`) with
// their definitions and lines, all views into the sources.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/expression_program.hpp"
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

// `.func name(arguments) {body}`
struct FunctionDefinition {
  Token name;
  expression::UserFunction function;
};

// `.data name parameter... values... .enddata`: row after row.
struct DataTable {
  Token name;
  std::vector<Token> columns;
  std::vector<Token> values;
};

struct Block;

// `.if` to `.endif`: the first branch whose condition holds takes the place of the whole.
struct Conditional {
  struct Branch {
    std::optional<Token> condition;  // `.else` has none
    std::shared_ptr<Block> body;
    std::vector<Fault> faults;  // reported only where the branch is taken
  };
  std::vector<Branch> branches;
  // How many lines of the block around it stand before it.
  std::size_t elements = 0, statements = 0;
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
  NameMap<FunctionDefinition> functions;
  NameMap<DataTable> tables;
  NameMap<std::shared_ptr<Block>> subcircuits;
  NameMap<Token> globals;  // nodes
  std::vector<Conditional> conditionals;
};

struct Deck {
  std::string title;
  Block top;
  std::vector<std::string_view> control;  // the commands of `.control`
  Dialect dialect = {};
};

// Reads the structure of `text` (one of `sources`) and of the files it includes. Faults are
// collected; what could be read is returned.
Deck read_deck(std::string_view text, Dialect dialect, Sources& sources, Diagnostics& diagnostics);

}  // namespace wordline
