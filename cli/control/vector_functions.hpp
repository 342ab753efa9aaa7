// The functions of a script's expressions.
#pragma once

#include <string_view>
#include <vector>

#include "wordline/cli/control/vectors.hpp"

namespace wordline::cli::control {

// A function by its lower-case name; `scale` is the independent variable of the plot in hand, which
// deriv and integ need. Null if there is none.
using VectorFunction = Vector (*)(const Vector& argument, const Vector* scale);
VectorFunction find_vector_function(std::string_view name);
std::vector<std::string> vector_function_names();

}  // namespace wordline::cli::control
