#include "wordline/netlist/elaborate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "wordline/base/random.hpp"
#include "wordline/base/units.hpp"
#include "wordline/netlist/bus.hpp"
#include "wordline/netlist/couplings.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/model_card.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

constexpr std::size_t kDeepestInstance = 100;
constexpr std::size_t kMostExpandedLines = 4'000'000;

bool same(const ModelCard& a, const ModelCard& b) {
  if (a.type != b.type || a.values.size() != b.values.size()) return false;
  for (std::size_t k = 0; k < a.values.size(); ++k) {
    const bool both_derived = std::isnan(a.values[k]) && std::isnan(b.values[k]);
    if (!both_derived && a.values[k] != b.values[k]) return false;
  }
  return a.channel_length == b.channel_length && a.channel_width == b.channel_width;
}

bool same(const CompiledModel& a, const CompiledModel& b) {
  return a.module == b.module && a.settings == b.settings;
}

// The index of the last row made from the same line if it is equal, else of a new one.
template <class Row>
std::int32_t reuse_or_add(std::vector<Row>& rows,
                          std::unordered_map<const char*, std::int32_t>& last,
                          const char* definition, Row row) {
  const auto found = last.find(definition);
  if (found != last.end() && same(row, rows[static_cast<std::size_t>(found->second)])) {
    return found->second;
  }
  rows.push_back(std::move(row));
  return last[definition] = static_cast<std::int32_t>(rows.size()) - 1;
}

}  // namespace

Elaborator::Elaborator(const Deck& deck, const Variant& variant, Diagnostics& diagnostics)
    : deck_(deck),
      variant_(variant),
      used_(variant.overrides.size()),
      diagnostics_(diagnostics),
      globals_(deck.top.globals) {}

Circuit Elaborator::run() {
  circuit_.title = deck_.title;
  circuit_.variant = variant_;
  Scope top(*this, deck_.top);
  read_settings(top);  // conditions may ask for the temperature
  top.choose_branches();
  if (!deck_.top.conditionals.empty()) read_settings(top);
  elaborate(top, deck_.top.name);
  complete_sources(circuit_);
  for (const Fault& fault : check_couplings(circuit_, coupling_places)) diagnostics_.error(fault);
  check_overrides();
  return std::move(circuit_);
}

void Elaborator::read_settings(Scope& top) {
  temperatures.clear();
  read_statements(top, Phase::kSettings);
  if (variant_.seed) circuit_.options.seed = *variant_.seed;
  for (std::size_t k = 0; k < used_.size(); ++k) {
    if (variant_.overrides[k].target.kind != StepTarget::Kind::kTemperature) continue;
    circuit_.options.temperature = variant_.overrides[k].value;
    used_[k] = 1;
  }
}

void Elaborator::elaborate(Scope& scope, const Token& where) {
  if (depth_ >= kDeepestInstance) {
    fail(where, fmt::format("sub-circuits are nested more than {} deep", kDeepestInstance));
  }
  if (depth_ > 0) {
    scope.choose_branches();
    expanded_ += scope.block().elements.size() + scope.block().statements.size();
  }
  if (expanded_ > kMostExpandedLines) {
    fail(where, fmt::format("the sub-circuits expand to more than {} lines", kMostExpandedLines));
  }
  ++depth_;
  read_statements(scope, Phase::kBefore);
  if (depth_ == 1) check_definitions(scope);
  read_elements(scope, false);
  read_elements(scope, true);
  scope.connect_ammeters();
  if (depth_ == 1) check_models(scope);
  read_statements(scope, Phase::kAfter);
  --depth_;
}

// What is not used would otherwise not be looked at.
void Elaborator::check_definitions(const Scope& top) {
  for (const Assignment& variable : top.block().variables) {
    const std::string_view name = variable.name.text;
    guard(top, name, [&] { top.parameter(to_lower(name)); });
  }
  for (const auto& [name, definition] : top.block().functions) {
    guard(top, definition.name.text, [&, &function = definition] { top.check_function(function); });
  }
}

// Of a model that only other simulators have, an element that uses it has reported the fault.
void Elaborator::check_models(const Scope& top) {
  std::vector<std::string_view> models;
  for (const auto& [name, text] : top.block().models) models.push_back(text);
  std::sort(models.begin(), models.end(), [](std::string_view a, std::string_view b) {
    return std::less<>()(a.data(), b.data());
  });
  Line line(deck_.dialect);
  for (const std::string_view text : models) {
    guard(top, text, [&] {
      line.reset(text);
      try {
        top.check_model(line.take());
      } catch (const ForeignModel& fault) {
        diagnostics_.warn(fault);
      }
    });
  }
}

template <class Read>
void Elaborator::guard(const Scope& scope, std::string_view text, Read read) {
  try {
    read();
  } catch (const Fault& fault) {
    scope.error(fault);
  } catch (const Error& error) {
    scope.error({text.data(), error.what()});
  }
}

void Elaborator::read_statements(Scope& scope, Phase phase) {
  Line line(deck_.dialect);
  for (const auto& [statement, text] : scope.block().statements) {
    if (statement->phase != phase) continue;
    guard(scope, text, [&, statement = statement, text = text] {
      line.reset(text);
      const Reading reading(*this, scope, line.peek().text);
      statement->read(line, scope);
    });
  }
}

void Elaborator::read_elements(Scope& scope, bool refer) {
  Line line(deck_.dialect);
  const auto read_one = [&](const Element* element, std::string_view text) {
    guard(scope, text, [&] {
      line.reset(text);
      if (has_range(line)) {
        read_each(line, scope, *element);
      } else {
        read_element(*element, line, scope);
      }
    });
  };
  if (refer) {
    for (const std::string_view text : scope.begin_references()) {
      read_one(find_element(text.front()), text);
    }
  }
  for (const auto& [element, text] : scope.block().elements) {
    if (element->refers == refer) read_one(element, text);
  }
}

void Elaborator::read_element(const Element& element, Line& line, Scope& scope) {
  if (!used_.empty()) line.reset(overridden_text(line, scope));
  const Reading reading(*this, scope, element.letter == 'y' ? line.peek().text : line.head().text);
  element.read(line, scope);
  line.expect_end();
}

void Elaborator::add_globals(const NameMap<Token>& nodes) {
  for (const auto& [name, token] : nodes) globals_.try_emplace(name, token);
}

double Elaborator::draw(expression::Draw kind) {
  constexpr std::uint64_t kPurpose = 0x65787072;  // none that a device's parameter has
  constexpr unsigned kRunShift = 32;
  const std::string& path = subject_.scope == nullptr ? deck_.title : subject_.scope->path();
  RandomStream random(circuit_.options.seed, stream_of(path + to_lower(subject_.name)), kPurpose,
                      variant_.run << kRunShift | subject_.drawn++);
  return kind == expression::Draw::kNormal ? random.normal() : 2 * random.uniform() - 1;
}

std::int32_t Elaborator::add_model(const char* definition, ModelCard card) {
  return reuse_or_add(circuit_.models, last_model_, definition, std::move(card));
}

std::int32_t Elaborator::add_model(const char* definition, CompiledModel model) {
  return reuse_or_add(circuit_.compiled_models, last_model_, definition, std::move(model));
}

namespace {

// Reads one line as if it stood at the end of the circuit's netlist.
void read_line(Circuit& circuit, const std::string& text,
               const std::vector<std::string>& results = {}) {
  Sources sources;
  Diagnostics diagnostics(sources);
  const Deck deck;
  const Variant variant;
  Elaborator elaborator(deck, variant, diagnostics);
  elaborator.results = results;
  std::swap(elaborator.circuit(), circuit);
  try {
    Scope top(elaborator, deck.top);
    Line line(deck.dialect);
    line.reset(sources.add(text, ""));
    const Statement* const statement = find_statement(line.head().text);
    if (statement == nullptr) fail(line.head(), "there is no such statement");
    statement->read(line, top);
  } catch (const Fault& fault) {
    diagnostics.error(fault);
  }
  std::swap(elaborator.circuit(), circuit);
  diagnostics.throw_if_errors();
}

// What such a line adds to one of the circuit's lists, which stays as it is.
template <class T>
T read_one(Circuit& circuit, std::vector<T> Circuit::*list, const std::string& line,
           std::string_view what, const std::vector<std::string>& results = {}) {
  const std::vector<T> known = std::exchange(circuit.*list, {});
  std::vector<T> added;
  const auto restore = [&] { added = std::exchange(circuit.*list, known); };
  try {
    read_line(circuit, line, results);
  } catch (...) {
    restore();
    throw;
  }
  restore();
  if (added.empty()) throw Error(fmt::format("'{}' is no {}", line, what));
  return std::move(added.back());
}

}  // namespace

Analysis read_analysis(Circuit& circuit, const std::string& line) {
  return read_one(circuit, &Circuit::analyses, line, "analysis");
}

Measure read_measure(Circuit& circuit, const std::string& line,
                     const std::vector<std::string>& results) {
  return read_one(circuit, &Circuit::measures, line, "measure", results);
}

}  // namespace wordline
