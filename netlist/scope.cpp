#include "wordline/netlist/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numbers>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/netlist/compiled_model.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/elements/straight_diode.hpp"
#include "wordline/netlist/expression_program.hpp"
#include "wordline/netlist/line.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/netlist/model_card.hpp"

namespace wordline {

namespace {

using expression::Instruction;

constexpr std::size_t kDeepestParameter = 500;

struct Constant {
  std::string_view name;
  double value;
};
constexpr std::array<Constant, 4> kConstants = {{{"pi", std::numbers::pi},
                                                 {"e", std::numbers::e},
                                                 {"boltz", kBoltzmann},
                                                 {"echarge", kElementaryCharge}}};

Instruction number(double value, const Instruction& from) {
  return {.kind = Instruction::Kind::kNumber, .number = value, .text = from.text};
}

// Appends lower case without making a string.
void append_lower(std::string& to, std::string_view text) {
  for (const char c : text) {
    to += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
}

}  // namespace

Scope::Scope(Elaborator& elaborator, const Block& block)
    : elaborator_(elaborator), definition_(block), values_(block.variables.size()) {}

Scope::Scope(Elaborator& elaborator, const Block& block, const Scope& enclosing,
             const Scope& caller, std::string path, std::vector<NodeId> ports, double multiplicity)
    : elaborator_(elaborator),
      definition_(block),
      enclosing_(&enclosing),
      caller_(&caller),
      path_(std::move(path)),
      ports_(std::move(ports)),
      multiplicity_(multiplicity),
      values_(block.variables.size()) {}

Circuit& Scope::circuit() const { return elaborator_.circuit(); }

Sources& Scope::sources() const { return elaborator_.diagnostics().sources(); }

// ---- names ----

std::string_view Scope::full_name(std::string_view local) const {
  name_ = path_;
  append_lower(name_, local);
  if (has_colon_paths(dialect())) std::replace(name_.begin(), name_.end(), ':', '.');
  return name_;
}

NodeId Scope::node(const Token& name) const {
  if (!name.is_word()) fail(name, fmt::format("'{}' is no name of a node", name.text));
  return node(name.text);
}

NodeId Scope::node(std::string_view name) const {
  if (name == "0" || equal_ignoring_case(name, "gnd")) return 0;
  std::string_view full = full_name(name);
  if (!path_.empty()) {
    const std::string_view local = full.substr(path_.size());
    if (const auto port = block().ports.find(local); port != block().ports.end()) {
      return ports_[port->second];
    }
    const bool has_prefix = has_prefix_of_global_nodes(dialect()) && local.starts_with("$g");
    if (has_prefix || elaborator_.globals().contains(local)) full = local;
  }
  return circuit().nodes.intern(full);
}

NodeId Scope::existing_node(const Token& name) const {
  const NameTable& nodes = circuit().nodes;
  const std::string local = to_lower(name.text);
  if (local == "0" || local == "gnd" || block().ports.contains(local)) return node(name);
  if (const auto found = nodes.find(full_name(name.text))) return *found;
  if (const auto found = nodes.find(local)) return *found;
  fail(name, fmt::format("there is no node '{}'", name.text), did_you_mean(local, nodes.stored()));
}

std::optional<std::int32_t> Scope::find_element(const NameTable& names,
                                                std::string_view name) const {
  if (const auto found = names.find(full_name(name))) return found;
  return path_.empty() ? std::nullopt : names.find(to_lower(name));
}

std::int32_t Scope::voltage_source(const Token& name) const {
  const NameTable& sources = circuit().voltage_sources.names;
  if (const auto found = find_element(sources, name.text)) return *found;
  fail(name, fmt::format("there is no voltage source '{}'", name.text),
       did_you_mean(full_name(name.text), sources.stored()));
}

double Scope::share_of_current(std::int32_t source) const {
  return circuit().voltage_sources.names[source].starts_with(path_) ? 1 / multiplicity_ : 1;
}

bool Scope::has_model(std::string_view name) const {
  const std::string key = to_lower(name);
  for (const Scope* scope = this; scope != nullptr; scope = scope->enclosing_) {
    if (scope->block().models.contains(key)) return true;
  }
  return false;
}

Scope::ModelLine Scope::model_line(const Token& name) const {
  const std::string key = to_lower(name.text);
  std::vector<std::string> models;
  for (const Scope* scope = this; scope != nullptr; scope = scope->enclosing_) {
    const auto found = scope->block().models.find(key);
    if (found != scope->block().models.end()) {
      const std::string_view text = elaborator_.complete_model(*scope, key, found->second);
      return {scope, text, find_module(text, circuit())};
    }
    for (const auto& [model, text] : scope->block().models) models.push_back(model);
  }
  fail(name, fmt::format("there is no model '{}'", name.text), did_you_mean(key, models));
}

bool Scope::has_model(const Token& name) const {
  const std::string key = to_lower(name.text);
  for (const Scope* scope = this; scope != nullptr; scope = scope->enclosing_) {
    if (scope->block().models.contains(key)) return true;
  }
  return false;
}

std::int32_t Scope::model(const Token& name, std::initializer_list<std::string_view> kinds) const {
  const std::string key = to_lower(name.text);
  const ModelLine line = model_line(name);
  if (line.module != nullptr) {
    fail(name,
         fmt::format("the model '{}' is of the compiled module '{}'", name.text,
                     line.module->name()),
         "its instances begin with N");
  }
  auto known = line.scope->models_.find(key);
  if (known == line.scope->models_.end()) {
    const Elaborator::Reading reading(elaborator_, *line.scope, name.text);
    ModelCard card = read_model_card(line.text, *line.scope);
    const std::int32_t index = elaborator_.add_model(line.text.data(), std::move(card));
    known = line.scope->models_.emplace(key, index).first;
  }
  const auto kind = circuit().models[static_cast<std::size_t>(known->second)].type->kind;
  if (kinds.size() > 0 && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    fail(name, fmt::format("the model '{}' is of kind {}, not {}", name.text, kind,
                           fmt::join(kinds, " or ")));
  }
  return known->second;
}

std::int32_t Scope::compiled_model(const Token& name) const {
  const std::string key = to_lower(name.text);
  const ModelLine line = model_line(name);
  if (line.module == nullptr) {
    fail(name, fmt::format("the model '{}' is of no compiled module", name.text),
         circuit().modules.empty() ? "load its library with .osdi" : "");
  }
  auto known = line.scope->compiled_models_.find(key);
  if (known == line.scope->compiled_models_.end()) {
    const Elaborator::Reading reading(elaborator_, *line.scope, name.text);
    CompiledModel model = read_compiled_model(line.text, *line.scope);
    const std::int32_t index = elaborator_.add_model(line.text.data(), std::move(model));
    known = line.scope->compiled_models_.emplace(key, index).first;
  }
  return known->second;
}

std::string_view Scope::text_of_model(const Token& name) const { return model_line(name).text; }

const Scope& Scope::scope_of_model(const Token& name) const { return *model_line(name).scope; }

void Scope::check_model(const Token& name) const {
  if (find_straight_diode(name, *this)) return;
  if (model_line(name).module != nullptr) {
    compiled_model(name);
  } else {
    model(name, {});
  }
}

// ---- values ----

double Scope::value(const Token& token) const {
  if (token.is_word()) {
    if (const auto number = read_number(token.text, dialect())) {
      const char last = token.text.back();
      if ((last == 'x' || last == 'X') && !has_x_factor(dialect())) {
        warn(token, fmt::format("'{}' is {}: x is no scale factor here", token.text, *number),
             "write meg for a million, or choose the dialect of Xyce or HSPICE");
      }
      return *number;
    }
  }
  const auto program = expression::bind(expression::parse(token.text, language()),
                                        [this](const Instruction& name) { return constant(name); });
  return program.code.front().number;
}

std::optional<double> Scope::constant_value(const Token& token) const {
  if (token.is_word()) return value(token);
  bool& temperature = elaborator_.temperature_was_used;
  const bool used_before = std::exchange(temperature, false);
  std::optional<double> result;
  try {
    result = value(token);
  } catch (const Fault&) {
    result.reset();
  }
  if (temperature) result.reset();
  temperature = used_before;
  return result;
}

Instruction Scope::constant(const Instruction& name) const {
  using Kind = Instruction::Kind;
  if (name.kind == Kind::kDraw) return number(elaborator_.draw(name.function->draw), name);
  if (name.scope != nullptr && name.scope != this) {
    Instruction there = name;
    there.scope = nullptr;
    return name.scope->constant(there);
  }
  if (name.kind != Kind::kName) {
    throw Fault{name.text.data(), "voltages and currents have no value before the simulation",
                "only behavioural sources (B, and E or G with an expression) can use them"};
  }
  const std::string lower = to_lower(name.text);
  if (const auto value = parameter(lower)) return number(*value, name);
  for (const Constant& constant : kConstants) {
    if (constant.name == lower) return number(constant.value, name);
  }
  if (lower == "temper" || lower == "temp" || lower == "vt") {
    elaborator_.temperature_was_used = true;
    const double celsius = circuit().options.temperature;
    return number(
        lower == "vt" ? kBoltzmann * (celsius + kZeroCelsius) / kElementaryCharge : celsius, name);
  }
  if (lower == "time") {
    throw Fault{name.text.data(), "time has no value before the simulation",
                "only behavioural sources (B, and E or G with an expression) can use it"};
  }
  if (lower == "hertz" || lower == "freq") {
    throw Fault{name.text.data(), "expressions cannot depend on the frequency"};
  }
  throw Fault{name.text.data(), fmt::format("there is no parameter '{}'", name.text),
              did_you_mean(lower, visible_parameters())};
}

Dialect Scope::dialect() const { return elaborator_.deck().dialect; }

expression::Language Scope::language() const {
  return {dialect(), this,
          [](const std::string& name, const Scope* from) { return from->find_function(name); }};
}

expression::FoundFunction Scope::find_function(const std::string& name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->enclosing_) {
    const auto found = scope->block().functions.find(name);
    if (found != scope->block().functions.end()) return {&found->second.function, scope};
  }
  return {};
}

bool Scope::has_function(std::string_view name) const {
  const std::string lower = to_lower(name);
  return expression::find_function(lower) != nullptr || find_function(lower).function != nullptr;
}

void Scope::check_function(const FunctionDefinition& definition) const {
  expression::check({&definition.function, this}, language());
}

const DataTable& Scope::table(const Token& name) const {
  std::vector<std::string> known;
  for (const Scope* scope = this; scope != nullptr; scope = scope->enclosing_) {
    const auto found = scope->block().tables.find(to_lower(name.text));
    if (found != scope->block().tables.end()) return found->second;
    for (const auto& [other, table] : scope->block().tables) known.push_back(other);
  }
  fail(name, fmt::format("there is no table '{}'", name.text), did_you_mean(name.text, known));
}

std::vector<std::string> Scope::visible_parameters() const {
  std::vector<std::string> names;
  for (const Scope* scope = this; scope != nullptr; scope = scope->enclosing_) {
    for (const auto& [name, variable] : scope->block().variable_by_name) names.push_back(name);
  }
  return names;
}

std::optional<double> Scope::parameter(std::string_view name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->enclosing_) {
    const auto found = scope->block().variable_by_name.find(name);
    if (found != scope->block().variable_by_name.end()) return scope->evaluate(found->second);
  }
  return std::nullopt;
}

double Scope::evaluate(std::size_t variable) const {
  if (values_[variable].state >= kKnown) return values_[variable].value;
  const auto& [name, definition] = block().variables[variable];
  if (const auto failed = failed_.find(variable); failed != failed_.end()) throw failed->second;
  auto& evaluating = elaborator_.evaluating();
  if (evaluating.size() > kDeepestParameter) {
    fail(name, fmt::format("parameters depend on each other more than {} deep", kDeepestParameter));
  }
  const std::string lower = to_lower(name.text);
  if (values_[variable].state == kActive) {
    const auto first = std::find(evaluating.begin(), evaluating.end(), lower);
    fail(name, fmt::format("parameter '{}' depends on itself: {} -> {}", lower,
                           fmt::join(first, evaluating.end(), " -> "), lower));
  }
  if (enclosing_ == nullptr) {
    if (const auto instead = elaborator_.overridden(lower)) {
      values_[variable] = {*instead, kKnown};
      return *instead;
    }
  }
  values_[variable].state = kActive;
  evaluating.push_back(lower);
  const Elaborator::Reading reading(elaborator_, *this, name.text);
  try {
    values_[variable] = {value(definition), kKnown};
  } catch (const Fault& fault) {
    failed_.emplace(variable, fault);
    values_[variable].state = kNew;
    evaluating.pop_back();
    throw;
  }
  evaluating.pop_back();
  return values_[variable].value;
}

Matrix Scope::matrix(const Token& file) const {
  const std::filesystem::path path = require_file(file, sources());
  try {
    Matrix matrix = read_matrix(path);
    sources().add_file(path);
    return matrix;
  } catch (const Error& error) {
    fail(file, error.what());
  }
}

Matrix Scope::curve(const Token& file, std::string_view x, std::string_view y) const {
  Matrix points = matrix(file);
  if (points.cols != 2) {
    fail(file, fmt::format("{} has {} columns, not {} and {}", file.text, points.cols, x, y));
  }
  for (std::int64_t k = 1; k < points.rows; ++k) {
    if (points(k, 0) > points(k - 1, 0)) continue;
    fail(file, fmt::format("{}: {} {} of row {} is not after {}", file.text, x, points(k, 0), k + 1,
                           points(k - 1, 0)));
  }
  return points;
}

// ---- order ----

bool Scope::defer(Line& line) const {
  if (references_) return false;
  deferred_.push_back(line.text());
  line.skip();
  return true;
}

std::vector<std::string_view> Scope::begin_references() const {
  references_ = true;
  return std::exchange(deferred_, {});
}

// ---- messages ----

void Scope::warn(const Token& where, std::string message, std::string hint) const {
  elaborator_.diagnostics().warn({where.text.data(), std::move(message), std::move(hint)});
}

void Scope::error(const Fault& fault) const {
  elaborator_.diagnostics().error(fault, path_.substr(0, path_.size() - (path_.empty() ? 0 : 1)));
}

}  // namespace wordline
