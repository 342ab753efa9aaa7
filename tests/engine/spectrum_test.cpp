// Spectra against sums written out, Parseval's theorem and sines of known amplitude.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/engine/spectrum.hpp"

namespace wordline {
namespace {

using Complex = std::complex<double>;
using Window = Spectrum::Window;

constexpr double kTurn = 2 * std::numbers::pi;
constexpr double kRounding = 1e-13;  // of sums of 64 numbers near 1, by their order

// 64 samples in a second, with the point that the next second would begin with.
struct Samples {
  std::vector<double> time, value;
};

template <class Function>
Samples sampled(Function function) {
  Samples samples;
  for (int k = 0; k <= 64; ++k) {
    samples.time.push_back(k / 64.0);
    samples.value.push_back(function(k / 64.0));
  }
  return samples;
}

std::vector<Complex> spectrum_of(const Samples& samples, Window window = Window::kRectangle) {
  return find_spectrum(samples.time, samples.value,
                       {.signal = "v(a)", .points = 64, .window = window});
}

// Without a period in sight.
Samples noise() {
  return sampled([](double t) { return std::sin(6963.2 * t * t + 19.2 * t); });
}

TEST(Spectrum, IsTheSumWrittenOut) {
  const Samples samples = noise();
  const std::vector<Complex> found = spectrum_of(samples);
  ASSERT_EQ(found.size(), 33U);
  for (std::size_t n = 0; n < found.size(); ++n) {
    Complex sum = 0;
    for (std::size_t k = 0; k < 64; ++k) {
      sum += samples.value[k] * std::polar(1.0, -kTurn * static_cast<double>(n * k % 64) / 64);
    }
    const double pairs = n == 0 || n == 32 ? 1 : 2;
    EXPECT_LT(std::abs(found[n] - pairs * sum / 64.0), kRounding) << n;
  }
}

TEST(Spectrum, HasTheMeanSquareOfTheWaveform) {
  const Samples samples = noise();
  const std::vector<Complex> found = spectrum_of(samples);
  double expected = 0;
  for (std::size_t k = 0; k < 64; ++k) expected += samples.value[k] * samples.value[k] / 64;
  double sum = std::norm(found[0]) + std::norm(found[32]);
  for (std::size_t n = 1; n < 32; ++n) sum += std::norm(found[n]) / 2;
  EXPECT_NEAR(sum, expected, kRounding);
}

// Windows of cosines spread a line over as many neighbours as they have cosines, and no further.
TEST(Spectrum, KeepsAmplitudeAndPhaseUnderWindows) {
  const Samples samples =
      sampled([](double t) { return 0.5 + 2 * std::cos(kTurn * 10 * t + 0.3); });
  const struct {
    Window window;
    std::size_t reach;
  } cases[] = {{Window::kRectangle, 0},
               {Window::kHann, 1},
               {Window::kHamming, 1},
               {Window::kBlackman, 2},
               {Window::kHarris, 3}};
  for (const auto& [window, reach] : cases) {
    const std::vector<Complex> found = spectrum_of(samples, window);
    EXPECT_LT(std::abs(found[10] - std::polar(2.0, 0.3)), kRounding);
    EXPECT_LT(std::abs(found[0] - 0.5), kRounding);
    for (std::size_t n = 10 + reach + 1; n < found.size(); ++n) {
      EXPECT_LT(std::abs(found[n]), kRounding) << static_cast<int>(window) << " at " << n;
    }
  }
}

// The sums of these windows times the waveform, written out.
TEST(Spectrum, HasWindowsOfOtherShapes) {
  const Samples samples = noise();
  const auto expect = [&](Window window, auto weight) {
    const std::vector<Complex> found = spectrum_of(samples, window);
    Complex sum = 0;
    double weights = 0;
    for (int k = 0; k < 64; ++k) {
      weights += weight(k / 64.0);
      sum += weight(k / 64.0) * samples.value[static_cast<std::size_t>(k)] *
             std::polar(1.0, -kTurn * 5 * k / 64);
    }
    EXPECT_LT(std::abs(found[5] - 2.0 * sum / weights), kRounding);
  };
  expect(Window::kTriangle, [](double x) { return x < 0.5 ? 2 * x : 2 - 2 * x; });
  expect(Window::kGauss, [](double x) { return std::exp(-18 * (x - 0.5) * (x - 0.5)); });
}

TEST(Spectrum, EndsWithTheWaveform) {
  const Samples samples = noise();
  EXPECT_THROW(
      find_spectrum(samples.time, samples.value, {.signal = "v(a)", .stop = 1.1, .points = 64}),
      Error);
  EXPECT_THROW(
      find_spectrum(samples.time, samples.value, {.signal = "v(a)", .start = 1, .points = 64}),
      Error);
}

// The third harmonic of 1 V + 0.1 V; the steps of the run take the sine as cubics between points,
// which reltol=1e-6 keeps to about 1e-5 of it.
TEST(Spectrum, OfATransient) {
  Simulator simulator(
      parse("spectrum\nv1 a 0 sin(0 1 1k)\nv2 b a sin(0.2 0.1 3k)\nr1 b 0 1k\n"
            ".options reltol=1e-6\n.tran 1u 2m 0 1u\n.fft v(b) np=256 start=1m window=hann "
            "format=unorm\n.fft v(b) np=200 start=1m\n.end\n"));
  const Result result = simulator.run(simulator.circuit().analyses.at(0));
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  ASSERT_EQ(result.tables.size(), 2U);
  const Waveforms& plot = result.tables[0];
  EXPECT_EQ(plot.header().plotname, "Spectrum of v(b)");
  ASSERT_EQ(plot.points(), 129U);
  EXPECT_NEAR(plot["frequency"][3], 3e3, 1e-6);
  EXPECT_LT(std::abs(plot.phasor("v(b)", 0) - 0.2), 1e-5);
  // A sine's phase counts as a cosine's: -90 degrees.
  EXPECT_LT(std::abs(plot.phasor("v(b)", 3) - Complex(0, -0.1)), 1e-5);
  EXPECT_LT(std::abs(plot.phasor("v(b)", 20)), 1e-5);
  // The largest line, that of 1 V, is 1 where nothing else is said.
  EXPECT_NEAR(std::abs(result.tables[1].phasor("v(b)", 1)), 1, 1e-12);
  EXPECT_NEAR(std::abs(result.tables[1].phasor("v(b)", 3)), 0.1, 1e-5);
}

}  // namespace
}  // namespace wordline
