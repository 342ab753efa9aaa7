// Noise of one device's current in a transient analysis, as ReadNoise describes it. White noise has
// samples of variance S/(2 interval), so that its power below 1/(2 interval) is that of the density
// S, and goes straight from one to the next. A device draws from its own stream alone.
#pragma once

#include <cstdint>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

class CurrentNoise {
 public:
  CurrentNoise(const ReadNoise& noise, std::uint64_t seed, std::uint64_t stream);

  // Begins again at time 0.
  void restart();

  // What the device's current is multiplied by until next_corner().
  double factor() const { return 1 + (is_high_ ? 0.5 : -0.5) * noise_.telegraph; }
  // A, to add to it.
  double white(double time) const;
  // A point at `time` has been accepted, at this voltage [V] and current [A], of slope g [S].
  void accept(double time, double v, double i, double g, double celsius);
  // The next time after `time` at which the current jumps or bends.
  double next_corner(double time) const;

 private:
  double sample(double index) const;

  ReadNoise noise_;
  std::uint64_t seed_, stream_;
  double deviation_ = 0;  // A, of the samples
  bool is_high_ = false;
  double next_switch_ = 0;  // s
  std::uint64_t switches_ = 0;
};

}  // namespace wordline
