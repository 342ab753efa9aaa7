// The transistor against the equations of Shichman and Hodges in 40 digits, against its own
// derivatives, and against what Meyer's capacitances must add up to.
#include "wordline/devices/mos1.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "reference.hpp"
#include "slope.hpp"
#include "transistor_table.hpp"
#include "wordline/base/error.hpp"
#include "wordline/devices/constants.hpp"

namespace wordline {
namespace {

using testing::central_difference;

constexpr double kRoom = 300.15;

TEST(Mos1, MatchesFortyDigitTable) { testing::expect_transistor_table<Mos1>("mos1_dc_table.csv"); }

const Mos1Card kCard{.vto = 0.6,
                     .kp = 1e-4,
                     .gamma = 0.5,
                     .phi = 0.7,
                     .lambda = 0.05,
                     .cbd = 2e-14,
                     .cbs = 3e-14,
                     .pb = 0.75,
                     .cjsw = 3e-10,
                     .mjsw = 0.3,
                     .tox = 2e-8};
const MosGeometry kGeometry{.w = 10e-6, .l = 2e-6, .pd = 1e-5, .ps = 2e-5};

double oxide_capacitance() { return kOxidePermittivity / 2e-8 * 10e-6 * 2e-6; }

Mos1 transistor() { return {kCard, kGeometry, 1, kRoom, kRoom}; }

TEST(Mos1, DerivativesMatchDifferences) {
  const Mos1 model = transistor();
  constexpr double kStep = 2e-5;
  for (const double vgs : {0.3, 0.61, 0.9, 1.7, 3.0}) {
    for (const double vds : {-2.5, -0.5, -0.02, 0.02, 0.13, 0.8, 3.0}) {
      for (const double vbs : {-2.0, -0.4, 0.05, 0.5}) {
        const Mos1::Channel c = model.channel(vgs, vds, vbs);
        const auto id = [&](double g, double d, double b) { return model.channel(g, d, b).id; };
        const double scale = std::abs(c.gm) + std::abs(c.gds) + 1e-7;
        EXPECT_NEAR(c.gm, central_difference([&](double v) { return id(v, vds, vbs); }, vgs, kStep),
                    1e-7 * scale);
        EXPECT_NEAR(c.gds,
                    central_difference([&](double v) { return id(vgs, v, vbs); }, vds, kStep),
                    1e-7 * scale);
        EXPECT_NEAR(c.gmb,
                    central_difference([&](double v) { return id(vgs, vds, v); }, vbs, kStep),
                    1e-7 * scale)
            << vgs << " " << vds << " " << vbs;
      }
    }
  }
}

// The current is C1 where regions meet: differences from either side give the same slope.
TEST(Mos1, ConductancesAreContinuousBetweenRegions) {
  const Mos1 model = transistor();
  const auto expect_slopes = [&](double vgs, double vds, double vbs, int side) {
    const Mos1::Channel c = model.channel(vgs, vds, vbs);
    const auto by = [&](auto id, double at) { return testing::slope_of(id, at, 0.1, side); };
    testing::expect_slope(c.gm, by([&](double v) { return model.channel(v, vds, vbs).id; }, vgs),
                          "gm");
    testing::expect_slope(c.gds, by([&](double v) { return model.channel(vgs, v, vbs).id; }, vds),
                          "gds");
    testing::expect_slope(c.gmb, by([&](double v) { return model.channel(vgs, vds, v).id; }, vbs),
                          "gmb");
  };
  const double von = model.channel(1, 1, -0.3).von;
  for (const int side : {-1, 1}) {
    expect_slopes(von, 0.8, -0.3, side);        // cutoff, saturation
    expect_slopes(von + 0.6, 0.6, -0.3, side);  // saturation, linear
    expect_slopes(1.4, 0, -0.3, side);          // forward, reversed
    expect_slopes(1.4, 0.2, 0, side);           // bulk junction reverse, forward
  }
}

// Far above the source the bulk leaves no depletion charge under the gate: von = vto - gamma
// sqrt(phi), and the bulk controls nothing any more.
TEST(Mos1, BulkLosesItsEffectWhereNoDepletionChargeIsLeft) {
  const Mos1::Channel c = transistor().channel(2, 1, 1.5);
  EXPECT_NEAR(c.von, 0.6 - 0.5 * std::sqrt(0.7), 1e-12);
  EXPECT_EQ(c.gmb, 0);
}

TEST(Mos1, IsSymmetricInDrainAndSource) {
  const Mos1 model = transistor();
  for (const double vds : {0.1, 0.7, 2.0}) {
    const Mos1::Channel forward = model.channel(1.5, vds, -0.3);
    const Mos1::Channel back = model.channel(1.5 - vds, -vds, -0.3 - vds);
    EXPECT_NEAR(back.id, -forward.id, 1e-14 * forward.id);
    EXPECT_TRUE(back.reversed);
    EXPECT_FALSE(forward.reversed);
    EXPECT_NEAR(back.von, forward.von, 1e-14);
  }
}

TEST(Mos1, TemperatureScalesTheChannel) {
  // kp ~ T^-1.5; the threshold falls by about 2 mV/K. The latter is checked against ngspice.
  const Mos1 hot(kCard, kGeometry, 1, 2 * kRoom, kRoom);
  const Mos1 room = transistor();
  const auto beta = [](const Mos1& model) {  // at vds -> 0: gds = beta (vgs - von)
    return (model.channel(4, 0, 0).gds - model.channel(3, 0, 0).gds);
  };
  EXPECT_NEAR(beta(hot) / beta(room), std::pow(2, -1.5), 1e-12);
}

TEST(Mos1, MultiplicityAndWidthScaleEverything) {
  Mos1Card card = kCard;
  card.rd = 10;
  card.rsh = 5;
  card.cgso = card.cgdo = card.cgbo = 1e-10;
  MosGeometry triple = kGeometry;
  triple.m = 3;
  const Mos1 one(card, kGeometry, 1, kRoom, kRoom);
  const Mos1 three(card, triple, 1, kRoom, kRoom);
  EXPECT_DOUBLE_EQ(three.channel(2, 1, 0).id, 3 * one.channel(2, 1, 0).id);
  EXPECT_DOUBLE_EQ(three.drain_junction().at(0.5, 0).i, 3 * one.drain_junction().at(0.5, 0).i);
  EXPECT_DOUBLE_EQ(three.source_junction().at(-1, 0).q, 3 * one.source_junction().at(-1, 0).q);
  EXPECT_DOUBLE_EQ(three.meyer(2, 1, three.channel(2, 1, 0)).cgs,
                   3 * one.meyer(2, 1, one.channel(2, 1, 0)).cgs);
  EXPECT_DOUBLE_EQ(three.overlap().cgs, 3e-10 * 10e-6);
  EXPECT_DOUBLE_EQ(three.overlap().cgd, 3e-10 * 10e-6);
  EXPECT_DOUBLE_EQ(three.overlap().cgb, 3e-10 * 2e-6);
  EXPECT_DOUBLE_EQ(three.drain_conductance(), 0.3);
  EXPECT_DOUBLE_EQ(three.source_conductance(), 0.6);  // rsh, one square
}

TEST(Mos1, SeriesResistanceIsGivenOrCountedInSquares) {
  const MosGeometry squares{.w = 1e-6, .l = 1e-6, .nrd = 2, .nrs = 4};
  const Mos1 sheet({.rsh = 50}, squares, 1, kRoom, kRoom);
  EXPECT_DOUBLE_EQ(sheet.drain_conductance(), 1 / 100.0);
  EXPECT_DOUBLE_EQ(sheet.source_conductance(), 1 / 200.0);
  const Mos1 given({.rd = 5, .rs = 0, .rsh = 50}, squares, 1, kRoom, kRoom);
  EXPECT_DOUBLE_EQ(given.drain_conductance(), 1 / 5.0);
  EXPECT_EQ(given.source_conductance(), 0);
}

// By hand, for tox = 20 nm, nsub = 1e16 cm^-3, uo = 500 cm^2/Vs at 300.15 K:
//   cox   = 3.9 eps0 / tox = 1.726567e-3 F/m^2          kp = uo cox = 8.632833e-5 A/V^2
//   phi   = 2 kT/q ln(1e22 / 1.45e16) = 0.695453 V
//   gamma = sqrt(2 * 11.7 eps0 q 1e22) / cox = 0.333698 V^0.5
//   vto   = -(1.115088 + phi)/2 + gamma sqrt(phi) + phi = 0.068467 V
TEST(Mos1, DerivesTheChannelFromTheProcess) {
  const Mos1 model({.tox = 20e-9, .nsub = 1e16, .uo = 500}, {.w = 1e-6, .l = 1e-6}, 1, kRoom,
                   kRoom);
  const Mos1::Channel c = model.channel(2, 5, 0);
  EXPECT_NEAR(c.von, 0.068467, 1e-6);
  EXPECT_NEAR(c.id / (0.5 * c.vdsat * c.vdsat), 8.632833e-5, 1e-10);
  EXPECT_NEAR(model.channel(2, 5, -2).von - c.von,
              0.333698 * (std::sqrt(2.695453) - std::sqrt(0.695453)), 1e-6);
}

TEST(Mos1, GivenParametersComeBeforeDerivedOnes) {
  const Mos1 model({.vto = 0.9, .kp = 3e-5, .gamma = 0, .tox = 20e-9, .nsub = 1e16, .uo = 500},
                   {.w = 1e-6, .l = 1e-6}, 1, kRoom, kRoom);
  const Mos1::Channel c = model.channel(2, 5, -1);
  EXPECT_NEAR(c.von, 0.9, 1e-12);
  EXPECT_NEAR(c.id, 0.5 * 3e-5 * 1.1 * 1.1, 1e-15);
}

// The density counts where both areas are given; else is is the current of either junction.
TEST(Mos1, BulkJunctionsConductByAreaWhereBothAreasAreGiven) {
  const Mos1Card card{.is = 1e-15, .js = 1e-3};
  const MosGeometry areas{.w = 1e-6, .l = 1e-6, .ad = 2e-12, .as = 5e-12};
  const Mos1 both(card, areas, 1, kRoom, kRoom);
  EXPECT_NEAR(both.drain_junction().at(-20, 0).i, -2e-15, 1e-22);
  EXPECT_NEAR(both.source_junction().at(-20, 0).i, -5e-15, 1e-22);
  const Mos1 one(card, {.w = 1e-6, .l = 1e-6, .ad = 2e-12}, 1, kRoom, kRoom);
  EXPECT_NEAR(one.drain_junction().at(-20, 0).i, -1e-15, 1e-22);
}

TEST(Mos1, MeyerCapacitancesAreTheTextbooksInEachRegion) {
  const Mos1 model = transistor();
  const auto half = [&](double vgs, double vds) {
    return model.meyer(vgs, vgs - vds, model.channel(vgs, vds, 0));
  };
  const double cox = oxide_capacitance();
  // Off: the gate faces the bulk.
  EXPECT_DOUBLE_EQ(2 * half(-1, 0.5).cgb, cox);
  EXPECT_EQ(half(-1, 0.5).cgs, 0);
  // Saturated: two thirds to the source.
  EXPECT_DOUBLE_EQ(2 * half(2, 3).cgs, 2 * cox / 3);
  EXPECT_EQ(half(2, 3).cgd, 0);
  EXPECT_EQ(half(2, 3).cgb, 0);
  // A resistor: halves to source and drain.
  EXPECT_DOUBLE_EQ(2 * half(2, 0).cgs, cox / 2);
  EXPECT_DOUBLE_EQ(2 * half(2, 0).cgd, cox / 2);
  // Triode, vgst = 1.4, vds = 0.6: 2/3 cox (1 - ((vgst - vds)/(2 vgst - vds))^2) to the source.
  EXPECT_NEAR(2 * half(2, 0.6).cgs, 2 * cox / 3 * (1 - std::pow(0.8 / 2.2, 2)), 1e-12 * cox);
  EXPECT_NEAR(2 * half(2, 0.6).cgd, 2 * cox / 3 * (1 - std::pow(1.4 / 2.2, 2)), 1e-12 * cox);
}

TEST(Mos1, MeyerCapacitancesExchangeSourceAndDrainWithTheChannel) {
  const Mos1 model = transistor();
  const Mos1::MeyerHalf forward = model.meyer(2, 1.4, model.channel(2, 0.6, 0));
  const Mos1::MeyerHalf back = model.meyer(1.4, 2, model.channel(1.4, -0.6, -0.6));
  EXPECT_NEAR(back.cgd, forward.cgs, 1e-12 * forward.cgs);
  EXPECT_NEAR(back.cgs, forward.cgd, 1e-12 * forward.cgd);
}

// The steepest part is that of a channel which saturates at 25 mV, 2/(25 mV) cox/3: steps of 10 uV
// change less than 3e-4 cox. A jump would show.
TEST(Mos1, MeyerCapacitancesAreContinuous) {
  const Mos1 model = transistor();
  const double cox = oxide_capacitance();
  const auto expect_continuous = [&](const auto& voltages) {
    const auto half = [&](double v) {
      const auto [vgs, vds] = voltages(v);
      return model.meyer(vgs, vgs - vds, model.channel(vgs, vds, 0));
    };
    constexpr double kStep = 1e-5;
    Mos1::MeyerHalf last = half(-1);
    for (double v = -1; v < 2; v += kStep) {
      const Mos1::MeyerHalf next = half(v);
      ASSERT_NEAR(last.cgs, next.cgs, 3e-4 * cox) << v;
      ASSERT_NEAR(last.cgd, next.cgd, 3e-4 * cox) << v;
      ASSERT_NEAR(last.cgb, next.cgb, 3e-4 * cox) << v;
      last = next;
    }
  };
  expect_continuous([](double v) { return std::pair{v, 0.3}; });
  expect_continuous([](double v) { return std::pair{v, 0.01}; });
  expect_continuous([](double v) { return std::pair{1.0, v}; });
  expect_continuous([](double v) { return std::pair{0.61, v}; });  // just on
}

TEST(Mos1, JunctionChargesAreTheIntegralsOfTheirCapacitances) {
  const Mos1 model = transistor();
  for (const double v : {-3.0, -0.5, 0.1, 0.37, 0.38, 0.6, 0.9}) {  // fc pb = 0.375
    const Mos1::Junction drain = model.drain_junction().at(v, 1e-12);
    EXPECT_NEAR(
        drain.c,
        central_difference([&](double u) { return model.drain_junction().at(u, 0).q; }, v, 1e-3),
        1e-7 * drain.c);
    EXPECT_NEAR(drain.g,
                central_difference([&](double u) { return model.drain_junction().at(u, 1e-12).i; },
                                   v, 1e-5),
                1e-7 * (drain.g + std::abs(drain.i)));
  }
}

TEST(Mos1, LimitsLeaveSmallStepsAsTheyAre) {
  const Mos1 model = transistor();
  for (const Mos1::Voltages old : {Mos1::Voltages{1.3, 0.7, -0.1}, {1.3, -0.7, -0.9}}) {
    Mos1::Voltages v{old.vgs + 0.0123, old.vds - 0.0371, old.vbs + 0.0057};
    const Mos1::Voltages wanted = v;
    EXPECT_FALSE(model.limit(v, old));
    EXPECT_EQ(v.vgs, wanted.vgs);
    EXPECT_EQ(v.vds, wanted.vds);
    EXPECT_EQ(v.vbs, wanted.vbs);
  }
}

// A step that has converged is left alone, or Newton's method could never stop.
TEST(Mos1, LimitsLeaveConvergedVoltagesAlone) {
  const Mos1 model = transistor();
  for (const double vgs : {-3.0, 0.3, 0.9, 5.0}) {
    for (const double vds : {-6.0, -0.7, 0.0, 0.7, 6.0}) {
      for (const double vbs : {-5.0, 0.0, 0.8}) {
        const Mos1::Voltages old{vgs, vds, vbs};
        Mos1::Voltages v = old;
        EXPECT_FALSE(model.limit(v, old));
        EXPECT_TRUE(v.vgs == vgs && v.vds == vds && v.vbs == vbs);
      }
    }
  }
}

TEST(Mos1, LimitsShortenLongSteps) {
  const Mos1 model = transistor();
  const Mos1::Voltages old{0, 0, 0};
  Mos1::Voltages v{50, 80, 5};
  EXPECT_TRUE(model.limit(v, old));
  EXPECT_DOUBLE_EQ(v.vgs, 0.6 + 0.5);  // a device turns on no further than half a volt
  EXPECT_LE(v.vds, 4);
  EXPECT_LT(v.vbs, 1);
  // With the drain below the source, it is the drain that is limited as a source.
  Mos1::Voltages reversed{-20, -60, 0};
  EXPECT_TRUE(model.limit(reversed, {0, -0.1, 0}));
  EXPECT_GT(reversed.vds, -60);
}

TEST(Mos1, RefusesWhatLeavesNoTransistor) {
  Mos1Card card = kCard;
  card.ld = 1e-6;
  EXPECT_THROW(Mos1(card, kGeometry, 1, kRoom, kRoom), Error);
  EXPECT_THROW(Mos1(kCard, kGeometry, 1, 900, kRoom), Error);
  EXPECT_EQ(kCard.check(), "");
  EXPECT_EQ((Mos1Card{.nsub = 1e15}.check()), "nsub needs tox");
  EXPECT_EQ((Mos1Card{.tox = 1e-8, .nsub = 1e9}.check()),
            "nsub must exceed 1.45e10, that of pure silicon");
}

}  // namespace
}  // namespace wordline
