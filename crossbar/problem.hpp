// What an Array is asked to solve: cells, wires, and which lines are inputs and outputs.
#pragma once

#include <optional>

#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/network.hpp"

namespace wordline::crossbar {

struct ArrayProblem {
  Settings settings;
  Matrix conductances;  // of ohmic cells
  Wires word, bit, source;
  std::optional<Crossbar> crossbar;  // cells of any other kind,
  Circuit circuit;                   // whose models and options are here

  bool is_linear() const { return !crossbar.has_value(); }
  bool has_transistors() const { return crossbar && crossbar->cell == CellKind::k1T1R; }
  bool has_selectors() const { return crossbar && crossbar->has_selectors(); }
  bool has_inner_nodes() const { return crossbar && crossbar->has_inner_nodes(); }
  // Source lines run beside the bit lines.
  bool is_parallel() const { return has_transistors() && crossbar->source_along_columns; }
  std::int32_t rows() const;
  std::int32_t cols() const;
  std::int32_t lines(Lines kind) const;

  // The two planes of lines that carry current: word lines, or source lines of 1T1R cells, and bit
  // lines.
  Network network() const {
    return {rows(), cols(), has_transistors() ? source : word, bit, is_parallel()};
  }

  // With 0 V for each line of the kinds that are left out. Throws Error where a number of voltages
  // is not that of the lines.
  Buses filled(const Buses& given) const;
  // Those of the lines of both planes, and back; the gates' buses carry no current.
  BusValues planes(const Buses& buses) const {
    return {has_transistors() ? buses.source : buses.word, buses.bit};
  }
  Buses currents(BusValues planes) const;
  // The gate voltage [V] of every cell; nothing without transistors.
  std::vector<double> gates(const Buses& volts) const;

  // The voltages of all buses for those of the inputs, and the outputs among the currents.
  Buses buses(std::span<const double> inputs) const;
  std::vector<double> outputs(const Buses& currents) const;
  // Buses at `weights` on the output lines and at 0 V elsewhere.
  Buses output_buses(std::span<const double> weights) const;
};

// Throw Error where something cannot be.
ArrayProblem make_problem(Matrix conductances, const Wires& word, const Wires& bit,
                          const Settings& settings);
ArrayProblem make_problem(const Crossbar& crossbar, const Circuit& circuit,
                          const Settings& settings);
void check_conductances(const Matrix& siemens);

}  // namespace wordline::crossbar
