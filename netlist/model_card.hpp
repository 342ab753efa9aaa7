// `.model` lines.
#pragma once

#include <string_view>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

// Reads `.model name kind (parameter=value ...)`; the model's name is taken in full. Throws Fault.
ModelCard read_model_card(std::string_view text, const Scope& scope);

}  // namespace wordline
