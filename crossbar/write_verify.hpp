// Programming by pulses: a device is read, given a pulse of the sign that takes it towards its
// target, and read again, until it is near enough.
//
// Which sign that is follows from the model: the one under which the conductance moves the right
// way. Where neither does, and where pulses no longer move a device, amplitudes grow by `ramp` up
// to `most_volts`; then the device is given up.
//
// kSelected: cells with a transistor each; all devices of the array are programmed at once. kHalf,
// kThird: one cell after the other, row by row; the lines of the others hold theirs at V/2 or 0 (at
// V/3 or -V/3), and cells that had been finished may move. `sweeps` goes over the array again.
// Voltages are those of lines without resistance.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/base/matrix.hpp"
#include "wordline/devices/memristor/memristor_bank.hpp"

namespace wordline::crossbar {

enum class WriteScheme { kSelected, kHalf, kThird };

struct WriteVerify {
  WriteScheme scheme = WriteScheme::kSelected;
  double width = 1e-6;       // s, of a pulse
  double positive = 1;       // V
  double negative = -1;      // V
  double ramp = 0;           // V
  double most_volts = 3;     // V, of either sign
  double least_move = 1e-6;  // of the conductance; pulses that move it by less grow
  double tolerance = 0.01;   // of the larger of target and conductance
  double v_read = 0;         // V; 0: the slope at the origin
  int most_pulses = 1000;    // a device and sweep
  int sweeps = 1;
};

struct Written {
  Matrix conductance;                    // S at v_read, when all is done
  std::vector<std::int32_t> pulses;      // that each device was given as the selected one
  std::vector<std::uint8_t> is_reached;  // within its tolerance, when all is done
};

// Programs an array of the bank's devices, row by row, to these conductances [S] at v_read.
// `states` are the integrated states of the devices, before and after. A pulse is followed by
// implicit steps whose error is kept below 1e-4 of the states' range. Throws Error where sizes or
// settings cannot be, and for models whose temperature has a memory.
Written write_verify(const MemristorBank& bank, std::span<double> states, const Matrix& targets,
                     const WriteVerify& settings);

}  // namespace wordline::crossbar
