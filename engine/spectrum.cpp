#include "wordline/engine/spectrum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "wordline/base/error.hpp"
#include "wordline/engine/fourier.hpp"

namespace wordline {

namespace {

using Complex = std::complex<double>;

constexpr double kTurn = 2 * std::numbers::pi;

// Windows at a place from 0 to 1 in them. The sums of cosines are those of Harris (Proc. IEEE 66,
// 51 (1978)).
double window_at(const Spectrum& spectrum, double place) {
  const auto cosines = [place](double a0, double a1, double a2 = 0, double a3 = 0) {
    return a0 - a1 * std::cos(kTurn * place) + a2 * std::cos(2 * kTurn * place) -
           a3 * std::cos(3 * kTurn * place);
  };
  switch (spectrum.window) {
    case Spectrum::Window::kRectangle:
      return 1;
    case Spectrum::Window::kTriangle:
      return 1 - std::abs(2 * place - 1);
    case Spectrum::Window::kHann:
      return cosines(0.5, 0.5);
    case Spectrum::Window::kHamming:
      return cosines(0.54, 0.46);
    case Spectrum::Window::kBlackman:
      return cosines(0.42323, 0.49755, 0.07922);
    case Spectrum::Window::kHarris:
      return cosines(0.35875, 0.48829, 0.14128, 0.01168);
    case Spectrum::Window::kGauss:
      break;
  }
  const double deviations = spectrum.narrowness * (2 * place - 1);
  return std::exp(-deviations * deviations / 2);
}

// In place; as many as a power of two.
void transform(std::vector<Complex>& x) {
  const std::size_t n = x.size();
  for (std::size_t k = 1, reversed = 0; k < n; ++k) {
    std::size_t bit = n / 2;
    for (; (reversed & bit) != 0; bit /= 2) reversed ^= bit;
    reversed |= bit;
    if (k < reversed) std::swap(x[k], x[reversed]);
  }
  for (std::size_t half = 1; half < n; half *= 2) {
    for (std::size_t j = 0; j < half; ++j) {
      const Complex turn =
          std::polar(1.0, -std::numbers::pi * static_cast<double>(j) / static_cast<double>(half));
      for (std::size_t k = j; k < n; k += 2 * half) {
        const Complex other = turn * x[k + half];
        x[k + half] = x[k] - other;
        x[k] += other;
      }
    }
  }
}

// The end of what a spectrum is of, within the waveform.
double end_of(std::span<const double> time, const Spectrum& spectrum) {
  constexpr double kRounding = 1e-9;
  if (time.size() < 2) throw Error("a spectrum needs a waveform of more than one point");
  const double stop = spectrum.stop > 0 ? spectrum.stop : time.back();
  const double slack = kRounding * (time.back() - time.front());
  if (spectrum.start < time.front() - slack || stop > time.back() + slack ||
      stop <= spectrum.start) {
    throw Error(
        fmt::format("the waveform, from {:g} s to {:g} s, has no part from {:g} s to {:g} s",
                    time.front(), time.back(), spectrum.start, stop));
  }
  return stop;
}

}  // namespace

std::vector<Complex> find_spectrum(std::span<const double> time, std::span<const double> value,
                                   const Spectrum& spectrum) {
  const std::size_t n = spectrum.points;
  const auto count = static_cast<double>(n);
  const double step = (end_of(time, spectrum) - spectrum.start) / count;
  const std::vector<double> samples = resample(time, value, spectrum.start, step, n);
  std::vector<Complex> x(n);
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double weight = window_at(spectrum, static_cast<double>(k) / count);
    x[k] = weight * samples[k];
    sum += weight;
  }
  transform(x);
  x.resize(n / 2 + 1);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const bool is_pair = k > 0 && k < n / 2;  // of a positive and a negative frequency
    x[k] *= (is_pair ? 2 : 1) / sum;
  }
  return x;
}

Waveforms spectrum_plot(std::span<const double> time, std::span<const double> value,
                        const Spectrum& spectrum, const std::string& title, const Signal& signal) {
  std::vector<Complex> amplitudes = find_spectrum(time, value, spectrum);
  if (spectrum.normalised) {
    double largest = 0;
    for (const Complex& amplitude : amplitudes) largest = std::max(largest, std::abs(amplitude));
    for (Complex& amplitude : amplitudes) amplitude /= largest > 0 ? largest : 1;
  }
  Waveforms plot;
  plot.begin({.title = title,
              .plotname = "Spectrum of " + signal.name,
              .signals = {{"frequency", "frequency", "Hz"},
                          {signal.name, spectrum.normalised ? "notype" : signal.type,
                           spectrum.normalised ? "" : signal.unit}},
              .complex = true});
  const double step = 1 / (end_of(time, spectrum) - spectrum.start);
  for (std::size_t k = 0; k < amplitudes.size(); ++k) {
    plot.point(std::vector<double>{step * static_cast<double>(k), amplitudes[k].real(), 0,
                                   amplitudes[k].imag()});
  }
  return plot;
}

}  // namespace wordline
