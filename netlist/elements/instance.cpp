// X: an instance of a sub-circuit.
#include <fmt/format.h>

#include <algorithm>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/elements/elements.hpp"

namespace wordline {

namespace {

struct Definition {
  const Block* block;
  const Scope* enclosing;
};

Definition find_definition(const Token& name, const Scope& scope) {
  const std::string key = to_lower(name.text);
  std::vector<std::string> known;
  for (const Scope* at = &scope; at != nullptr; at = at->enclosing()) {
    const auto found = at->block().subcircuits.find(key);
    if (found != at->block().subcircuits.end()) return {found->second.get(), at};
    for (const auto& [other, block] : at->block().subcircuits) known.push_back(other);
  }
  fail(name, fmt::format("there is no sub-circuit '{}'", name.text), did_you_mean(key, known));
}

void refuse_recursion(const Token& name, const Block* block, const Scope& scope) {
  std::vector<std::string_view> chain;
  bool found = false;
  for (const Scope* at = &scope; at != nullptr && !found; at = at->caller()) {
    found = &at->definition() == block;
    if (at->block().name.kind != Token::Kind::kEnd) chain.push_back(at->block().name.text);
  }
  if (!found) return;
  std::reverse(chain.begin(), chain.end());
  fail(name, fmt::format("the sub-circuit contains itself: {} -> {}", fmt::join(chain, " -> "),
                         name.text));
}

std::vector<NodeId> connect(const std::vector<Token>& nodes, const Token& name, const Block& block,
                            const Scope& scope) {
  if (nodes.size() != block.ports.size()) {
    fail(name, fmt::format("sub-circuit '{}' has {} node{}, not {}", name.text, block.ports.size(),
                           block.ports.size() == 1 ? "" : "s", nodes.size()));
  }
  std::vector<NodeId> ports;
  ports.reserve(nodes.size());
  for (const Token& node : nodes) ports.push_back(scope.node(node));
  return ports;
}

std::vector<std::string> parameter_names(const Block& block) {
  std::vector<std::string> names;
  for (const Assignment& variable : block.variables) {
    names.push_back(to_lower(variable.name.text));
  }
  return names;
}

}  // namespace

void read_instance(Line& line, Scope& scope) {
  const Token name = line.head();
  std::vector<Token> words;
  while (!line.done() && !line.at_assignment() && !line.accept_word("params:")) {
    words.push_back(line.expect_word("a node or the name of a sub-circuit"));
  }
  if (words.empty()) fail(line.peek(), "the name of a sub-circuit is missing");
  const Token definition_name = words.back();
  words.pop_back();
  const auto [block, enclosing] = find_definition(definition_name, scope);
  refuse_recursion(definition_name, block, scope);

  double multiplicity = scope.multiplicity();
  std::vector<std::pair<std::size_t, double>> given;
  while (const auto assignment = line.accept_assignment()) {
    // Those of a `.param` in the body, too, as in ngspice and LTspice.
    const auto parameter = block->variable_by_name.find(to_lower(assignment->name.text));
    if (parameter != block->variable_by_name.end()) {
      given.emplace_back(parameter->second, scope.value(assignment->value));
    } else if (equal_ignoring_case(assignment->name.text, "m")) {
      multiplicity *= read_multiplicity(assignment->value, scope);
    } else {
      fail(assignment->name,
           fmt::format("'{}' is no parameter of sub-circuit '{}'", assignment->name.text,
                       definition_name.text),
           did_you_mean(assignment->name.text, parameter_names(*block)));
    }
  }
  line.expect_end();
  Scope inner(scope.elaborator(), *block, *enclosing, scope,
              fmt::format("{}.", scope.full_name(name.text)),
              connect(words, definition_name, *block, scope), multiplicity);
  for (const auto& [parameter, value] : given) inner.set_parameter(parameter, value);
  scope.elaborator().elaborate(inner, name);
}

}  // namespace wordline
