// What an output may be sensitive to: every value of a circuit, with a way to change it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

struct SensitivityParameter {
  std::string name;  // "r1", "v1_acmag", "m1_w", "nch:vto" of a model
  double value;      // not 0
  std::function<void(Circuit&, double)> set;
};

// The values of elements, and the parameters of the model cards that devices use. Zeros are left
// out: most say that there is none of an effect, and the circuit would have another structure.
std::vector<SensitivityParameter> element_parameters(const Circuit& circuit);
std::vector<SensitivityParameter> model_parameters(const Circuit& circuit);

}  // namespace wordline
