// Where a line stands while it is elaborated: the top level or one instance of a sub-circuit. A
// scope gives names their full form, values to parameters, and access to the circuit being built.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/deck.hpp"

namespace wordline {

class Elaborator;

class Scope {
 public:
  Scope(Elaborator& elaborator, const Block& block);  // the top level
  // An instance; `enclosing` is the scope in which `block` is defined.
  Scope(Elaborator& elaborator, const Block& block, const Scope& enclosing, std::string path,
        double multiplicity);

  Circuit& circuit() const;
  const Block& block() const { return block_; }
  const std::string& path() const { return path_; }  // "" or "x1.x2."
  double multiplicity() const { return multiplicity_; }
  const Sources& sources() const;

  // A local name in full, lower case: "x1.r1".
  std::string full_name(std::string_view local) const;
  // The node of a local name: a port, a global node, ground, or a node of this scope, made if new.
  NodeId node(const Token& name);
  NodeId node(std::string_view name);
  // The same, only if it exists; a full name ("x1.n") is found from the top level.
  std::optional<NodeId> find_node(std::string_view name) const;

  // The value of a number or an expression of parameters. Always finite; throws Fault.
  double value(const Token& token) const;
  // An expression of node voltages and source currents. All sources must be in the circuit.
  BoundExpression behaviour(const Token& token);
  // An expression of parameters and the named variables, which are its inputs in this order.
  BoundExpression function(const Token& token, std::span<const std::string_view> variables) const;

  // The index in Circuit::models of a `.model` visible here, of one of the given kinds.
  std::int32_t model(const Token& name, std::initializer_list<std::string_view> kinds);

  void warn(const Token& where, std::string message, std::string hint = {}) const;
  // Reports and goes on; throw Fault (or `fail`) to leave the line.
  void error(const Fault& fault) const;

  void bind_port(std::string_view port, NodeId node);
  void bind_parameter(std::string_view name, double value);

 private:
  struct Variable {
    Token definition;
    double value = 0;
    enum class State { kNew, kActive, kKnown } state = State::kNew;
  };

  Elaborator& elaborator_;
  const Block& block_;
  const Scope* enclosing_ = nullptr;
  std::string path_;
  double multiplicity_ = 1;
  std::map<std::string, NodeId, std::less<>> ports_;
  mutable std::map<std::string, Variable, std::less<>> variables_;
};

}  // namespace wordline
