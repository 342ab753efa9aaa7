#include "wordline/engine/fourier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "wordline/base/error.hpp"

namespace wordline {

namespace {

class Curve {
 public:
  Curve(std::span<const double> x, std::span<const double> y) : x_(x), y_(y), slope_(x.size()) {
    const std::size_t last = x.size() - 1;
    slope_[0] = secant(0);
    slope_[last] = secant(last - 1);
    for (std::size_t k = 1; k < last; ++k) slope_[k] = limited_slope(k);
  }

  // For rising arguments the search starts where the last one ended.
  double at(double x) {
    while (k_ + 2 < x_.size() && x > x_[k_ + 1]) ++k_;
    const double h = x_[k_ + 1] - x_[k_];
    const double t = std::clamp((x - x_[k_]) / h, 0.0, 1.0);
    const double u = 1 - t;
    return u * u * ((1 + 2 * t) * y_[k_] + t * h * slope_[k_]) +
           t * t * ((1 + 2 * u) * y_[k_ + 1] - u * h * slope_[k_ + 1]);
  }

 private:
  double secant(std::size_t k) const { return (y_[k + 1] - y_[k]) / (x_[k + 1] - x_[k]); }

  double limited_slope(std::size_t k) const {
    constexpr double kSteepest = 3;  // of the flatter neighbour: a monotonic cubic (Hyman 1983)
    const double before = secant(k - 1);
    const double after = secant(k);
    const double h = x_[k] - x_[k - 1];
    const double h_next = x_[k + 1] - x_[k];
    const double parabola = (h_next * before + h * after) / (h + h_next);
    const double most = kSteepest * std::min(std::abs(before), std::abs(after));
    return std::clamp(parabola, -most, most);
  }

  std::span<const double> x_, y_;
  std::vector<double> slope_;
  std::size_t k_ = 0;
};

// Points at the very same time, of a corner, are one.
void drop_repeated(std::vector<double>& time, std::vector<double>& value) {
  std::size_t kept = 0;
  for (std::size_t k = 0; k < time.size(); ++k) {
    if (k > 0 && time[k] <= time[kept - 1]) --kept;
    time[kept] = time[k];
    value[kept] = value[k];
    ++kept;
  }
  time.resize(kept);
  value.resize(kept);
}

}  // namespace

std::vector<double> resample(std::span<const double> time, std::span<const double> value,
                             double start, double step, std::size_t count) {
  std::vector<double> t(time.begin(), time.end());
  std::vector<double> y(value.begin(), value.end());
  drop_repeated(t, y);
  Curve curve(t, y);
  std::vector<double> samples(count);
  for (std::size_t k = 0; k < count; ++k) {
    samples[k] = curve.at(start + step * static_cast<double>(k));
  }
  return samples;
}

Harmonics find_harmonics(std::span<const double> time, std::span<const double> value,
                         double fundamental, int count) {
  const double period = 1 / fundamental;
  constexpr double kRounding = 1e-9;
  if (time.size() < 2 || time.back() - time.front() < period * (1 - kRounding)) {
    throw Error(fmt::format("the waveform is shorter than a period of {:g} Hz", fundamental));
  }
  constexpr int kLeast = 4096;
  constexpr int kPerHarmonic = 64;
  const int grid = std::max(kLeast, kPerHarmonic * count);
  const double start = std::max(time.back() - period, time.front());
  const std::vector<double> sample =
      resample(time, value, start, period / grid, static_cast<std::size_t>(grid));
  Harmonics found{.fundamental = fundamental, .magnitude = {}, .phase = {}};
  double squares = 0;
  for (int n = 0; n < count; ++n) {
    std::complex<double> sum = 0;
    for (int k = 0; k < grid; ++k) {
      const int turn = static_cast<int>(std::int64_t{n} * k % grid);
      sum += std::polar(sample[static_cast<std::size_t>(k)], -2 * std::numbers::pi * turn / grid);
    }
    sum /= grid;
    // A sin(wt + phi) has A/2 e^(j (phi - 90 deg)) at +w.
    const std::complex<double> sine = 2.0 * sum * std::complex<double>(0, 1);
    found.magnitude.push_back(n == 0 ? sum.real() : std::abs(sine));
    found.phase.push_back(n == 0 ? 0 : std::arg(sine) * 180 / std::numbers::pi);
    if (n > 1) squares += std::norm(sine);
  }
  if (count > 1) found.distortion = std::sqrt(squares) / found.magnitude[1];
  return found;
}

Waveforms harmonics_plot(const Harmonics& harmonics, const std::string& title,
                         const Signal& signal) {
  Waveforms plot;
  plot.begin({title,
              "Fourier analysis of " + signal.name,
              {{"frequency", "frequency", "Hz"},
               {"harmonic", "notype", ""},
               {"magnitude", signal.type, signal.unit},
               {"phase", "notype", "deg"},
               {"normalized_magnitude", "notype", ""},
               {"normalized_phase", "notype", "deg"}}});
  const bool has_first = harmonics.magnitude.size() > 1;
  for (std::size_t n = 0; n < harmonics.magnitude.size(); ++n) {
    const double share = has_first ? harmonics.magnitude[n] / harmonics.magnitude[1] : 0;
    const double shift = has_first && n > 0 ? harmonics.phase[n] - harmonics.phase[1] : 0;
    const auto order = static_cast<double>(n);
    plot.point(std::vector<double>{order * harmonics.fundamental, order, harmonics.magnitude[n],
                                   harmonics.phase[n], n == 0 ? 0 : share, shift});
  }
  return plot;
}

}  // namespace wordline
