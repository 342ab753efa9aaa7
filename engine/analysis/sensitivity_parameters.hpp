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
  std::size_t row;   // of the element in its table, or the number of the model
  std::function<void(Circuit&, std::size_t row, double value)> set;
  // The element on its own, in row 0 of its table; null of a model.
  std::function<Circuit(const Circuit&)> alone = nullptr;
};

// The values of elements, and the parameters of the model cards that devices use. Zeros are left
// out: most say that there is none of an effect, and the circuit would have another structure.
std::vector<SensitivityParameter> element_parameters(const Circuit& circuit);
std::vector<SensitivityParameter> model_parameters(const Circuit& circuit);

}  // namespace wordline
