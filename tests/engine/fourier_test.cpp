// Harmonics against closed forms.
#include "wordline/engine/fourier.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "wordline/base/error.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

// 200 uneven points a period; a cubic through points of spacing h is off by h^3 at worst.
TEST(Harmonics, OfASumOfSinesAreItsTerms) {
  std::vector<double> t;
  std::vector<double> y;
  for (int k = 0; k <= 500; ++k) {
    const double time = (k + 0.3 * std::sin(k)) * 5e-6;
    t.push_back(time);
    y.push_back(0.5 + std::sin(kTurn * 1e3 * time + 0.4) + 0.1 * std::sin(kTurn * 3e3 * time - 1));
  }
  const Harmonics h = find_harmonics(t, y, 1e3, 6);
  const double start = t.back() - 1e-3;
  const auto degrees = [&](double frequency, double phase) {
    return std::remainder((kTurn * frequency * start + phase) * 360 / kTurn, 360);
  };
  EXPECT_NEAR(h.magnitude[0], 0.5, 1e-5);
  EXPECT_NEAR(h.magnitude[1], 1, 1e-4);
  EXPECT_NEAR(h.magnitude[2], 0, 1e-4);
  EXPECT_NEAR(h.magnitude[3], 0.1, 1e-4);
  EXPECT_NEAR(h.phase[1], degrees(1e3, 0.4), 0.01);
  EXPECT_NEAR(h.phase[3], degrees(3e3, -1), 0.1);
  EXPECT_NEAR(h.distortion, 0.1, 1e-4);
}

// A square wave from 0 to 1: 2/(pi n) at odd n. Its edges of a 1e-6 of the period count for less.
TEST(Harmonics, OfASquareWaveFallAsOneOverN) {
  const std::vector<double> t = {0,           1e-9,   0.5e-3,        0.5e-3 + 1e-9, 1e-3,
                                 1e-3 + 1e-9, 1.5e-3, 1.5e-3 + 1e-9, 2e-3};
  const std::vector<double> y = {0, 1, 1, 0, 0, 1, 1, 0, 0};
  const Harmonics h = find_harmonics(t, y, 1e3, 8);
  EXPECT_NEAR(h.magnitude[0], 0.5, 1e-3);
  for (int n = 1; n < 8; ++n) {
    const double expected = n % 2 == 1 ? 4 / (kTurn * n) : 0;
    EXPECT_NEAR(h.magnitude[static_cast<std::size_t>(n)], expected, 1e-3) << n;
  }
}

TEST(Harmonics, OfLessThanAPeriodAreRefused) {
  EXPECT_THROW(find_harmonics(std::vector<double>{0, 1}, std::vector<double>{0, 1}, 0.5), Error);
}

// A square law: (1 + 0.2 sin)^2 = 1.02 + 0.4 sin - 0.02 cos(2 .), so that 5 % are distortion.
TEST(FourStatement, MakesATableOfEverySignal) {
  Simulator simulator(
      parse("four\nv1 a 0 sin(1 0.2 1k)\nr1 a 0 1k\nb1 b 0 v=v(a)*v(a)\n.tran 5u 3m 0 5u\n"
            ".four 1k v(b) v(a)\n.options reltol=1e-6 nfreqs=4\n.end\n"));
  const Result result = simulator.run(simulator.circuit().analyses[0]);
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  ASSERT_EQ(result.tables.size(), 2U);
  const Waveforms& b = result.tables[0];
  EXPECT_EQ(b.header().plotname, "Fourier analysis of v(b)");
  ASSERT_EQ(b.points(), 4U);
  EXPECT_NEAR(b["magnitude"][0], 1.02, 1e-5);
  EXPECT_NEAR(b["magnitude"][1], 0.4, 1e-5);
  EXPECT_NEAR(b["magnitude"][2], 0.02, 1e-5);
  EXPECT_NEAR(b["phase"][1], 0, 1e-2);
  EXPECT_NEAR(b["phase"][2], -90, 0.1);
  EXPECT_NEAR(b["normalized_magnitude"][2], 0.05, 1e-5);
  EXPECT_NEAR(result.tables[1]["normalized_magnitude"][2], 0, 1e-5);
  EXPECT_TRUE(result.waveforms.contains("v(a)"));  // the defaults stay
}

}  // namespace
}  // namespace wordline
