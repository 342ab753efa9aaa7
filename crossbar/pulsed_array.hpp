// An array under pulses: its buses are put at voltages for a while, and the states of all its cells
// follow what the solved circuit makes of them, wires, drivers, transistors and sneak paths
// included.
//
//   wordline::crossbar::PulsedArray array(circuit.crossbars[0], circuit);
//   array.apply({.volts = {.word = w, .bit = b, .source = {}}, .width = 1e-6});
//   wordline::Matrix g = array.conductances();
//
// Pulses are rectangular and lines have no capacitance: voltages are those of the states, at all
// times. States that move by more than the tolerance in a pulse are integrated implicitly with the
// circuit's equations, and steps are as long as their local errors allow. Where only a few do, the
// others are linear around the solution at the beginning, which a solution of all equations at the
// end confirms. Slower states follow the mean of their rates at both ends of the pulse; a state
// without a rate does not move at all.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/cell_traces.hpp"

namespace wordline::crossbar {

struct ArrayPulse {
  Buses volts;       // V, one a line; empty: 0 V
  double width = 0;  // s
};

struct PulseSettings {
  double state_tolerance = 1e-5;  // of a state's range, of the error in one step
  double tolerance = 1e-9;        // of the residual, relative to the driven currents
  Method method = Method::kAuto;  // but kKlu
  int threads = 0;                // 0: OpenMP's number; results do not depend on it
};

struct PulseReport {
  double delivered = 0;  // J, from the buses
  int moved = 0;         // cells whose states were integrated
  int steps = 0, rejected = 0;
};

class PulsedArray {
 public:
  // An array as a netlist describes it, with or without select transistors, at its initial states.
  // The nodes of its buses are not used. Throws Error for what has no such description (see Array),
  // for cells with selectors, transistors with series resistances, source lines along columns
  // without resistance, and for devices whose temperature is a state or whose parameters or states
  // change by chance.
  PulsedArray(const Crossbar& crossbar, const Circuit& circuit, const PulseSettings& settings = {});
  ~PulsedArray();
  PulsedArray(PulsedArray&&) noexcept;
  PulsedArray& operator=(PulsedArray&&) noexcept;

  std::int32_t rows() const;
  std::int32_t cols() const;
  bool has_transistors() const;
  bool sources_along_columns() const;
  // The array as it is now, for other analyses: with the present states as its initial ones.
  Crossbar crossbar() const;

  // Throws Error where sizes or numbers cannot be, UnsolvedError where no solution is found.
  PulseReport apply(const ArrayPulse& pulse);

  // I/V of the memristor alone at the array's v_read [S]; at 0 V the slope at the origin.
  double conductance(CellPlace cell) const;
  Matrix conductances() const;
  // Whether any state of the memristor has this conductance.
  bool can_have(CellPlace cell, double siemens) const;
  // By how much a voltage [V] across the memristor would change that in a time [s], in one implicit
  // step: its sign is what counts.
  double change(CellPlace cell, double volts, double width) const;
  // J, into every cell from its lines, since the array was made.
  const Matrix& energies() const;
  double time() const;  // s, since the array was made

  // What these cells do is recorded from now on.
  void watch(const std::vector<CellPlace>& cells);
  const std::vector<CellTrace>& traces() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wordline::crossbar
