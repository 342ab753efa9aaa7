// The equations of the memristor models: their derivatives against finite differences and against
// values computed with 60 digits, their inverses, and how they treat parameters.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "model_checks.hpp"
#include "wordline/devices/memristor/data_driven.hpp"
#include "wordline/devices/memristor/data_driven2018.hpp"
#include "wordline/devices/memristor/exponential_diode.hpp"
#include "wordline/devices/memristor/hp.hpp"
#include "wordline/devices/memristor/memdiode.hpp"
#include "wordline/devices/memristor/mms.hpp"
#include "wordline/devices/memristor/pem.hpp"
#include "wordline/devices/memristor/pershin.hpp"
#include "wordline/devices/memristor/simmons.hpp"
#include "wordline/devices/memristor/static_resistance.hpp"
#include "wordline/devices/memristor/team.hpp"
#include "wordline/devices/memristor/threshold_switch.hpp"
#include "wordline/devices/memristor/umich_wox.hpp"
#include "wordline/devices/memristor/vteam.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"
#include "wordline/devices/memristor/yakopcic_general.hpp"

namespace wordline {
namespace {

using testing::central_difference;
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

TEST(YakopcicGeneral, MatchesSixtyDigitValues) {
  expect_rows(YakopcicGeneral{}, "Yakopcic-gen SrTiO3", 5);
}

TEST(Hp, MatchesSixtyDigitValues) {
  expect_rows(Hp{.window = 1}, "HP strukov", 2);
  expect_rows(Hp{.window = 2, .p = 2}, "HP joglekar p=2", 3);
  expect_rows(Hp{.window = 3, .p = 3}, "HP biolek p=3", 3);
  expect_rows(Hp{.window = 4, .p = 4, .j = 1.2}, "HP prodromakis p=4 j=1.2", 3);
  expect_rows(Hp{.window = 5, .p = 4, .j = 1.2}, "HP zha p=4 j=1.2", 3);
}

TEST(Team, MatchesSixtyDigitValues) {
  Team model{.kon = -4.68e-22,
             .koff = 1.46e-18,
             .alphaon = 10,
             .alphaoff = 10,
             .window = 4,
             .aon = 1.8e-9,
             .aoff = 1.2e-9,
             .wc = 107e-12};
  expect_rows(model, "TEAM lin wc=107p", 3);
  model.iv = 1;
  expect_rows(model, "TEAM exp wc=107p", 3);
}

TEST(Mms, MatchesSixtyDigitValues) { expect_rows(Mms{.phi = 0.8}, "MMS", 3); }

TEST(Pershin, MatchesSixtyDigitValues) { expect_rows(Pershin{}, "Pershin", 3); }

TEST(DataDriven, MatchesSixtyDigitValues) { expect_rows(DataDriven{}, "Data-driven 2017/21", 2); }

TEST(DataDriven2018, MatchesSixtyDigitValues) {
  expect_rows(DataDriven2018{}, "Data-driven 2018", 2);
}

TEST(UmichWox, MatchesSixtyDigitValues) { expect_rows(UmichWox{}, "UMich WOx", 2); }

TEST(Memdiode, MatchesSixtyDigitValues) { expect_rows(Memdiode{}, "DMM", 3); }

// Another evaluation of the same formulas, by bisection, with L = 0.0998 V nm, B = 10.246/(nm
// sqrt(V)) and J0 = 61.7 mA nm2 as published, to more digits.
TEST(Simmons, TunnelsThroughABarrierBehindItsResistance) {
  const Simmons model;
  const auto current = [&](double v, double x) { return model.current(v, x).value; };
  EXPECT_NEAR(current(0.1, 1.2e-9), 3.167353229455e-5, 1e-14);
  EXPECT_NEAR(current(0.5, 1.2e-9), 2.879567142158e-4, 1e-13);
  EXPECT_NEAR(current(0.9, 1.2e-9), 9.657877277533e-4, 1e-13);
  EXPECT_NEAR(current(0.3, 1.8e-9), 6.462654986051e-7, 1e-16);
  EXPECT_NEAR(current(-0.7, 1.5e-9), -9.215270115665e-5, 1e-14);
  EXPECT_NEAR(current(0.05, 1e-9), 6.336469519846e-5, 1e-14);
  EXPECT_NEAR(model.rate(0.5, 1.2e-9).value, 1.632440478673e-10, 1e-19);
  EXPECT_NEAR(model.rate(-0.3, 1.7e-9).value, -7.302240264555e-14, 1e-23);
}

TEST(Pem, MatchesSixtyDigitValues) {
  const Pem model{.up = Curve({{0, 0.8}, {0.5, 0.6}, {1, 0}}),
                  .down = Curve({{0, 0}, {0.4, -0.3}, {1, -0.5}})};
  expect_rows(model, "PEM", 3);
}

// A state stays where both curves are known.
TEST(Pem, BoundsAreThoseOfBothCurves) {
  Pem model{.up = Curve({{0.1, 0.8}, {0.9, 0}}), .down = Curve({{0, 0}, {0.7, -0.3}})};
  EXPECT_EQ(model.bounds().low, 0.1);
  EXPECT_EQ(model.bounds().high, 0.7);
  EXPECT_EQ(model.initial_state(), 0.1);
  EXPECT_EQ(model.check(), "");
  model.xo = 0.8;
  EXPECT_EQ(model.check(), "xo must lie within both curves");
}

TEST(Curve, IsStraightBetweenItsPointsAndBeyondThem) {
  const Curve curve({{-1, 2}, {0, 1}, {3, 7}});
  for (const auto& [x, y, slope] :
       {std::array{-2.0, 3.0, -1.0}, std::array{-1.0, 2.0, -1.0}, std::array{-0.5, 1.5, -1.0},
        std::array{0.0, 1.0, 2.0}, std::array{1.0, 3.0, 2.0}, std::array{4.0, 9.0, 2.0}}) {
    EXPECT_DOUBLE_EQ(curve.at(x).value, y) << x;
    EXPECT_DOUBLE_EQ(curve.at(x).slope, slope) << x;
  }
}

// Windows, but for kvatinsky's, as published: 1 in the middle (joglekar), 0 where the state is to
// stop, and 1 where it starts (biolek).
TEST(Team, WindowsActAtTheBoundTowardsWhichTheStateMoves) {
  const double to_off = 0.3, to_on = -0.3;  // V
  const auto slowed = [](double window, double v, double x) {
    return Team{.window = window, .p = 2}.rate(v, x).value / Team{}.rate(v, x).value;
  };
  constexpr double kJoglekar = 1, kBiolek = 2, kProdromakis = 3;
  for (const double v : {to_off, to_on}) {
    EXPECT_DOUBLE_EQ(slowed(kJoglekar, v, 1.5e-9), 1);
    EXPECT_DOUBLE_EQ(slowed(kProdromakis, v, 1.5e-9), 1 - 0.75 * 0.75);
    for (const double x : {0.0, 3e-9}) {
      EXPECT_NEAR(slowed(kJoglekar, v, x), 0, 1e-15);
      EXPECT_NEAR(slowed(kProdromakis, v, x), 0, 1e-15);
    }
  }
  EXPECT_DOUBLE_EQ(slowed(kBiolek, to_off, 0), 1);
  EXPECT_DOUBLE_EQ(slowed(kBiolek, to_off, 3e-9), 0);
  EXPECT_DOUBLE_EQ(slowed(kBiolek, to_on, 3e-9), 1);
  EXPECT_DOUBLE_EQ(slowed(kBiolek, to_on, 0), 0);
}

// (1 V/50 ohm/8.9 uA)^10 is 1e33.
TEST(Team, SpeedIsLimited) {
  const Team fast{.alphaon = 10};
  EXPECT_DOUBLE_EQ(fast.rate(-1, 0).value, -1e4);
  // Far below the limit it is not felt: 8e-13 m/s (0.3 V/1000 ohm/115 uA - 1)^3.
  EXPECT_DOUBLE_EQ(Team{}.rate(0.3, 3e-9).value, 8e-13 * std::pow(3e-4 / 115e-6 - 1, 3));
}

// s follows the sign of the voltage without a jump; its width is 1e-9 V.
TEST(Hp, SignOfBioleksWindowIsSmooth) {
  const Hp model{.window = 3, .p = 2};
  const double x = 0.3;
  const double up = 1 - std::pow(x, 4);
  const double down = 1 - std::pow(1 - x, 4);
  const auto window = [&](double v) { return model.rate(v, x).value / Hp{}.rate(v, x).value; };
  EXPECT_DOUBLE_EQ(window(1e-6), up);
  EXPECT_DOUBLE_EQ(window(-1e-6), down);
  EXPECT_NEAR(window(1e-20), 1 - std::pow(0.5 - x, 4), 1e-10);
  for (const double v : {-2e-9, -5e-10, 1e-10, 7e-10, 3e-9}) {
    const double slope =
        central_difference([&](double u) { return model.rate(u, x).value; }, v, 1e-12);
    EXPECT_NEAR(model.rate(v, x).dv, slope, 1e-7 * std::abs(slope)) << v;
  }
}

// Where the amplitudes differ, the published Schottky branch would conduct without a voltage.
TEST(Mms, HasNoCurrentWithoutAVoltage) {
  const Mms model{.phi = 0.5, .af = 1e-3, .ar = 2e-4};
  EXPECT_EQ(model.current(0, 0.3).value, 0);
  const double g = 0.3 / 500 + 0.7 / 1500;
  const double published =
      0.5 * 0.7 * g + 0.5 * (1e-3 * std::exp(4 * 0.7) - 2e-4 * std::exp(-4 * 0.7));
  EXPECT_NEAR(model.current(0.7, 0.3).value, published - 0.5 * (1e-3 - 2e-4), 1e-15);
}

TEST(MemristorModels, StateForConductanceInvertsTheCurrent) {
  for (const double v_read : {0.0, 0.1, -0.1, 2.0}) {
    expect_conductances(StaticResistance{.gmin = 1e-6, .gmax = 1e-3}, v_read);
    expect_conductances(StaticResistance{.gmin = 1e-6, .gmax = 1e-3, .iv = 1}, v_read);
    expect_conductances(
        StaticResistance{.gmin = 1e-6, .gmax = 1e-3, .iv = 2, .c2 = -0.5, .c3 = 0.3}, v_read);
    expect_conductances(Hp{}, v_read);
    expect_conductances(Team{}, v_read);
    expect_conductances(Team{.iv = 1}, v_read);
    expect_conductances(Mms{.phi = 0.8}, v_read);
    expect_conductances(Pershin{}, v_read);
    expect_conductances(Pem{}, v_read);
    expect_conductances(DataDriven{.an = 0.2, .bn = 4}, v_read);
    expect_conductances(DataDriven2018{}, v_read);
    expect_conductances(YakopcicGeneral{}, v_read);
    expect_conductances(UmichWox{}, v_read);
    expect_conductances(Memdiode{}, v_read);
    expect_conductances(Simmons{}, v_read);
    expect_conductances(Vteam{}, v_read);
    expect_conductances(Vteam{.iv = 1}, v_read);
    expect_conductances(Yakopcic{.a2 = 0.1, .b = 0.7}, v_read);
  }
}

// At 2 V the conductance of this card has a peak between its bounds, where the series resistance
// takes over: all that lies below it is found.
TEST(Memdiode, FindsConductancesBeyondThoseOfItsBounds) {
  const Memdiode model{.rsmin = 10, .rsmax = 2e3};
  const auto conductance = [&](double x) { return model.current(2, x).value / 2; };
  const double wanted = conductance(0.3);
  ASSERT_GT(wanted, conductance(1));
  EXPECT_NEAR(conductance(model.state_for_conductance(wanted, 2)), wanted, 1e-12 * wanted);
  EXPECT_LT(model.state_for_conductance(1, 2), 0);  // S
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
  EXPECT_EQ((Team{.ron = 2000}.check()), "roff must exceed ron");
  EXPECT_EQ((Team{.x0 = -1e-9}.check()), "x0 must lie between xon and xoff");
  EXPECT_EQ((Team{.window = 2, .p = 0.5}.check()), "p must be at least 1 with this window");
  EXPECT_EQ((Team{.window = 3, .p = 0.5}.check()), "");
  EXPECT_EQ((Hp{.roff = 50}.check()), "roff must exceed ron");
  EXPECT_EQ((Hp{.window = 6, .p = 0.5}.check()), "p must be at least 1 with this window");
  EXPECT_EQ((Mms{.ron = 2000}.check()), "roff must exceed ron");
  EXPECT_EQ((Pershin{.rinit = 500}.check()), "rinit must lie between ron and roff");
  EXPECT_EQ((DataDriven{.tp = 0}.check()), "tp and tn must not be zero");
  EXPECT_EQ((DataDriven{.rinit = 5e3}.check()), "rinit must lie between ron and roff");
  EXPECT_EQ((DataDriven2018{.ron = 2e4}.check()), "roff must exceed ron");
  EXPECT_EQ((Pem{.vn = 1}.check()),
            "vp must exceed vn, which is negative for a threshold below 0 V");
  EXPECT_EQ((Pem{.up = Curve({{2, 0}, {3, 0}})}.check()),
            "the curves of fxpdata and fxmdata must overlap");
  EXPECT_EQ((Memdiode{.imin = 1}.check()), "imax must exceed imin");
  EXPECT_EQ((Simmons{.wmin = 2e-9}.check()), "wmax must exceed wmin");
  EXPECT_EQ((Simmons{.x0 = 3e-9}.check()), "x0 must lie between wmin and wmax");
  EXPECT_EQ((Simmons{.umax = 0.95, .wmin = 0.8e-9}.check()),
            "no barrier is left at umax and wmin: lower umax or raise wmin");
  EXPECT_EQ((StaticResistance{.iv = 2, .c2 = 1, .c3 = 0.3}.check()),
            "c2^2 must be below 3 c3, or the current would fall at some voltages");
  EXPECT_EQ((StaticResistance{.iv = 2, .c2 = 0.9, .c3 = 0.3}.check()), "");
  EXPECT_EQ((StaticResistance{.gmin = 2, .gmax = 1}.check()), "gmax must exceed gmin");
  EXPECT_EQ((StaticResistance{.g = 2e3}.check()), "g must lie between gmin and gmax");
}

// ---- selectors ----

// is (e^u - e^-u) at u = V q/(n k 300.15 K) = 0.5 / (1.5 * 0.025864982655), by hand:
// e^12.887465 = 395326.
TEST(ExponentialDiode, IsTwoDiodesBackToBack) {
  const ExponentialDiode model{.is = 2e-12, .n = 1.5};
  const double u = 0.5 / (1.5 * 1.380649e-23 * 300.15 / 1.602176634e-19);
  const double expected = 2e-12 * (std::exp(u) - std::exp(-u));
  EXPECT_NEAR(model.current(0.5, 1).value, expected, 1e-13 * expected);
  EXPECT_NEAR(expected, 2e-12 * 395326, 1e-5 * expected);
  EXPECT_EQ(model.current(-0.5, 0.25).value, -0.25 * model.current(0.5, 1).value);
  EXPECT_NEAR(model.current(0, 1).dv, 2 * 2e-12 * u / 0.5, 1e-15 * u);
  EXPECT_EQ(model.rate(3, 0.5).value, 0);
}

TEST(ExponentialDiode, DerivativesMatchDifferences) {
  expect_derivatives(ExponentialDiode{}, voltages_around({}), 1e-6);
}

TEST(ThresholdSwitch, DerivativesMatchDifferences) {
  const ThresholdSwitch model{.dv = 0.05};
  expect_derivatives(model, voltages_around({1.2, -1.2, 0.4, -0.4}), 1e-6);
}

TEST(ThresholdSwitch, TurnsOnAboveItsThresholdAndOffBelowItsHold) {
  const ThresholdSwitch model;
  for (const double sign : {-1.0, 1.0}) {
    for (const double x : {0.0, 0.3, 1.0}) {
      EXPECT_DOUBLE_EQ(model.rate(sign * 1.23, x).value, (1 - x) / 1e-9);
      EXPECT_DOUBLE_EQ(model.rate(sign * 0.37, x).value, -x / 1e-8);
    }
    for (const double between : {0.43, 0.8, 1.17}) {
      EXPECT_EQ(model.rate(sign * between, 0).value, 0);
      EXPECT_EQ(model.rate(sign * between, 1).value, 0);
    }
    EXPECT_NEAR(model.rate(sign * 1.2, 0).value, 0.5 / 1e-9, 1e-12 / 1e-9);
    EXPECT_NEAR(model.rate(sign * 0.4, 1).value, -0.5 / 1e-8, 1e-12 / 1e-8);
  }
}

TEST(ThresholdSwitch, ConductsByItsState) {
  const ThresholdSwitch model;
  EXPECT_DOUBLE_EQ(model.current(0.5, 1).value, 0.5e-4);
  EXPECT_DOUBLE_EQ(model.current(0.5, 0).value, 1e-9 * 0.25 * std::sinh(2));
  EXPECT_EQ((ThresholdSwitch{.goff = 1e-3}.check()), "gon must exceed goff");
  EXPECT_EQ((ThresholdSwitch{.ihold = 1e-4}.check()), "ihold must be below gon vhold");
  EXPECT_EQ((ThresholdSwitch{.vhold = 1.3}.check()), "vth must exceed vhold by 2 dv");
}

}  // namespace
}  // namespace wordline
