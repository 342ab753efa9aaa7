// Memristors that heat themselves, in circuits: their temperatures and states as users see them,
// and what time steps their runaways take.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

Result run(const std::string& lines) {
  Simulator simulator(parse("heated\n" + lines + "\n.end\n"));
  return simulator.run(simulator.circuit().analyses.at(0));
}

TEST(HeatedMemristors, HaveTheTemperatureOfTheCircuitWhereTheModelDoesNotHeat) {
  const Result result =
      run("v1 a 0 0.1\nymemristor y a 0 m\n.model m memristor type=vteam\n.temp 85\n"
          ".op\n.save @y[t]");
  EXPECT_DOUBLE_EQ(result.waveforms.at("@y[t]", 0), 85 + 273.15);
}

// Stanford: T = tamb + rth V I. A temperature with memory is the ambient one at rest.
TEST(HeatedMemristors, AreAsHotAsTheirPowerMakesThem) {
  const Result result =
      run("v1 a 0 -1\nymemristor s a 0 stan x0=0.4n m=3\nymemristor r a 0 sky flip=1\n"
          ".model stan memristor type=stanford tamb=310 rth=1k\n"
          ".model sky memristor type=reram t0=320\n.op\n.save @s[t] @s[i] @r[t]");
  const double each = -result.waveforms.at("@s[i]", 0) / 3;
  EXPECT_DOUBLE_EQ(result.waveforms.at("@s[t]", 0), 310 + 1e3 * each);
  EXPECT_EQ(result.waveforms.at("@r[t]", 0), 320);
}

// A drive of 1 ms against a thermal time constant of 0.23 ns, and steps of 1e4 such constants.
TEST(HeatedMemristors, FastTemperaturesFollowTheirPower) {
  const auto deck = [](const char* thermal) {
    return run(
        fmt::format("v1 in 0 sin(0 1.6 1k)\nr1 in a 8k\nymemristor y a 0 m x0=1.4n\n"
                    ".model m memristor type=reram thermal={}\n.options reltol=1e-5\n"
                    ".tran 5u 1m\n.save @y[t] @y[x] i(v1)",
                    thermal));
  };
  const Result dynamic = deck("dynamic");
  const Result quasistatic = deck("quasistatic");
  ASSERT_TRUE(dynamic.report.ok() && quasistatic.report.ok());
  double hottest = 0;
  for (double t = 0; t < 1e-3; t += 1.25e-5) {
    const double kelvin = quasistatic.waveforms.at("@y[t]", t);
    hottest = std::max(hottest, kelvin);
    EXPECT_NEAR(dynamic.waveforms.at("@y[t]", t), kelvin, 1e-3 * kelvin) << t;
    EXPECT_NEAR(dynamic.waveforms.at("@y[x]", t), quasistatic.waveforms.at("@y[x]", t),
                1e-3 * 1.6e-9)
        << t;
  }
  EXPECT_GT(hottest, 330);
  EXPECT_LT(dynamic.report.accepted_steps, 1500);
}

// JART integrates ln N; N is what goes in and comes out.
TEST(HeatedMemristors, ShowStatesInTheUnitInWhichTheyAreGiven) {
  const Result result =
      run("v1 a 0 0\nymemristor p a 0 m x0=0.05\nymemristor q a 0 m g=100u\nymemristor w a 0 m\n"
          ".model m memristor type=jart_v1b ninit=3\n.op\n.save @p[x] @q[g] @w[x]");
  EXPECT_NEAR(result.waveforms.at("@p[x]", 0), 0.05, 1e-15);
  EXPECT_NEAR(result.waveforms.at("@q[g]", 0), 1e-4, 1e-13);
  EXPECT_NEAR(result.waveforms.at("@w[x]", 0), 3, 1e-14);
}

struct Runaway {
  const char* name;
  const char* lines;
  double stop;
  double low, high;  // of the last state
};

class Runaways : public ::testing::TestWithParam<Runaway> {};

// With the usual tolerances and no hint at a step: each ends in the state that it does at
// reltol=1e-7, with a few hundred steps in all.
TEST_P(Runaways, TakeFewStepsAtTheUsualTolerances) {
  const Runaway& c = GetParam();
  const Result result = run(fmt::format("{}\n.tran {} {}\n.save @y[x]", c.lines, c.stop, c.stop));
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const double x = result.waveforms.at("@y[x]", c.stop);
  EXPECT_GE(x, c.low);
  EXPECT_LE(x, c.high);
  EXPECT_LT(result.report.accepted_steps + result.report.rejected_steps, 600);
}

INSTANTIATE_TEST_SUITE_P(
    SelfHeating, Runaways,
    ::testing::Values(
        Runaway{"StanfordSet",
                "vs in 0 pwl(0 0 100n 2.6 1.1u 2.6 1.2u 0.2 1.4u 0.2)\nr in a 1k\n"
                "ymemristor y a 0 m x0=0.9n\n.model m memristor type=stanford fmin=0 gmin=0.1n",
                1.4e-6, 6.64e-10, 6.67e-10},
        Runaway{"StanfordWithoutLoad",
                "vs a 0 pulse(0 2 1n 1p 1p 1u 2u)\nymemristor y a 0 m x0=1.7n\n"
                ".model m memristor type=stanford fmin=0",
                1e-6, 2e-10, 2e-10},
        Runaway{"JartCycles",
                "vs in 0 pwl(0 0 1u 1.5 3u -1.3 5u 1.5 7u -1.3 8u 0)\nr in a 500\n"
                "ymemristor y a 0 m\n.model m memristor type=jart_v1b",
                8e-6, 19.99, 20},
        Runaway{"JartPulses",
                "vs in 0 pwl(0 0 1n 0 1.1n -1.5 100n -1.5 100.1n 0 200n 0)\nr in a 1k\n"
                "ymemristor y a 0 m\n.model m memristor type=jart_v1b",
                2e-7, 19.99, 20},
        Runaway{"SkyPulses",
                "vs in 0 pwl(0 0 5n 2.6 40n 2.6 45n 0 55n 0 60n -2 160n -2 165n 0 170n 0)\n"
                "r in a 8k\nymemristor y a 0 m\n.model m memristor type=reram",
                1.7e-7, 3.465e-10, 3.485e-10}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace wordline
