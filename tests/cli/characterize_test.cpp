// `wordline characterize`.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "command_fixture.hpp"
#include "wordline/engine/output/csv.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;

class CharacterizeCommand : public testing::WordlineCommand {
 protected:
  double swing_of_state(const std::string& loop) const {
    const Waveforms table = read_csv(folder_ / loop);
    EXPECT_GE(table.points(), 400U);
    const std::span<const double> x = table["@dut[x]"];
    return *std::max_element(x.begin(), x.end()) - *std::min_element(x.begin(), x.end());
  }
};

// The Yakopcic model follows slow voltages and not fast ones: the loop opens and closes.
TEST_F(CharacterizeCommand, DrawsLoopsThatCloseAtHighFrequencies) {
  const ShellResult result =
      wordline("characterize yakopcic --amplitude 0.45 --frequency 100 -o out");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "450 mV at 100 Hz, 1 kHz and 10 kHz")) << result.out;
  EXPECT_GT(swing_of_state("out/loop_1.csv"), 0.5);
  EXPECT_LT(swing_of_state("out/loop_100.csv"), 0.1);
  for (const char* picture : {"out/loops.svg", "out/switching.svg"}) {
    EXPECT_TRUE(exists(picture)) << picture;
  }
}

TEST_F(CharacterizeCommand, ChoosesADriveThatSwitches) {
  ASSERT_EQ(wordline("characterize vteam --series 0 -q").exit_code, 0);
  const Waveforms off = read_csv(folder_ / "vteam/positive.csv");
  EXPECT_NEAR(off["@dut[x]"].back(), 3e-9, 1e-15);
  const Waveforms on = read_csv(folder_ / "vteam/negative.csv");
  EXPECT_NEAR(on["@dut[x]"].back(), 0, 1e-15);
  const Waveforms kept = read_csv(folder_ / "vteam/retention_high.csv");
  EXPECT_EQ(kept["@dut[x]"].front(), kept["@dut[x]"].back());
}

// A threshold far above the first amplitudes, a delay far above the time of switching, thresholds
// with slow speeds, a runaway: half the range of each.
TEST_F(CharacterizeCommand, ShowsLoopsOfModelsThatAreHardToDrive) {
  const std::pair<const char*, double> ranges[] = {
      {"ots", 1}, {"reram", 1.6e-9}, {"yakopcic_general", 1}, {"stanford", 1.5e-9}};
  for (const auto& [model, range] : ranges) {
    ASSERT_EQ(wordline(std::string("characterize -q ") + model).exit_code, 0) << model;
    EXPECT_GE(swing_of_state(std::string(model) + "/loop_1.csv"), 0.5 * range) << model;
  }
}

TEST_F(CharacterizeCommand, TakesCardsAndParameters) {
  EXPECT_EQ(wordline("characterize --card yakopcic_jo -q").exit_code, 0);
  EXPECT_TRUE(exists("yakopcic_jo/loop_1.csv"));
  ASSERT_EQ(wordline("characterize static -s iv=sinh --set alpha=5 --amplitude 0.2 -q").exit_code,
            0);
  const Waveforms loop = read_csv(folder_ / "static/loop_1.csv");
  const std::span<const double> v = loop["v(a)"], i = loop["i(dut)"];
  for (std::size_t k = 0; k < v.size(); ++k) {
    EXPECT_NEAR(i[k], 1e-4 * std::sinh(5 * v[k]) / 5, 1e-15);  // g = 1e-4 S
  }
  EXPECT_FALSE(exists("static/positive.csv"));  // its state does not move
}

TEST_F(CharacterizeCommand, FaultsAreNamed) {
  const auto error = [this](const std::string& arguments) {
    const ShellResult result = wordline("characterize " + arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    return result.err;
  };
  EXPECT_TRUE(contains(error("vteem"), "did you mean 'vteam'?"));
  EXPECT_TRUE(contains(error(""), "characterize takes a model, or --card"));
  EXPECT_TRUE(
      contains(error("vteam --amplitude -1"), "--amplitude: -1 is not within 1e-06 and 10000 V"));
  EXPECT_TRUE(contains(error("vteam --series -1"), "--series: -1 is not within 0 and 1e+15 ohm"));
  EXPECT_TRUE(contains(error("vteam -s ron"), "--set: 'ron' is no name=value"));
  EXPECT_TRUE(contains(error("vteam -s ron=-1"), "ron = -1 ohm of a vteam is outside of (0, inf)"));
  EXPECT_TRUE(contains(error("--card nothing"), "has no section 'nothing'"));
  EXPECT_TRUE(contains(error("--card yakopcic_jo -s b=1"), "no --set with --card"));
}

}  // namespace
}  // namespace wordline
