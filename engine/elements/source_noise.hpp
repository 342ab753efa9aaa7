// What is random in a source: TRNOISE and TRRANDOM. Every number has an address, the source's
// stream and the sample's number, so that values do not depend on the steps of a transient.
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/netlist/source.hpp"

namespace wordline {

class SourceNoise {
 public:
  SourceNoise(const SourceFunction& function, std::uint64_t seed, std::uint64_t stream);

  // To be added to the source's DC value. A value that jumps does so along a steep line.
  double value(double time);
  // The next time after `time` at which it bends.
  double next_corner(double time);

 private:
  double sample(std::uint64_t index);
  void extend_flicker(std::uint64_t count);
  void extend_telegraph(double time);
  double telegraph(double time);
  double step(double index) const;

  TransientNoise noise_;
  RandomSteps steps_;
  bool is_stepped_;
  std::uint64_t seed_, stream_;
  std::vector<double> flicker_;   // samples of 1/f noise, as far as they were needed
  std::vector<double> switches_;  // s, when the telegraph signal changes its level
};

}  // namespace wordline
