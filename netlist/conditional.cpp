// `.if`: the branches of a block that hold in a scope become part of it.
#include <fmt/format.h>

#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/scope.hpp"

namespace wordline {

namespace {

template <class Lines>
void append(Lines& to, const Lines& from, std::size_t begin, std::size_t end) {
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
            from.begin() + static_cast<std::ptrdiff_t>(end));
}

template <class Value>
void merge(NameMap<Value>& to, const NameMap<Value>& from) {
  for (const auto& [name, value] : from) to.insert_or_assign(name, value);
}

}  // namespace

void Scope::choose_branches() {
  if (definition_.conditionals.empty()) return;
  auto whole = std::make_unique<Block>();
  whole->name = definition_.name;
  whole->ports = definition_.ports;
  whole->formals = definition_.formals;
  own_ = std::move(whole);
  insert(definition_);
}

void Scope::insert(const Block& from) {
  insert_definitions(from);
  std::size_t elements = 0;
  std::size_t statements = 0;
  const auto append_to = [&](std::size_t next_element, std::size_t next_statement) {
    append(own_->elements, from.elements, std::exchange(elements, next_element), next_element);
    append(own_->statements, from.statements, std::exchange(statements, next_statement),
           next_statement);
  };
  for (const Conditional& conditional : from.conditionals) {
    append_to(conditional.elements, conditional.statements);
    for (const Conditional::Branch& branch : conditional.branches) {
      if (!holds(branch)) continue;
      for (const Fault& fault : branch.faults) error(fault);
      insert(*branch.body);
      break;
    }
  }
  append_to(from.elements.size(), from.statements.size());
}

// What was defined before is replaced, and whatever was computed from it is computed anew.
void Scope::insert_definitions(const Block& from) {
  for (const Assignment& variable : from.variables) {
    const auto [found, is_new] =
        own_->variable_by_name.try_emplace(to_lower(variable.name.text), own_->variables.size());
    if (is_new) {
      own_->variables.push_back(variable);
    } else {
      own_->variables[found->second] = variable;
    }
  }
  merge(own_->models, from.models);
  merge(own_->functions, from.functions);
  merge(own_->tables, from.tables);
  merge(own_->subcircuits, from.subcircuits);
  elaborator_.add_globals(from.globals);
  values_.resize(own_->variables.size());
  for (Value& value : values_) {
    if (value.state != kGiven) value.state = kNew;
  }
  failed_.clear();
}

bool Scope::holds(const Conditional::Branch& branch) const {
  if (!branch.condition) return true;
  try {
    return value(*branch.condition) != 0;
  } catch (const Fault& fault) {
    error(fault);
    return false;
  }
}

}  // namespace wordline
