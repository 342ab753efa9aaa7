// Expressions that depend on the circuit or on variables: names to inputs.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/expression_program.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

namespace {

using expression::Instruction;
using expression::Program;

// The inputs that an expression has named so far.
class Inputs {
 public:
  Instruction use(ExpressionInput input, std::string label) {
    const auto found = std::find(inputs_.begin(), inputs_.end(), input);
    const auto index = static_cast<std::uint32_t>(found - inputs_.begin());
    if (found == inputs_.end()) {
      inputs_.push_back(input);
      labels_.push_back(std::move(label));
    }
    return {.kind = Instruction::Kind::kInput, .index = index};
  }

  BoundExpression bind(Program program) && {
    return {std::make_shared<const Program>(std::move(program)), std::move(inputs_),
            std::move(labels_)};
  }

 private:
  std::vector<ExpressionInput> inputs_;
  std::vector<std::string> labels_;
};

Token word(std::string_view text) { return {text, Token::Kind::kWord}; }

Instruction voltage(const Instruction& name, const Scope& scope, Inputs& inputs) {
  const NodeId p = scope.node(word(name.text));
  const NodeId n = name.second.empty() ? 0 : scope.node(word(name.second));
  if (p == n) return {.kind = Instruction::Kind::kNumber};
  const NameTable& nodes = scope.circuit().nodes;
  return inputs.use(
      {ExpressionInput::Kind::kVoltage, p, n},
      n == 0 ? fmt::format("v({})", nodes[p]) : fmt::format("v({},{})", nodes[p], nodes[n]));
}

Instruction current(const Instruction& name, const Scope& scope, Inputs& inputs) {
  const std::int32_t source = scope.voltage_source(word(name.text));
  return inputs.use({ExpressionInput::Kind::kCurrent, source, 0},
                    fmt::format("i({})", scope.circuit().voltage_sources.names[source]));
}

void multiply(Program& program, double factor) {
  if (factor == 1) return;
  program.code.push_back({.number = factor});
  program.code.push_back({.kind = Instruction::Kind::kApply,
                          .index = 2,
                          .function = &expression::operator_function("*")});
  ++program.stack_size;
}

}  // namespace

BoundExpression Scope::behaviour(const Token& token, double factor) const {
  Inputs inputs;
  Program program =
      expression::bind(expression::parse(token.text, language()), [&](const Instruction& name) {
        const Scope& there = name.scope == nullptr ? *this : *name.scope;
        if (name.kind == Instruction::Kind::kVoltage) return voltage(name, there, inputs);
        if (name.kind == Instruction::Kind::kCurrent) return current(name, there, inputs);
        if (name.kind == Instruction::Kind::kDraw) return constant(name);
        if (equal_ignoring_case(name.text, "time")) {
          return Instruction{.kind = Instruction::Kind::kTime};
        }
        if (equal_ignoring_case(name.text, "temper") ||
            (equal_ignoring_case(name.text, "temp") && !there.parameter("temp"))) {
          return Instruction{.kind = Instruction::Kind::kTemperature};
        }
        return constant(name);
      });
  multiply(program, factor);
  return std::move(inputs).bind(std::move(program));
}

BoundExpression Scope::function(const Token& token,
                                std::span<const std::string_view> variables) const {
  Inputs inputs;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    inputs.use({ExpressionInput::Kind::kVariable, static_cast<std::int32_t>(k), 0},
               std::string(variables[k]));
  }
  Program program =
      expression::bind(expression::parse(token.text, language()), [&](const Instruction& name) {
        const auto variable =
            std::find_if(variables.begin(), variables.end(), [&](std::string_view known) {
              return name.kind == Instruction::Kind::kName && name.scope == this &&
                     equal_ignoring_case(name.text, known);
            });
        if (variable == variables.end()) return constant(name);
        return Instruction{.kind = Instruction::Kind::kInput,
                           .index = static_cast<std::uint32_t>(variable - variables.begin())};
      });
  return std::move(inputs).bind(std::move(program));
}

}  // namespace wordline
