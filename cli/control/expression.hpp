// Expressions over the vectors of plots: element by element, a single number beside a vector being
// the same for all its elements.
//
//   or | not ! ~ and &   = == eq <> != ne < lt > gt <= le >= ge   + -   * / %   unary -   ^ **
//   v(a) v(a,b) vdb(a) @r1[i] tran1.v(a) "v(xb.wl[0,3])" x[3] x[2,5] mean(x) ...
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wordline/cli/control/vectors.hpp"

namespace wordline::cli::control {

// The one expression that is the whole text; its vector is called as it is written. Throws Error.
Vector evaluate(std::string_view text, Plots& plots);

// The expressions that follow each other in a text, parted by blanks: "v(a) v(b)-1".
std::vector<Vector> evaluate_list(std::string_view text, Plots& plots);

// Whether a condition holds: the first number of the expression is not 0.
bool holds(std::string_view text, Plots& plots);

}  // namespace wordline::cli::control
