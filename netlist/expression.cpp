#include "wordline/netlist/expression.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "wordline/netlist/expression_program.hpp"

namespace wordline {

namespace {

using expression::Instruction;
using expression::kLargest;
using expression::Program;

double tame(double x) { return std::isnan(x) ? 0.0 : std::clamp(x, -kLargest, kLargest); }

// Values and gradients side by side: entry k of the stack is values[k] with the `width` slopes
// from slopes[k * width].
struct Stack {
  std::span<double> values;
  std::span<double> slopes;
  std::size_t width;
  std::size_t height = 0;

  void push(double value) {
    values[height] = value;
    std::fill_n(slopes.begin() + static_cast<std::ptrdiff_t>(height * width), width, 0.0);
    ++height;
  }

  void push_input(double value, std::size_t input) {
    push(value);
    if (width > 0) slopes[(height - 1) * width + input] = 1;
  }

  void apply(const Instruction& instruction);
};

void Stack::apply(const Instruction& instruction) {
  const std::size_t count = instruction.index;
  const expression::Function& function = *instruction.function;
  height -= count;
  const std::span<double> arguments = values.subspan(height, count);
  constexpr std::size_t kUsual = 4;
  std::array<double, 2 * kUsual> few;
  std::vector<double> many(count > kUsual ? 2 * count : 0);
  const std::span<double> work = count > kUsual ? std::span<double>(many) : std::span<double>(few);
  const auto guarded = work.first(count);
  const auto partials = work.subspan(count, count);

  std::copy(arguments.begin(), arguments.end(), guarded.begin());
  if (function.guard != nullptr) function.guard(guarded);
  const double value = tame(function.value(guarded));
  if (width > 0) {
    function.partials(arguments, value, partials);
    const auto result = slopes.subspan(height * width, width);
    for (std::size_t j = 0; j < width; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < count; ++k) {
        sum += tame(partials[k]) * slopes[(height + k) * width + j];
      }
      result[j] = tame(sum);
    }
  }
  values[height] = value;
  ++height;
}

bool uses(const Program* program, Instruction::Kind kind) {
  return program != nullptr && std::any_of(program->code.begin(), program->code.end(),
                                           [kind](const Instruction& i) { return i.kind == kind; });
}

}  // namespace

BoundExpression::BoundExpression(std::shared_ptr<const Program> program,
                                 std::vector<ExpressionInput> inputs,
                                 std::vector<std::string> labels)
    : program_(std::move(program)), inputs_(std::move(inputs)), labels_(std::move(labels)) {}

bool BoundExpression::depends_on_time() const {
  return uses(program_.get(), Instruction::Kind::kTime);
}

bool BoundExpression::depends_on_temperature() const {
  return uses(program_.get(), Instruction::Kind::kTemperature);
}

double BoundExpression::evaluate(std::span<const double> inputs, double time, double temperature,
                                 std::span<double> gradient) const {
  if (program_ == nullptr) return 0;
  const std::size_t depth = program_->stack_size;
  const std::size_t size = depth * (1 + gradient.size());
  constexpr std::size_t kUsual = 128;  // most expressions need no memory from the heap
  std::array<double, kUsual> small;
  std::vector<double> large(size > kUsual ? size : 0);
  const std::span<double> work =
      size > kUsual ? std::span<double>(large) : std::span<double>(small);
  Stack stack{work.first(depth), work.subspan(depth), gradient.size()};
  for (const Instruction& instruction : program_->code) {
    switch (instruction.kind) {
      case Instruction::Kind::kNumber:
        stack.push(instruction.number);
        break;
      case Instruction::Kind::kInput:
        stack.push_input(inputs[instruction.index], instruction.index);
        break;
      case Instruction::Kind::kTime:
        stack.push(time);
        break;
      case Instruction::Kind::kTemperature:
        stack.push(temperature);
        break;
      default:
        stack.apply(instruction);
        break;
    }
  }
  std::copy_n(stack.slopes.begin(), gradient.size(), gradient.begin());
  return stack.values[0];
}

std::string BoundExpression::text(const std::function<std::string(std::size_t input)>& name) const {
  return program_ == nullptr ? "0" : expression::print(*program_, name);
}

std::string BoundExpression::text() const {
  return text([this](std::size_t input) { return labels_[input]; });
}

}  // namespace wordline
