// Names to what they stand for, and constant parts to numbers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/expression_program.hpp"

namespace wordline::expression {

namespace {

using Kind = Instruction::Kind;

bool is_number(const Instruction& instruction) { return instruction.kind == Kind::kNumber; }

class Binder {
 public:
  Binder(const Resolve& resolve, const Remember& remember)
      : resolve_(resolve), remember_(remember) {}

  Program run(const Program& program) {
    stack_size_ = program.stack_size;
    for (const Instruction& instruction : program.code) {
      switch (instruction.kind) {
        case Kind::kApply:
          apply(instruction);
          break;
        case Kind::kName:
        case Kind::kVoltage:
        case Kind::kCurrent:
        case Kind::kQuantity:
        case Kind::kDraw:
          push(resolve_(instruction));
          break;
        default:
          push(instruction);
          break;
      }
    }
    return finish(std::move(code_));
  }

 private:
  Program finish(std::vector<Instruction> code) const {
    for (Instruction& instruction : code) {
      check(instruction);
      instruction.text = instruction.second = {};  // the circuit outlives the text
      instruction.scope = nullptr;
    }
    return {std::move(code), stack_size_};
  }

  void push(const Instruction& instruction) {
    starts_.push_back(code_.size());
    code_.push_back(instruction);
  }

  void apply(const Instruction& instruction) {
    const std::size_t count = instruction.index;
    const std::size_t first = starts_.size() - count;
    if (instruction.function->has_memory) {
      remember(instruction, first);
      return;
    }
    const bool conditional =
        count == 3 && instruction.function->value == operator_function("?:").value;
    if (conditional && is_number(code_[starts_[first]]) &&
        starts_[first + 1] == starts_[first] + 1) {
      choose(first);
      return;
    }
    if (instruction.function->takes_points) check_points(instruction, first + 1);
    // All operands are numbers if there are as many instructions as operands.
    const std::size_t begin = starts_[first];
    const auto operands = std::span(code_).subspan(begin);
    if (operands.size() == count && std::all_of(operands.begin(), operands.end(), is_number)) {
      const Instruction result = compute(instruction, operands);
      code_.resize(begin);
      code_.push_back(result);
    } else if (instruction.function->draw != Draw::kNone) {
      throw Fault{instruction.text.data(),
                  fmt::format("{} is drawn before the simulation: its arguments must be constants",
                              instruction.function->name)};
    } else {
      code_.push_back(instruction);
    }
    starts_.resize(first + 1);
  }

  // ddt(x) or idt(x, initial): x becomes a program of its own.
  void remember(const Instruction& instruction, std::size_t first) {
    if (!remember_) {
      throw Fault{
          instruction.text.data(),
          fmt::format("'{}' has no value before the simulation", instruction.function->name),
          "only behavioural elements can use it"};
    }
    double initial = 0;
    std::vector<Instruction> operand(code_.begin() + static_cast<std::ptrdiff_t>(starts_[first]),
                                     code_.end());
    if (instruction.index > 1) {
      const std::size_t second = starts_[first + 1] - starts_[first];
      if (operand.size() != second + 1 || !is_number(operand.back())) {
        throw Fault{instruction.text.data(), fmt::format("the initial value of {} is no constant",
                                                         instruction.function->name)};
      }
      check(operand.back());
      initial = operand.back().number;
      operand.pop_back();
    }
    code_.resize(starts_[first]);
    starts_.resize(first);
    push(remember_(instruction, finish(std::move(operand)), initial));
  }

  // The points of a table that are constants must ascend.
  void check_points(const Instruction& instruction, std::size_t first) const {
    for (std::size_t k = first; k + 2 < starts_.size(); k += 2) {
      const Instruction& here = code_[starts_[k]];
      const Instruction& next = code_[starts_[k + 2]];
      const bool constant = is_number(here) && starts_[k + 1] == starts_[k] + 1 &&
                            is_number(next) && starts_[k + 3] == starts_[k + 2] + 1;
      if (constant && here.number >= next.number) {
        throw Fault{instruction.text.data(),
                    fmt::format("the points of {} must ascend: {} is followed by {}",
                                instruction.function->name, here.number, next.number)};
      }
    }
  }

  // Keeps the branch that a constant condition chooses.
  void choose(std::size_t first) {
    const Instruction condition = code_[starts_[first]];
    const auto at = [this](std::size_t offset) {
      return code_.begin() + static_cast<std::ptrdiff_t>(offset);
    };
    if (std::isnan(condition.number)) {
      code_.resize(starts_[first] + 1);
    } else if (condition.number != 0) {
      code_.resize(starts_[first + 2]);
      code_.erase(at(starts_[first]));
    } else {
      code_.erase(at(starts_[first]), at(starts_[first + 2]));
    }
    starts_.resize(first + 1);
  }

  Instruction compute(const Instruction& instruction, std::span<const Instruction> operands) {
    arguments_.clear();
    for (const Instruction& operand : operands) {
      if (std::isnan(operand.number)) return operand;  // its own fault is reported
      arguments_.push_back(operand.number);
    }
    return {.kind = Kind::kNumber,
            .number = instruction.function->value(arguments_),
            .function = instruction.function,
            .text = instruction.text};
  }

  static void check(const Instruction& instruction) {
    if (!is_number(instruction) || std::isfinite(instruction.number)) return;
    const char* const at = instruction.text.data();
    if (std::isinf(instruction.number) || instruction.function == nullptr) {
      throw Fault{at, "the result is too large for a number"};
    }
    const std::string_view name = instruction.function->name;
    if (name == "/" || name == "fmod") throw Fault{at, "division by zero"};
    throw Fault{at, fmt::format("'{}' has no value for these arguments", name)};
  }

  const Resolve& resolve_;
  const Remember& remember_;
  std::size_t stack_size_ = 0;
  std::vector<Instruction> code_;
  std::vector<std::size_t> starts_;  // where the code of each operand on the stack begins
  std::vector<double> arguments_;
};

}  // namespace

Program bind(const Program& program, const Resolve& resolve, const Remember& remember) {
  return Binder(resolve, remember).run(program);
}

}  // namespace wordline::expression
