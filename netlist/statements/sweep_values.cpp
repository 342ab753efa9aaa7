#include "wordline/netlist/statements/sweep_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"

namespace wordline {

namespace {

constexpr double kMostPoints = 1e7;

constexpr std::array<std::pair<std::string_view, Spacing>, 5> kSpacings = {{
    {"lin", Spacing::kLinear},
    {"dec", Spacing::kDecade},
    {"oct", Spacing::kOctave},
    {"list", Spacing::kList},
    {"poi", Spacing::kCounted},
}};

bool is_spacing(const Token& token) {
  return token.is_word() && std::any_of(kSpacings.begin(), kSpacings.end(), [&](const auto& word) {
           return equal_ignoring_case(token.text, word.first);
         });
}

// `param x ...`, `dec r1 ...`, `r1 list ...` or `sweep ...`
bool begins_next(const Line& line) {
  return line.peek().is_word() && (equal_ignoring_case(line.peek().text, "param") ||
                                   equal_ignoring_case(line.peek().text, "sweep") ||
                                   is_spacing(line.peek()) || is_spacing(line.peek(1)));
}

// The number of points after so many whole steps from the first.
std::size_t count_points(const Token& where, double steps) {
  const double points = std::floor(steps) + 1;
  if (points <= kMostPoints) return static_cast<std::size_t>(points);
  fail(where, fmt::format("the sweep has {:g} points, more than {:g}", points, kMostPoints));
}

std::vector<double> linear(Line& line, const Scope& scope) {
  const double start = scope.value(line.expect_value("the start of the sweep"));
  const double stop = scope.value(line.expect_value("the end of the sweep"));
  const Token where = line.expect_value("the step of the sweep");
  const double step = scope.value(where);
  if (start == stop) return {start};
  if (step == 0 || (stop > start) != (step > 0)) {
    fail(where, fmt::format("a step of {} does not lead from {} to {}", step, start, stop));
  }
  // The last point counts although rounding may put it a little beyond the end.
  const double steps = (stop - start) / step * (1 + 1e-12) + 1e-9;
  std::vector<double> values(count_points(where, steps));
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k] = start + static_cast<double>(k) * step;
  }
  return values;
}

// `ratio` is what a decade or octave multiplies with.
std::vector<double> logarithmic(const Token& start_token, const Token& stop_token,
                                const Token& where, const Scope& scope, double ratio) {
  const double start = scope.value(start_token);
  const double stop = scope.value(stop_token);
  const double points = scope.value(where);
  if (points < 1) fail(where, fmt::format("{} is no number of points", points));
  if (start == 0 || stop / start < 1) {
    fail(start_token, fmt::format("a logarithmic sweep cannot lead from {} to {}", start, stop));
  }
  const double steps = std::log(stop / start) / std::log(ratio) * points + 1e-9;
  std::vector<double> values(count_points(where, steps));
  for (std::size_t k = 0; k < values.size(); ++k) {
    values[k] = start * std::pow(ratio, static_cast<double>(k) / points);
  }
  return values;
}

double ratio_of(Spacing spacing) { return spacing == Spacing::kDecade ? 10 : 2; }

// To the end of the line, or to what is swept next.
std::vector<double> listed(Line& line, const Scope& scope) {
  std::vector<double> values;
  do {
    values.push_back(scope.value(line.expect_value("a value")));
    line.accept(',');
  } while (!line.done() && !begins_next(line));
  return values;
}

// The values behind `poi`, whose number comes first.
std::vector<double> counted(Line& line, const Scope& scope) {
  const Token where = line.expect_value("the number of points");
  const double count = scope.value(where);
  std::vector<double> values = listed(line, scope);
  if (static_cast<double>(values.size()) != count) {
    fail(where, fmt::format("poi {} is followed by {} value{}", count, values.size(),
                            values.size() == 1 ? "" : "s"));
  }
  return values;
}

std::string_view text_of_file(const Token& file, const Scope& scope) {
  const std::filesystem::path path = require_file(file, scope.sources());
  try {
    return scope.sources().open(path);
  } catch (const Error& error) {
    fail(file, error.what());
  }
}

// ---- what is swept ----

// Names, of which the elements have one main value each.
std::array<const NameTable*, 11> tables_with_values(const Circuit& circuit) {
  return {&circuit.resistors.names,
          &circuit.capacitors.names,
          &circuit.inductors.names,
          &circuit.voltage_sources.names,
          &circuit.current_sources.names,
          &circuit.vcvs.names,
          &circuit.vccs.names,
          &circuit.ccvs.names,
          &circuit.cccs.names,
          &circuit.mutuals.names,
          &circuit.behavioural.names};
}

bool has_value(const std::string& element, const Circuit& circuit) {
  constexpr std::string_view kLetters = "rclviefghk";
  const std::size_t dot = element.rfind('.');
  const std::size_t letter = dot == std::string::npos ? 0 : dot + 1;
  if (letter >= element.size() || kLetters.find(element[letter]) == std::string_view::npos) {
    return false;
  }
  const auto tables = tables_with_values(circuit);
  return std::any_of(tables.begin(), tables.end(),
                     [&](const NameTable* names) { return names->find(element).has_value(); });
}

bool is_parameter(const std::string& name, const Scope& scope) {
  return scope.block().variable_by_name.contains(name);
}

[[noreturn]] void fail_unknown(const Token& name, const Scope& scope,
                               std::vector<std::string> known) {
  known.emplace_back("temp");
  for (const auto& [parameter, index] : scope.block().variable_by_name) known.push_back(parameter);
  for (const NameTable* names : tables_with_values(scope.circuit())) {
    for (std::string& stored : names->stored()) known.push_back(std::move(stored));
  }
  fail(name, fmt::format("there is no parameter, value or 'temp' called '{}'", name.text),
       did_you_mean(name.text, known));
}

StepTarget model_target(const Token& model, std::string_view parameter, const Scope& scope) {
  std::vector<std::string> known;
  for (const auto& [name, text] : scope.block().models) known.push_back(name);
  const std::string name = to_lower(model.text);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    fail(model, fmt::format("there is no model '{}' at the top level", model.text),
         did_you_mean(name, known));
  }
  return {StepTarget::Kind::kModel, name, to_lower(parameter)};
}

// x1:r1, r1:r, n1:vto
StepTarget target_with_colon(const Token& token, std::size_t colon, const Scope& scope,
                             std::vector<std::string> others) {
  const std::string name = to_lower(token.text);
  const std::string before = name.substr(0, colon);
  if (scope.block().models.contains(before)) {
    return model_target({token.text.substr(0, colon), Token::Kind::kWord},
                        token.text.substr(colon + 1), scope);
  }
  std::string dotted = name;
  std::replace(dotted.begin(), dotted.end(), ':', '.');
  if (has_value(dotted, scope.circuit())) return {StepTarget::Kind::kElement, dotted};
  const std::string element = dotted.substr(0, colon);
  constexpr std::array<std::string_view, 7> kMainValues = {"r",    "c",    "l", "dc",
                                                           "dcv0", "gain", "k"};
  const std::string_view value = std::string_view(name).substr(colon + 1);
  if (has_value(element, scope.circuit()) &&
      std::find(kMainValues.begin(), kMainValues.end(), value) != kMainValues.end()) {
    return {StepTarget::Kind::kElement, element};
  }
  fail_unknown(token, scope, std::move(others));
}

}  // namespace

std::optional<Spacing> accept_spacing(Line& line) {
  for (const auto& [word, spacing] : kSpacings) {
    if (line.accept_word(word)) return spacing;
  }
  return std::nullopt;
}

std::vector<double> read_sweep_values(Line& line, const Scope& scope, Spacing spacing) {
  switch (spacing) {
    case Spacing::kLinear:
      return linear(line, scope);
    case Spacing::kDecade:
    case Spacing::kOctave: {
      const Token start = line.expect_value("the start of the sweep");
      const Token stop = line.expect_value("the end of the sweep");
      const Token points = line.expect_value("the number of points");
      return logarithmic(start, stop, points, scope, ratio_of(spacing));
    }
    case Spacing::kCounted:
      return counted(line, scope);
    case Spacing::kList:
      break;
  }
  return listed(line, scope);
}

std::vector<double> read_points_first(Line& line, const Scope& scope, Spacing spacing) {
  const Token points = line.expect_value("the number of points");
  const Token start_token = line.expect_value("the start of the sweep");
  const Token stop_token = line.expect_value("the end of the sweep");
  if (spacing != Spacing::kLinear) {
    return logarithmic(start_token, stop_token, points, scope, ratio_of(spacing));
  }
  const double count = scope.value(points);
  if (count < 1 || count != std::floor(count)) {
    fail(points, fmt::format("{} is no number of points", count));
  }
  check_points(points, count);
  const double start = scope.value(start_token);
  const double stop = scope.value(stop_token);
  std::vector<double> values(static_cast<std::size_t>(count), start);
  for (std::size_t k = 1; k < values.size(); ++k) {
    values[k] = start + (stop - start) * static_cast<double>(k) / (count - 1);
  }
  return values;
}

std::vector<double> read_values_in_file(const Token& file, const Scope& scope) {
  LogicalLines lines(text_of_file(file, scope), scope.dialect());
  std::vector<double> values;
  for (std::string_view next = lines.next(); !next.empty(); next = lines.next()) {
    Line line(scope.dialect());
    line.reset(next);
    line.rewind();
    while (!line.done()) {
      values.push_back(scope.value(line.expect_value("a value")));
      line.accept(',');
    }
  }
  if (values.empty()) fail(file, fmt::format("there is no value in {}", file.text));
  check_points(file, static_cast<double>(values.size()));
  return values;
}

void check_points(const Token& where, double points) { count_points(where, points - 1); }

StepTarget read_step_target(Line& line, const Scope& scope, std::vector<std::string> others) {
  const bool is_named_parameter = line.accept_word("param");
  Token token = line.expect_word("what is swept");
  if (!is_named_parameter && line.peek().is_word() && line.peek(1).is('(')) token = line.take();
  if (!is_named_parameter && line.accept('(')) {
    const Token parameter = line.expect_word("a parameter of the model");
    line.expect(')');
    return model_target(token, parameter.text, scope);
  }
  const std::string name = to_lower(token.text);
  if (is_parameter(name, scope)) return {StepTarget::Kind::kParameter, name};
  if (is_named_parameter) fail_unknown(token, scope, std::move(others));
  if (name == "temp" || name == "temper") return {StepTarget::Kind::kTemperature, ""};
  if (has_value(name, scope.circuit())) return {StepTarget::Kind::kElement, name};
  const std::size_t colon = name.rfind(':');
  if (colon == std::string::npos) fail_unknown(token, scope, std::move(others));
  return target_with_colon(token, colon, scope, std::move(others));
}

Step read_step_table(const Token& name, const Scope& scope) {
  const DataTable& table = scope.table(name);
  Step step;
  for (const Token& column : table.columns) {
    Line one(scope.dialect());
    one.reset(column.text);
    one.rewind();
    step.targets.push_back(read_step_target(one, scope));
    one.expect_end();
  }
  for (const Token& value : table.values) step.values.push_back(scope.value(value));
  return step;
}

}  // namespace wordline
