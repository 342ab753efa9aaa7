// The short-channel transistor's derivatives, and what its effects must do. Its currents are
// compared with ngspice's in ngspice_test.cpp.
#include "wordline/devices/mos3.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "slope.hpp"

namespace wordline {
namespace {

constexpr double kRoom = 300.15;
const MosGeometry kGeometry{.w = 3e-6, .l = 0.8e-6};

Mos3Card long_channel() {
  Mos3Card card;
  card.vto = 0.6;
  card.kp = 1e-4;
  card.gamma = 0.5;
  card.phi = 0.7;
  return card;
}

Mos3Card short_channel() {
  Mos3Card card = long_channel();
  card.nsub = 4e16;
  card.xj = 2e-7;
  card.ld = 5e-8;
  card.theta = 0.1;
  card.vmax = 1.5e5;
  card.eta = 0.3;
  card.delta = 0.8;
  card.nfs = 2e11;
  card.kappa = 0.6;
  return card;
}

Mos3 transistor(const Mos3Card& card) { return {card, kGeometry, 1, kRoom, kRoom}; }

void expect_derivatives(const Mos3Card& card) {
  const Mos3 model = transistor(card);
  for (const double vgs : {0.3, 0.55, 0.9, 1.7, 3.0}) {
    for (const double vds : {-2.5, -0.5, -0.02, 0.02, 0.13, 0.8, 5.0}) {
      for (const double vbs : {-2.0, -0.4, 0.07, 0.3}) {
        const Mos3::Channel c = model.channel(vgs, vds, vbs);
        const std::string at =
            std::to_string(vgs) + " " + std::to_string(vds) + " " + std::to_string(vbs);
        const auto by = [&](auto id, double v) { return testing::slope_of(id, v, 0.02); };
        testing::expect_slope(
            c.gm, by([&](double v) { return model.channel(v, vds, vbs).id; }, vgs), "gm at " + at);
        testing::expect_slope(c.gds,
                              by([&](double v) { return model.channel(vgs, v, vbs).id; }, vds),
                              "gds at " + at);
        testing::expect_slope(c.gmb,
                              by([&](double v) { return model.channel(vgs, vds, v).id; }, vbs),
                              "gmb at " + at);
      }
    }
  }
}

TEST(Mos3, DerivativesMatchDifferences) {
  expect_derivatives(long_channel());
  expect_derivatives(short_channel());
  Mos3Card card = short_channel();
  card.vmax = 0;
  expect_derivatives(card);
  card.nfs = 0;
  expect_derivatives(card);
}

TEST(Mos3, IsSymmetricInDrainAndSource) {
  const Mos3 model = transistor(short_channel());
  for (const double vds : {0.1, 0.7, 2.0}) {
    const Mos3::Channel forward = model.channel(1.5, vds, -0.3);
    const Mos3::Channel back = model.channel(1.5 - vds, -vds, -0.3 - vds);
    EXPECT_NEAR(back.id, -forward.id, 1e-14 * forward.id);
    EXPECT_TRUE(back.reversed);
    EXPECT_FALSE(forward.reversed);
  }
}

// With no effect of short channels, at vds = 0 the channel is that of level 1: beta (vgs - vth) by
// hand, with the bulk's charge along the channel taken into account in none of them.
TEST(Mos3, StartsAsALongChannel) {
  const Mos3::Channel c = transistor(long_channel()).channel(1.6, 0, 0);
  EXPECT_NEAR(c.gds, 1e-4 * 3 / 0.8 * (1.6 - 0.6), 1e-12);
  EXPECT_EQ(c.id, 0);
  EXPECT_NEAR(c.von, 0.6, 1e-12);
}

// Where the field of saturation is reached, the velocity is half of vmax in this model. The channel
// then holds no less than w cox (vgs - vth - vdsat).
TEST(Mos3, ObeysTheLimitOfTheVelocity) {
  Mos3Card card = long_channel();
  card.vmax = 1e4;
  card.tox = 1.5e-8;
  card.kp = 600e-4 * 3.4531e-11 / 1.5e-8;  // that of its mobility
  const Mos3::Channel c = transistor(card).channel(4, 3, 0);
  const double limit = 0.5 * 3e-6 * 3.4531e-11 / 1.5e-8 * 1e4 * (4 - 0.6);
  EXPECT_LT(c.vdsat, 1e4 * 0.8e-6 / 600e-4);
  EXPECT_LT(c.id, limit);
  EXPECT_GT(c.id, limit * (1 - c.vdsat / (4 - 0.6)));
}

}  // namespace
}  // namespace wordline
