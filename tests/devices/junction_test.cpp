// The pn junction: closed forms, charge as the integral of capacitance, continuity where one
// formula hands over to the next, temperature.

#include "wordline/devices/junction.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "slope.hpp"

namespace wordline {
namespace {

using testing::slope_of;

TEST(Junction, IsShockleysExponential) {
  const auto [i, g] = junction_current(0.6, 1e-14, 0.03);
  EXPECT_NEAR(i, 1e-14 * std::expm1(20), 1e-14 * std::exp(20) * 1e-14);
  EXPECT_NEAR(g, 1e-14 / 0.03 * std::exp(20), 1e-12 * g);
  EXPECT_EQ(junction_current(0, 1e-14, 0.03).value, 0);
}

// SPICE's reverse current meets the exponential in value and slope: both give -is (1 - e^-3) and
// is e^-3 / nvt.
TEST(Junction, ReverseCurrentJoinsAtMinusThreeThermalVoltages) {
  const double edge = -3 * 0.03;
  for (const double v : {std::nextafter(edge, -1.0), edge}) {
    const auto [i, g] = junction_current(v, 1e-14, 0.03);
    EXPECT_NEAR(i, -1e-14 * (1 - std::exp(-3)), 1e-28) << v;
    EXPECT_NEAR(g, 1e-14 / 0.03 * std::exp(-3), 1e-26) << v;
  }
}

TEST(Junction, ReverseCurrentSaturates) {
  EXPECT_NEAR(junction_current(-100, 1e-14, 0.03).value, -1e-14, 1e-22);
}

TEST(Junction, CurrentAndSlopeStayFinite) {
  for (const double v : {-1e6, 50.0, 1e6}) {
    const auto [i, g] = junction_current(v, 1e-14, 0.025);
    EXPECT_TRUE(std::isfinite(i) && std::isfinite(g)) << v;
    EXPECT_GT(g, 0) << v;
  }
}

TEST(DepletionCharge, IsTheClosedFormBelowItsEdge) {
  const DepletionCharge junction{2e-12, 0.8, 0.4, 0.5};
  for (const double v : {-5.0, -0.3, 0.0, 0.39}) {
    const double rest = 1 - v / 0.8;
    const auto [q, c] = junction.at(v);
    EXPECT_NEAR(c, 2e-12 / std::pow(rest, 0.4), 1e-26) << v;
    EXPECT_NEAR(q, 2e-12 * 0.8 / 0.6 * (1 - std::pow(rest, 0.6)), 1e-26) << v;
  }
}

TEST(DepletionCharge, IsTheIntegralOfTheCapacitance) {
  for (const double grading : {0.0, 0.33, 0.9}) {
    const DepletionCharge junction{2e-12, 0.8, grading, 0.5};
    // Simpson's rule, across the edge at 0.4 V; its error is far below 1e-9 of the charge.
    constexpr int kPanels = 20000;
    const double from = -2;
    const double h = 3.0 / kPanels;
    double integral = 0;
    for (int k = 0; k < kPanels; ++k) {
      const double v = from + k * h;
      integral +=
          h / 6 *
          (junction.at(v).slope + 4 * junction.at(v + h / 2).slope + junction.at(v + h).slope);
    }
    EXPECT_NEAR(junction.at(1).value - junction.at(from).value, integral, 1e-9 * integral);
  }
}

// Above fc vj the capacitance is the tangent: value, slope and charge go on without a jump.
TEST(DepletionCharge, ContinuesSmoothlyAboveItsEdge) {
  const DepletionCharge junction{2e-12, 0.8, 0.4, 0.5};
  const auto capacitance = [&](double v) { return junction.at(v).slope; };
  const auto charge = [&](double v) { return junction.at(v).value; };
  const double edge = 0.4;
  EXPECT_NEAR(capacitance(edge - 1e-12), capacitance(edge + 1e-12), 1e-22);
  EXPECT_NEAR(charge(edge - 1e-12), charge(edge + 1e-12), 1e-22);
  const auto left = slope_of(capacitance, edge, 0.1, -1);
  const auto right = slope_of(capacitance, edge, 0.1, 1);
  EXPECT_NEAR(left.value, right.value, left.uncertainty + right.uncertainty);
  const auto far = slope_of(capacitance, 3.0, 0.1);
  EXPECT_NEAR(far.value, right.value, far.uncertainty + right.uncertainty);
}

// Textbook: the gap is 1.115 eV at 27 C, a built-in potential falls by about 2 mV/K, and a
// depletion capacitance grows by m (4e-4/K + 2 mV/K / vj) = 1.5e-3 per kelvin.
TEST(Junction, FollowsTheTemperatureOfSilicon) {
  EXPECT_NEAR(silicon_gap(300.15), 1.1151, 1e-4);
  EXPECT_NEAR(silicon_gap(0), 1.16, 1e-12);
  EXPECT_DOUBLE_EQ(junction_potential(0.75, 320, 320), 0.75);
  EXPECT_NEAR((junction_potential(0.75, 300, 310) - 0.75) / 10, -2e-3, 0.5e-3);
  EXPECT_DOUBLE_EQ(depletion_growth(0.5, 0.75, 320, 320), 1);
  EXPECT_NEAR((depletion_growth(0.5, 0.75, 300, 310) - 1) / 10, 1.5e-3, 0.3e-3);
}

TEST(Junction, TemperatureStepsGoBothWays) {
  const double there = junction_potential(0.75, 300, 380);
  EXPECT_NEAR(junction_potential(there, 380, 300), 0.75, 1e-12);
  EXPECT_NEAR(depletion_growth(0.4, 0.75, 300, 380) * depletion_growth(0.4, there, 380, 300), 1,
              1e-12);
}

}  // namespace
}  // namespace wordline
