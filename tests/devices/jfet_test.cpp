// The junction field effect transistor against its square law, and its derivatives against
// differences.
#include "wordline/devices/jfet.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "slope.hpp"
#include "wordline/base/error.hpp"
#include "wordline/devices/constants.hpp"

namespace wordline {
namespace {

constexpr double kRoom = 300.15;

Jfet at_room(const JfetCard& card, double area = 1) { return {card, area, 1, kRoom, kRoom}; }

TEST(Jfet, FollowsTheSquareLaw) {
  const Jfet model = at_room({.vto = -2, .beta = 1e-3, .lambda = 0.02});
  // Saturated: beta (vgs - vto)^2 (1 + lambda vds).
  EXPECT_NEAR(model.evaluate(-0.5, -5.5, 0).id, 1e-3 * 1.5 * 1.5 * 1.1, 1e-15);
  // Linear: beta vds (2 (vgs - vto) - vds) (1 + lambda vds).
  EXPECT_NEAR(model.evaluate(-0.5, -1, 0).id, 1e-3 * 0.5 * (3 - 0.5) * 1.01, 1e-15);
  EXPECT_EQ(model.evaluate(-2.5, -5, 0).id, 0);
  EXPECT_NEAR(model.evaluate(-1, -0.5, 0).id, -model.evaluate(-0.5, -1, 0).id, 1e-18);
}

TEST(Jfet, DopingTailAddsACube) {
  const Jfet model = at_room({.vto = -2, .beta = 1e-3, .pb = 0.8, .b = 0.3});
  const double tail = (1 - 0.3) / (0.8 + 2);
  EXPECT_NEAR(model.evaluate(-0.5, -9, 0).id, 1e-3 * 2.25 * (0.3 + tail * 1.5), 1e-15);
}

TEST(Jfet, ChangesWithTemperature) {
  JfetCard card{.vto = -2, .beta = 1e-3, .vtotc = -2e-3, .betatce = -0.5, .tnom = 27};
  const double warmer = 60;
  const Jfet hot(card, 1, 1, kRoom + warmer, 400);
  const double overdrive = 1.5 + 2e-3 * warmer;
  EXPECT_NEAR(hot.evaluate(-0.5, -9, 0).id,
              1e-3 * std::pow(1.01, -0.5 * warmer) * overdrive * overdrive, 1e-15);
  card = {.vto = -2, .beta = 1e-3, .tcv = 2e-3, .bex = -1.5, .tnom = 27};
  EXPECT_NEAR(Jfet(card, 1, 1, kRoom + warmer, 400).evaluate(-0.5, -9, 0).id,
              1e-3 * std::pow((kRoom + warmer) / kRoom, -1.5) * overdrive * overdrive, 1e-15);
}

TEST(Jfet, DerivativesMatchDifferences) {
  const Jfet model = at_room({.vto = -1.8,
                              .beta = 1e-3,
                              .lambda = 0.03,
                              .cgs = 2e-12,
                              .cgd = 1e-12,
                              .pb = 0.9,
                              .n = 1.2,
                              .fc = 0.4,
                              .b = 0.6},
                             2);
  for (const double vgs : {-5.0, -1.79, -1.0, -0.02, 0.35, 0.6}) {
    for (const double vds : {-3.0, -0.4, -0.01, 0.02, 0.5, 2.0, 8.0}) {
      const Jfet::Operating at = model.evaluate(vgs, vgs - vds, 1e-12);
      const std::string bias = std::to_string(vgs) + ", " + std::to_string(vds);
      const auto slope = [&](auto f, double v) { return testing::slope_of(f, v, 0.05); };
      testing::expect_slope(at.gm,
                            slope([&](double v) { return model.evaluate(v, v - vds, 0).id; }, vgs),
                            "gm " + bias);
      testing::expect_slope(
          at.gds, slope([&](double v) { return model.evaluate(vgs, vgs - v, 0).id; }, vds),
          "gds " + bias);
      const auto source = [&](double v) { return model.evaluate(v, -1, 1e-12).gate_source; };
      const auto drain = [&](double v) { return model.evaluate(-1, v, 1e-12).gate_drain; };
      testing::expect_slope(source(vgs).g, slope([&](double v) { return source(v).i; }, vgs),
                            "ggs");
      testing::expect_slope(source(vgs).c, slope([&](double v) { return source(v).q; }, vgs),
                            "cgs");
      testing::expect_slope(drain(vgs).g, slope([&](double v) { return drain(v).i; }, vgs), "ggd");
      testing::expect_slope(drain(vgs).c, slope([&](double v) { return drain(v).q; }, vgs), "cgd");
    }
  }
}

// Saturated, a channel makes the noise of 2/3 gm by either formula.
TEST(Jfet, NoiseIsVanDerZielsInSaturation) {
  for (const double nlev : {2.0, 3.0}) {
    const Jfet model = at_room({.vto = -2, .beta = 1e-3, .nlev = nlev});
    const Jfet::Operating at = model.evaluate(-0.5, -9, 0);
    EXPECT_NEAR(model.noise_conductance(at, -0.5, -9), 2.0 / 3 * at.gm, 1e-15);
  }
  // Without a voltage along it, it is a resistance.
  const Jfet model = at_room({.vto = -2, .beta = 1e-3, .nlev = 3});
  const Jfet::Operating at = model.evaluate(-0.5, -0.5, 0);
  EXPECT_NEAR(model.noise_conductance(at, -0.5, -0.5), at.gds, 1e-15);
}

TEST(Jfet, RefusesTemperaturesWithoutAJunction) {
  EXPECT_THROW(Jfet({.pb = 0.4}, 1, 1, 700, kRoom), Error);
}

}  // namespace
}  // namespace wordline
