// Expressions of the netlist language: parsed once, evaluated as constants (parameters) or as
// functions of circuit quantities with exact derivatives (behavioural sources).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wordline {

// A quantity that an expression reads.
struct ExpressionInput {
  // v(p) - v(n); the current of a voltage source; a named variable, such as the row of a cell; of a
  // behavioural source: its own current, ddt() or idt() of its operand p, and the frequency [Hz] of
  // a small-signal analysis, else 0.
  enum class Kind { kVoltage, kCurrent, kVariable, kOwnCurrent, kRate, kIntegral, kFrequency };
  Kind kind = Kind::kVoltage;
  // Node ids; for a current, p indexes Circuit::voltage_sources; for a variable, p is its position.
  std::int32_t p = 0, n = 0;
  double scale = 1;  // what a current is multiplied by, where instances in parallel share it

  bool operator==(const ExpressionInput&) const = default;
};

namespace expression {
struct Program;
}

// An expression of circuit quantities, time and temperature, ready to be evaluated.
class BoundExpression {
 public:
  BoundExpression() = default;
  // `labels` are the names of the inputs: "v(a,b)", "i(v1)".
  BoundExpression(std::shared_ptr<const expression::Program> program,
                  std::vector<ExpressionInput> inputs, std::vector<std::string> labels);

  std::span<const ExpressionInput> inputs() const { return inputs_; }
  // The program that is evaluated; null of a default-constructed one.
  const expression::Program* program() const { return program_.get(); }
  bool depends_on_time() const;
  bool depends_on_temperature() const;

  // The value for `inputs` (in the order of inputs()) at `time` [s] and `temperature` [C];
  // `gradient` (as many entries, or empty) receives its exact partial derivatives by forward
  // automatic differentiation. Both are finite everywhere: results are limited to +-1e99, functions
  // are continued beyond their domains as docs/netlist.md says, and a vertical tangent is steep.
  double evaluate(std::span<const double> inputs, double time, double temperature,
                  std::span<double> gradient) const;

  // The expression with parameters replaced by their values, in the form that ngspice's B sources
  // accept. `name` gives an input its name there. Throws Error if the text would exceed 1 MB.
  std::string text(const std::function<std::string(std::size_t input)>& name) const;
  std::string text() const;  // with the names of this netlist

 private:
  std::shared_ptr<const expression::Program> program_;
  std::vector<ExpressionInput> inputs_;
  std::vector<std::string> labels_;
};

}  // namespace wordline
