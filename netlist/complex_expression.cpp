#include "wordline/netlist/complex_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/base/error.hpp"
#include "wordline/netlist/expression_program.hpp"

namespace wordline {

namespace {

using Value = std::complex<double>;
using In = std::span<const Value>;
using expression::Instruction;

// An operator or a function that has a meaning for complex values, under its name in the language.
struct ComplexFunction {
  std::string_view name;
  Value (*value)(In arguments);
  bool gives_complex = true;
};

Value quotient(In a) {
  return a[1] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : a[0] / a[1];
}

// An integer power as a product, so that z**2 is as exact as z*z.
Value power(In a) {
  const bool whole = a[1].imag() == 0 && std::nearbyint(a[1].real()) == a[1].real();
  constexpr double kMostFactors = 64;
  if (!whole || std::abs(a[1].real()) > kMostFactors) return std::pow(a[0], a[1]);
  return std::pow(a[0], static_cast<int>(a[1].real()));
}

Value conditional(In a) { return a[0] != 0.0 ? a[1] : a[2]; }

constexpr ComplexFunction kFunctions[] = {
    {"+", [](In a) { return a[0] + a[1]; }},
    {"-", [](In a) { return a[0] - a[1]; }},
    {"*", [](In a) { return a[0] * a[1]; }},
    {"/", quotient},
    {"neg", [](In a) { return -a[0]; }},
    {"**", power},
    {"pow", power},
    {"sqr", [](In a) { return a[0] * a[0]; }},
    {"sqrt", [](In a) { return std::sqrt(a[0]); }},
    {"exp", [](In a) { return std::exp(a[0]); }},
    {"ln", [](In a) { return std::log(a[0]); }},
    {"log", [](In a) { return std::log(a[0]); }},
    {"log10", [](In a) { return std::log10(a[0]); }},
    {"?:", conditional},
    {"if", conditional},
    {"ternary_fcn", conditional},
    {"abs", [](In a) { return Value(std::abs(a[0])); }, false},
    {"mag", [](In a) { return Value(std::abs(a[0])); }, false},
    {"ph", [](In a) { return Value(std::arg(a[0])); }, false},
    {"re", [](In a) { return Value(a[0].real()); }, false},
    {"im", [](In a) { return Value(a[0].imag()); }, false},
    {"db", [](In a) { return Value(20 * std::log10(std::abs(a[0]))); }, false},
};

const ComplexFunction* find(std::string_view name) {
  const auto found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                  [name](const ComplexFunction& f) { return f.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

}  // namespace

ComplexExpression::Step ComplexExpression::apply(const Instruction& instruction,
                                                 std::vector<bool>& stack) {
  const std::size_t count = instruction.index;
  const auto first = stack.end() - static_cast<std::ptrdiff_t>(count);
  const bool of_complex = std::find(first, stack.end(), true) != stack.end();
  const expression::Function& function = *instruction.function;
  const ComplexFunction* const meaning = of_complex ? find(function.name) : nullptr;
  const bool by_condition = meaning != nullptr && meaning->value == conditional;
  if (of_complex && (meaning == nullptr || (by_condition && *first))) {
    const bool is_word = std::isalpha(static_cast<unsigned char>(function.name[0])) != 0;
    throw Error(
        fmt::format("'{}{}' takes no complex value; write its magnitude, phase or a part: "
                    "mag(), ph(), re(), im()",
                    function.name, is_word ? "()" : ""));
  }
  stack.resize(stack.size() - count);
  stack.push_back(of_complex && meaning->gives_complex);
  return {&function, of_complex ? meaning->value : nullptr, instruction.index};
}

ComplexExpression::ComplexExpression(const BoundExpression& expression,
                                     const std::vector<bool>& complex_inputs) {
  if (expression.program() == nullptr) return;
  std::vector<bool> stack;
  for (const Instruction& instruction : expression.program()->code) {
    if (instruction.kind == Instruction::Kind::kApply) {
      steps_.push_back(apply(instruction, stack));
      continue;
    }
    const bool is_input = instruction.kind == Instruction::Kind::kInput;
    stack.push_back(is_input && complex_inputs[instruction.index]);
    steps_.push_back({nullptr, nullptr, instruction.index, is_input, instruction.number});
  }
  is_complex_ = stack.back();
}

std::complex<double> ComplexExpression::evaluate(std::span<const Value> inputs) const {
  std::vector<Value> stack;
  std::vector<double> reals;
  for (const Step& step : steps_) {
    if (step.function == nullptr) {
      stack.push_back(step.is_input ? inputs[step.index] : Value(step.number));
      continue;
    }
    const In arguments = In(stack).last(step.index);
    Value value;
    if (step.complex != nullptr) {
      value = step.complex(arguments);
    } else {
      reals.clear();
      for (const Value& argument : arguments) reals.push_back(argument.real());
      if (step.function->guard != nullptr) step.function->guard(reals);
      value = step.function->value(reals);
    }
    stack.resize(stack.size() - step.index);
    stack.push_back(value);
  }
  return stack.empty() ? 0.0 : stack.back();
}

}  // namespace wordline
