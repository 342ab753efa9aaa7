// The EKV transistor against its equations in 40 digits, against its own derivatives, and against
// its symmetries.
#include "wordline/devices/ekv.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "reference.hpp"
#include "transistor_table.hpp"
#include "wordline/devices/constants.hpp"

namespace wordline {
namespace {

constexpr double kRoom = 300.15;

TEST(Ekv, MatchesFortyDigitTable) { testing::expect_transistor_table<Ekv>("ekv_dc_table.csv"); }

const Mos1Card kCard{
    .vto = 0.5, .kp = 2e-4, .gamma = 0.4, .phi = 0.85, .lambda = 0.08, .tox = 4e-9};
const MosGeometry kGeometry{.w = 2e-6, .l = 0.5e-6};

Ekv transistor() { return {kCard, kGeometry, 1, kRoom, kRoom}; }

// From depletion far below the threshold to strong inversion, conducting either way, the bulk
// biased either way.
template <class Check>
void at_all_biases(Check check) {
  for (const double vgs : {-1.5, -0.4, 0.1, 0.45, 0.55, 0.9, 2.0, 5.0}) {
    for (const double vds : {-2.5, -0.5, -0.02, 0.0, 0.01, 0.13, 0.8, 3.0}) {
      for (const double vbs : {-2.0, -0.4, 0.0, 0.5}) check(vgs, vds, vbs);
    }
  }
}

// Differences over 2 h are wrong by (h/vt)^2/6 = 6e-9 of a conductance, and each conductance may be
// a small difference of the others.
TEST(Ekv, DerivativesMatchDifferences) {
  constexpr double kStep = 5e-6;
  const Ekv model = transistor();
  at_all_biases([&](double vgs, double vds, double vbs) {
    const Ekv::Channel c = model.channel(vgs, vds, vbs);
    const double by_source = c.gm + c.gds + c.gmb;
    const double allowed = 2e-8 * (std::abs(c.gm) + std::abs(c.gds) + std::abs(by_source));
    const auto expect = [&](double analytic, auto id, double at, const char* what) {
      EXPECT_NEAR(analytic, testing::central_difference(id, at, kStep), allowed)
          << what << " at " << vgs << " " << vds << " " << vbs;
    };
    expect(
        c.gm, [&](double v) { return model.channel(v, vds, vbs).id; }, vgs, "gm");
    expect(
        c.gds, [&](double v) { return model.channel(vgs, v, vbs).id; }, vds, "gds");
    expect(
        c.gmb, [&](double v) { return model.channel(vgs, vds, v).id; }, vbs, "gmb");
  });
}

TEST(Ekv, IsSymmetricInDrainAndSource) {
  const Ekv model = transistor();
  at_all_biases([&](double vgs, double vds, double vbs) {
    const Ekv::Channel there = model.channel(vgs, vds, vbs);
    const Ekv::Channel back = model.channel(vgs - vds, -vds, vbs - vds);
    // Both are differences of what flows from drain and source.
    const double rounding = 1e-12 * (std::abs(there.id) + std::abs(there.gds) + 1e-30);
    EXPECT_NEAR(back.id, -there.id, rounding);
    EXPECT_NEAR(back.von, there.von, 1e-14);
    EXPECT_NEAR(back.vdsat, there.vdsat, 1e-14);
    EXPECT_TRUE(vds == 0 || back.reversed != there.reversed);
  });
}

// Not even its conductance by the gate jumps where source and drain exchange their roles.
TEST(Ekv, IsSmoothWhereTheCurrentTurns) {
  const Ekv model = transistor();
  for (const double vgs : {0.2, 0.6, 1.5}) {
    const auto gm = [&](double vds) { return model.channel(vgs, vds, 0).gm; };
    EXPECT_EQ(gm(0), 0);
    EXPECT_NEAR(gm(1e-6) + gm(-1e-6), 0, 1e-4 * gm(1e-6));
  }
}

TEST(Ekv, PTypeIsTheMirrorOfNType) {
  Mos1Card card = kCard;
  card.vto = -kCard.vto;
  const Ekv p(card, kGeometry, -1, 350, kRoom);
  const Ekv n(kCard, kGeometry, 1, 350, kRoom);
  // The gap shifts thresholds of both by the same voltage, so by opposite ones in this frame.
  const double shift = p.channel(0, 0, 0).von - n.channel(0, 0, 0).von;
  EXPECT_GT(std::abs(shift), 0.005);
  EXPECT_EQ(p.polarity(), -1);
  const Ekv p_room(card, kGeometry, -1, kRoom, kRoom);
  const Ekv n_room = transistor();
  at_all_biases([&](double vgs, double vds, double vbs) {
    EXPECT_EQ(p_room.channel(vgs, vds, vbs).id, n_room.channel(vgs, vds, vbs).id);
  });
}

// Deep in weak inversion a decade of current takes n vt ln 10, with the slope dvp/dvg = 1/n of the
// pinch-off voltage there, for which n = 1 + gamma/(2 sqrt(phi + vp)).
TEST(Ekv, TakesTheRightVoltageForADecade) {
  const Ekv model = transistor();
  const double vgs = 0.25;
  const Ekv::Channel c = model.channel(vgs, 1, 0);
  // phi + vp = y^2, where y^2 + gamma y = vgs - vto + phi + gamma sqrt(phi).
  const double u = vgs - 0.5 + 0.85 + 0.4 * std::sqrt(0.85);
  const double y = std::sqrt(u + 0.04) - 0.2;
  const double n = 1 + 0.4 / (2 * y);
  // The rounding of u (0.02 V) and the slope of n are below 2 %.
  EXPECT_NEAR(c.id / c.gm, n * thermal_voltage(kRoom), 0.02 * n * thermal_voltage(kRoom));
}

TEST(Ekv, GateHoldsTheChargeOfItsOxide) {
  const Ekv model = transistor();
  const double oxide = kOxidePermittivity / 4e-9 * 2e-6 * 0.5e-6;
  at_all_biases([&](double vgs, double vds, double vbs) {
    const Ekv::MeyerHalf half = model.meyer(vgs, vgs - vds, model.channel(vgs, vds, vbs));
    EXPECT_DOUBLE_EQ(2 * half.cgs, 0.5 * oxide);
    EXPECT_DOUBLE_EQ(2 * half.cgd, 0.5 * oxide);
    EXPECT_EQ(half.cgb, 0);
  });
}

}  // namespace
}  // namespace wordline
