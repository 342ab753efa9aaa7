// Analyses of small signals about the operating point, as plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wordline/netlist/crossbar.hpp"

namespace wordline {

// Frequencies [Hz] from `start` to `stop`, both included.
struct FrequencySweep {
  enum class Spacing { kDecade, kOctave, kLinear };
  Spacing spacing = Spacing::kDecade;
  int points = 10;  // per decade, per octave, or in all
  double start = 1;
  double stop = 1;

  // As ngspice's: whole steps, which decades stretch a little so that the last ends at `stop`.
  std::vector<double> values() const;
};

// `.ac`: phasors of all signals, driven by the AC values of the independent sources.
struct AcAnalysis {
  FrequencySweep frequencies;
};

// What small signals are looked at: the voltage between two nodes or the current through a voltage
// source.
struct SmallSignalOutput {
  NameTable::Id p = 0, n = 0;                   // nodes
  std::optional<std::int32_t> current_of = {};  // index into Circuit::voltage_sources
  std::string label;                            // "v(out)"
};

// An independent source as the input.
struct SmallSignalInput {
  bool is_voltage = true;
  std::int32_t index = 0;  // into Circuit::voltage_sources or current_sources
  std::string name;
};

// `.noise`: what all sources of noise together make of the output, also seen at the input.
struct NoiseAnalysis {
  SmallSignalOutput output;
  SmallSignalInput input;
  FrequencySweep frequencies;
  int points_per_summary = 0;  // spectra of single devices, every so many points; 0: none
};

// `.tf`: gain and resistances for direct current.
struct TransferAnalysis {
  SmallSignalOutput output;
  SmallSignalInput input;
};

// `.sens`: derivatives of an output by the values of all elements; for direct current, or of the
// phasors of an `.ac`.
struct SensitivityAnalysis {
  SmallSignalOutput output;
  std::optional<FrequencySweep> frequencies = {};
};

}  // namespace wordline
