// The time functions of independent sources: values and corners, as SPICE defines them.
#pragma once

#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace wordline {

struct Pulse {
  double v1 = 0, v2 = 0;
  double delay = 0, rise = 0, fall = 0, width = 0,
         period = 0;                                         // s; all resolved, rise and fall > 0
  double repeats = std::numeric_limits<double>::infinity();  // number of pulses
};

struct Sine {
  double offset = 0, amplitude = 0, frequency = 0, delay = 0, damping = 0,
         phase = 0;  // phase in deg
};

struct Exponential {
  double v1 = 0, v2 = 0, rise_delay = 0, rise_tau = 0, fall_delay = 0, fall_tau = 0;
};

// Straight lines between points; constant before the first and after the last, or repeated from
// `repeat_from` on.
struct PiecewiseLinear {
  std::vector<double> time, value;
  double delay = 0;
  double repeat_from = -1;  // < 0: no repetition
};

// A source is its DC value unless it has a time function; operating points of a transient use the
// time function at t = 0, as in SPICE.
struct SourceFunction {
  double dc = 0;
  std::variant<std::monostate, Pulse, Sine, Exponential, PiecewiseLinear> shape = {};

  bool is_dc() const { return std::holds_alternative<std::monostate>(shape); }
  double value(double time) const;
  // The first corner after `time` (a place where a derivative jumps), or infinity.
  double next_corner(double time) const;
};

}  // namespace wordline
