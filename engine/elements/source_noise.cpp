#include "wordline/engine/elements/source_noise.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <variant>

#include "wordline/base/random.hpp"

namespace wordline {

namespace {

const std::uint64_t kWhite = stream_of("source noise");
const std::uint64_t kFlicker = stream_of("source flicker");
const std::uint64_t kTelegraph = stream_of("source telegraph");
const std::uint64_t kStep = stream_of("source step");

// How long a jump takes, as a part of the time between jumps, and how near to a corner is on it.
constexpr double kEdge = 1e-3;
constexpr double kNear = 1e-9;

using Complex = std::complex<double>;

// The discrete Fourier transform of 2^k values in place; `sign` is -1, or 1 for the inverse without
// its factor 1/n.
void transform(std::vector<Complex>& x, double sign) {
  const std::size_t n = x.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (std::size_t length = 2; length <= n; length *= 2) {
    const double angle = sign * 2 * std::numbers::pi / static_cast<double>(length);
    for (std::size_t k = 0; k < length / 2; ++k) {
      const Complex twiddle = std::polar(1.0, angle * static_cast<double>(k));
      for (std::size_t begin = 0; begin < n; begin += length) {
        const Complex odd = twiddle * x[begin + k + length / 2];
        x[begin + k + length / 2] = x[begin + k] - odd;
        x[begin + k] += odd;
      }
    }
  }
}

// White samples through the filter (1 - 1/z)^(-exponent/2), which makes their spectrum 1/f^exponent
// (N. J. Kasdin, Proc. IEEE 83 (1995) 802).
std::vector<double> color(const std::vector<double>& white, double exponent) {
  const std::size_t n = white.size();
  std::vector<Complex> signal(std::bit_ceil(2 * n));
  std::vector<Complex> response(signal.size());
  double h = 1;
  for (std::size_t k = 0; k < n; ++k) {
    signal[k] = white[k];
    response[k] = h;
    const auto next = static_cast<double>(k + 1);
    h *= (exponent / 2 + next - 1) / next;
  }
  transform(signal, -1);
  transform(response, -1);
  for (std::size_t k = 0; k < signal.size(); ++k) signal[k] *= response[k];
  transform(signal, 1);
  std::vector<double> colored(n);
  for (std::size_t k = 0; k < n; ++k) {
    colored[k] = signal[k].real() / static_cast<double>(signal.size());
  }
  return colored;
}

// How often events of rate 1 happen in a time.
double poisson(double mean, RandomStream& random) {
  double count = 0;
  double time = random.exponential();
  while (time < mean) {
    ++count;
    time += random.exponential();
  }
  return count;
}

}  // namespace

SourceNoise::SourceNoise(const SourceFunction& function, std::uint64_t seed, std::uint64_t stream)
    : is_stepped_(std::holds_alternative<RandomSteps>(function.shape)),
      seed_(seed),
      stream_(stream) {
  if (is_stepped_) {
    steps_ = std::get<RandomSteps>(function.shape);
  } else {
    noise_ = std::get<TransientNoise>(function.shape);
  }
}

double SourceNoise::value(double time) {
  if (is_stepped_) {
    const double at = (time - steps_.delay) / steps_.interval;
    if (at <= 0) return step(-1);
    const double index = std::floor(at + kNear);
    const double part = std::clamp((at - index) / kEdge, 0.0, 1.0);
    return std::lerp(step(index - 1), step(index), part);
  }
  double sum = noise_.telegraph != 0 ? telegraph(time) : 0;
  if (noise_.white != 0 || noise_.flicker != 0) {
    const double at = time / noise_.interval;
    const double index = std::floor(at);
    const auto k = static_cast<std::uint64_t>(std::max(index, 0.0));
    sum += std::lerp(sample(k), sample(k + 1), at - index);
  }
  return sum;
}

double SourceNoise::next_corner(double time) {
  if (is_stepped_) {
    const double at = std::max((time - steps_.delay) / steps_.interval, -1.0);
    const double index = std::floor(at + kNear);
    const double next = index >= 0 && at - index < kEdge - kNear ? index + kEdge : index + 1;
    return steps_.delay + next * steps_.interval;
  }
  double corner = std::numeric_limits<double>::infinity();
  if (noise_.white != 0 || noise_.flicker != 0) {
    corner = noise_.interval * (std::floor(time / noise_.interval + kNear) + 1);
  }
  if (noise_.telegraph == 0) return corner;
  extend_telegraph(time);
  const double edge = kEdge * std::min(noise_.capture, noise_.emission);
  const double margin = kNear * edge;
  const auto next = std::upper_bound(switches_.begin(), switches_.end(), time + margin);
  corner = std::min(corner, *next);
  if (next != switches_.begin()) {
    const double end = *std::prev(next) + edge;
    if (end > time + margin) corner = std::min(corner, end);
  }
  return corner;
}

// The sum of white and 1/f noise at a multiple of the interval; at the start there is none.
double SourceNoise::sample(std::uint64_t index) {
  if (index == 0) return 0;
  double sum = 0;
  if (noise_.white != 0) {
    sum += noise_.white * RandomStream(seed_, stream_, kWhite, index).normal();
  }
  if (noise_.flicker != 0) {
    extend_flicker(index + 1);
    sum += noise_.flicker * flicker_[index];
  }
  return sum;
}

void SourceNoise::extend_flicker(std::uint64_t count) {
  if (count <= flicker_.size()) return;
  constexpr std::uint64_t kFewest = 1024;
  std::vector<double> white(std::bit_ceil(std::max(count, kFewest)));
  for (std::uint64_t k = 0; k < white.size(); ++k) {
    white[k] = RandomStream(seed_, stream_, kFlicker, k).normal();
  }
  flicker_ = color(white, noise_.exponent);
}

// Two changes of level beyond `time`.
void SourceNoise::extend_telegraph(double time) {
  while (switches_.size() < 2 || switches_[switches_.size() - 2] <= time) {
    const double mean = switches_.size() % 2 == 0 ? noise_.capture : noise_.emission;
    const double last = switches_.empty() ? 0 : switches_.back();
    switches_.push_back(
        last + mean * RandomStream(seed_, stream_, kTelegraph, switches_.size()).exponential());
  }
}

double SourceNoise::telegraph(double time) {
  extend_telegraph(time);
  const auto next = std::upper_bound(switches_.begin(), switches_.end(), time);
  const bool is_high = (next - switches_.begin()) % 2 == 1;
  if (next == switches_.begin()) return 0;
  const double edge = kEdge * std::min(noise_.capture, noise_.emission);
  const double part = std::min((time - *std::prev(next)) / edge, 1.0);
  return noise_.telegraph * (is_high ? part : 1 - part);
}

// The value after the step of this number; before the first, the offset.
double SourceNoise::step(double index) const {
  if (index < 0) return steps_.scale * steps_.offset;
  RandomStream random(seed_, stream_, kStep, static_cast<std::uint64_t>(index));
  double drawn = 0;
  switch (steps_.distribution) {
    case RandomSteps::Distribution::kUniform:
      drawn = steps_.spread * (2 * random.uniform() - 1);
      break;
    case RandomSteps::Distribution::kGaussian:
      drawn = steps_.spread * random.normal();
      break;
    case RandomSteps::Distribution::kExponential:
      drawn = steps_.spread * random.exponential();
      break;
    case RandomSteps::Distribution::kPoisson:
      drawn = poisson(steps_.spread, random);
      break;
  }
  return steps_.scale * (drawn + steps_.offset);
}

}  // namespace wordline
