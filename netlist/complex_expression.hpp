// Expressions of results where these are complex, as in `.ac`.
#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "wordline/netlist/expression.hpp"

namespace wordline {

namespace expression {
struct Function;
struct Instruction;
}  // namespace expression

class ComplexExpression {
 public:
  // Of the inputs, those marked are complex. Throws Error where one reaches a function that has no
  // meaning for it, such as max() or a comparison.
  ComplexExpression(const BoundExpression& expression, const std::vector<bool>& complex_inputs);

  // Whether the value is; mag() of a complex number is real.
  bool is_complex() const { return is_complex_; }
  std::complex<double> evaluate(std::span<const std::complex<double>> inputs) const;

 private:
  using Value = std::complex<double>;
  struct Step {
    const expression::Function* function = nullptr;  // null: an input or a number
    // In place of `function`, where it has complex arguments.
    Value (*complex)(std::span<const Value> arguments) = nullptr;
    std::uint32_t index = 0;  // of the input, or how many arguments
    bool is_input = false;
    double number = 0;
  };

  static Step apply(const expression::Instruction& instruction, std::vector<bool>& stack);

  std::vector<Step> steps_;
  bool is_complex_ = false;
};

}  // namespace wordline
