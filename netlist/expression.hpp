// Expressions of the netlist language: parsed once, evaluated as constants (parameters) or as
// functions of circuit quantities with exact derivatives (behavioural sources).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wordline {

// A quantity that a behavioural expression reads.
struct ExpressionInput {
  enum class Kind { kVoltage, kCurrent };  // v(p) - v(n), or the current of a voltage source
  Kind kind = Kind::kVoltage;
  std::int32_t p = 0, n = 0;  // node ids; for a current, p indexes Circuit::voltage_sources
};

namespace expression {
struct Node;  // the syntax tree, immutable and shared
}

// An expression of circuit quantities, time and temperature, ready to be evaluated.
class BoundExpression {
 public:
  BoundExpression() = default;
  BoundExpression(std::shared_ptr<const expression::Node> root, std::vector<ExpressionInput> inputs,
                  std::string text);

  std::span<const ExpressionInput> inputs() const { return inputs_; }
  // The expression as written, with parameters replaced by their values: for exports and messages.
  const std::string& text() const { return text_; }
  bool depends_on_time() const;

  // The value for `inputs` (in the order of inputs()) at `time` [s] and `temperature` [C];
  // `gradient` receives its exact partial derivatives by forward automatic differentiation.
  // Derivatives are finite everywhere (one-sided where the function has a vertical tangent).
  double evaluate(std::span<const double> inputs, double time, double temperature,
                  std::span<double> gradient) const;

 private:
  std::shared_ptr<const expression::Node> root_;
  std::vector<ExpressionInput> inputs_;
  std::string text_;
};

}  // namespace wordline
