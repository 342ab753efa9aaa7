// The bipolar transistor against closed forms, and its derivatives against differences.
#include "wordline/devices/bipolar.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "slope.hpp"
#include "wordline/base/error.hpp"
#include "wordline/devices/constants.hpp"

namespace wordline {
namespace {

constexpr double kRoom = 300.15;
const double kVt = 1.380649e-23 * kRoom / 1.602176634e-19;

Bipolar at_room(const BipolarCard& card, const BipolarSize& size = {}) {
  return {card, size, 1, kRoom, kRoom};
}

TEST(Bipolar, FollowsEbersAndMollWithItsDefaults) {
  const Bipolar model = at_room({.is = 3e-16, .bf = 80, .br = 2});
  const Bipolar::Operating at = model.evaluate(0.65, -2, 0);
  const double forward = 3e-16 * std::expm1(0.65 / kVt);
  EXPECT_NEAR(at.transport.value, forward + 3e-16, 1e-6 * 3e-16 + 1e-12 * forward);
  EXPECT_NEAR(at.base_emitter.i, forward / 80, 1e-12 * forward);
  const Bipolar::Operating back = model.evaluate(-2, 0.65, 0);
  EXPECT_NEAR(back.base_collector.i, forward / 2, 1e-12 * forward);
}

// Far above the corner the current is that of half the voltage: sqrt(is ikf) e^(vbe/2vt).
TEST(Bipolar, InjectsAtHalfTheRateAboveTheCorner) {
  const Bipolar model = at_room({.is = 1e-16, .ikf = 1e-6});
  const double expected = std::sqrt(1e-16 * 1e-6) * std::exp(0.95 / (2 * kVt));
  EXPECT_NEAR(model.evaluate(0.95, 0, 0).transport.value, expected, 1e-3 * expected);
}

TEST(Bipolar, EarlyVoltageIsWhereTheCurrentsMeet) {
  const Bipolar model = at_room({.is = 1e-16, .vaf = 50});
  const double at_0 = model.evaluate(0.7, 0, 0).transport.value;
  EXPECT_NEAR(model.evaluate(0.7, -10, 0).transport.value, at_0 * 60 / 50, 1e-9 * at_0);
}

TEST(Bipolar, CrowdingHalvesWhatTheBaseResistanceCanLose) {
  BipolarCard card{.is = 1e-16, .rb = 100, .irb = 1e-4, .rbm = 20};
  const Bipolar model = at_room(card);
  const auto resistance = [&](double ib) {
    Bipolar::Operating at{};
    at.base_emitter = {ib, 0, 0, 0};
    return 1 / model.base_conductance(at).value;
  };
  EXPECT_NEAR(resistance(0), 100, 1e-6);
  // By definition (rb + rbm)/2 at irb, which the formula meets to a part in a hundred.
  EXPECT_NEAR(resistance(1e-4), 60, 0.6);
  EXPECT_NEAR(resistance(10), 20, 1);
  card.irb = BipolarCard::kNone;
  const Bipolar follows_qb = at_room(card);
  Bipolar::Operating at{};
  at.base_charge.value = 4;
  EXPECT_NEAR(1 / follows_qb.base_conductance(at).value, 20 + 80 / 4.0, 1e-12);
}

TEST(Bipolar, GrowsWithItsAreas) {
  const BipolarCard card{.is = 1e-16,
                         .ikf = 1e-3,
                         .ise = 1e-14,
                         .rb = 100,
                         .re = 1,
                         .rc = 10,
                         .cje = 1e-12,
                         .tf = 1e-9,
                         .cjc = 1e-12,
                         .xcjc = 0.5};
  const Bipolar one = at_room(card);
  const Bipolar::Operating a = one.evaluate(0.8, -1, 0);
  for (const BipolarSize& size :
       {BipolarSize{.emitter = 6, .base = 6, .collector = 6}, BipolarSize{2, 2, 2, 3}}) {
    const Bipolar six = at_room(card, size);
    const Bipolar::Operating b = six.evaluate(0.8, -1, 0);
    EXPECT_NEAR(b.transport.value, 6 * a.transport.value, 1e-12 * b.transport.value);
    EXPECT_NEAR(b.base_emitter.i, 6 * a.base_emitter.i, 1e-12 * b.base_emitter.i);
    EXPECT_NEAR(b.base_emitter.q, 6 * a.base_emitter.q, 1e-12 * b.base_emitter.q);
    EXPECT_NEAR(six.outer_base_collector(-1).value, 6 * one.outer_base_collector(-1).value, 1e-24);
    EXPECT_NEAR(six.base_conductance(b).value, 6 * one.base_conductance(a).value, 1e-12);
    EXPECT_DOUBLE_EQ(six.collector_conductance(), 0.6);
    EXPECT_DOUBLE_EQ(six.emitter_conductance(), 6);
  }
}

TEST(Bipolar, ExcessPhaseIsADelay) {
  const Bipolar model = at_room({.tf = 2e-10, .ptf = 30});
  EXPECT_NEAR(model.delay(), 2e-10 * 30 / 180 * std::numbers::pi, 1e-24);
}

const BipolarCard kFull{.is = 2e-15,
                        .bf = 120,
                        .nf = 1.02,
                        .vaf = 40,
                        .ikf = 5e-3,
                        .ise = 3e-14,
                        .ne = 1.6,
                        .br = 3,
                        .nr = 1.05,
                        .var = 12,
                        .ikr = 8e-3,
                        .isc = 2e-13,
                        .nc = 1.8,
                        .nkf = 0.6,
                        .rb = 200,
                        .irb = 2e-5,
                        .rbm = 30,
                        .cje = 2e-12,
                        .vje = 0.7,
                        .mje = 0.35,
                        .tf = 3e-10,
                        .xtf = 2,
                        .vtf = 4,
                        .itf = 2e-2,
                        .cjc = 1e-12,
                        .vjc = 0.6,
                        .mjc = 0.4,
                        .xcjc = 0.6,
                        .tr = 2e-8,
                        .cjs = 3e-12,
                        .vjs = 0.55,
                        .mjs = 0.3,
                        .iss = 1e-16};

struct Bias {
  double vbe, vbc;
};

// Off, active up to high injection, saturated, reversed, and where pieces join: -3 n vt of each
// junction (from both sides), fc v, the onset of transit time's growth at 0 V.
std::vector<Bias> biases() {
  std::vector<Bias> all;
  for (const double vbe : {-2.0, -0.2, -0.05, 0.02, 0.3, 0.36, 0.6, 0.75, 0.95}) {
    for (const double vbc : {-8.0, -1.0, -0.05, 0.02, 0.29, 0.31, 0.6, 0.8}) {
      all.push_back({vbe, vbc});
    }
  }
  return all;
}

using Part = Bipolar::OfBoth (*)(const Bipolar&, double vbe, double vbc);

// `terms` is the size of what cancels in the value and leaves its rounding there.
void expect_derivatives(const Bipolar& model, Part part, const std::string& what,
                        double terms = 0) {
  for (const Bias& at : biases()) {
    const Bipolar::OfBoth value = part(model, at.vbe, at.vbc);
    // Things change within n kT/q.
    constexpr double kScale = 0.02;
    constexpr double kStep = 1e-4 * kScale;
    const double rounding = 16 * std::numeric_limits<double>::epsilon() / kStep * terms;
    const auto with_rounding = [&](testing::Slope slope) {
      return testing::Slope{slope.value, slope.uncertainty + rounding};
    };
    const std::string bias = what + " at " + std::to_string(at.vbe) + ", " + std::to_string(at.vbc);
    testing::expect_slope(
        value.by_be,
        with_rounding(testing::slope_of([&](double v) { return part(model, v, at.vbc).value; },
                                        at.vbe, kScale)),
        bias);
    testing::expect_slope(
        value.by_bc,
        with_rounding(testing::slope_of([&](double v) { return part(model, at.vbe, v).value; },
                                        at.vbc, kScale)),
        bias);
  }
}

TEST(Bipolar, DerivativesMatchDifferences) {
  BipolarCard by_qb = kFull;
  by_qb.irb = BipolarCard::kNone;
  BipolarCard without_voltage = kFull;
  without_voltage.vtf = BipolarCard::kNone;
  for (const BipolarCard& card : {kFull, by_qb, without_voltage}) {
    const Bipolar model = at_room(card);
    expect_derivatives(
        model,
        [](const Bipolar& m, double e, double c) { return m.evaluate(e, c, 1e-12).transport; },
        "transport", card.is);
    expect_derivatives(
        model,
        [](const Bipolar& m, double e, double c) { return m.evaluate(e, c, 1e-12).base_charge; },
        "qb");
    expect_derivatives(
        model,
        [](const Bipolar& m, double e, double c) {
          return m.base_conductance(m.evaluate(e, c, 1e-12));
        },
        "base conductance");
    expect_derivatives(
        model,
        [](const Bipolar& m, double e, double c) {
          const JunctionPoint at = m.evaluate(e, c, 1e-12).base_emitter;
          return Bipolar::OfBoth{at.i, at.g, 0};
        },
        "base-emitter current");
    expect_derivatives(
        model,
        [](const Bipolar& m, double e, double c) {
          const JunctionPoint at = m.evaluate(e, c, 1e-12).base_collector;
          return Bipolar::OfBoth{at.i, 0, at.g};
        },
        "base-collector current");
    expect_derivatives(
        model,
        [](const Bipolar& m, double e, double c) {
          const Bipolar::Operating at = m.evaluate(e, c, 1e-12);
          return Bipolar::OfBoth{at.base_emitter.q, at.base_emitter.c, at.charge_by_bc};
        },
        "base-emitter charge");
    expect_derivatives(
        model,
        [](const Bipolar& m, double e, double c) {
          const JunctionPoint at = m.evaluate(e, c, 1e-12).base_collector;
          return Bipolar::OfBoth{at.q, 0, at.c};
        },
        "base-collector charge");
  }
}

// With `injected` held fast, the transport depends on the junctions through qb alone.
TEST(Bipolar, DelayedTransportHasItsDerivatives) {
  expect_derivatives(
      at_room(kFull),
      [](const Bipolar& m, double e, double c) {
        return Bipolar::transport(m.evaluate(e, c, 1e-12), 1e-3);
      },
      "delayed transport");
}

// Past vaf + var the base would be punched through; Newton's method may come by.
TEST(Bipolar, StaysFiniteFarFromAnySolution) {
  const Bipolar model = at_room(kFull);
  for (const double vbe : {-1e6, 0.0, 1e6}) {
    for (const double vbc : {-1e6, 0.0, 1e6}) {
      const Bipolar::Operating at = model.evaluate(vbe, vbc, 0);
      for (const double value : {at.transport.value, at.transport.by_be, at.transport.by_bc,
                                 at.base_emitter.i, at.base_emitter.q, at.base_collector.q}) {
        EXPECT_TRUE(std::isfinite(value)) << vbe << " " << vbc;
      }
    }
  }
}

TEST(Bipolar, RefusesTemperaturesWithoutAJunction) {
  EXPECT_THROW(Bipolar({.vje = 0.4}, {}, 1, 700, kRoom), Error);
  EXPECT_NO_THROW(Bipolar({}, {}, 1, 20, kRoom));
}

TEST(Bipolar, ChecksItsCard) {
  EXPECT_EQ(BipolarCard{}.check(), "");
  EXPECT_NE((BipolarCard{.rb = 5, .rbm = 6}.check()), "");
  EXPECT_NE((BipolarCard{.subs = 0.5}.check()), "");
}

}  // namespace
}  // namespace wordline
