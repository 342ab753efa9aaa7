// Libraries: files of named sections, of which a netlist reads those that it asks for by `.lib`.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "wordline/netlist/lexer.hpp"

namespace wordline {

struct LibrarySection {
  Token name;
  std::string_view body;  // the lines between `.lib name` and `.endl`
};

// All sections of a file, in its order. Throws Fault where one is not closed, or closed by another
// name.
std::vector<LibrarySection> find_sections(std::string_view text, Dialect dialect = {});

// A library that is part of the program.
struct ShippedLibrary {
  std::string_view name;  // "memristors.lib"
  std::string_view text;
};
std::span<const ShippedLibrary> shipped_libraries();

}  // namespace wordline
