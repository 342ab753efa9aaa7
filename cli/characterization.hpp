// What a memristor model does, by experiments: loops of current over voltage, switching and
// retention.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::cli {

// An analysis did not get to its end.
class ExperimentFailed : public Error {
 public:
  using Error::Error;
};

struct Drive {
  double amplitude = 0;  // V; 0: chosen
  double frequency = 0;  // Hz, of the slowest loop; 0: chosen
  double series = 0;     // ohm, between source and device
};

struct Characterization {
  Drive drive;
  // Time, v, i and x in a period of a sine of the drive's frequency, and ten and a hundred times
  // it.
  std::array<Waveforms, 3> loops;
  // The same under a constant voltage of either sign, from the far end of the state's range; empty
  // for a model whose state does not move.
  Waveforms positive, negative;
  // At 0 V, from near the low and the high end of the state's range; empty likewise.
  Waveforms low, high;
  std::string state_unit;
};

// `model` is a `.model` or `.lib` line that defines the memristor model `name`. Throws NetlistError
// where the lines are faulty, ExperimentFailed.
Characterization characterize(const std::string& model, const std::string& name, Drive drive);

// The loops in one table, for a figure: time, v and a current for each frequency, nan where a row
// belongs to another.
Waveforms join_loops(const Characterization& c);
// The states over time, from the same moment on.
Waveforms join_switching(const Characterization& c);

}  // namespace wordline::cli
