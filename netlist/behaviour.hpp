// What a source or a passive element does where that is given by expressions of circuit quantities,
// put together piece by piece: every `push` adds a value to a stack, `apply` takes some off it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/expression_program.hpp"
#include "wordline/netlist/lexer.hpp"

namespace wordline {

class Scope;

// The inputs that expressions have named so far, each once.
class ExpressionInputs {
 public:
  expression::Instruction use(const ExpressionInput& input, std::string label);
  // The text of a program of these inputs.
  std::string print(const expression::Program& program) const;
  BoundExpression bind(expression::Program program) const;

 private:
  std::vector<ExpressionInput> inputs_;
  std::vector<std::string> labels_;
};

class Behaviour {
 public:
  explicit Behaviour(const Scope& scope) : scope_(scope) {}

  void push(double number);
  // All throw Fault where an expression is none or a name unknown. The voltage sources whose
  // currents are read must be in the circuit.
  void push(const Token& expression);
  void push_voltage(NodeId p, NodeId n);
  void push_current(const Token& voltage_source);
  void push_law(const TemperatureLaw& law);  // its factor at the temperature of the circuit
  // The rates of a voltage, of the element's own current, and of an expression.
  void push_voltage_rate(NodeId p, NodeId n);
  void push_own_current_rate();
  void push_rate(const Token& expression);

  // What `x` stands for where no parameter is called so: the voltage p - n, or the element's
  // current.
  void name_voltage(NodeId p, NodeId n);
  void name_own_current();

  // An operator or function of the last `count` values.
  void apply(std::string_view operation, std::size_t count = 2);
  // The last value times a number.
  void multiply(double factor);

  // An element between p and n whose current, or voltage, is the one value left.
  BehaviouralSource make(NodeId p, NodeId n, bool is_voltage) &&;

 private:
  struct PendingMemory {
    Memory::Kind kind;
    expression::Program operand;
    double initial;
  };

  expression::Program bind(const Token& expression);
  expression::Instruction resolve(const expression::Instruction& name);
  expression::Instruction voltage(NodeId p, NodeId n);
  expression::Instruction current(const Token& name, const Scope& scope);
  expression::Instruction own_current();
  // The value of ddt() or idt() of a program.
  expression::Instruction remember(Memory::Kind kind, expression::Program operand,
                                   double initial = 0);
  void push(const expression::Instruction& instruction);

  const Scope& scope_;
  ExpressionInputs inputs_;
  struct Own {
    NodeId p, n;
    bool is_current;
  };
  std::optional<Own> x_;
  std::vector<PendingMemory> memory_;
  expression::Program program_;
  std::size_t height_ = 0;
};

}  // namespace wordline
