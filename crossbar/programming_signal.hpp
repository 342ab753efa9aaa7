// Voltages that program devices and take their loops, as sources of a circuit and as samples.
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/netlist/source.hpp"

namespace wordline::crossbar {

// `count` pulses of `level` volts, each `width` seconds long and followed by `gap` seconds of 0 V.
struct PulseTrain {
  std::int64_t count = 1;
  double width = 1e-3;
  double gap = 0;
  double level = 1;

  double duration() const { return static_cast<double>(count) * (width + gap); }
};

// As a source that begins at t = 0: edges last `edge` seconds and lie inside the pulses. Throws
// Error where the train cannot be or an edge takes more than half of a pulse.
SourceFunction source(const PulseTrain& train, double edge);

// A voltage for each time step: those of [0, step), [step, 2 step) ... Throws Error unless width
// and gap are whole multiples of the step, to 1e-9 of it.
std::vector<double> samples(const PulseTrain& train, double step);

// From 0 up to the amplitude, down to its negative and back to 0 in each period, by straight lines
// whose corners are exact.
SourceFunction triangle(double amplitude, double period);

}  // namespace wordline::crossbar
