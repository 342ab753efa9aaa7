// Noise of memristors in transients: variances and dwell times within 4 standard errors of what the
// formulas say, and the same noise for the same seed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "wordline/devices/constants.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

constexpr double kVolts = 0.1;
constexpr double kSiemens = 1e-4;
constexpr double kKelvin = 300.15;
constexpr double kInterval = 1e-9;

std::string deck(const std::string& noise, const std::string& rest = "") {
  return fmt::format(
      "noise\nv1 a 0 {}\nymemristor m a 0 c\n.model c memristor type=static g={} {}\n{}\n"
      ".save i(m)\n",
      kVolts, kSiemens, noise, rest);
}

Result transient(const std::string& netlist, double stop, double max_step = 0) {
  Simulator simulator(parse(netlist));
  Result result = simulator.run_transient({.step = stop / 50, .stop = stop, .max_step = max_step});
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result;
}

// The currents at whole multiples of the interval, from the second on.
std::vector<double> samples(const Result& result) {
  std::vector<double> samples;
  const std::span<const double> time = result["time"], i = result["i(m)"];
  for (std::size_t k = 0; k < time.size(); ++k) {
    const double at = time[k] / kInterval;
    if (at > 1.5 && std::abs(at - std::round(at)) < 1e-6) samples.push_back(i[k]);
  }
  return samples;
}

void expect_white(const std::string& noise, double density) {
  constexpr double kSamples = 4000;
  const std::vector<double> currents =
      samples(transient(deck(noise + " noise_dt=1n"), (kSamples + 2) * kInterval));
  ASSERT_GE(currents.size(), kSamples);
  const auto n = static_cast<double>(currents.size());
  const double mean = std::accumulate(currents.begin(), currents.end(), 0.0) / n;
  double squares = 0;
  for (const double i : currents) squares += (i - mean) * (i - mean);
  const double variance = density / (2 * kInterval);
  EXPECT_NEAR(mean, kSiemens * kVolts, 4 * std::sqrt(variance / n));
  EXPECT_NEAR(squares / n, variance, 4 * variance * std::sqrt(2 / n));
}

TEST(ReadNoise, IsThermal) { expect_white("noise=thermal", 4 * kBoltzmann * kKelvin * kSiemens); }

TEST(ReadNoise, IsShot) {
  const double u = kElementaryCharge * kVolts / (2 * kBoltzmann * kKelvin);
  expect_white("noise=shot", 2 * kElementaryCharge * kSiemens * kVolts / std::tanh(u));
}

TEST(ReadNoise, JumpsBetweenTwoLevels) {
  constexpr double kDwell = 1e-6;
  constexpr double kSwitches = 1000;
  const Result result =
      transient(deck("rtn=0.1 rtn_tau=1u"), kSwitches * kDwell, 0.1 * kSwitches * kDwell);
  const std::span<const double> i = result["i(m)"];
  double switches = 0;
  for (std::size_t k = 1; k < i.size(); ++k) {
    const bool is_high = i[k] > kSiemens * kVolts;
    EXPECT_NEAR(i[k], kSiemens * kVolts * (is_high ? 1.05 : 0.95), 1e-12 * kSiemens);
    if (k > 1) switches += is_high != (i[k - 1] > kSiemens * kVolts) ? 1 : 0;
  }
  EXPECT_NEAR(switches, kSwitches, 4 * std::sqrt(kSwitches));
}

TEST(ReadNoise, FollowsTheSeedAndTheNameAlone) {
  const std::string both = "noise=thermal noise_dt=1n rtn=0.1 rtn_tau=20n";
  const std::string other = "ymemristor other a 0 c\n";
  const auto currents = [](const std::string& netlist) {
    return samples(transient(netlist, 200 * kInterval));
  };
  const std::vector<double> expected = currents(deck(both, ".options seed=3"));
  EXPECT_EQ(currents(deck(both, ".options seed=3")), expected);
  EXPECT_NE(currents(deck(both, ".options seed=4")), expected);
  EXPECT_EQ(currents(deck(both, other + ".options seed=3")), expected);
}

// Every analysis begins with the same noise.
TEST(ReadNoise, BeginsAgainWithEachAnalysis) {
  Simulator simulator(parse(deck("noise=thermal noise_dt=1n rtn=0.1 rtn_tau=5n")));
  const TranAnalysis tran{.step = 1e-9, .stop = 50e-9};
  const std::vector<double> first = samples(simulator.run_transient(tran));
  EXPECT_EQ(samples(simulator.run_transient(tran)), first);
}

TEST(ReadNoise, IsOffByDefaultAndAtRest) {
  const Result quiet = transient(deck(""), 100e-9);
  for (const double i : quiet["i(m)"]) EXPECT_DOUBLE_EQ(i, kSiemens * kVolts);
  Simulator simulator(parse(deck("noise=thermal noise_dt=1n rtn=0.1 rtn_tau=20n")));
  EXPECT_DOUBLE_EQ(simulator.run_op()["i(m)"][0], kSiemens * kVolts);
}

}  // namespace
}  // namespace wordline
