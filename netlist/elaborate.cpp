#include "wordline/netlist/elaborate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/bus.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/noise_cost.hpp"
#include "wordline/netlist/read.hpp"
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
  return true;
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

Circuit Elaborator::run() {
  circuit_.title = deck_.title;
  Scope top(*this, deck_.top);
  for (const auto& [name, token] : deck_.globals) top.node(token);
  elaborate(top, deck_.top.name);
  complete_sources(circuit_);
  return std::move(circuit_);
}

void Elaborator::elaborate(Scope& scope, const Token& where) {
  if (depth_ >= kDeepestInstance) {
    fail(where, fmt::format("sub-circuits are nested more than {} deep", kDeepestInstance));
  }
  const Block& block = scope.block();
  if (depth_ > 0) expanded_ += block.elements.size() + block.statements.size();
  if (expanded_ > kMostExpandedLines) {
    fail(where, fmt::format("the sub-circuits expand to more than {} lines", kMostExpandedLines));
  }
  ++depth_;
  read_statements(scope, true);
  if (depth_ == 1) check_definitions(scope);
  read_elements(scope, false);
  read_elements(scope, true);
  read_statements(scope, false);
  --depth_;
}

// What is not used would otherwise not be looked at.
void Elaborator::check_definitions(const Scope& top) {
  for (const Assignment& variable : top.block().variables) {
    const std::string_view name = variable.name.text;
    guard(top, name, [&] { top.parameter(to_lower(name)); });
  }
  std::vector<std::string_view> models;
  for (const auto& [name, text] : top.block().models) models.push_back(text);
  std::sort(models.begin(), models.end(), [](std::string_view a, std::string_view b) {
    return std::less<>()(a.data(), b.data());
  });
  Line line;
  for (const std::string_view text : models) {
    guard(top, text, [&] {
      line.reset(text);
      top.check_model(line.take());
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

void Elaborator::read_statements(Scope& scope, bool before) {
  Line line;
  for (const auto& [statement, text] : scope.block().statements) {
    if ((statement->phase == Phase::kBefore) != before) continue;
    guard(scope, text, [&, statement = statement, text = text] {
      line.reset(text);
      statement->read(line, scope);
    });
  }
}

void Elaborator::read_elements(Scope& scope, bool refer) {
  Line line;
  const auto read_one = [&](const Element* element, std::string_view text) {
    guard(scope, text, [&] {
      line.reset(text);
      if (has_range(line)) {
        read_each(line, scope, element->read);
      } else {
        element->read(line, scope);
        line.expect_end();
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

std::int32_t Elaborator::add_model(const char* definition, ModelCard card) {
  return reuse_or_add(circuit_.models, last_model_, definition, std::move(card));
}

std::int32_t Elaborator::add_model(const char* definition, CompiledModel model) {
  return reuse_or_add(circuit_.compiled_models, last_model_, definition, std::move(model));
}

namespace {

Circuit read(std::string_view text, Sources& sources) {
  Diagnostics diagnostics(sources);
  const Deck deck = read_deck(text, sources, diagnostics);
  Circuit circuit = Elaborator(deck, diagnostics).run();
  diagnostics.throw_if_errors();
  circuit.warnings = diagnostics.warnings();
  for (Diagnostic& warning : warn_of_noise(circuit)) {
    circuit.warnings.push_back(std::move(warning));
  }
  for (const std::string_view command : deck.control) {
    circuit.control.push_back({std::string(command), sources.locate(command.data())});
  }
  circuit.files = sources.files();
  return circuit;
}

}  // namespace

Circuit load(const std::filesystem::path& path) {
  Sources sources;
  const std::string_view text = sources.open(path);
  return read(text, sources);
}

Circuit parse(std::string text, const std::string& name) {
  Sources sources;
  const std::string_view view = sources.add(std::move(text), name);
  return read(view, sources);
}

Analysis read_analysis(Circuit& circuit, const std::string& text) {
  Sources sources;
  Diagnostics diagnostics(sources);
  const Deck deck;
  Elaborator elaborator(deck, diagnostics);
  const std::size_t known = circuit.analyses.size();
  std::swap(elaborator.circuit(), circuit);
  try {
    Scope top(elaborator, deck.top);
    Line line;
    line.reset(sources.add(text, ""));
    const Statement* const statement = find_statement(line.head().text);
    if (statement == nullptr) fail(line.head(), "there is no such analysis");
    statement->read(line, top);
  } catch (const Fault& fault) {
    diagnostics.error(fault);
  }
  std::swap(elaborator.circuit(), circuit);
  std::optional<Analysis> analysis;
  if (circuit.analyses.size() > known) analysis = std::move(circuit.analyses.back());
  circuit.analyses.resize(known);
  diagnostics.throw_if_errors();
  if (!analysis) throw Error(fmt::format("'{}' is no analysis", text));
  return *std::move(analysis);
}

}  // namespace wordline
