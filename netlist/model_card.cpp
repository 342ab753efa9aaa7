#include "wordline/netlist/model_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elements/straight_diode.hpp"
#include "wordline/netlist/foreign_models.hpp"
#include "wordline/netlist/model_variation.hpp"

namespace wordline {

namespace {

const Assignment* find(const std::vector<Assignment>& assignments, std::string_view name) {
  const auto found =
      std::find_if(assignments.rbegin(), assignments.rend(),
                   [name](const Assignment& a) { return equal_ignoring_case(a.name.text, name); });
  return found == assignments.rend() ? nullptr : &*found;
}

[[noreturn]] void fail_without_type(const Token& where, std::string message,
                                    std::string_view kind) {
  std::string hint;
  for (const ModelType& type : model_types()) {
    if (type.kind != kind) continue;
    hint +=
        fmt::format("{}level={} ({})", hint.empty() ? "there is " : ", ", type.level, type.name);
  }
  if (kind == "nmos" || kind == "pmos" || kind == "npn" || kind == "pnp")
    hint += "; .osdi loads others, compiled from Verilog-A";
  fail(where, std::move(message), std::move(hint));
}

// The kind in lower case, by its usual name.
std::string kind_of(const Token& kind) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOthers = {
      {{"res", "r"}, {"cap", "c"}, {"ind", "l"}}};
  std::string lower = to_lower(kind.text);
  for (const auto& [other, usual] : kOthers) {
    if (lower == other) lower = usual;
  }
  return lower;
}

const ModelType& type_by_level(const Token& kind, const Assignment* level, const Scope& scope) {
  const std::string lower = kind_of(kind);
  const double value = level == nullptr ? 1 : scope.value(level->value);
  const ModelType* type = nullptr;
  for (const ModelType& candidate : model_types()) {
    if (candidate.kind == lower && candidate.level == value) type = &candidate;
  }
  if (type == nullptr) {
    const std::string_view name = foreign_level(lower, value);
    fail_without_type(level == nullptr ? kind : level->value,
                      fmt::format("there is no {} of level {}{}", lower, value,
                                  name.empty() ? "" : fmt::format(" ({})", name)),
                      lower);
  }
  return *type;
}

void check_kind(const Token& kind, const Scope& scope) {
  const std::string lower = kind_of(kind);
  std::vector<std::string> kinds;
  for (const ModelType& type : model_types()) kinds.emplace_back(type.kind);
  if (std::find(kinds.begin(), kinds.end(), lower) != kinds.end()) return;
  const std::string_view foreign = foreign_kind(lower);
  if (!foreign.empty()) {
    throw ForeignModel{{kind.text.data(), fmt::format("models of kind '{}' are not supported: {}",
                                                      kind.text, foreign)}};
  }
  for (const auto& module : scope.circuit().modules) kinds.push_back(module->name());
  fail(kind, fmt::format("models of kind '{}' are not supported", kind.text),
       did_you_mean(lower, kinds));
}

const ModelType& find_type(const Token& kind, const std::vector<Assignment>& assignments,
                           const Scope& scope) {
  const std::string lower = kind_of(kind);
  const Assignment* const level = find(assignments, "level");
  const Assignment* const name = lower == "memristor" ? find(assignments, "type") : nullptr;
  if (name == nullptr) {
    if (level == nullptr && lower == "memristor") {
      fail_without_type(kind, "a memristor's model needs its level or type", lower);
    }
    return type_by_level(kind, level, scope);
  }
  const ModelType* const type = find_model_type(lower, to_lower(name->value.text));
  if (type == nullptr) {
    std::vector<std::string> names;
    for (const ModelType& known : model_types()) {
      if (known.kind == lower) names.emplace_back(known.name);
    }
    fail(name->value, fmt::format("there is no {} of type '{}'", lower, name->value.text),
         did_you_mean(name->value.text, names));
  }
  if (level != nullptr && &type_by_level(kind, level, scope) != type) {
    fail(level->value, fmt::format("'{}' is level {}", type->name, type->level));
  }
  return *type;
}

double read_value(const ModelType& type, const ParameterInfo& parameter, const Token& token,
                  const Scope& scope) {
  const auto choice =
      std::find_if(parameter.choices.begin(), parameter.choices.end(),
                   [&](std::string_view known) { return to_lower(token.text) == to_lower(known); });
  if (choice != parameter.choices.end()) {
    return static_cast<double>(choice - parameter.choices.begin());
  }
  if (!parameter.choices.empty()) {
    // Also by number, counted from zero, as Xyce has its windows.
    const bool is_number = !token.is_word() || (token.text[0] >= '0' && token.text[0] <= '9');
    const double place = is_number ? scope.value(token) : -1;
    if (parameter.range.contains(place) && place == std::floor(place)) return place;
    fail(token, fmt::format("'{}' is no value of {}", token.text, parameter.name),
         fmt::format("it is one of {}", fmt::join(parameter.choices, ", ")));
  }
  const double value = scope.value(token);
  if (!parameter.range.contains(value)) {
    fail(token, fmt::format("{} = {} {} of a {} is outside of {}", parameter.name, value,
                            parameter.unit, type.name, parameter.range.format()));
  }
  return value;
}

// Reads the file of a curve behind the values of a card; gives where it begins.
double append_curve(const Token& file, const Scope& scope, std::vector<double>& values) {
  const Matrix points = scope.curve(file, "x", "y");
  if (points.rows < 2) fail(file, fmt::format("{} has a single point, not a curve", file.text));
  const auto begin = static_cast<double>(values.size());
  values.push_back(static_cast<double>(points.rows));
  values.insert(values.end(), points.values.begin(), points.values.end());
  return begin;
}

// Of diodes and transistors: what says something about the card or the part, not about its
// currents.
bool is_harmless(std::string_view key) {
  constexpr std::array<std::string_view, 15> kHarmless = {
      "version", "mfg",  "vendor",   "iave", "ipk",  "irms",     "vpk",    "vds",
      "qg",      "vceo", "icrating", "type", "diss", "paramchk", "binunit"};
  return std::find(kHarmless.begin(), kHarmless.end(), key) != kHarmless.end();
}

bool is_of_quasi_saturation(const ModelType& type, std::string_view key) {
  constexpr std::array<std::string_view, 8> kKeys = {"rco",      "vo", "gamma", "qco",
                                                     "quasimod", "vg", "cn",    "d"};
  return type.name == "bipolar" && std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

// Whether a type of the same kind and another level knows the key, or one that is not built in:
// cards are often written for several.
bool is_of_another_level(const ModelType& type, std::string_view key) {
  constexpr std::array<std::string_view, 6> kMos2 = {"ucrit", "uexp", "utra", "neff", "xqc", "nss"};
  if (type.kind == "memristor") return false;
  const bool is_mos = type.kind == "nmos" || type.kind == "pmos";
  if (is_mos && std::find(kMos2.begin(), kMos2.end(), key) != kMos2.end()) return true;
  const auto types = model_types();
  return std::any_of(types.begin(), types.end(), [&](const ModelType& other) {
    return other.kind == type.kind && other.find(key) >= 0;
  });
}

std::vector<std::string> parameter_names(const ModelType& type) {
  std::vector<std::string> names;
  for (const ParameterInfo& parameter : type.parameters) {
    names.emplace_back(parameter.name);
    if (!parameter.alias.empty()) names.emplace_back(parameter.alias);
  }
  if (type.kind == "memristor") {
    for (std::string& name : common_parameters()) names.push_back(std::move(name));
  }
  return names;
}

// The parameter's value, or what it is around and a distribution.
void read_parameter(const Token& token, std::size_t k, const Scope& scope, ModelCard& card) {
  const ModelType& type = *card.type;
  const ParameterInfo& parameter = type.parameters[k];
  std::erase_if(card.variations.rows,
                [k](const Variations::Row& row) { return row.parameter == k; });
  if (type.kind == "memristor" && parameter.choices.empty() && !parameter.is_curve) {
    if (const auto distribution = read_distribution(parameter, token, scope)) {
      card.variations.rows.push_back({k, *distribution});
      card.values[k] = distribution->middle();
      return;
    }
  }
  card.values[k] = parameter.is_curve ? append_curve(token, scope, card.values)
                                      : read_value(type, parameter, token, scope);
}

// The size of MOS transistors that have none of their own.
bool read_channel(std::string_view key, const Token& token, const Scope& scope, ModelCard& card) {
  const bool is_mos = card.type->kind == "nmos" || card.type->kind == "pmos";
  if (!is_mos || (key != "l" && key != "w")) return false;
  const double size = scope.value(token);
  if (!(size > 0)) fail(token, fmt::format("{} = {} must be positive", key, size));
  (key == "l" ? card.channel_length : card.channel_width) = size;
  return true;
}

// A parameter that the type does not have. One card may hold several such; each is worth a message.
void report_unknown(const Token& parameter, const ModelType& type, const Scope& scope) {
  const std::string key = to_lower(parameter.text);
  const std::string near = did_you_mean(key, parameter_names(type));
  const bool is_device = type.kind != "memristor";
  if (is_device && is_bin_limit(key)) return;
  if (type.name == "diode" && is_of_straight_diode(key)) {
    const bool is_known = scope.dialect() == Dialect::kLtspice;
    scope.error({parameter.text.data(),
                 fmt::format("'{}' is of LTspice's diode of straight lines", parameter.text),
                 is_known ? "it has ron, roff or vfwd, and no parameters of a junction"
                          : "choose its dialect"});
  } else if (is_of_quasi_saturation(type, key)) {
    scope.warn(parameter, fmt::format("'{}' has no effect: quasi-saturation is not modelled", key));
  } else if (is_device && (is_harmless(key) || is_of_another_level(type, key))) {
    scope.warn(parameter, fmt::format("'{}' has no effect: a {} does not know it", key, type.name));
  } else if (is_device && ignores_unknown_parameters(scope.dialect())) {
    scope.warn(parameter, fmt::format("'{}' has no effect: a {} does not know it", key, type.name),
               near);
  } else {
    scope.error({parameter.text.data(),
                 fmt::format("'{}' is no parameter of a {}", parameter.text, type.name), near});
  }
}

}  // namespace

std::vector<Assignment> read_assignments(Line& line) {
  std::vector<Assignment> assignments;
  // To SPICE parentheses are blanks here: it lets one forget the last, and go on behind it.
  const bool parenthesised = line.accept('(');
  while (const auto assignment = line.accept_assignment()) {
    assignments.push_back(*assignment);
    line.accept(',');
    if (parenthesised && line.accept(')')) line.accept('(');
  }
  if (parenthesised) line.accept(')');
  line.expect_end();
  return assignments;
}

ModelCard read_model_card(std::string_view text, const Scope& scope) {
  Line line(scope.dialect());
  line.reset(text);
  const Token name = line.expect_word("the model's name");
  const Token kind = line.expect_word("the kind of the model");
  check_kind(kind, scope);
  const Token open = line.peek();
  if (open.is('(') && !line.tokens().rbegin()[1].is(')')) {
    scope.warn(open, "the parenthesis is not closed");
  }
  const std::vector<Assignment> assignments = read_assignments(line);
  const ModelType& type = find_type(kind, assignments, scope);

  ModelCard card{std::string(scope.full_name(name.text)), &type, type.defaults()};
  std::vector<bool> given(card.values.size());
  std::set<std::string> common;
  for (const auto& [parameter, token] : assignments) {
    const std::string lower = to_lower(parameter.text);
    if (lower == "level" || (lower == "type" && type.kind == "memristor")) continue;
    if (type.kind == "memristor" && read_common_parameter(lower, token, scope, card)) {
      if (!common.insert(lower).second) warn_twice(parameter, scope);
      continue;
    }
    if (read_channel(lower, token, scope, card)) continue;
    const int index = type.find(lower);
    if (index < 0) {
      report_unknown(parameter, type, scope);
      continue;
    }
    const auto k = static_cast<std::size_t>(index);
    if (given[k]) warn_twice(parameter, scope);
    given[k] = true;
    read_parameter(token, k, scope, card);
  }
  std::string fault = type.check == nullptr ? "" : type.check(card.values);
  if (fault.empty()) fault = find_fault(card.noise);
  if (!fault.empty()) fail(name, fault);
  warn_of_idle_noise(name, common, scope, card.noise);
  if (!card.variations.rows.empty()) card.where = scope.sources().locate(name.text.data());
  return card;
}

}  // namespace wordline
