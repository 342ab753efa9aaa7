#include "wordline/crossbar/problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wordline::crossbar {

namespace {

std::vector<double>& buses_of(Buses& buses, Lines lines) {
  return lines == Lines::kWord ? buses.word : lines == Lines::kBit ? buses.bit : buses.source;
}

const char* name_of(Lines lines) {
  return lines == Lines::kWord ? "word" : lines == Lines::kBit ? "bit" : "source";
}

void check_wires(const Wires& wires, const char* name) {
  const auto is_amount = [](double ohm) { return std::isfinite(ohm) && ohm >= 0; };
  if (!is_amount(wires.segment) || !is_amount(wires.driver)) {
    throw Error(fmt::format("{} lines: resistances must be finite and not negative", name));
  }
}

void check_settings(const ArrayProblem& problem) {
  const Settings& s = problem.settings;
  for (const Lines lines : {s.inputs, s.outputs}) {
    if (lines == Lines::kSource && !problem.has_transistors()) {
      throw Error("cells without transistors have no source lines");
    }
  }
  if (problem.has_transistors() && s.outputs == Lines::kWord) {
    throw Error("no current flows in the word lines of 1T1R cells, which are gates");
  }
  if (s.inputs == s.outputs) {
    throw Error(fmt::format("the {} lines cannot be both inputs and outputs", name_of(s.inputs)));
  }
  for (const double bias : {s.word_bias, s.bit_bias, s.source_bias}) {
    if (!std::isfinite(bias)) throw Error(fmt::format("a bias of {} V cannot be", bias));
  }
  if (!(s.tolerance > 0 && s.tolerance < 1)) {
    throw Error("the tolerance must lie between 0 and 1");
  }
}

Wires wires_of(const ArrayLine& line) {
  return {.segment = line.segment, .driver = line.driver, .driven = line.driven};
}

}  // namespace

void check_conductances(const Matrix& g) {
  if (g.rows < 1 || g.cols < 1 || g.rows > kMaxCells || g.cols > kMaxCells / g.rows ||
      std::ssize(g.values) != g.rows * g.cols) {
    throw Error(fmt::format("{} x {} conductances make no array", g.rows, g.cols));
  }
  for (std::int64_t k = 0; k < g.rows * g.cols; ++k) {
    const double value = g.values[static_cast<std::size_t>(k)];
    if (!(std::isfinite(value) && value >= 0)) {
      throw Error(fmt::format("conductance ({}, {}) is {:g} S; it must be finite and not negative",
                              k / g.cols, k % g.cols, value));
    }
  }
}

ArrayProblem make_problem(Matrix conductances, const Wires& word, const Wires& bit,
                          const Settings& settings) {
  ArrayProblem problem{.settings = settings,
                       .conductances = std::move(conductances),
                       .word = word,
                       .bit = bit,
                       .source = {},
                       .crossbar = {},
                       .circuit = {}};
  check_conductances(problem.conductances);
  check_wires(word, "word");
  check_wires(bit, "bit");
  check_settings(problem);
  return problem;
}

ArrayProblem make_problem(const Crossbar& crossbar, const Circuit& circuit,
                          const Settings& settings) {
  ArrayProblem problem{.settings = settings,
                       .conductances = {},
                       .word = wires_of(crossbar.word),
                       .bit = wires_of(crossbar.bit),
                       .source = wires_of(crossbar.source),
                       .crossbar = crossbar,
                       .circuit = {}};
  problem.circuit.models = circuit.models;
  problem.circuit.options = circuit.options;
  // What the array is connected to does not matter here.
  Crossbar& own = *problem.crossbar;
  if (own.bulk != 0) throw Error("an array on its own needs transistors with grounded bulks");
  for (auto [line, kind] : {std::pair{&own.word, Lines::kWord}, std::pair{&own.bit, Lines::kBit},
                            std::pair{&own.source, Lines::kSource}}) {
    line->bus.assign(static_cast<std::size_t>(std::max(0, problem.lines(kind))), 0);
  }
  if (const std::string fault = find_fault(own, problem.circuit); !fault.empty()) {
    throw Error(fmt::format("array {}: {}", own.name, fault));
  }
  check_settings(problem);
  return problem;
}

std::int32_t ArrayProblem::rows() const {
  return crossbar ? crossbar->rows : static_cast<std::int32_t>(conductances.rows);
}

std::int32_t ArrayProblem::cols() const {
  return crossbar ? crossbar->cols : static_cast<std::int32_t>(conductances.cols);
}

std::int32_t ArrayProblem::lines(Lines kind) const {
  if (kind == Lines::kWord) return rows();
  if (kind == Lines::kBit) return cols();
  if (!has_transistors()) return 0;
  return is_parallel() ? cols() : rows();
}

Buses ArrayProblem::filled(const Buses& given) const {
  const auto filled = [&](const std::vector<double>& volts, Lines kind) {
    const auto count = static_cast<std::size_t>(lines(kind));
    if (volts.empty()) return std::vector<double>(count);
    if (volts.size() == count) return volts;
    throw Error(fmt::format("{} voltages for {} {} lines", volts.size(), count, name_of(kind)));
  };
  return {filled(given.word, Lines::kWord), filled(given.bit, Lines::kBit),
          filled(given.source, Lines::kSource)};
}

Buses ArrayProblem::currents(BusValues planes) const {
  if (!has_transistors()) return {std::move(planes.row), std::move(planes.col), {}};
  const std::vector<double> none(static_cast<std::size_t>(rows()));
  return {none, std::move(planes.col), std::move(planes.row)};
}

std::vector<double> ArrayProblem::gates(const Buses& volts) const {
  std::vector<double> gates;
  if (!has_transistors()) return gates;
  for (const double v : volts.word) gates.insert(gates.end(), static_cast<std::size_t>(cols()), v);
  return gates;
}

Buses ArrayProblem::buses(std::span<const double> inputs) const {
  const auto all = [&](Lines kind, double bias) {
    return std::vector<double>(static_cast<std::size_t>(lines(kind)), bias);
  };
  Buses volts{all(Lines::kWord, settings.word_bias), all(Lines::kBit, settings.bit_bias),
              all(Lines::kSource, settings.source_bias)};
  buses_of(volts, settings.inputs).assign(inputs.begin(), inputs.end());
  return volts;
}

std::vector<double> ArrayProblem::outputs(const Buses& currents) const {
  Buses all = currents;
  std::vector<double> out = std::move(buses_of(all, settings.outputs));
  // A current out of a line is read, not one into it.
  for (double& i : out) i = -i;
  return out;
}

Buses ArrayProblem::output_buses(std::span<const double> weights) const {
  const auto none = [&](Lines kind) {
    return std::vector<double>(static_cast<std::size_t>(lines(kind)));
  };
  Buses buses{none(Lines::kWord), none(Lines::kBit), none(Lines::kSource)};
  buses_of(buses, settings.outputs).assign(weights.begin(), weights.end());
  return buses;
}

}  // namespace wordline::crossbar
