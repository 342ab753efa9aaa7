// Memristors whose conductance moves by time alone, and those whose state moves by chance.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/export_ngspice.hpp"

namespace wordline {
namespace {

Result run(const std::string& lines) {
  Simulator simulator(parse("memristors\n" + lines + "\n.end\n"));
  Result result = simulator.run(simulator.circuit().analyses.at(0));
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result;
}

// G(t) = G0 ((age + t)/t0)^-nu. Times and conductances are exact but for rounding.
TEST(PhaseChangeMemory, DriftsDuringATransientByItsPowerLaw) {
  const Result result =
      run("v1 a 0 0.2\nymemristor y a 0 m x0=8u\nymemristor z a 0 old x0=8u\n"
          ".model m memristor type=pcm nu=0.06\n.model old memristor type=pcm age=100\n"
          ".tran 10 1000\n.save i(y) i(z)");
  ASSERT_DOUBLE_EQ(result["time"].back(), 1000);
  const double nu = -0.0155 * std::log(8e-6 / 25e-6) + 0.0244;  // below its least value
  ASSERT_LT(nu, 0.049);
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    const double t = result["time"][k];
    const double young = 0.2 * 8e-6 * std::pow((20 + t) / 20, -0.06);
    const double old = 0.2 * 8e-6 * std::pow((100 + t) / 20, -0.049);
    EXPECT_NEAR(result["i(y)"][k], young, 1e-12 * young) << t;
    EXPECT_NEAR(result["i(z)"][k], old, 1e-12 * old) << t;
  }
}

// Without a voltage and with thresholds of 0, each of n switches is on or off with the same chance:
// the mean of x is 1/2. In an interval h the state relaxes by a = e^(-h/tau) and is moved, at the
// rate s w/h, by s w (1 - a) tau/h, where s^2 = p (1 - p)/n with p = h/(2 tau) and w is normal. The
// variance of such a chain is s^2 ((1 - a) tau/h)^2/(1 - a^2); for h -> 0 it is 1/(4 n).
TEST(MetastableSwitches, HaveTheVarianceOfTheirNumber) {
  constexpr double kNumber = 2000, kInterval = 0.2, kIntervals = 8000;  // in time constants
  const Result result = run(
      fmt::format("v1 a 0 0\nymemristor y a 0 m x0=0.5\n.model m memristor type=mms von=0 voff=0 "
                  "tau=1 n={} n_dt={}\n.options reltol=1e-4\n.tran 10 {}\n.save @y[x]",
                  kNumber, kInterval, kInterval * kIntervals));
  const double a = std::exp(-kInterval);
  const double p = kInterval / 2;
  const double gain = (1 - a) / kInterval;
  const double variance = p * (1 - p) / kNumber * gain * gain / (1 - a * a);
  double sum = 0, squares = 0;
  for (double k = 10; k < kIntervals; ++k) {
    const double x = result.waveforms.at("@y[x]", k * kInterval) - 0.5;
    sum += x;
    squares += x * x;
  }
  const double count = kIntervals - 10;
  // Neighbours are alike: there are fewer independent ones, by these factors.
  const double independent = count * (1 - a) / (1 + a);
  const double independent_squares = count * (1 - a * a) / (1 + a * a);
  EXPECT_NEAR(sum / count, 0, 4 * std::sqrt(variance / independent));
  EXPECT_NEAR(squares / count, variance, 4 * variance * std::sqrt(2 / independent_squares));
}

std::vector<double> switched(const std::string& rest) {
  const Result result =
      run("v1 a 0 0.3\nymemristor y a 0 m\nymemristor z a 0 m\n"
          ".model m memristor type=mms n=500\n" +
          rest + "\n.tran 5u 0.1m\n.save @y[x] @z[x]");
  return {result["@y[x]"].back(), result["@z[x]"].back()};
}

TEST(MetastableSwitches, AreDrawnFromTheSeedAndTheName) {
  const std::vector<double> first = switched("");
  EXPECT_EQ(switched(""), first);
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(switched(".options seed=2"), first);
}

TEST(MetastableSwitches, AreNotExported) {
  const Circuit circuit = parse(
      "m\nv1 a 0 1\nymemristor y a 0 m\n.model m memristor type=mms n=100\n.tran 1u 1m\n.end\n");
  std::ostringstream out;
  EXPECT_THROW(export_ngspice(circuit, out), Error);
}

}  // namespace
}  // namespace wordline
