// Random numbers that depend on nothing but their address: a seed, a stream (which device), a
// purpose (which of its parameters) and an event (which time). Whoever draws, in whatever order and
// thread, gets the same. Philox 4x64: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel
// random numbers: as easy as 1, 2, 3", SC'11.
#pragma once

#include <cstdint>
#include <string_view>

namespace wordline {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint64_t stream, std::uint64_t purpose,
               std::uint64_t event = 0)
      : seed_(seed), stream_(stream), purpose_(purpose), event_(event) {}

  double uniform();      // in (0, 1), neither end included
  double normal();       // mean 0, variance 1
  double exponential();  // mean 1

 private:
  std::uint64_t seed_, stream_, purpose_, event_;
  std::uint64_t drawn_ = 0;
};

// The stream of a named device, and of an element of a named block of them.
std::uint64_t stream_of(std::string_view name);
std::uint64_t stream_of(std::string_view block, std::uint64_t element);

}  // namespace wordline
