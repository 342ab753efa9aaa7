// .dc: one sweep or several nested ones, the first innermost.
//   .dc [lin] target start stop step
//   .dc dec|oct target start stop points
//   .dc target list value ...
#include <fmt/format.h>

#include <cmath>

#include "wordline/base/units.hpp"
#include "wordline/netlist/elaborate.hpp"
#include "wordline/netlist/statements/statements.hpp"

namespace wordline {

namespace {

constexpr double kMostPoints = 1e7;

void set_target(Sweep& sweep, const Token& name, const Scope& scope) {
  const Circuit& circuit = scope.circuit();
  sweep.name = to_lower(name.text);
  const auto find = [&](const NameTable& names, Sweep::Target target) {
    const auto found = scope.find_element(names, name.text);
    if (found) {
      sweep.target = target;
      sweep.index = *found;
    }
    return found.has_value();
  };
  if (sweep.name == "temp" || sweep.name == "temper") {
    sweep.target = Sweep::Target::kTemperature;
    if (scope.elaborator().temperature_was_used) {
      scope.warn(name, fmt::format("parameters that use temper keep their values at {} C",
                                   circuit.options.temperature));
    }
    return;
  }
  if (find(circuit.voltage_sources.names, Sweep::Target::kVoltageSource) ||
      find(circuit.current_sources.names, Sweep::Target::kCurrentSource) ||
      find(circuit.resistors.names, Sweep::Target::kResistor)) {
    return;
  }
  std::vector<std::string> known = {"temp"};
  for (const NameTable* names :
       {&circuit.voltage_sources.names, &circuit.current_sources.names, &circuit.resistors.names}) {
    for (std::string& stored : names->stored()) known.push_back(std::move(stored));
  }
  fail(name, fmt::format("there is no source, resistor or 'temp' called '{}'", name.text),
       did_you_mean(name.text, known));
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
std::vector<double> logarithmic(Line& line, const Scope& scope, double ratio) {
  const Token start_token = line.expect_value("the start of the sweep");
  const double start = scope.value(start_token);
  const double stop = scope.value(line.expect_value("the end of the sweep"));
  const Token where = line.expect_value("the number of points");
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

std::vector<double> listed(Line& line, const Scope& scope) {
  std::vector<double> values;
  do {
    values.push_back(scope.value(line.expect_value("a value")));
  } while (!line.done());
  return values;
}

}  // namespace

void read_dc(Line& line, Scope& scope) {
  DcAnalysis dc;
  double points = 1;
  do {
    Sweep sweep;
    const bool by_decade = line.accept_word("dec");
    const bool by_octave = !by_decade && line.accept_word("oct");
    if (!by_decade && !by_octave) line.accept_word("lin");
    set_target(sweep, line.expect_word("what is swept"), scope);
    if (by_decade || by_octave) {
      sweep.values = logarithmic(line, scope, by_decade ? 10 : 2);
    } else {
      sweep.values = line.accept_word("list") ? listed(line, scope) : linear(line, scope);
    }
    points *= static_cast<double>(sweep.values.size());
    count_points(line.head(), points - 1);
    dc.sweeps.push_back(std::move(sweep));
  } while (!line.done());
  scope.circuit().analyses.push_back({dc, scope.sources().locate(line.head().text.data())});
}

}  // namespace wordline
