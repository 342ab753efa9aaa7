// Devices that differ from cycle to cycle: what they draw each time they switch, within 4 standard
// errors of its distribution.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

constexpr int kCycles = 200;
constexpr double kPeriod = 1.2e-6;

// A VTEAM device that is reset for a microsecond and set for the rest of each period.
Simulator simulator(const std::string& parameters, int seed = 1) {
  return Simulator(
      parse(fmt::format("cycles\nv1 a 0 pulse(-0.3 0.3 0 1n 1n 1u {})\nymemristor m a 0 c x0=3n\n"
                        ".model c memristor type=vteam {}\n.options seed={}\n.save i(m)\n",
                        kPeriod, parameters, seed)));
}

Result run(Simulator& simulator) {
  Result result = simulator.run_transient({.step = 10e-9, .stop = kCycles * kPeriod});
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result;
}

// The resistance at the end of each time of setting, the state being xon: ron.
std::vector<double> resistances(const Result& result) {
  std::vector<double> ohms;
  for (int k = 1; k <= kCycles; ++k) {
    ohms.push_back(-0.3 / result.waveforms.at("i(m)", k * kPeriod - 20e-9));
  }
  return ohms;
}

TEST(Cycles, HaveTheirOwnParameters) {
  Simulator device = simulator("ron=gauss(50, 0, cycle=5)");
  const std::vector<double> ohms = resistances(run(device));
  const double mean = std::accumulate(ohms.begin(), ohms.end(), 0.0) / kCycles;
  double squares = 0;
  for (const double r : ohms) squares += (r - mean) * (r - mean);
  EXPECT_NEAR(mean, 50, 4 * 5 / std::sqrt(kCycles));
  EXPECT_NEAR(std::sqrt(squares / kCycles), 5, 4 * 5 / std::sqrt(2.0 * kCycles));
}

TEST(Cycles, AreAroundTheDevicesOwn) {
  Simulator device = simulator("ron=gauss(50, 20, min=20, max=80, cycle=0.1)");
  const std::vector<double> ohms = resistances(run(device));
  for (const double r : ohms) EXPECT_NEAR(r, ohms.front(), 1.0);
  EXPECT_GT(std::abs(ohms.front() - 50), 1);  // with this seed
}

TEST(Cycles, FollowTheSeedAndBeginAgain) {
  const std::string varied = "ron=gauss(50, 0, cycle=5)";
  Simulator device = simulator(varied);
  const std::vector<double> first = resistances(run(device));
  EXPECT_EQ(resistances(run(device)), first);
  Simulator other = simulator(varied, 2);
  EXPECT_NE(resistances(run(other)), first);
}

// At xoff, where roff is what is seen. Tolerance: a tenth of reltol.
TEST(Cycles, DoNotChangeWithoutSwitching) {
  Simulator device = simulator("roff=gauss(1k, 0, cycle=100) kon=-1e-18 koff=1e-18");
  const Result result = run(device);
  const double at_first = result.waveforms.at("i(m)", kPeriod / 2);
  for (int k = 1; k < kCycles; ++k) {
    EXPECT_NEAR(result.waveforms.at("i(m)", (k + 0.5) * kPeriod), at_first, 1e-4 * at_first);
  }
}

}  // namespace
}  // namespace wordline
