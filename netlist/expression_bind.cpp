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
  explicit Binder(const Resolve& resolve) : resolve_(resolve) {}

  Program run(const Program& program) {
    for (const Instruction& instruction : program.code) {
      switch (instruction.kind) {
        case Kind::kApply:
          apply(instruction);
          break;
        case Kind::kName:
        case Kind::kVoltage:
        case Kind::kCurrent:
        case Kind::kDraw:
          push(resolve_(instruction));
          break;
        default:
          push(instruction);
          break;
      }
    }
    for (Instruction& instruction : code_) {
      check(instruction);
      instruction.text = instruction.second = {};  // the circuit outlives the text
      instruction.scope = nullptr;
    }
    return {std::move(code_), program.stack_size};
  }

 private:
  void push(const Instruction& instruction) {
    starts_.push_back(code_.size());
    code_.push_back(instruction);
  }

  void apply(const Instruction& instruction) {
    const std::size_t count = instruction.index;
    const std::size_t first = starts_.size() - count;
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
  std::vector<Instruction> code_;
  std::vector<std::size_t> starts_;  // where the code of each operand on the stack begins
  std::vector<double> arguments_;
};

}  // namespace

Program bind(const Program& program, const Resolve& resolve) {
  return Binder(resolve).run(program);
}

}  // namespace wordline::expression
