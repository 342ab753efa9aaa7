// Parameter tables: every model states its parameters once, as a table from which the netlist
// checks names and ranges, `wordline models` prints and the documentation is made.
#pragma once

#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wordline {

// The values a parameter may take. Infinite ends are open.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  static constexpr Range any() { return {}; }
  static constexpr Range positive() { return {.low = 0, .low_open = true}; }
  static constexpr Range negative() { return {.high = 0, .high_open = true}; }
  static constexpr Range at_least(double low) { return {.low = low}; }
  static constexpr Range between(double low, double high) { return {.low = low, .high = high}; }

  bool contains(double value) const {
    return std::isfinite(value) && (low_open ? value > low : value >= low) &&
           (high_open ? value < high : value <= high);
  }
  std::string format() const;  // "(0, inf)", "[0, 1]"
};

// One row of the table of model M. The default is the field's own initialiser in M; a NaN there
// means "derived from the other parameters when not given".
template <class M>
struct Parameter {
  double M::*field;
  std::string_view name;
  std::string_view unit;
  Range range;
  std::string_view meaning;
  // A parameter chosen by keyword (`window=none`): the field holds the index into this list.
  std::span<const std::string_view> choices = {};
  std::string_view alias = {};  // another accepted name
  // A curve from a file (`fxpdata="file"`): the field holds the index of the card's value at which
  // its points begin, after the parameters, or 0 where none is given. Their number comes first,
  // then x1, y1, x2, y2 ...; x rises.
  bool is_curve = false;
};

// The same row without its model's type.
struct ParameterInfo {
  std::string_view name;
  std::string_view unit;
  double default_value;
  Range range;
  std::string_view meaning;
  std::span<const std::string_view> choices;
  std::string_view alias;
  bool is_curve;
};

// The table of M (its static `kParameters`) with defaults, in table order.
template <class M>
std::vector<ParameterInfo> describe_parameters() {
  std::vector<ParameterInfo> table;
  table.reserve(M::kParameters.size());
  const M defaults{};
  for (const Parameter<M>& p : M::kParameters) {
    table.push_back(
        {p.name, p.unit, defaults.*(p.field), p.range, p.meaning, p.choices, p.alias, p.is_curve});
  }
  return table;
}

// An M with its fields set from `values`, in table order; a model with curves takes them itself.
template <class M>
M from_values(std::span<const double> values) {
  M model{};
  std::size_t k = 0;
  for (const Parameter<M>& p : M::kParameters) model.*(p.field) = values[k++];
  if constexpr (requires { model.read_curves(values); }) model.read_curves(values);
  return model;
}

}  // namespace wordline
