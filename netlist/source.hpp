// The time functions of independent sources: values and corners, as SPICE defines them.
#pragma once

#include <cstdint>
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

// offset + amplitude sin(2 pi carrier t + carrier_phase + index sin(2 pi signal t + signal_phase)).
struct FrequencyModulated {
  double offset = 0, amplitude = 0, carrier = 0, index = 0, signal = 0;  // carrier, signal in Hz
  double carrier_phase = 0, signal_phase = 0;                            // deg
};

// amplitude (offset + sin(2 pi signal t + signal_phase)) sin(2 pi carrier t + carrier_phase), with
// t counted from `delay`, before which it is 0.
struct AmplitudeModulated {
  double amplitude = 0, offset = 0, signal = 0, carrier = 0, delay = 0;  // Hz, s
  double carrier_phase = 0, signal_phase = 0;                            // deg
};

// TRNOISE: what is random is added to the DC value, which is the whole before the first sample.
struct TransientNoise {
  double white = 0;                  // standard deviation of the samples
  double interval = 0;               // s between samples, joined by straight lines
  double exponent = 0;               // of 1/f^exponent, 0 to 2
  double flicker = 0;                // its amplitude
  double telegraph = 0;              // the upper of two levels, the lower is 0
  double capture = 0, emission = 0;  // s, the mean times in the lower and the upper level
};

// TRRANDOM: a new value every `interval` from `delay` on, kept until the next.
struct RandomSteps {
  enum class Distribution { kUniform = 1, kGaussian, kExponential, kPoisson };
  Distribution distribution = Distribution::kUniform;
  double interval = 0, delay = 0;  // s
  double spread = 1;               // half the range, deviation, mean or mean number
  double offset = 0;               // added; the whole until the first value is drawn
  double scale = 1;                // of all that
};

// A transient, and the operating point that it starts from, has the time function, if there is one;
// every other analysis has the DC value, as in SPICE.
struct SourceFunction {
  double dc = 0;
  std::variant<std::monostate, Pulse, Sine, Exponential, PiecewiseLinear, FrequencyModulated,
               AmplitudeModulated, TransientNoise, RandomSteps>
      shape = {};

  bool is_dc() const { return std::holds_alternative<std::monostate>(shape); }
  bool is_random() const {
    return std::holds_alternative<TransientNoise>(shape) ||
           std::holds_alternative<RandomSteps>(shape);
  }
  // Of a random source, what is not random.
  double value(double time) const;
  // The first corner after `time` (a place where a derivative jumps), or infinity.
  double next_corner(double time) const;
};

}  // namespace wordline
