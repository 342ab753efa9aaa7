// Time functions that are straight lines between points.
#pragma once

#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"
#include "wordline/netlist/source.hpp"

namespace wordline {

// What follows the name of the function. Throw Fault.
// PWL: the points, or a file that has them, and from when on they are repeated.
PiecewiseLinear read_piecewise(Line& line, const Token& function, const Scope& scope);
// PAT(high low delay rise fall sample bits)
PiecewiseLinear read_pattern(Line& line, const Token& function, const Scope& scope);

}  // namespace wordline
