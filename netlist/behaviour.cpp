#include "wordline/netlist/behaviour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

using expression::Instruction;
using expression::Program;

namespace {

Token word(std::string_view text) { return {text, Token::Kind::kWord}; }

Program single(const Instruction& instruction) { return {{instruction}, 1}; }

}  // namespace

// ---- inputs ----

Instruction ExpressionInputs::use(const ExpressionInput& input, std::string label) {
  const auto found = std::find(inputs_.begin(), inputs_.end(), input);
  const auto index = static_cast<std::uint32_t>(found - inputs_.begin());
  if (found == inputs_.end()) {
    inputs_.push_back(input);
    labels_.push_back(std::move(label));
  }
  return {.kind = Instruction::Kind::kInput, .index = index};
}

std::string ExpressionInputs::print(const Program& program) const {
  return expression::print(program, [this](std::size_t input) { return labels_[input]; });
}

BoundExpression ExpressionInputs::bind(Program program) const {
  return {std::make_shared<const Program>(std::move(program)), inputs_, labels_};
}

// ---- what names stand for ----

Instruction Behaviour::voltage(NodeId p, NodeId n) {
  if (p == n) return {.kind = Instruction::Kind::kNumber};
  const NameTable& nodes = scope_.circuit().nodes;
  return inputs_.use(
      {ExpressionInput::Kind::kVoltage, p, n},
      n == 0 ? fmt::format("v({})", nodes[p]) : fmt::format("v({},{})", nodes[p], nodes[n]));
}

Instruction Behaviour::current(const Token& name, const Scope& scope) {
  const std::int32_t source = scope.ammeter(name);
  return inputs_.use({ExpressionInput::Kind::kCurrent, source, 0, scope.share_of_current(source)},
                     fmt::format("i({})", scope.circuit().voltage_sources.names[source]));
}

Instruction Behaviour::own_current() {
  return inputs_.use({ExpressionInput::Kind::kOwnCurrent, 0, 0}, "i");
}

Instruction Behaviour::remember(Memory::Kind kind, Program operand, double initial) {
  const auto index = static_cast<std::int32_t>(memory_.size());
  const bool is_rate = kind == Memory::Kind::kRate;
  std::string label = fmt::format("{}({})", is_rate ? "ddt" : "idt", inputs_.print(operand));
  memory_.push_back({kind, std::move(operand), initial});
  const auto input_kind = is_rate ? ExpressionInput::Kind::kRate : ExpressionInput::Kind::kIntegral;
  return inputs_.use({input_kind, index, 0}, std::move(label));
}

Instruction Behaviour::resolve(const Instruction& name) {
  const Scope& scope = *name.scope;
  const auto is = [&](std::string_view word) { return equal_ignoring_case(name.text, word); };
  if (name.kind == Instruction::Kind::kVoltage) {
    return voltage(scope.node(word(name.text)),
                   name.second.empty() ? 0 : scope.node(word(name.second)));
  }
  if (name.kind == Instruction::Kind::kCurrent) return current(word(name.text), scope);
  if (name.kind == Instruction::Kind::kDraw) return scope_.constant(name);
  if (is("time")) return {.kind = Instruction::Kind::kTime};
  if (is("temper") || (is("temp") && !scope.parameter("temp"))) {
    return {.kind = Instruction::Kind::kTemperature};
  }
  if (x_ && is("x") && !scope.parameter("x")) {
    return x_->is_current ? own_current() : voltage(x_->p, x_->n);
  }
  if ((is("hertz") || is("freq")) && !scope.parameter(to_lower(name.text))) {
    return inputs_.use({ExpressionInput::Kind::kFrequency, 0, 0}, "hertz");
  }
  return scope.constant(name);
}

Program Behaviour::bind(const Token& text) {
  return expression::bind(
      expression::parse(text.text, scope_.language()),
      [this](const Instruction& name) { return resolve(name); },
      [this](const Instruction& function, Program operand, double initial) {
        const bool is_rate = function.function->name == "ddt";
        return remember(is_rate ? Memory::Kind::kRate : Memory::Kind::kIntegral, std::move(operand),
                        initial);
      });
}

// ---- the stack ----

void Behaviour::push(const Instruction& instruction) {
  program_.code.push_back(instruction);
  program_.stack_size = std::max(program_.stack_size, ++height_);
}

void Behaviour::push(double number) { push(Instruction{.number = number}); }

void Behaviour::push(const Token& text) {
  const Program program = bind(text);
  program_.code.insert(program_.code.end(), program.code.begin(), program.code.end());
  program_.stack_size = std::max(program_.stack_size, height_ + program.stack_size);
  ++height_;
}

void Behaviour::push_voltage(NodeId p, NodeId n) { push(voltage(p, n)); }

void Behaviour::push_current(const Token& voltage_source) { push(current(voltage_source, scope_)); }

void Behaviour::push_law(const TemperatureLaw& law) {
  if (law.temperature) {
    push(law.factor(*law.temperature));
    return;
  }
  const auto push_difference = [&] {
    push(Instruction{.kind = Instruction::Kind::kTemperature});
    push(law.warmer_by - law.nominal);
    apply("+");
  };
  if (law.exponential != 0) {
    push(1.01);
    push_difference();
    push(law.exponential);
    apply("*");
    apply("**");
    return;
  }
  push(1);
  push_difference();
  push_difference();
  push(law.tc2);
  apply("*");
  push(law.tc1);
  apply("+");
  apply("*");
  apply("+");
}

void Behaviour::push_voltage_rate(NodeId p, NodeId n) {
  push(remember(Memory::Kind::kRate, single(voltage(p, n))));
}

void Behaviour::push_own_current_rate() {
  push(remember(Memory::Kind::kRate, single(own_current())));
}

void Behaviour::name_voltage(NodeId p, NodeId n) { x_ = {p, n, false}; }

void Behaviour::name_own_current() { x_ = {0, 0, true}; }

void Behaviour::push_rate(const Token& text) { push(remember(Memory::Kind::kRate, bind(text))); }

void Behaviour::apply(std::string_view operation, std::size_t count) {
  const expression::Function* const named = expression::find_function(operation);
  program_.code.push_back(
      {.kind = Instruction::Kind::kApply,
       .index = static_cast<std::uint32_t>(count),
       .function = named != nullptr ? named : &expression::operator_function(operation)});
  height_ -= count - 1;
}

void Behaviour::multiply(double factor) {
  if (factor == 1) return;
  push(factor);
  apply("*");
}

BehaviouralSource Behaviour::make(NodeId p, NodeId n, bool is_voltage) && {
  BehaviouralSource source{p, n, is_voltage, inputs_.bind(std::move(program_)), {}};
  for (PendingMemory& memory : memory_) {
    source.memory.push_back({memory.kind, inputs_.bind(std::move(memory.operand)), memory.initial});
  }
  return source;
}

// ---- functions of variables ----

BoundExpression Scope::function(const Token& token,
                                std::span<const std::string_view> variables) const {
  return function(expression::parse(token.text, language()),
                  std::vector<std::string>(variables.begin(), variables.end()));
}

BoundExpression Scope::function(const Program& parsed,
                                std::span<const std::string> variables) const {
  ExpressionInputs inputs;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    inputs.use({ExpressionInput::Kind::kVariable, static_cast<std::int32_t>(k), 0}, variables[k]);
  }
  Program program = expression::bind(parsed, [&](const Instruction& name) -> Instruction {
    const bool may_be_variable =
        name.kind == Instruction::Kind::kName || name.kind == Instruction::Kind::kQuantity;
    const auto variable =
        std::find_if(variables.begin(), variables.end(), [&](std::string_view known) {
          return may_be_variable && name.scope == this && equal_ignoring_case(name.text, known);
        });
    if (variable == variables.end()) return constant(name);
    return {.kind = Instruction::Kind::kInput,
            .index = static_cast<std::uint32_t>(variable - variables.begin())};
  });
  return inputs.bind(std::move(program));
}

}  // namespace wordline
