// A device that differs from cycle to cycle: each time its state has crossed most of its range, it
// has other parameters.
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/netlist/circuit.hpp"

namespace wordline {

class Cycles {
 public:
  // `part`: where the state is, from 0 to 1 of its range.
  Cycles(const ModelCard& card, std::uint64_t seed, std::uint64_t stream, double part);

  // The parameters before the first time.
  const std::vector<double>& own() const { return own_; }
  // Whether the device, its state being at `part` of its range, has switched.
  bool has_switched(double part);
  // The parameters since it last has.
  std::vector<double> parameters() const;
  // Begins again.
  void restart(double part);

 private:
  const ModelCard* card_;  // of the circuit, which outlives this
  std::uint64_t seed_, stream_;
  std::vector<double> own_;
  std::uint64_t cycle_ = 0;
  bool is_high_ = false;
};

}  // namespace wordline
