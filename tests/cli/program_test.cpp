// `wordline program`: cells of an array to target conductances, from files alone.
#include <gtest/gtest.h>

#include <cmath>

#include "command_fixture.hpp"
#include "wordline/engine/output/waveform_file.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;

class ProgramCommand : public testing::WordlineCommand {
 protected:
  // VTEAM of its own parameters: 50 to 1000 ohm.
  ProgramCommand() { write("t.csv", "4e-3, 3e-3\n2e-3, 5e-3\n"); }

  ShellResult program(const std::string& arguments) {
    return wordline("program --targets t.csv " + arguments);
  }
  static constexpr const char* kIdeal =
      "--model vteam --line-resistance 0 --initial g.csv --width 0.1n --voltage 0.3 ";
};

// Pulses of 0.1 ns and -0.3 V take 39.58 ohm off each: five of them from 500 to 302.08 ohm.
TEST_F(ProgramCommand, GivesThePulsesThatTheModelSays) {
  write("t.csv", "0.0033333333\n");
  write("g.csv", "0.002\n");
  const ShellResult run = program(std::string(kIdeal) + "-o out.csv --conductances final.npy");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("program: 1 x 1 cells, 1 reached, 5 pulses (5 of the array), "))
      << run.out;
  const Waveforms cells = read_waveforms((folder_ / "out.csv").string()).at(0);
  EXPECT_EQ(cells["pulses"][0], 5);
  EXPECT_EQ(cells["outcome"][0], 0);
  EXPECT_NEAR(1 / cells["conductance"][0], 302.083333, 1e-5);
  EXPECT_NEAR(cells["error"][0], 300 / 302.083333 - 1, 1e-7);
  const double energy = .09 * 5e-10 / (500 - 302.083333) * std::log(500 / 302.083333);
  EXPECT_NEAR(cells["energy"][0], energy, 1e-4 * energy);
  EXPECT_EQ(read_matrix(folder_ / "final.npy").values[0], cells["conductance"][0]);
}

TEST_F(ProgramCommand, ReportsCellsThatAreNotReached) {
  write("g.csv", "2e-3, 2e-3\n2e-3, 2e-3\n");
  const std::string few = std::string(kIdeal) + "--tolerance 0.05 --most-pulses 2 -o out.npz";
  const ShellResult run = program(few);
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_TRUE(contains(run.out, "1 reached, 3 out of pulses")) << run.out;
  EXPECT_EQ(program(few + " --allow-unreached").exit_code, 0);
  const Waveforms cells = read_waveforms((folder_ / "out.npz").string()).at(0);
  EXPECT_EQ(cells["outcome"][2], 0);
  EXPECT_EQ(cells["outcome"][0], 2);
}

const char* const kSelected =
    "--model vteam -s ron=1k -s roff=100k -s kon=-1 -s koff=1 -s aoff=3 -s von=-0.3 -s voff=0.3 "
    "--transistor nmos --transistor-set vto=0.4 --transistor-set kp=200u --transistor-width 20u "
    "--transistor-length 0.2u --source-resistance 20 --width 20p --routine increment "
    "--voltage 0.35 --voltage-step 0.02 ";

TEST_F(ProgramCommand, WritesCellsBehindTransistors) {
  write("t.csv", "40e-6, 30e-6\n100e-6, 50e-6\n");
  for (const char* parallel : {"", "--parallel cell --sources-along-columns"}) {
    const ShellResult run = program(kSelected + std::string(parallel) + " -o out.csv");
    EXPECT_EQ(run.exit_code, 0) << run.err << run.out;
    EXPECT_TRUE(contains(run.out, "4 reached")) << run.out;
  }
  EXPECT_EQ(program(std::string("--card vteam_logic --transistor n130 --most-pulses 1 "
                                "--allow-unreached -q -o out.csv"))
                .exit_code,
            0);
}

// The same array as a deck has it.
TEST_F(ProgramCommand, TakesTheArrayOfADeck) {
  write("t.csv", "40e-6, 30e-6\n100e-6, 50e-6\n");
  write("deck.cir",
        "array\n"
        ".model cell memristor type=vteam ron=1k roff=100k kon=-1 koff=1 aoff=3 von=-0.3 "
        "voff=0.3\n"
        ".model sel nmos vto=0.4 kp=200u\n"
        ".crossbar xb rows=2 cols=2 cell=1t1r memristor=cell transistor=sel w=20u l=0.2u "
        "rs_wl=20 rs_bl=20 rs_sl=20\n"
        ".end\n");
  ASSERT_EQ(program(kSelected + std::string("-q --conductances a.csv -o a.npz")).exit_code, 0);
  const ShellResult deck = program(
      "deck.cir --array xb --width 20p --routine increment --voltage 0.35 --voltage-step 0.02 -q "
      "--conductances b.csv -o b.npz");
  ASSERT_EQ(deck.exit_code, 0) << deck.err;
  EXPECT_EQ(read_matrix(folder_ / "a.csv").values, read_matrix(folder_ / "b.csv").values);
}

// The example of docs/cli.md, at both ends of the range that is promised there, and beyond what the
// devices can have: 1/300 to 1 mS.
TEST_F(ProgramCommand, DoesWhatItsDocumentationShows) {
  const std::string options =
      "--card vteam_logic --transistor n180 --transistor-width 2u --transistor-length 180n "
      "--source-resistance 20 --width 1n --voltage 0.4 --negative-voltage 1.5 --voltage-step 0.02 "
      "--routine increment -o cells.csv";
  write("t.csv", "20e-6, 200e-6, 60e-6\n100e-6, 25e-6, 180e-6\n");
  const ShellResult run = program(options);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(contains(run.out, "6 reached")) << run.out;
  EXPECT_FALSE(contains(run.err, "targets")) << run.err;
  write("t.csv", "20e-6, 2e-3\n1e-6, 25e-6\n");
  const ShellResult beyond = program(options);
  EXPECT_EQ(beyond.exit_code, 1);
  EXPECT_TRUE(contains(beyond.err, "2 of 4 targets are no conductance")) << beyond.err;
  EXPECT_TRUE(contains(beyond.err, "1e-06 S of [1,0]")) << beyond.err;
}

TEST_F(ProgramCommand, WritesWaveformsOfChosenCells) {
  write("g.csv", "2e-3, 2e-3\n2e-3, 2e-3\n");
  const ShellResult run = program(std::string(kIdeal) +
                                  "--tolerance 0.1 --gap 1n --watch 0,1 --watch 1,0 "
                                  "--waveforms w.csv -o out.csv");
  EXPECT_EQ(run.exit_code, 0) << run.err << run.out;
  const Waveforms w = read_waveforms((folder_ / "w.csv").string()).at(0);
  const auto g = w["g[0,1]"];
  EXPECT_DOUBLE_EQ(g[0], 2e-3);
  EXPECT_NEAR(g.back(), 3e-3, .3e-3);
  for (std::size_t k = 0; k < w.points(); ++k) {
    EXPECT_NEAR(w["i[1,0]"][k], w["v[1,0]"][k] * w["g[1,0]"][k], 1e-12);
  }
}

TEST_F(ProgramCommand, RefusesWhatCannotBe) {
  write("g.csv", "2e-3, 2e-3\n");
  const auto expect_error = [&](const std::string& arguments, const std::string& part) {
    const ShellResult run = program(arguments);
    EXPECT_EQ(run.exit_code, 2) << arguments << "\n" << run.err;
    EXPECT_TRUE(contains(run.err, part)) << run.err;
  };
  expect_error("", "an array needs a deck, a --model or a --card");
  expect_error("--model vteem", "did you mean 'vteam'?");
  write("zero.csv", "0, 2e-3\n2e-3, 2e-3\n");
  expect_error("--model vteam --initial zero.csv", "a cell cannot begin with 0 S");
  expect_error("--model vteam --array xb", "there is no deck");
  expect_error("--model vteam --source-line-resistance 1", "without --transistor");
  expect_error("--model vteam --gate 2", "the cells have no transistors");
  expect_error("--model vteam --transistor nmos --scheme half", "without transistors");
  expect_error("--model vteam --voltage 5 --most-voltage 3", "below the first pulse's 5 V");
  expect_error("--model vteam --initial g.csv", "1 x 2 conductances for 2 x 2 cells");
  expect_error("--model vteam --width 0", "pulses of 0 s cannot be");
  expect_error("--model vteam --voltage x", "--voltage: 'x' is no number");
  expect_error("--model vteam --tolerance 2", "a tolerance of 2 cannot be");
  expect_error("--model vteam --watch 1,0", "give both");
  expect_error("--model vteam --watch 1 --waveforms w.csv", "write row,column");
  expect_error("--model vteam --watch 2,0 --waveforms w.csv", "there is no cell (2, 0)");
  expect_error("--model vteam --transistor-set vto=1", "options of transistors without");
  expect_error("--model vteam -o t.csv", "t.csv");
  expect_error("--model vteam -o a.csv --conductances a.csv", "two results go to a.csv");
  write("deck.cir", "none\nr1 a 0 1\n.op\n");
  expect_error("deck.cir", "there is no .crossbar");
  expect_error("deck.cir --model vteam", "a deck has its own devices");
  if (why_no_gpu().empty()) return;
  write("gpu.cir",
        "gpu\n.model m memristor type=vteam\n.crossbar xb rows=2 cols=2 cell=1r memristor=m "
        "rs_wl=10 rs_bl=10 r_wl=1 r_bl=1\n.options solver=cuda\n.op\n");
  expect_error("gpu.cir", "no GPU can be used");
}

}  // namespace
}  // namespace wordline
