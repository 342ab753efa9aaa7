// The memristor models with self-heating: their equations against values of 60 digits, a table of
// static solutions, and finite differences.
#include <gtest/gtest.h>

#include <cmath>

#include "model_checks.hpp"
#include "wordline/devices/memristor/jart_v1b.hpp"
#include "wordline/devices/memristor/reram.hpp"
#include "wordline/devices/memristor/stanford.hpp"

namespace wordline {
namespace {

using testing::expect_conductances;
using testing::expect_derivatives;
using testing::expect_difference;
using testing::expect_rows;
using testing::voltages_around;

void expect_close(double value, double wanted, double tolerance) {
  EXPECT_NEAR(value, wanted, tolerance * std::abs(wanted));
}

TEST(Stanford, DerivativesMatchDifferences) {
  expect_derivatives(Stanford{}, voltages_around({0}));
  expect_derivatives(Stanford{.fmin = 0}, voltages_around({0}));
  expect_derivatives(Stanford{.gamma0n = 11, .beta = 4, .fmin = 0}, voltages_around({0}));
}

TEST(Stanford, MatchesSixtyDigitValues) { expect_rows(Stanford{}, "Stanford v1", 3); }

TEST(Stanford, MatchesItsCheckPoint) {
  const Stanford model{.fmin = 0};
  expect_close(model.current(1, 0.4e-9).value, 5.50973926e-3, 1e-9);
  EXPECT_NEAR(model.temperature(1, 0.4e-9).value, 309.5705, 5e-5);
  expect_close(model.rate(1, 0.4e-9).value, -2.18925438e-4, 1e-8);
}

TEST(Stanford, RestsBelowItsFieldThreshold) {
  // gamma = 16 - 0.8 * 0.8^3 at 0.8 nm; the field is gamma |V|/12 nm.
  const double v = 1.4e9 * 12e-9 / (16 - 0.8 * 0.512);
  EXPECT_EQ(Stanford{}.rate(v * (1 - 1e-9), 0.8e-9).value, 0);
  EXPECT_LT(Stanford{}.rate(v * (1 + 1e-9), 0.8e-9).value, 0);
  EXPECT_LT(Stanford{.fmin = 0}.rate(0.01, 0.8e-9).value, 0);
}

TEST(Stanford, FieldEnhancementEndsAtZero) {
  // 16 = 0.8 (x/1nm)^3 at 2.71 nm: a wider gap would turn the motion round.
  const Stanford model{.fmin = 0, .gmax = 4e-9};
  EXPECT_GT(model.rate(-2, 2.7e-9).value, 0);
  EXPECT_EQ(model.rate(-2, 2.8e-9).value, 0);
}

TEST(Stanford, HeatingIsExactToHalfItsLimitAndNeverReachesIt) {
  const Stanford model;
  const double half = (model.tmax - model.tamb) / 2;
  for (const double v : {0.5, 1.0, 2.0, 2.3, 3.0, 10.0}) {
    const double rise = model.rth * v * model.current(v, 0.4e-9).value;
    const double t = model.temperature(v, 0.4e-9).value;
    if (rise < half) {
      EXPECT_DOUBLE_EQ(t, model.tamb + rise) << v;
    } else {
      EXPECT_GT(t, model.tamb + half) << v;
      EXPECT_LE(t, model.tmax) << v;
    }
  }
}

TEST(Reram, DerivativesMatchDifferences) {
  const Reram model{.thermal = 1};
  expect_derivatives(model, voltages_around({0}));
  for (const double v : {-1.7, -0.6, 0.2, 1.1, 2.0}) {
    for (const double x : {0.2e-9, 0.9e-9, 1.6e-9}) {
      for (const double t : {300.0, 550.0, 900.0}) {
        const ThermalPartials f = model.rate(v, x, t);
        const auto slope = [&](const auto& value, double at, double h) {
          return testing::central_difference(value, at, h);
        };
        expect_difference(f.dv, slope([&](double u) { return model.rate(u, x, t).value; }, v, 1e-4),
                          std::abs(f.value), "by v");
        expect_difference(f.dx,
                          slope([&](double y) { return model.rate(v, y, t).value; }, x, 1e-14),
                          std::abs(f.value) / 1.6e-9, "by x");
        expect_difference(f.dt, slope([&](double s) { return model.rate(v, x, s).value; }, t, 0.1),
                          std::abs(f.value) / 300, "by t");
      }
    }
  }
}

TEST(Reram, QuasistaticTemperatureIsThatOfTheThermalResistance) {
  const Reram model{.thermal = 1};
  const double power = 1.3 * model.current(1.3, 0.5e-9).value;
  EXPECT_DOUBLE_EQ(model.temperature(1.3, 0.5e-9).value, 300 + 0.23e-9 / 3.1825e-16 * power);
  EXPECT_DOUBLE_EQ(model.rate(1.3, 0.5e-9).value,
                   model.rate(1.3, 0.5e-9, model.temperature(1.3, 0.5e-9).value).value);
}

TEST(JartV1b, DerivativesMatchDifferences) {
  // Away from the folds of the static solution.
  expect_derivatives(JartV1b{}, {-3, -1.1, -0.4, -0.07, -1e-3, 1e-3, 0.03, 0.35});
}

// Columns: V, N, I, T, Vs, dN/dt, dI/dV (this of differences, 5 digits). The currents have twelve
// digits; dN/dt is zero at the bound that it leads to.
TEST(JartV1b, MatchesTheTableOfStaticSolutions) {
  const JartV1b model;
  const testing::ReferenceTable table = testing::read_reference("jart_v1b_static.csv");
  EXPECT_EQ(table.rows.size(), 84u);
  for (const std::vector<double>& row : table.rows) {
    SCOPED_TRACE(fmt::format("V = {}, N = {}", row[0], row[1]));
    const double x = JartV1b::integrated_state(row[1]);
    const Partials i = model.current(row[0], x);
    expect_close(i.value, row[2], 1e-11);
    expect_close(model.temperature(row[0], x).value, row[3], 1e-11);
    expect_close(i.dv, row[6], 1e-5);
    expect_close(model.rate(row[0], x).value * row[1], row[5], 1e-9);
  }
}

TEST(JartV1b, MatchesItsCheckPoints) {
  const JartV1b model;
  expect_close(model.current(-0.3, std::log(1.0)).value, -1.41580014e-4, 1e-8);
  expect_close(model.temperature(-0.3, std::log(1.0)).value, 528.0759, 1e-7);
  expect_close(model.rate(-0.3, std::log(1.0)).value, 37.829, 2e-5);
  // One of three solutions, the one of largest current.
  expect_close(model.current(0.3, std::log(18.0)).value, 1.8531e-4, 2e-5);
}

// Where the solution of the smallest contact voltage ceases to exist, the current drops to another;
// so it does at one voltage, and nowhere else.
TEST(JartV1b, CurrentDropsOnceOnTheWayUp) {
  const JartV1b model;
  for (const double n : {0.1, 1.0, 18.0}) {
    int drops = 0;
    double last = 0;
    for (int k = 1; k <= 4000; ++k) {
      const double v = 1e-3 * k;
      const double i = model.current(v, std::log(n)).value;
      if (i < last) {
        ++drops;
        EXPECT_LT(i, 0.999 * last) << v;
      }
      last = i;
    }
    EXPECT_LE(drops, 1) << n;
  }
}

// At 1 K no electron passes the barrier: e^(-q phi/kT) is below the smallest number.
TEST(JartV1b, CurrentsBelowAllNumbersAreFoundToo) {
  for (const double v : {0.01, 0.05}) {
    const Partials i = JartV1b{.t0 = 1}.current(v, std::log(0.008));
    EXPECT_LT(std::abs(i.value), 1e-300) << v;
    EXPECT_TRUE(std::isfinite(i.dv) && std::isfinite(i.dx)) << v;
  }
}

TEST(JartV1b, StatesAreShownAsConcentrations) {
  EXPECT_DOUBLE_EQ(JartV1b::integrated_state(0.05), std::log(0.05));
  EXPECT_DOUBLE_EQ(JartV1b::shown_state(std::log(0.05)).value, 0.05);
  EXPECT_DOUBLE_EQ(JartV1b::shown_state(std::log(0.05)).slope, 0.05);
}

TEST(PhysicalMemristors, StateForConductanceInvertsTheCurrent) {
  for (const double v_read : {0.0, 0.1, -0.1, 0.8}) {
    expect_conductances(Stanford{}, v_read);
    expect_conductances(Reram{}, v_read);
    expect_conductances(JartV1b{}, v_read);
  }
}

TEST(PhysicalMemristors, ParametersThatDoNotFitTogetherAreNamed) {
  EXPECT_EQ((Stanford{.gmin = 2e-9}.check()), "gmax must exceed gmin");
  EXPECT_EQ((Stanford{.x0 = 0.1e-9}.check()), "x0 must lie between gmin and gmax");
  EXPECT_EQ((Stanford{.tmax = 200}.check()), "tmax must exceed tamb");
  EXPECT_EQ((Reram{.gmin = 2e-9}.check()), "gmax must exceed gmin");
  EXPECT_EQ((Reram{.x0 = 2e-9}.check()), "x0 must lie between gmin and gmax");
  EXPECT_EQ((JartV1b{.phin = 0.2}.check()), "phibn0 must exceed phin");
  EXPECT_EQ((JartV1b{.nmin = 30}.check()), "nmax must exceed nmin");
  EXPECT_EQ((JartV1b{.ninit = 30}.check()), "ninit must lie between nmin and nmax");
  EXPECT_EQ((JartV1b{.t0 = 2e4}.check()), "tmax must exceed t0");
  EXPECT_EQ((JartV1b{.ldisc = 4e-9}.check()), "lcell must exceed ldisc");
}

}  // namespace
}  // namespace wordline
