// The diode against closed forms: Shockley's law, the points that a card names, and its derivatives
// and charges against each other.
#include "wordline/devices/diode.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "reference.hpp"
#include "wordline/base/error.hpp"
#include "wordline/devices/constants.hpp"

namespace wordline {
namespace {

using testing::central_difference;

constexpr double kRoom = 300.15;

Diode at_room(const DiodeCard& card, double area = 1) { return {card, area, kRoom, kRoom}; }

TEST(Diode, FollowsShockleysLaw) {
  // kT/q at 27 C is 25.8649 mV (CODATA).
  const double vt = 1.380649e-23 * kRoom / 1.602176634e-19;
  const Diode diode = at_room({.is = 3e-15, .n = 1.2}, 2);
  for (const double v : {-0.05, 0.1, 0.5, 0.8}) {
    const double expected = 2 * 3e-15 * std::expm1(v / (1.2 * vt));
    EXPECT_NEAR(diode.evaluate(v, 0).i, expected, 1e-12 * std::abs(expected)) << v;
  }
}

TEST(Diode, GminLiesAcrossTheJunction) {
  const Diode diode = at_room({});
  const Diode::Operating without = diode.evaluate(-2, 0);
  const Diode::Operating with = diode.evaluate(-2, 1e-6);
  EXPECT_DOUBLE_EQ(with.i - without.i, -2e-6);
  EXPECT_DOUBLE_EQ(with.g - without.g, 1e-6);
}

TEST(Diode, BreaksDownThroughTheGivenPoint) {
  // At -bv the current is ibv less what the exponential lacks: is (1 - breakdown/vt), which SPICE
  // lets the fit absorb; it is 200 is here.
  const Diode diode = at_room({.is = 1e-14, .bv = 5, .ibv = 2e-3});
  EXPECT_NEAR(diode.evaluate(-5, 0).i, -2e-3, 2e-11);
  // A decade per 2.3 kT/q further on.
  const double decade = std::log(10.0) * thermal_voltage(kRoom);
  EXPECT_NEAR(diode.evaluate(-5 - decade, 0).i, -2e-2, 2e-9);
}

// Where breakdown begins the current is is, which the reverse current misses by (3 nvt/(e v))^3:
// between steps of 0.1 mV the current grows by less than 1 %, and by is/100 around 0 V.
TEST(Diode, ConductsMoreAndMoreWithoutAStep) {
  const Diode diode = at_room({.is = 1e-14, .n = 1.2, .bv = 6, .ibv = 1e-3});
  double last = diode.evaluate(-7, 0).i;
  for (double v = -7; v < 0.8; v += 1e-4) {
    const double i = diode.evaluate(v, 0).i;
    ASSERT_GE(i, last) << v;
    ASSERT_NEAR(i, last, 0.01 * std::abs(last) + 1e-16) << v;
    last = i;
  }
}

TEST(Diode, StaysFiniteFarFromAnySolution) {
  const Diode diode = at_room({.bv = 6, .ibv = 1e-3});
  for (const double v : {-1e6, 1e6}) {
    const Diode::Operating at = diode.evaluate(v, 0);
    EXPECT_TRUE(std::isfinite(at.i) && std::isfinite(at.g) && at.g > 0) << v;
  }
}

TEST(Diode, StoresDepletionAndDiffusionChargeButNoneInGmin) {
  const Diode diode = at_room({.cjo = 2e-12, .vj = 0.8, .m = 0.4, .tt = 1e-9});
  EXPECT_EQ(diode.evaluate(0, 1e-3).q, 0);
  const Diode::Operating at = diode.evaluate(0.4, 0);
  const double depletion = 2e-12 * 0.8 / 0.6 * (1 - std::pow(0.5, 0.6));
  EXPECT_NEAR(at.q, depletion + 1e-9 * at.i, 1e-12 * at.q);
  EXPECT_EQ(diode.evaluate(0.4, 1e-3).q, at.q);
}

TEST(Diode, SaturationCurrentGrowsWithTemperature) {
  // is(T) = is (T/tnom)^(xti/n) exp(eg/(n vt) (T/tnom - 1)), read off at -1 V.
  const DiodeCard card{.is = 1e-14, .n = 1.5, .eg = 0.69, .xti = 2, .tnom = 50};
  const double kelvin = 360;
  const double ratio = kelvin / 323.15;
  const double expected = 1e-14 * std::pow(ratio, 2 / 1.5) *
                          std::exp(0.69 / (1.5 * thermal_voltage(kelvin)) * (ratio - 1));
  EXPECT_NEAR(Diode(card, 1, kelvin, 300).evaluate(-100, 0).i, -expected, 1e-7 * expected);
}

const DiodeCard kFull{.is = 2e-14,
                      .n = 1.3,
                      .rs = 4,
                      .cjo = 4e-12,
                      .vj = 0.8,
                      .m = 0.4,
                      .fc = 0.45,
                      .tt = 3e-9,
                      .bv = 5,
                      .ibv = 1e-3};

// Both sides of where the pieces join: breakdown, -3 n vt, fc vj.
std::vector<double> voltages() {
  std::vector<double> result = {-6, -4, -1, -0.3, -0.02, 0, 0.2, 0.5, 0.7, 0.9, 2.6, 4};
  const double breakdown = -5 + 1.3 * thermal_voltage(kRoom) * std::log(1e-3 / 2e-14);
  for (const double kink : {breakdown, -3 * 1.3 * thermal_voltage(kRoom), 0.45 * 0.8}) {
    result.push_back(kink - 1e-3);
    result.push_back(kink + 1e-3);
  }
  return result;
}

TEST(Diode, DerivativesMatchDifferences) {
  const Diode diode = at_room(kFull);
  constexpr double kStep = 2e-5;
  for (const double v : voltages()) {
    const Diode::Operating at = diode.evaluate(v, 1e-12);
    const double g =
        central_difference([&](double u) { return diode.evaluate(u, 1e-12).i; }, v, kStep);
    const double c =
        central_difference([&](double u) { return diode.evaluate(u, 1e-12).q; }, v, kStep);
    EXPECT_NEAR(at.g, g, 1e-7 * (std::abs(at.g) + std::abs(at.i))) << v;
    EXPECT_NEAR(at.c, c, 1e-7 * at.c) << v;
  }
}

TEST(Diode, CurrentAndChargeAreContinuousWhereTheirPiecesJoin) {
  const Diode diode = at_room(kFull);
  const double edge = -3 * 1.3 * thermal_voltage(kRoom);
  for (const double v : {edge, 0.45 * 0.8}) {
    const Diode::Operating below = diode.evaluate(v - 1e-9, 0);
    const Diode::Operating above = diode.evaluate(v + 1e-9, 0);
    EXPECT_NEAR(above.i, below.i, 3e-9 * std::abs(below.g));
    EXPECT_NEAR(above.g, below.g, 1e-6 * below.g);
    EXPECT_NEAR(above.q, below.q, 3e-9 * below.c);
    EXPECT_NEAR(above.c, below.c, 1e-6 * below.c);
  }
}

TEST(Diode, SeriesResistanceSharesTheArea) {
  EXPECT_DOUBLE_EQ(at_room(kFull, 3).series_conductance(), 0.75);
  EXPECT_EQ(at_room({}).series_conductance(), 0);
}

TEST(Diode, DefaultsToNoBreakdown) { EXPECT_NEAR(at_room({}).evaluate(-1e4, 0).i, -1e-14, 1e-22); }

TEST(Diode, RefusesTemperaturesWithoutAJunction) {
  EXPECT_THROW(Diode({.vj = 0.4}, 1, 700, kRoom), Error);
  EXPECT_NO_THROW(Diode({}, 1, 4, kRoom));
}

// Newton's method on a diode behind a resistance, with the diode's limits.
int iterations_to_solve(const Diode& diode, double source, double resistance, double start) {
  constexpr int kMost = 200;
  double v = start;
  for (int k = 1; k <= kMost; ++k) {
    const Diode::Operating at = diode.evaluate(v, 1e-12);
    const double next = v - (at.i + (v - source) / resistance) / (at.g + 1 / resistance);
    bool limited = false;
    const double allowed = diode.limit(next, v, limited);
    EXPECT_EQ(limited, allowed != next);
    if (!limited && std::abs(next - v) < 1e-9) return k;
    v = allowed;
  }
  return kMost;
}

TEST(Diode, LimitsLetNewtonsMethodFindEveryOperatingPoint) {
  const Diode diode = at_room({.is = 1e-14, .bv = 30, .ibv = 1e-3});
  for (const double source : {-1000.0, -31.0, -5.0, 0.0, 0.5, 5.0, 1000.0}) {
    for (const double start : {-31.0, -29.0, -1.0, 0.0, 0.7, 2.0}) {
      EXPECT_LT(iterations_to_solve(diode, source, 10, start), 100)
          << source << " V from " << start << " V";
    }
  }
}

}  // namespace
}  // namespace wordline
