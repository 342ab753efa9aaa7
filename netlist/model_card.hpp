// `.model` lines.
#pragma once

#include <string_view>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/line.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// A kind of model that other simulators have.
struct ForeignModel : Fault {};

// Reads `.model name kind (parameter=value ...)`; the model's name is taken in full. Throws Fault.
ModelCard read_model_card(std::string_view text, const Scope& scope);

// The rest of such a line: `parameter=value ...`, in parentheses or not. Throws Fault.
std::vector<Assignment> read_assignments(Line& line);

}  // namespace wordline
