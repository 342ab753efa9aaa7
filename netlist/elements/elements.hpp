// The elements, by the first letter of their lines. A new one is a handler in a file of this folder
// and a line in the table of elements.cpp.
#pragma once

#include <span>
#include <string_view>

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

struct Element {
  char letter;  // lower case
  // Whether it refers to other elements by name, and is read after those that do not.
  bool refers;
  // Reads the rest of `line` (the cursor stands after the name) into scope.circuit().
  void (*read)(Line& line, Scope& scope);
  std::string_view form;  // how it is written, for messages
};

std::span<const Element> elements();

// Null if no element begins with this letter, of either case.
const Element* find_element(char letter);

// Puts an element into its table under its name in full; throws Fault if the name is taken.
template <class Row>
void add_element(Table<Row>& table, const Token& name, const Scope& scope, Row row) {
  if (!table.add(scope.full_name(name.text), std::move(row))) {
    fail(name, "there is already an element of this name",
         scope.path().empty() ? "" : "has another instance the same name?");
  }
}

// Notes that the value on the element's line is `factor` times as much in its table.
void note_factor(const Token& name, double factor, const Scope& scope);

// `m=`: devices in parallel. Throws Fault unless it is positive.
double read_multiplicity(const Token& value, const Scope& scope);

// Throws Fault at `where` where the model has no transistor of this size [m].
void check_transistor(const Token& where, std::int32_t model, double width, double length,
                      const Scope& scope);

// Reports an assignment that the element does not know, with the nearest that it does.
[[noreturn]] void fail_unknown(const Assignment& assignment,
                               std::initializer_list<std::string_view> known);

// Gives time functions what SPICE takes from the first `.tran` where it is zero or left out: rise,
// fall and time constants are its step, width and period its end.
void complete_sources(Circuit& circuit);

}  // namespace wordline
