#include "wordline/engine/elements/current_noise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/base/random.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"

namespace wordline {

namespace {

const std::uint64_t kWhite = stream_of("white noise");
const std::uint64_t kLevel = stream_of("telegraph level");
const std::uint64_t kDwell = stream_of("telegraph dwell");

// A^2/Hz, one-sided.
double density(ReadNoise::White kind, double v, double i, double g, double kelvin) {
  constexpr double kSmallVoltage = 1e-6;
  const double conductance = std::abs(v) > kSmallVoltage ? std::abs(i / v) : std::abs(g);
  const double thermal = 4 * kBoltzmann * kelvin * conductance;
  if (kind == ReadNoise::White::kNone) return 0;
  if (kind == ReadNoise::White::kThermal) return thermal;
  // 2 q I coth(u) = thermal u coth(u)
  const double u = kElementaryCharge * std::abs(v) / (2 * kBoltzmann * kelvin);
  return u > 1e-3 ? thermal * u / std::tanh(u) : thermal;
}

}  // namespace

CurrentNoise::CurrentNoise(const ReadNoise& noise, std::uint64_t seed, std::uint64_t stream)
    : noise_(noise), seed_(seed), stream_(stream) {
  restart();
}

void CurrentNoise::restart() {
  deviation_ = 0;
  switches_ = 0;
  is_high_ = RandomStream(seed_, stream_, kLevel).uniform() < 0.5;
  next_switch_ = noise_.telegraph > 0
                     ? noise_.dwell * RandomStream(seed_, stream_, kDwell).exponential()
                     : std::numeric_limits<double>::infinity();
}

double CurrentNoise::sample(double index) const {
  return RandomStream(seed_, stream_, kWhite, static_cast<std::uint64_t>(index)).normal();
}

double CurrentNoise::white(double time) const {
  if (deviation_ == 0) return 0;
  const double at = time / noise_.interval;
  const double index = std::floor(at);
  return deviation_ * std::lerp(sample(index), sample(index + 1), at - index);
}

void CurrentNoise::accept(double time, double v, double i, double g, double celsius) {
  if (noise_.white != ReadNoise::White::kNone) {
    const double s = density(noise_.white, v, i, g, celsius + kZeroCelsius);
    deviation_ = std::sqrt(s / (2 * noise_.interval));
  }
  for (; next_switch_ <= time; is_high_ = !is_high_) {
    next_switch_ += noise_.dwell * RandomStream(seed_, stream_, kDwell, ++switches_).exponential();
  }
}

double CurrentNoise::next_corner(double time) const {
  if (noise_.white == ReadNoise::White::kNone) return next_switch_;
  return std::min(next_switch_, noise_.interval * (std::floor(time / noise_.interval) + 1));
}

}  // namespace wordline
