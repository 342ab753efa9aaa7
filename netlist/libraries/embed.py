"""Writes the libraries that are part of the program as C++: embed.py OUTPUT LIBRARY..."""

import pathlib
import sys

output, *libraries = map(pathlib.Path, sys.argv[1:])
rows = "".join(f'      {{"{library.name}", R"library({library.read_text()})library"}},\n' for library in libraries)
output.write_text(f"""#include <array>

#include "wordline/netlist/library.hpp"

namespace wordline {{

std::span<const ShippedLibrary> shipped_libraries() {{
  static constexpr std::array<ShippedLibrary, {len(libraries)}> kLibraries = {{{{
{rows}  }}}};
  return kLibraries;
}}

}}  // namespace wordline
""")
