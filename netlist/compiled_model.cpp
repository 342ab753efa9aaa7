#include "wordline/netlist/compiled_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/base/units.hpp"
#include "wordline/netlist/model_card.hpp"

namespace wordline {

namespace {

std::int32_t to_integer(const Token& name, const Token& token, const Scope& scope) {
  const double value = scope.value(token);
  using Limits = std::numeric_limits<std::int32_t>;
  if (value == std::trunc(value) && value >= Limits::min() && value <= Limits::max()) {
    return static_cast<std::int32_t>(value);
  }
  fail(token, fmt::format("{} = {} must be an integer", name.text, value));
}

osdi::Value convert(const osdi::Parameter& parameter, const Token& name, const Token& value,
                    const Scope& scope) {
  switch (parameter.type) {
    case osdi::Type::kReal:
      return scope.value(value);
    case osdi::Type::kInteger:
      return to_integer(name, value, scope);
    case osdi::Type::kString:
      break;
  }
  return std::string(value.text);
}

}  // namespace

void CompiledSettings::add(const osdi::Parameter& parameter, const Token& name,
                           const Token& value) {
  if (of_instance_ && !parameter.of_instance) {
    fail(name, fmt::format("'{}' is a parameter of models of '{}', not of their instances",
                           name.text, module_.name()));
  }
  if (parameter.is_array) {
    fail(name, fmt::format("'{}' is an array, which is not supported as a parameter", name.text));
  }
  add(parameter, value, convert(parameter, name, value, scope_));
}

void CompiledSettings::add(const osdi::Parameter& parameter, const Token& value,
                           osdi::Value converted) {
  const auto same = std::find_if(settings_.begin(), settings_.end(), [&](const auto& setting) {
    return setting.parameter == parameter.id;
  });
  if (same == settings_.end()) {
    settings_.push_back({parameter.id, std::move(converted)});
    values_.push_back(value);
    return;
  }
  scope_.warn(value, fmt::format("{} is given twice; the last one holds", parameter.names.front()));
  same->value = std::move(converted);
  values_[static_cast<std::size_t>(same - settings_.begin())] = value;
}

void CompiledSettings::add(const Assignment& assignment) {
  const std::string name = to_lower(assignment.name.text);
  const osdi::Parameter* const parameter = module_.find(name);
  if (parameter != nullptr) {
    add(*parameter, assignment.name, assignment.value);
    return;
  }
  std::vector<std::string> known;
  for (const osdi::Parameter& p : module_.parameters()) {
    if (of_instance_ && !p.of_instance) continue;
    known.insert(known.end(), p.names.begin(), p.names.end());
  }
  fail(assignment.name,
       fmt::format("'{}' is no parameter of {} '{}'", assignment.name.text,
                   of_instance_ ? "an instance of" : "module", module_.name()),
       did_you_mean(name, known));
}

void CompiledSettings::report(const std::vector<osdi::SetupFault>& faults,
                              const Token& owner) const {
  for (const osdi::SetupFault& fault : faults) {
    const auto given = std::find_if(settings_.begin(), settings_.end(), [&](const auto& setting) {
      return setting.parameter == fault.parameter;
    });
    const Token& where = given == settings_.end()
                             ? owner
                             : values_[static_cast<std::size_t>(given - settings_.begin())];
    if (&fault == &faults.back()) fail(where, fault.message);
    scope_.error({where.text.data(), fault.message});
  }
}

std::shared_ptr<const osdi::Module> find_module(std::string_view text, const Circuit& circuit) {
  Line line;
  line.reset(text);
  line.take();
  const std::string kind = to_lower(line.peek().text);
  const auto found = std::find_if(circuit.modules.begin(), circuit.modules.end(),
                                  [&](const auto& module) { return module->name() == kind; });
  return found == circuit.modules.end() ? nullptr : *found;
}

CompiledModel read_compiled_model(std::string_view text, const Scope& scope) {
  CompiledModel compiled;
  compiled.module = find_module(text, scope.circuit());
  Line line(scope.dialect());
  line.reset(text);
  const Token name = line.expect_word("the model's name");
  line.take();
  compiled.name = scope.full_name(name.text);
  CompiledSettings given(*compiled.module, false, scope);
  for (const Assignment& assignment : read_assignments(line)) {
    const std::string key = to_lower(assignment.name.text);
    if (!is_bin_limit(key) || compiled.module->find(key) != nullptr) given.add(assignment);
  }
  osdi::Model model(compiled.module, given.settings(), warn_at(name, scope));
  given.report(model.setup(surroundings(scope.circuit().options)), name);
  compiled.settings = given.settings();
  return compiled;
}

osdi::Log warn_at(const Token& where, const Scope& scope) {
  return {.write =
              [where, &scope](osdi::LogLevel level, const std::string& text) {
                if (level == osdi::LogLevel::kWarning) scope.warn(where, text);
              },
          .last_error = {}};
}

osdi::Surroundings surroundings(const Options& options) {
  return {.gmin = options.gmin,
          .nominal_temperature = options.nominal_temperature,
          .source_scale = 1,
          .reltol = options.reltol,
          .abstol = options.abstol,
          .vntol = options.vntol,
          .transient = false};
}

}  // namespace wordline
