// Programming the cells of an array by pulses, each of which acts on all of them through the solved
// circuit. A cell is read, given the pulse that a rule asks for, and read again, until the rule
// asks for none. States are never set: a cell that its pulses do not bring to its target is
// reported.
//
//   PulsedArray array(circuit.crossbars[0], circuit);
//   const Programmed done = program(array, targets, write_verify({.width = 100e-9}), {});
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/pulse_rules.hpp"
#include "wordline/crossbar/pulsed_array.hpp"
#include "wordline/crossbar/write_scheme.hpp"

namespace wordline::crossbar {

struct ProgramSettings {
  WriteScheme scheme = WriteScheme::kTransistor;
  // All cells of a row at once: pulses of one sign, gate and width together, then the next. Else
  // one cell after the other.
  bool by_row = true;
  double tolerance = 0.01;  // of the larger of target and conductance
  int most_pulses = 1000;   // a cell and sweep
  int sweeps = 1;           // over the array; later ones verify what earlier ones have disturbed
  double gap = 0;           // s after each pulse, all buses at 0 V
  double gate_off = 0;      // V, of rows that are not selected
  // Told after each row how many cells are done in this sweep; false ends the programming.
  std::function<bool(int sweep, std::int64_t cells)> progress = {};
};

enum class CellOutcome : std::uint8_t {
  kReached,
  kGivenUp,    // by the rule
  kTooMany,    // pulses
  kDisturbed,  // it had been reached; pulses for other cells moved it away
  kNotTried,   // the programming was ended before
};

struct Programmed {
  Matrix conductance;                // S, when all is done
  Matrix error;                      // of the target, relative
  Matrix energy;                     // J, into each cell from its lines, by its own pulses
  Matrix disturbance;                // S, the change while other cells were written
  std::vector<std::int32_t> pulses;  // of each cell
  std::vector<CellOutcome> outcome;
  std::int64_t reached = 0;        // cells
  std::int64_t array_pulses = 0;   // those of several cells at once are one
  double delivered = 0;            // J, from all buses: wires and other cells included
  double seconds = 0;              // that pulses and gaps take
  double largest_disturbance = 0;  // S
  double rms_disturbance = 0;      // S
};

// Targets [S] at the array's v_read, row by row. Throws Error where something cannot be,
// UnsolvedError where a pulse is not solved.
Programmed program(PulsedArray& array, const Matrix& targets, const PulseRule& rule,
                   const ProgramSettings& settings);

}  // namespace wordline::crossbar
