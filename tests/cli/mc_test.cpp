// `.mc` in `wordline run`, and `wordline mc`.
#include <gtest/gtest.h>

#include <cmath>

#include "command_fixture.hpp"
#include "wordline/engine/output/waveform_file.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::read_text;
using testing::ShellResult;

constexpr const char* kDivider =
    "divider\nV1 a 0 1\nR1 a b {agauss(1k,10)}\nR2 b 0 {agauss(1k,10)}\n.op\n"
    ".measure op vout find v(b)\n.save v(b)\n";

class McCommand : public testing::WordlineCommand {
 protected:
  Waveforms samples(const std::string& name) const {
    return read_waveforms((folder_ / name).string()).at(0);
  }
};

TEST_F(McCommand, RunPrintsStatisticsAndWritesSamples) {
  write("d.cir", std::string(kDivider) + ".mc 300 seed=2 min(vout)=0.4965\n.end\n");
  const ShellResult run = wordline("run d.cir");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_TRUE(contains(run.out, "mc: 300 samples, seed 2, d.raw\n")) << run.out;
  EXPECT_TRUE(contains(run.out, "result")) << run.out;
  EXPECT_TRUE(contains(run.out, "with 95 % confidence: 0.4965 <= vout\n")) << run.out;
  const Waveforms plot = samples("d.raw");
  EXPECT_EQ(plot.header().plotname, "Monte Carlo");
  EXPECT_EQ(plot.points(), 300);
  EXPECT_EQ(plot["sample"][299], 299);
  double sum = 0;
  for (const double v : plot["vout"]) sum += v;
  // Within 4 standard errors of sqrt(2) 1 %/4.
  EXPECT_NEAR(sum / 300, 0.5, 4 * 0.0035355 / std::sqrt(300));
  EXPECT_EQ(plot["v(b)"][7], plot["vout"][7]);
}

TEST_F(McCommand, SamplesADeckThatDoesNotAskForIt) {
  write("d.cir", std::string(kDivider) + ".end\n");
  const ShellResult run =
      wordline("mc d.cir -n 50 --seed 7 --limit vout=0.4:0.6 --limit 'v(b)=:0.1' -o s.csv");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(contains(run.out, "yield 100 % (50 of 50), 92.87 to 100 %")) << run.out;
  EXPECT_TRUE(contains(run.out, "yield 0 % (0 of 50), 0 to 7.135 %")) << run.out;
  EXPECT_TRUE(contains(run.out, ": all of these\n")) << run.out;
  for (const std::string threads : {"1", "2", "4"}) {
    EXPECT_EQ(wordline("mc d.cir -n 50 --seed 7 -q -o t.csv --threads " + threads).exit_code, 0);
    EXPECT_EQ(read_text(folder_ / "t.csv"), read_text(folder_ / "s.csv"));
  }
  EXPECT_EQ(wordline("mc d.cir -n 50 --seed 7 -q -o t.npz").exit_code, 0);
  EXPECT_EQ(samples("t.npz")["vout"][3], samples("s.csv")["vout"][3]);
}

TEST_F(McCommand, MakesASampleAgainByItsSeed) {
  write("d.cir", std::string(kDivider) + ".end\n");
  ASSERT_EQ(wordline("mc d.cir -n 9 -q -o s.csv").exit_code, 0);
  const Waveforms all = samples("s.csv");
  const auto seed = static_cast<std::uint64_t>(all["seed"][4]);
  write("one.cir", std::string(kDivider) + ".options seed=" + std::to_string(seed) + "\n.end\n");
  ASSERT_EQ(wordline("run one.cir -q").exit_code, 0);
  EXPECT_EQ(samples("one.raw")["v(b)"][0], all["v(b)"][4]);
}

TEST_F(McCommand, SamplesEveryStep) {
  write("d.cir",
        "steps\n.param k=1\nI1 0 a 1m\nR1 a 0 {k*agauss(1k,10)}\n.op\n.save v(a)\n"
        ".step k list 1 2\n.mc 20\n.end\n");
  const ShellResult run = wordline("run d.cir -o d.csv");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(contains(run.out, "step 2 of 2: k = 2\n")) << run.out;
  const Waveforms plot = samples("d.csv");
  ASSERT_EQ(plot.points(), 40);
  EXPECT_NEAR(plot["v(a)"][25], 2 * plot["v(a)"][5], 1e-9);
  const ShellResult refused = wordline("run d.cir -o d.npz");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_TRUE(contains(refused.err, "an .npz holds one plot")) << refused.err;
}

TEST_F(McCommand, CountsSamplesThatFail) {
  write("d.cir", "shorts\nV1 a 0 1\nR1 a 0 {limit(1k,1k)}\n.op\n.save i(v1)\n.mc 40\n.end\n");
  const ShellResult some = wordline("run d.cir");
  EXPECT_EQ(some.exit_code, 0);
  EXPECT_TRUE(contains(some.err, " of 40 samples failed")) << some.err;
  EXPECT_TRUE(contains(some.err, "loop")) << some.err;
  write("d.cir", "shorts\nV1 a 0 1\nV2 a 0 {gauss(1,1)}\n.op\n.end\n");
  const ShellResult all = wordline("mc d.cir -n 5 --limit 'v(a)=0:1'");
  EXPECT_EQ(all.exit_code, 1);
  EXPECT_TRUE(contains(all.err, "5 of 5 samples failed")) << all.err;
}

TEST_F(McCommand, FailsWithoutAnyResult) {
  write("d.cir", "flat\nV1 a 0 1\nR1 a 0 1\n.tran 1n 1u\n.meas tran t when v(a)=2\n.end\n");
  EXPECT_EQ(wordline("mc d.cir -n 3").exit_code, 1);
}

TEST_F(McCommand, RefusesWhatItDoesNotUnderstand) {
  write("d.cir", std::string(kDivider) + ".end\n");
  write("none.cir", "none\nV1 a 0 1\nR1 a 0 1\n.tran 1n 1u\n.end\n");
  write("g.csv", "1e-6,2e-6\n");
  write("v.csv", "1\n");
  write("zero.csv", "0\n");
  struct Case {
    std::string arguments, message;
  };
  for (const Case& c : std::vector<Case>{
           {"mc", "give a deck, or --conductances"},
           {"mc d.cir --limit vot=1:2", "did you mean 'vout'?"},
           {"mc d.cir --limit vout", "write NAME=LOW:HIGH"},
           {"mc d.cir --limit vout=2:1", "the low end is not below the high end"},
           {"mc d.cir -n 0", "--samples"},
           {"mc d.cir --stuck-low 0.1", "--stuck-low requires --conductances"},
           {"mc d.cir -g g.csv -i v.csv", "excludes"},
           {"mc -g g.csv", "--conductances needs --inputs"},
           {"mc -g g.csv -i v.csv --stuck-low 1.5", "--stuck-low"},
           {"mc -g g.csv -i v.csv --stuck-low 0.6 --stuck-high 0.6", "together"},
           {"mc -g g.csv -i v.csv --range 5u:1u", "--range"},
           {"mc -g v.csv -i v.csv", "all conductances are 1 S"},
           {"mc -g g.csv -i zero.csv", "is all 0"},
           {"mc -g g.csv -i v.csv --drift-time 0.1", "cannot drift from 1 to 0.1 s"},
           {"mc -g g.csv -i v.csv --drift-coefficient 0.2", "without --drift-time"},
           {"mc d.cir --line-resistance 3", "a deck has its own lines"},
           {"mc d.cir --limit vout=0: --limit vout=1:", "there are two of vout"},
           {"mc d.cir --format csv", "--output"},
           {"mc none.cir", "samples of this netlist have no results"},
           {"mc d.cir -o d.cir", "would be overwritten"},
       }) {
    const ShellResult run = wordline(c.arguments);
    EXPECT_EQ(run.exit_code, 2) << c.arguments << "\n" << run.err;
    EXPECT_TRUE(contains(run.err, c.message)) << c.arguments << "\n" << run.err;
  }
}

// Ideal wires and drift alone: every error is 1 - t^-c.
TEST_F(McCommand, SamplesAnArrayFromFiles) {
  write("g.csv", "1e-6,2e-6\n3e-6,4e-6\n");
  write("v.csv", "1,0.5\n0.2,0.1\n");
  const ShellResult drift = wordline(
      "mc -g g.csv -i v.csv -n 3 --line-resistance 0 --range 0:1m --drift-time 1k "
      "--drift-coefficient 0.05 -o s.csv");
  EXPECT_EQ(drift.exit_code, 0) << drift.err;
  EXPECT_TRUE(contains(drift.out, "mc: 2 x 2 cells, 2 inputs, 3 samples, seed 1, s.csv"))
      << drift.out;
  const double error = 1 - std::pow(1000, -0.05);
  EXPECT_NEAR(samples("s.csv")["rms_error"][2], error, 1e-9);
  EXPECT_NEAR(samples("s.csv")["max_error"][1], error, 1e-9);
  // All stuck at 1 uS: column sums of 1.5 in place of 2.5 and 4.
  ASSERT_EQ(
      wordline("mc -g g.csv -i v.csv -n 2 -q --line-resistance 0 --stuck-low 1 -o s.csv").exit_code,
      0);
  EXPECT_NEAR(samples("s.csv")["max_error"][0], 2.5 / 4, 1e-9);
  const ShellResult noisy = wordline(
      "mc -g g.csv -i v.csv -n 100 --levels 4 --programming-error 0.05 --read-noise 0.02 "
      "--limit rms_error=:0.2");
  EXPECT_EQ(noisy.exit_code, 0) << noisy.err;
  EXPECT_TRUE(contains(noisy.out, "yield ")) << noisy.out;
}

}  // namespace
}  // namespace wordline
