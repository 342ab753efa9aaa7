// Lines with ranges: `Vwl wl[0:15] 0 DC 0` stands for sixteen lines, one an index.
//
// In the line of an index every range is that index; the element's name gets the index in brackets,
// unless it has a range itself. What differs from line to line otherwise:
//   {...line...}        `line` is the index of the line's first range
//   values(a b ...)     one value a line, in order; values("file") from a file
//   line(3, 8:11)=...   what stands for these indices in place of the element's values; a waveform
//                       alone replaces a waveform only, and leaves the DC value
// docs/netlist.md, "Buses", has the whole.
#pragma once

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// Whether the line has a range.
bool has_range(const Line& line);

// Reads the line of every index. Throws Fault.
void read_each(const Line& line, Scope& scope, const Element& element);

}  // namespace wordline
