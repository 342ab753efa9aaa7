// `.noise` against closed forms.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "wordline/devices/constants.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

constexpr double kKelvin = 300.15;

Result run(const std::string& lines) {
  Simulator simulator(parse("noise\n" + lines + "\n.end\n"));
  return simulator.run(simulator.circuit().analyses.at(0));
}

// kT/C: over all frequencies the noise of an RC low-pass does not depend on R. Eight decades about
// the corner hold all but 1e-4 of it; a power law between 40 points a decade bends with the corner.
TEST(NoiseAnalysis, OfAnRcLowPassIsKtOverC) {
  const Result result =
      run("v1 in 0 ac 1\nr1 in out 10k\nc1 out 0 1n\n.noise v(out) v1 dec 40 1 1g");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  ASSERT_EQ(result.tables.size(), 1U);
  const double total = result.tables[0]["onoise_total"][0];
  EXPECT_NEAR(total * total, kBoltzmann * kKelvin / 1e-9, 2e-4 * kBoltzmann * kKelvin / 1e-9);
  const double density = std::sqrt(4 * kBoltzmann * kKelvin * 1e4);
  EXPECT_NEAR(result["onoise_spectrum"][0], density, 1e-6 * density);
  for (const double input : result["inoise_spectrum"]) EXPECT_NEAR(input, density, 1e-9 * density);
}

// The parallel resistance of both counts, each with its own share.
TEST(NoiseAnalysis, TellsWhatEveryResistorContributes) {
  const Result result =
      run("v1 in 0 ac 1\nr1 in out 10k\nr2 out 0 40k\n.noise v(out) v1 lin 11 1k 2k 5");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  ASSERT_EQ(result.waveforms.points(), 3U);  // every fifth of eleven
  const double parallel = 8e3;
  const double four_kt = 4 * kBoltzmann * kKelvin;
  const double first = std::sqrt(four_kt / 1e4) * parallel;
  const double second = std::sqrt(four_kt / 4e4) * parallel;
  EXPECT_NEAR(result["onoise_r1"][1], first, 1e-9 * first);
  EXPECT_NEAR(result["onoise_r2"][1], second, 1e-9 * second);
  const double all = std::sqrt(four_kt * parallel);
  EXPECT_NEAR(result["onoise_spectrum"][2], all, 1e-9 * all);
  const Waveforms& totals = result.tables.at(0);
  EXPECT_NEAR(totals["onoise_total"][0], all * std::sqrt(1e3), 1e-9 * all * std::sqrt(1e3));
  EXPECT_NEAR(totals["onoise_total_r2"][0], second * std::sqrt(1e3), 1e-9 * second * 100);
  EXPECT_NEAR(totals["inoise_total"][0], all * std::sqrt(1e3) / 0.8, 1e-8 * all * 100);
}

// The AC value of the source does not matter: the input is a unit.
TEST(NoiseAnalysis, IsForAUnitInput) {
  const auto at = [](const char* source) {
    return run(fmt::format("{}\nr1 in out 1k\nr2 out 0 1k\n.noise v(out) v1 dec 1 1 10", source));
  };
  EXPECT_DOUBLE_EQ(at("v1 in 0 ac 7 20")["inoise_spectrum"][0],
                   at("v1 in 0 0")["inoise_spectrum"][0]);
}

TEST(NoiseAnalysis, OfAnInputWithoutEffectFailsWithAReason) {
  const Result result = run("v1 in 0 1\nr1 in 0 1k\nr2 out 0 1k\n.noise v(out) v1 dec 1 1 10");
  EXPECT_FALSE(result.report.ok());
  EXPECT_NE(result.report.message.find("'v1' has no effect on v(out)"), std::string::npos)
      << result.report.message;
}

}  // namespace
}  // namespace wordline
