// Memristors at ideal sources that run away within far less time than a step takes before and after
// it. When they do is known from their rate: t(x) is the integral of dx/f(v, x) at constant v.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "wordline/devices/memristor/reram.hpp"
#include "wordline/devices/memristor/team.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

Result run(const std::string& lines) {
  Simulator simulator(parse("stiff\n" + lines + "\n.save @y[x] @y[t] i(vs)\n.end\n"));
  return simulator.run(simulator.circuit().analyses.at(0));
}

// By Simpson's rule, on enough intervals that doubling them changes nothing below 1e-9.
template <class M>
double time_between(const M& model, double v, double from, double to) {
  constexpr int kIntervals = 20000;
  const double dx = (to - from) / kIntervals;
  double sum = 0;
  for (int k = 0; k <= kIntervals; ++k) {
    const double weight = k == 0 || k == kIntervals ? 1 : (k % 2 == 1 ? 4 : 2);
    sum += weight / model.rate(v, from + k * dx).value;
  }
  return sum * dx / 3;
}

// When the state passes a value, by linear interpolation between points.
double crossing(const Result& result, double x) {
  const std::span<const double> time = result["time"], state = result["@y[x]"];
  for (std::size_t k = 1; k < time.size(); ++k) {
    if ((state[k - 1] - x) * (state[k] - x) > 0) continue;
    return std::lerp(time[k - 1], time[k], (x - state[k - 1]) / (state[k] - state[k - 1]));
  }
  return NAN;
}

// From the open gap it sets after 6 us, the last of it within a picosecond, and stays set for
// 0.1 s. The temperature follows the power at once: its time constant is 0.23 ns.
TEST(StiffMemristors, ReramSetsAtAnIdealSourceInAMillisecondsDeck) {
  const Reram model{.thermal = 1};
  const double exact = time_between(model, 2, model.gmax, 1e-9);
  const double current = model.i0 * std::exp(-model.gmin / model.g0) * std::sinh(2 / model.v0);
  const double kelvin = model.t0 + model.tau / model.cth * 2 * current;
  // The feedback of temperature and gap makes a local error tenfold until the device has set.
  for (const double reltol : {1e-3, 1e-5}) {
    const Result result =
        run(fmt::format("vs a 0 2\nymemristor y a 0 m\n.model m memristor type=reram\n"
                        ".options reltol={}\n.tran 1m 0.1",
                        reltol));
    ASSERT_TRUE(result.report.ok()) << result.report.message;
    EXPECT_NEAR(crossing(result, 1e-9), exact, (reltol == 1e-3 ? 2e-2 : 1e-3) * exact);
    EXPECT_DOUBLE_EQ(result["@y[x]"].back(), model.gmin);
    EXPECT_NEAR(-result["i(vs)"].back(), current, 1e-9 * current);
    EXPECT_NEAR(result["@y[t]"].back(), kelvin, 1e-3 * kelvin);
    if (reltol == 1e-3) {
      EXPECT_LT(result.report.accepted_steps + result.report.rejected_steps, 1000);
    }
  }
}

TEST(StiffMemristors, ReramSetsAtHighVoltagesBehindAResistance) {
  for (const double volts : {3.0, 5.0}) {
    const Result result =
        run(fmt::format("vs in 0 pulse(0 {} 1u 10n 10n 20u 60u)\nr in a 1k\nymemristor y a 0 m\n"
                        ".model m memristor type=reram\n.tran 100n 60u",
                        volts));
    ASSERT_TRUE(result.report.ok()) << volts << " V: " << result.report.message;
    EXPECT_DOUBLE_EQ(result.waveforms.at("@y[x]", 20e-6), 1e-10);
  }
}

// The cards of TEAM at 1 V: the overdrive of 174 to the tenth power takes the state through half of
// its range within a picosecond, of a deck with steps of a millisecond.
TEST(StiffMemristors, TeamCardsRunAwayWhenTheirIntegralSays) {
  for (const char* card : {"team", "team_xyce"}) {
    const Result result =
        run(fmt::format("vs a 0 1\nymemristor y a 0 {0} x0=0\n.lib \"memristors.lib\" {0}\n"
                        ".tran 1m 1",
                        card));
    ASSERT_TRUE(result.report.ok()) << card << ": " << result.report.message;
    Team model{.kon = -4.68e-22, .koff = 1.46e-18, .alphaon = 10, .alphaoff = 10};
    model.window = 4;  // kvatinsky
    if (std::string(card) == "team") {
      model.aon = 1.8e-9, model.aoff = 1.2e-9, model.wc = 107e-12;
    } else {
      model.wc = 1e-12;
    }
    const double exact = time_between(model, 1, 0, 0.5e-9);
    EXPECT_NEAR(crossing(result, 0.5e-9), exact, 0.02 * exact) << card;
  }
}

// Ten seconds after the start a picosecond is lost in the rounding of time: the runaway is a jump,
// and what follows it is as if it had been followed.
TEST(StiffMemristors, RunawaysBelowTheResolutionOfTimeAreJumps) {
  const Result result =
      run("vs a 0 pulse(0 1 1000 1n 1n 100 1meg)\nymemristor y a 0 team x0=0\n"
          ".lib \"memristors.lib\" team\n.tran 1 1200");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const Result early =
      run("vs a 0 pulse(0 1 0 1n 1n 100 1meg)\nymemristor y a 0 team x0=0\n"
          ".lib \"memristors.lib\" team\n.tran 1 200");
  EXPECT_NEAR(result["@y[x]"].back(), early["@y[x]"].back(), 1e-3 * 3e-9);
  EXPECT_GT(result["@y[x]"].back(), 1.4e-9);
}

}  // namespace
}  // namespace wordline
