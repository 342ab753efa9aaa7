// The equations of the memristor models: their derivatives against finite differences and against
// values computed with 60 digits, their inverses, and how they treat parameters.
#include <gtest/gtest.h>

#include <cmath>

#include "model_checks.hpp"
#include "wordline/devices/memristor/static_resistance.hpp"
#include "wordline/devices/memristor/vteam.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"

namespace wordline {
namespace {

using testing::expect_conductances;
using testing::expect_derivatives;
using testing::expect_rows;
using testing::voltages_around;

TEST(StaticResistance, DerivativesMatchDifferences) {
  StaticResistance model{.gmin = 1e-6, .gmax = 1e-3};
  expect_derivatives(model, voltages_around({0}));
  model.iv = 1;
  expect_derivatives(model, voltages_around({0}));
}

TEST(Vteam, DerivativesMatchDifferences) {
  for (const double iv : {0, 1}) {
    for (const double window : {0, 1}) {
      for (const double smooth : {0.0, 0.05}) {
        const Vteam model{.aoff = 2.5,
                          .voff = 0.3,
                          .iv = iv,
                          .window = window,
                          .wc = 3e-10,
                          .a_on = 2e-10,
                          .a_off = 2.8e-9,
                          .smooth = smooth};
        expect_derivatives(model, voltages_around({0.3, -0.2}));
      }
    }
  }
}

TEST(Yakopcic, DerivativesMatchDifferences) {
  for (const double eta : {1, -1}) {
    const Yakopcic model{.a2 = 0.1, .b = 0.7, .eta = eta};
    expect_derivatives(model, voltages_around({0, 0.16, -0.15}));
  }
}

TEST(Vteam, MatchesSixtyDigitValues) {
  expect_rows(Vteam{}, "VTEAM memtorch", 3);
  expect_rows(Vteam{.iv = 1, .window = 1, .wc = 107e-12, .a_on = 0.3e-9, .a_off = 2.7e-9},
              "VTEAM exp window wc=107p", 2);
}

TEST(Yakopcic, MatchesSixtyDigitValues) { expect_rows(Yakopcic{}, "Yakopcic oblea", 5); }

TEST(MemristorModels, StateForConductanceInvertsTheCurrent) {
  for (const double v_read : {0.0, 0.1, -0.1, 2.0}) {
    expect_conductances(StaticResistance{.gmin = 1e-6, .gmax = 1e-3}, v_read);
    expect_conductances(StaticResistance{.gmin = 1e-6, .gmax = 1e-3, .iv = 1}, v_read);
    expect_conductances(Vteam{}, v_read);
    expect_conductances(Vteam{.iv = 1}, v_read);
    expect_conductances(Yakopcic{.a2 = 0.1, .b = 0.7}, v_read);
  }
}

TEST(Vteam, SmoothThresholdLeavesTheRateAtZeroBelowAndTakesTheKinkAway) {
  const Vteam sharp{};  // koff = 5e-4 m/s, aoff = 1, voff = 20 mV
  const Vteam smooth{.smooth = 0.1};
  EXPECT_EQ(smooth.rate(0.02, 1e-9).value, 0);
  EXPECT_GT(sharp.rate(0.02 * (1 + 1e-9), 1e-9).dv, 0.02);
  EXPECT_NEAR(smooth.rate(0.02 * (1 + 1e-9), 1e-9).dv, 0, 1e-8);
  // Far above, u^2 / sqrt(u^2 + d^2) is u (1 - (d/u)^2 / 2): here u = 49.
  EXPECT_NEAR(smooth.rate(1, 1e-9).value / sharp.rate(1, 1e-9).value, 1 - 0.5e-2 / (49.0 * 49.0),
              1e-10);
}

TEST(Yakopcic, NegativeEtaTurnsTheDeviceRound) {
  // eta = -1 with the thresholds and speeds exchanged mirrors the motion, V for -V.
  const Yakopcic up{.ap = 3000, .an = 5000};
  const Yakopcic down{.ap = 5000, .an = 3000, .vp = up.vn, .vn = up.vp, .eta = -1};
  for (const double v : {-0.6, -0.2, 0.1, 0.3, 0.7}) {
    EXPECT_DOUBLE_EQ(up.rate(v, 0.4).value, down.rate(-v, 0.4).value) << v;
  }
}

TEST(MemristorModels, VoltagesFarAboveAnySolutionGiveFiniteValues) {
  for (const double v : {-1e4, 1e4}) {
    for (const Partials p :
         {StaticResistance{.iv = 1}.current(v, 1e-4), Yakopcic{.b = 3}.current(v, 0.5),
          Yakopcic{.vp = 900}.rate(v, 0.5), Vteam{}.rate(v, 1e-9)}) {
      EXPECT_TRUE(std::isfinite(p.value) && std::isfinite(p.dv) && std::isfinite(p.dx)) << v;
    }
  }
}

TEST(MemristorModels, ParametersThatDoNotFitTogetherAreNamed) {
  EXPECT_EQ(Vteam{}.check(), "");
  EXPECT_EQ((Vteam{.ron = 2000}.check()), "roff must exceed ron");
  EXPECT_EQ((Vteam{.xon = 4e-9}.check()), "xoff must exceed xon");
  EXPECT_EQ((Vteam{.x0 = 4e-9}.check()), "x0 must lie between xon and xoff");
  EXPECT_EQ((StaticResistance{.gmin = 2, .gmax = 1}.check()), "gmax must exceed gmin");
  EXPECT_EQ((StaticResistance{.g = 2e3}.check()), "g must lie between gmin and gmax");
}

}  // namespace
}  // namespace wordline
