// The chance in a memristor's state: a rate that is drawn anew in every interval, so that the state
// moves by its deviation times a normal number within it. A device draws from its own stream alone.
#pragma once

#include <cstdint>

#include "wordline/base/random.hpp"

namespace wordline {

class StateNoise {
 public:
  StateNoise(double interval, std::uint64_t seed, std::uint64_t stream)
      : interval_(interval), seed_(seed), stream_(stream) {}

  // Begins again at time 0.
  void restart() {
    rate_ = 0;
    draws_ = 0;
  }

  // State unit per second, besides the rate that the model gives.
  double rate() const { return rate_; }

  // A point at `time` has been accepted; the state's deviation [state unit] there.
  void accept(double time, double deviation) {
    for (; next() <= time; ++draws_) {
      rate_ = deviation / interval_ * RandomStream(seed_, stream_, kPurpose, draws_).normal();
    }
  }

  // The next time at which the rate jumps.
  double next() const { return static_cast<double>(draws_) * interval_; }

 private:
  inline static const std::uint64_t kPurpose = stream_of("state noise");

  double interval_;  // s
  std::uint64_t seed_, stream_;
  double rate_ = 0;
  std::uint64_t draws_ = 0;
};

}  // namespace wordline
