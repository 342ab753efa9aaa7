// Ranges of indices as lines with buses write them: wl[0:15], wl[15:0:-5].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/netlist/scope.hpp"

namespace wordline {

// first, first+step, ...
struct IndexRange {
  std::int64_t first = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;

  std::int64_t operator[](std::int64_t k) const { return first + k * step; }
  bool contains(std::int64_t index) const {
    const std::int64_t k = (index - first) / step;
    return first + k * step == index && k >= 0 && k < count;
  }
};

// The ranges in a text, without what encloses them: "0:15" of wl[0:15], "0:7" of xb.m[3,0:7].
std::vector<std::string_view> find_ranges(std::string_view text);

// The value of "3", "8:11" or "15:0:-5", whose numbers may be expressions of parameters. Throws
// Fault.
IndexRange parse_range(std::string_view text, const Scope& scope);

// The texts that one with ranges stands for, one an index; itself if it has none. Throws Fault.
std::vector<std::string> expand_ranges(std::string_view text, const Scope& scope);

}  // namespace wordline
