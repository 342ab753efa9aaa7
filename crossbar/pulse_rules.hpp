// Rules that decide, from what a cell has done so far, which pulse it is given next. Any function
// of that form is a rule; those here are the usual ones.
//
// Which sign raises a conductance is asked of the model. A pulse that moves a cell by less than
// `least_move` of its conductance has not moved it: such a cell is stuck.
#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace wordline::crossbar {

struct CellPulse {
  double volts = 0;  // V, from bit to source line, or from word to bit line; not 0
  double gate = 0;   // V, of 1T1R cells
  double width = 0;  // s
};

struct CellHistory {
  double target = 0;              // S
  double tolerance = 0;           // of the larger of target and conductance
  std::vector<CellPulse> pulses;  // that it was given
  std::vector<double> readings;   // S, before the first and after each
  // What a voltage [V] across the memristor would change its conductance by in a time [s].
  std::function<double(double volts, double width)> change;

  bool is_reached() const;
};

// The next pulse; none where the cell is done or given up.
using PulseRule = std::function<std::optional<CellPulse>(const CellHistory&)>;

// Of the pulses of one sign; sizes, all of them positive.
struct PulseLevels {
  double volts = 1;       // V, of the first
  double volts_step = 0;  // V, by which they grow, up to
  double most_volts = 3;  // V
  double gate = 3;        // V, of 1T1R cells, likewise
  double gate_step = 0;
  double most_gate = 3;
};

struct RuleSettings {
  PulseLevels positive = {}, negative = {};
  double width = 1e-6;       // s
  double least_move = 1e-6;  // of the conductance
};

// All of these throw Error where a number cannot be.

// So many pulses of the first level, of the sign that leads to the target at first, whatever they
// do.
PulseRule fixed_pulses(const RuleSettings& settings, int count);
// Pulses until the conductance is near enough. Those of a sign that have not moved the cell grow by
// their steps; at the largest the cell is given up.
PulseRule write_verify(const RuleSettings& settings);
// Every pulse grows by the steps until the conductance is near enough or beyond; then from the
// first level of the other sign. A cell that the largest does not move is given up.
PulseRule increment_steps(const RuleSettings& settings);

}  // namespace wordline::crossbar
