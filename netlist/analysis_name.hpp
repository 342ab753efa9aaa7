// What an analysis is called in `.print tran` and in the names of files.
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

// "op", "dc", "tran", "ac", ...
inline std::string_view name_of(const Analysis& analysis) {
  constexpr std::array<std::string_view, 8> kNames = {"op", "dc",    "tran", "matmul",
                                                      "ac", "noise", "tf",   "sens"};
  static_assert(std::variant_size_v<decltype(Analysis::what)> == kNames.size());
  return kNames.at(analysis.what.index());
}

}  // namespace wordline
