// Where a line stands while it is elaborated: the top level or one instance of a sub-circuit. A
// scope gives names their full form, values to parameters, and access to the circuit being built.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/base/matrix.hpp"
#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/deck.hpp"
#include "wordline/netlist/model_bins.hpp"

namespace wordline {

class Elaborator;
class Line;

class Scope {
 public:
  Scope(Elaborator& elaborator, const Block& block);  // the top level
  // An instance, called `path` ("x1.x2."), made by a line of `caller`, of a block defined in
  // `enclosing`. `ports` are its nodes in the order of the block's.
  Scope(Elaborator& elaborator, const Block& block, const Scope& enclosing, const Scope& caller,
        std::string path, std::vector<NodeId> ports, double multiplicity);

  Circuit& circuit() const;
  Elaborator& elaborator() const { return elaborator_; }
  Sources& sources() const;
  // What the text defines, and the same with the branches of `.if` that hold here.
  const Block& definition() const { return definition_; }
  const Block& block() const { return own_ == nullptr ? definition_ : *own_; }
  // Evaluates the conditions of the block, in their order; before anything else is read.
  void choose_branches();
  const Scope* enclosing() const { return enclosing_; }
  const Scope* caller() const { return caller_; }
  // "" at the top level, else "x1.x2.".
  const std::string& path() const { return path_; }
  // Instances in parallel, this one's and those of all it stands in.
  double multiplicity() const { return multiplicity_; }

  // ---- names ----

  // A local name in full, lower case: "x1.r1". Valid until the next call.
  std::string_view full_name(std::string_view local) const;
  // The node of a local name: a port, a global node, ground, or a node of this scope, made if new.
  NodeId node(const Token& name) const;
  NodeId node(std::string_view name) const;
  // The same only if it exists; else a node by its full name. Throws Fault if there is none.
  NodeId existing_node(const Token& name) const;
  // The index in `names` of an element of this scope, or of one by its full name.
  std::optional<std::int32_t> find_element(const NameTable& names, std::string_view name) const;
  // The index of a voltage source, for whatever reads its current. Throws Fault.
  std::int32_t voltage_source(const Token& name) const;
  // The same for any element of one current: of those that are no voltage sources, the index of a
  // source of 0 V, which connect_ammeters() puts before the element when all lines have been read.
  std::int32_t ammeter(const Token& name) const;
  void connect_ammeters() const;
  // The part of that source's current that belongs to one of the instances in parallel.
  double share_of_current(std::int32_t voltage_source) const;
  // Whether a `.model` of this name is visible here.
  bool has_model(std::string_view name) const;
  // The index in Circuit::models of a `.model` visible here, of one of these kinds.
  std::int32_t model(const Token& name, std::initializer_list<std::string_view> kinds) const;

  // Whether a `.model` of this name is visible here.
  bool has_model(const Token& name) const;
  // The index in Circuit::compiled_models of a `.model` of a loaded module.
  std::int32_t compiled_model(const Token& name) const;
  // The whole line of a `.model` visible here, and where it is defined.
  std::string_view text_of_model(const Token& name) const;
  const Scope& scope_of_model(const Token& name) const;
  // The bins of a model that this scope defines, in the order of their lengths.
  const std::vector<ModelBin>& bins(const std::string& model) const;
  // Reads the `.model` of this scope, whatever its kind.
  void check_model(const Token& name) const;

  // ---- values ----

  // The value of a number or of an expression of parameters. Always finite; throws Fault.
  double value(const Token& token) const;
  // The same, or nothing if the value depends on the circuit, the time or the temperature, or has a
  // fault that an expression of these would have too.
  std::optional<double> constant_value(const Token& token) const;
  // The value of a parameter visible here, by its lower-case name.
  std::optional<double> parameter(std::string_view name) const;
  // Gives a parameter of this instance its value, in place of its default.
  void set_parameter(std::size_t variable, double value) { values_[variable] = {value, kGiven}; }
  // What expressions here mean: the dialect, and the functions that are visible.
  expression::Language language() const;
  Dialect dialect() const;
  bool has_function(std::string_view name) const;  // of the language or of the netlist
  // Reads the body of a function of this scope.
  void check_function(const FunctionDefinition& definition) const;
  // The table of a `.data` visible here. Throws Fault.
  const DataTable& table(const Token& name) const;
  // An expression of parameters and the named variables (lower case), which are its inputs.
  BoundExpression function(const Token& token, std::span<const std::string_view> variables) const;
  // The same of a parsed expression, whose names and quantities may be variables.
  BoundExpression function(const expression::Program& program,
                           std::span<const std::string> variables) const;

  // The matrix in a file, found as require_file() does. Throws Fault.
  Matrix matrix(const Token& file) const;
  // The points (x, y) in a file, x rising; what x and y are called in messages. Throws Fault.
  Matrix curve(const Token& file, std::string_view x, std::string_view y) const;

  // ---- order ----

  // Puts the line off until all elements that refer to no others have been read; false if they have
  // been.
  bool defer(Line& line) const;
  // Elements that refer to others follow. Gives the lines that were put off.
  std::vector<std::string_view> begin_references() const;

  // ---- messages ----

  void warn(const Token& where, std::string message, std::string hint = {}) const;
  // Reports and goes on; throw Fault (or `fail`) to leave the line.
  void error(const Fault& fault) const;

 private:
  friend class Behaviour;
  enum State { kNew, kActive, kKnown, kGiven };
  struct Value {
    double value = 0;
    State state = kNew;
  };

  struct ModelLine {
    const Scope* scope;  // that defines it
    std::string_view text;
    std::shared_ptr<const osdi::Module> module;  // null: of one of Wordline's own kinds
  };
  // The definition visible here. Throws Fault if there is none.
  ModelLine model_line(const Token& name) const;

  double evaluate(std::size_t variable) const;
  bool holds(const Conditional::Branch& branch) const;
  void insert(const Block& from);
  void insert_definitions(const Block& from);
  expression::FoundFunction find_function(const std::string& name) const;
  // What a name stands for before the simulation.
  expression::Instruction constant(const expression::Instruction& name) const;
  std::vector<std::string> visible_parameters() const;

  Elaborator& elaborator_;
  const Block& definition_;
  std::unique_ptr<Block> own_;  // null: there are no conditions
  const Scope* enclosing_ = nullptr;
  const Scope* caller_ = nullptr;
  std::string path_;
  std::vector<NodeId> ports_;
  double multiplicity_ = 1;
  mutable std::vector<Value> values_;  // of Block::variables
  mutable std::map<std::size_t, Fault> failed_;
  mutable NameMap<std::int32_t> models_, compiled_models_;  // that this scope was asked for
  mutable NameMap<std::vector<ModelBin>> bins_;
  mutable bool references_ = false;
  mutable std::vector<std::string_view> deferred_;
  mutable std::vector<std::string> ammeters_;  // the elements they measure
  mutable std::string name_;                   // memory of full_name
};

}  // namespace wordline
