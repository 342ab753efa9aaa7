#include "wordline/base/random.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace wordline {

namespace {

// 53 bits, in the middle of their interval.
double to_unit(std::uint64_t bits) { return (static_cast<double>(bits >> 11U) + 0.5) * 0x1p-53; }

using Philox = r123::Philox4x64;

Philox::ctr_type block(std::uint64_t seed, std::uint64_t stream, std::uint64_t purpose,
                       std::uint64_t event, std::uint64_t index) {
  return Philox()({{stream, event, index, 0}}, {{seed, purpose}});
}

}  // namespace

double RandomStream::uniform() {
  return to_unit(block(seed_, stream_, purpose_, event_, drawn_++)[0]);
}

// By Box and Muller.
double RandomStream::normal() {
  const Philox::ctr_type bits = block(seed_, stream_, purpose_, event_, drawn_++);
  return std::sqrt(-2 * std::log(to_unit(bits[0]))) *
         std::cos(2 * std::numbers::pi * to_unit(bits[1]));
}

double RandomStream::exponential() { return -std::log(uniform()); }

// FNV-1a.
std::uint64_t stream_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

std::uint64_t stream_of(std::string_view block, std::uint64_t element) {
  return Philox()({{stream_of(block), element, 0, 0}}, {{0, 0}})[0];
}

}  // namespace wordline
