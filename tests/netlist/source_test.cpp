// The time functions of sources against SPICE's formulas, written out here once more, and corners.
#include "wordline/netlist/source.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace wordline {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

SourceFunction source(auto shape) { return {.dc = 0, .shape = std::move(shape)}; }

// The corners that one meets by going from each to the next, up to `end`.
std::vector<double> corners_of(const SourceFunction& f, double begin, double end) {
  std::vector<double> corners;
  for (double t = f.next_corner(begin); t <= end && corners.size() < 10'000; t = f.next_corner(t)) {
    corners.push_back(t);
  }
  return corners;
}

TEST(ConstantSource, HasItsValueAndNoCorner) {
  const SourceFunction f{.dc = 3, .shape = {}};
  EXPECT_TRUE(f.is_dc());
  EXPECT_EQ(f.value(0), 3);
  EXPECT_EQ(f.next_corner(0), kInfinity);
}

const Pulse kPulse{.v1 = 1, .v2 = 3, .delay = 10, .rise = 1, .fall = 2, .width = 4, .period = 20};

TEST(PulseSource, RisesStaysFallsAndRepeats) {
  const SourceFunction f = source(kPulse);
  for (const double shift : {0.0, 20.0, 2000.0}) {
    EXPECT_DOUBLE_EQ(f.value(shift + 10), 1);
    EXPECT_DOUBLE_EQ(f.value(shift + 10.25), 1.5);
    EXPECT_DOUBLE_EQ(f.value(shift + 11), 3);
    EXPECT_DOUBLE_EQ(f.value(shift + 14.9), 3);
    EXPECT_DOUBLE_EQ(f.value(shift + 16), 2);
    EXPECT_DOUBLE_EQ(f.value(shift + 17.5), 1);
    EXPECT_DOUBLE_EQ(f.value(shift + 29.9), 1);
  }
  EXPECT_EQ(f.value(0), 1);
  EXPECT_EQ(f.value(9.99), 1);
}

TEST(PulseSource, HasFourCornersAPeriod) {
  EXPECT_EQ(corners_of(source(kPulse), 0, 40),
            (std::vector<double>{10, 11, 15, 17, 30, 31, 35, 37}));
}

TEST(PulseSource, EndsAfterItsPulses) {
  Pulse pulse = kPulse;
  pulse.repeats = 2;
  const SourceFunction f = source(pulse);
  EXPECT_EQ(f.value(35), 3);
  EXPECT_EQ(f.value(55), 1);
  EXPECT_EQ(corners_of(f, 0, 1e6), (std::vector<double>{10, 11, 15, 17, 30, 31, 35, 37, 50}));
}

TEST(PulseSource, IsCutWhereItsPeriodIsTooShort) {
  Pulse pulse = kPulse;
  pulse.period = 5.5;
  const SourceFunction f = source(pulse);
  EXPECT_NEAR(f.value(15.4), 2.6, 1e-12);
  EXPECT_EQ(f.value(15.5), 1);
  EXPECT_EQ(f.next_corner(15), 15.5);
}

// Every corner is met once and time moves on by more than its rounding: 1e6 periods of 0.1 have no
// exact sum in binary.
TEST(PulseSource, MeetsEachCornerOnce) {
  const SourceFunction f =
      source(Pulse{.v2 = 1, .rise = 1e-3, .fall = 1e-3, .width = 0.03, .period = 0.1});
  for (const double begin : {0.0, 999.95, 99'999.95}) {
    const std::vector<double> corners = corners_of(f, begin, begin + 10);
    EXPECT_NEAR(static_cast<double>(corners.size()), 400, 4);
    for (std::size_t k = 1; k < corners.size(); ++k) {
      EXPECT_GT(corners[k] - corners[k - 1], 0.9e-3) << "at " << corners[k];
    }
  }
}

TEST(PulseSource, StandsOnACornerWhateverTheRounding) {
  const SourceFunction f =
      source(Pulse{.v2 = 1, .rise = 1e-9, .fall = 1e-9, .width = 3e-9, .period = 1e-8});
  for (double k = 1; k < 5000; ++k) {
    const double corner = k * 1e-8;
    for (const double t : {corner, std::nextafter(corner, 0), std::nextafter(corner, 1)}) {
      EXPECT_NEAR(f.next_corner(t) - corner, 1e-9, 1e-14) << k;
    }
  }
}

TEST(SineSource, BeginsAfterItsDelayAndDecays) {
  const Sine s{
      .offset = 1, .amplitude = 2, .frequency = 50, .delay = 0.1, .damping = 3, .phase = 30};
  const SourceFunction f = source(s);
  const double pi = std::numbers::pi;
  EXPECT_DOUBLE_EQ(f.value(0), 1 + 2 * std::sin(pi / 6));
  for (const double t : {0.1, 0.107, 0.25}) {
    const double u = t - 0.1;
    EXPECT_NEAR(f.value(t), 1 + 2 * std::exp(-3 * u) * std::sin(2 * pi * 50 * u + pi / 6), 1e-12);
  }
  EXPECT_EQ(corners_of(f, 0, 10), std::vector<double>{0.1});
}

TEST(ExponentialSource, RisesAndFalls) {
  const Exponential e{
      .v1 = 1, .v2 = 5, .rise_delay = 1, .rise_tau = 2, .fall_delay = 4, .fall_tau = 3};
  const SourceFunction f = source(e);
  EXPECT_EQ(f.value(0.5), 1);
  EXPECT_DOUBLE_EQ(f.value(3), 1 + 4 * (1 - std::exp(-1.0)));
  EXPECT_DOUBLE_EQ(f.value(7), 1 + 4 * (1 - std::exp(-3.0)) - 4 * (1 - std::exp(-1.0)));
  EXPECT_EQ(corners_of(f, 0, 100), (std::vector<double>{1, 4}));
}

const PiecewiseLinear kLines{.time = {1, 2, 4}, .value = {0, 10, -10}};

TEST(PiecewiseLinearSource, InterpolatesAndIsConstantOutside) {
  const SourceFunction f = source(kLines);
  EXPECT_EQ(f.value(0), 0);
  EXPECT_EQ(f.value(1.5), 5);
  EXPECT_EQ(f.value(2), 10);
  EXPECT_EQ(f.value(3), 0);
  EXPECT_EQ(f.value(9), -10);
  EXPECT_EQ(corners_of(f, 0, 100), (std::vector<double>{1, 2, 4}));
}

TEST(PiecewiseLinearSource, IsDelayed) {
  PiecewiseLinear lines = kLines;
  lines.delay = 10;
  const SourceFunction f = source(lines);
  EXPECT_EQ(f.value(11.5), 5);
  EXPECT_EQ(corners_of(f, 0, 100), (std::vector<double>{11, 12, 14}));
}

TEST(PiecewiseLinearSource, Repeats) {
  PiecewiseLinear lines = kLines;
  lines.repeat_from = 1;
  lines.delay = 10;
  const SourceFunction f = source(lines);
  for (const double lap : {0.0, 3.0, 300.0}) EXPECT_NEAR(f.value(11.5 + lap), 5, 1e-12);
  EXPECT_EQ(corners_of(f, 0, 18), (std::vector<double>{11, 12, 14, 15, 17, 18}));
}

// Values that ngspice 39 prints for the same sources, to its three digits.
TEST(TimeFunctions, AgreeWithNgspice) {
  const SourceFunction twice = source(Pulse{
      .v2 = 1, .delay = 1, .rise = 0.1, .fall = 0.1, .width = 0.3, .period = 1, .repeats = 2});
  const SourceFunction late =
      source(PiecewiseLinear{.time = {1, 2, 3}, .value = {0, 1, 0}, .delay = 1, .repeat_from = 1});
  const SourceFunction tail =
      source(PiecewiseLinear{.time = {1, 2, 3}, .value = {1, 2, 0}, .repeat_from = 2});
  const SourceFunction cut = source(Pulse{.v2 = 1, .rise = 1, .fall = 1, .width = 4, .period = 3});
  struct Row {
    double time, twice, late, tail, cut;
  };
  for (const Row& row : {Row{0.2, 0, 0, 1, 0.2}, Row{1.2, 1, 0, 1.2, 1}, Row{2.2, 1, 0.2, 1.6, 1},
                         Row{3.2, 0, 0.8, 1.6, 0.2}, Row{3.7, 0, 0.3, 0.6, 0.7},
                         Row{6.2, 0, 0.2, 1.6, 0.2}, Row{7.7, 0, 0.3, 0.6, 1}}) {
    EXPECT_NEAR(twice.value(row.time), row.twice, 1e-9) << row.time;
    EXPECT_NEAR(late.value(row.time), row.late, 1e-9) << row.time;
    EXPECT_NEAR(tail.value(row.time), row.tail, 1e-9) << row.time;
    EXPECT_NEAR(cut.value(row.time), row.cut, 1e-9) << row.time;
  }
}

TEST(PiecewiseLinearSource, WithoutPointsIsZero) {
  EXPECT_EQ(source(PiecewiseLinear{}).value(1), 0);
  EXPECT_EQ(source(PiecewiseLinear{}).next_corner(1), kInfinity);
}

}  // namespace
}  // namespace wordline
