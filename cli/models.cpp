// `wordline models`: the parameter tables of the device models.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "wordline/base/units.hpp"
#include "wordline/cli/command.hpp"
#include "wordline/devices/registry.hpp"
#include "wordline/netlist/shipped_cards.hpp"

namespace wordline::cli {

namespace {

using Row = std::vector<std::string>;

// "memristor level=4 (vteam)" is how a `.model` line asks for it.
std::string model_line(const ModelType& type) {
  if (type.kind == "memristor") {
    return fmt::format(".model NAME memristor type={} (or level={})", type.name, type.level);
  }
  return fmt::format(".model NAME {} level={}", type.kind, type.level);
}

std::string value_of(const ParameterInfo& parameter, double value) {
  if (std::isnan(value)) return "derived";
  if (parameter.choices.empty()) return fmt::format("{}", value);
  return std::string(parameter.choices[static_cast<std::size_t>(value)]);
}

std::string default_of(const ParameterInfo& parameter) {
  return parameter.is_curve ? "a line" : value_of(parameter, parameter.default_value);
}

std::string allowed_values(const ParameterInfo& parameter) {
  if (parameter.is_curve) return "file of points";
  if (parameter.choices.empty()) return parameter.range.format();
  return fmt::format("{}", fmt::join(parameter.choices, " "));
}

Row row_of(const ParameterInfo& parameter) {
  std::string name(parameter.name);
  if (!parameter.alias.empty()) name += fmt::format(", {}", parameter.alias);
  return {std::move(name), std::string(parameter.unit), default_of(parameter),
          allowed_values(parameter), std::string(parameter.meaning)};
}

void print_table(const std::vector<Row>& rows, bool markdown) {
  std::vector<std::size_t> width(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k) width[k] = std::max(width[k], row[k].size());
  }
  const auto print_row = [&](const Row& row) {
    std::string line = markdown ? "|" : " ";
    for (std::size_t k = 0; k < width.size(); ++k) {
      line += fmt::format(" {:<{}}{}", row[k], width[k], markdown ? " |" : " ");
    }
    fmt::print("{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
  };
  print_row(rows.front());
  if (markdown) print_row(Row(width.size(), "---"));
  for (std::size_t k = 1; k < rows.size(); ++k) print_row(rows[k]);
}

// As far from the margin as documents set what is not prose.
void print_equations(std::string_view text) {
  for (std::size_t end = 0; !text.empty(); text.remove_prefix(std::min(end + 1, text.size()))) {
    end = std::min(text.find('\n'), text.size());
    fmt::print("    {}\n", text.substr(0, end));
  }
  fmt::print("\n");
}

// The shipped cards of a model, with where their values are from.
void print_cards(const ModelType& type, bool markdown) {
  std::vector<Row> rows = {{"card", "library", "source"}};
  for (const ShippedCard& shipped : shipped_cards()) {
    if (shipped.card.type == &type) {
      rows.push_back({shipped.section, shipped.library, shipped.source});
    }
  }
  if (rows.size() == 1) return;
  fmt::print("\n");
  print_table(rows, markdown);
}

void print_model(const ModelType& type, bool details, bool markdown) {
  fmt::print("{}{} ({}): {}\n\n", markdown ? "# " : "", type.name, type.kind, type.title);
  if (details) {
    const std::vector<double> defaults = type.defaults();
    fmt::print("  {}\n  {}\n", model_line(type), type.reference);
    if (type.bounds != nullptr && type.initial_state != nullptr) {
      const Bounds bounds = type.bounds(defaults);
      fmt::print("  state from {:g} to {:g}{}{}, at first {:g} (with the defaults)\n", bounds.low,
                 bounds.high, type.state_unit.empty() ? "" : " ", type.state_unit,
                 type.initial_state(defaults));
    }
    fmt::print("\n");
    print_equations(type.equations);
  }
  std::vector<Row> rows = {{"parameter", "unit", "default", "range", "meaning"}};
  for (const ParameterInfo& parameter : type.parameters) rows.push_back(row_of(parameter));
  print_table(rows, markdown);
  if (details) print_cards(type, markdown);
}

// A card of the libraries: where it is, where its values are from, and what they are.
void print_card(const ShippedCard& shipped, bool markdown) {
  const ModelType& type = *shipped.card.type;
  fmt::print("{}{} ({}, {}): {}\n\n", markdown ? "# " : "", shipped.section, type.kind, type.name,
             type.title);
  fmt::print("  .lib \"{}\" {}\n", shipped.library, shipped.section);
  if (!shipped.source.empty()) fmt::print("  {}\n", shipped.source);
  fmt::print("\n");
  std::vector<Row> rows = {{"parameter", "unit", "value", "meaning"}};
  for (std::size_t k = 0; k < type.parameters.size(); ++k) {
    const ParameterInfo& parameter = type.parameters[k];
    rows.push_back({std::string(parameter.name), std::string(parameter.unit),
                    parameter.is_curve ? "a curve" : value_of(parameter, shipped.card.values[k]),
                    std::string(parameter.meaning)});
  }
  print_table(rows, markdown);
}

int models(const std::string& wanted, bool markdown) {
  const std::string name = to_lower(wanted);
  std::vector<std::string> known;
  bool found = false;
  for (const ModelType& type : model_types()) {
    known.emplace_back(type.name);
    known.emplace_back(type.kind);
    if (!name.empty() && name != type.name && name != type.kind) continue;
    if (found) fmt::print("\n");
    found = true;
    print_model(type, !name.empty() || markdown, markdown);
  }
  if (found) return kOk;
  for (const ShippedCard& shipped : shipped_cards()) {
    known.push_back(to_lower(shipped.section));
    if (name != known.back()) continue;
    print_card(shipped, markdown);
    return kOk;
  }
  const std::string near = nearest(name, known);
  throw UsageError(fmt::format(
      "no model or card '{}'{}", wanted,
      near.empty() ? "; 'wordline models' lists them" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

void add_models_command(CLI::App& app, int& exit_code) {
  struct Options {
    std::string name;
    bool markdown = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("models", "Device models: parameters, units, defaults, ranges");
  command->add_option("name", options->name,
                      "A model (vteam), a kind (memristor, nmos)\n"
                      "or a card of the libraries (yakopcic_miao)");
  command->add_flag("--markdown", options->markdown, "As tables for a document");
  command->callback(
      [options, &exit_code] { exit_code = models(options->name, options->markdown); });
}

}  // namespace wordline::cli
