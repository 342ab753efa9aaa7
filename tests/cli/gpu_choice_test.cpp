// --device of `run` and `matmul`, with or without a GPU on this machine.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "command_fixture.hpp"
#include "wordline/netlist/matrix_file.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;

class DeviceOption : public testing::WordlineCommand {
 protected:
  static bool has_gpu() { return why_no_gpu().empty(); }
};

TEST_F(DeviceOption, CudaIsAnErrorWithItsReasonWhereNoGpuIsUsable) {
  write("g.csv", "1e-5 2e-5\n3e-5 4e-5\n");
  write("v.csv", "1 1\n");
  write_rc(".op");
  const ShellResult product = wordline("matmul -g g.csv -i v.csv --device cuda -o i.csv");
  const ShellResult tiles = wordline("matmul -g g.csv -i v.csv --tile 1x2 --device cuda -o i.csv");
  const ShellResult run = wordline("run rc.cir --device cuda");
  if (has_gpu()) {
    EXPECT_EQ(product.exit_code, 0) << product.err;
    EXPECT_EQ(tiles.exit_code, 0) << tiles.err;
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return;
  }
  const std::string expected = "--device cuda: no GPU can be used: " + why_no_gpu();
  EXPECT_EQ(product.exit_code, 3);
  EXPECT_TRUE(contains(product.err, expected)) << product.err;
  EXPECT_EQ(tiles.exit_code, 3);
  EXPECT_TRUE(contains(tiles.err, expected)) << tiles.err;
  EXPECT_FALSE(exists("i.csv"));
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_TRUE(contains(run.err, expected)) << run.err;
}

TEST_F(DeviceOption, CpuTakesTheProcessorWhateverTheDeckSays) {
  write("rc.cir", std::string(testing::kRcDeck) + ".options solver=cuda\n.op\n.end\n");
  EXPECT_EQ(wordline("run rc.cir --device cpu -q").exit_code, 0);
  const ShellResult as_said = wordline("run rc.cir -q");
  EXPECT_EQ(as_said.exit_code, has_gpu() ? 0 : 3);
  if (!has_gpu()) {
    EXPECT_TRUE(contains(as_said.err, "no GPU can be used: " + why_no_gpu())) << as_said.err;
  }
}

// Also where lines without resistance would be the processor's anyway.
TEST_F(DeviceOption, ADeckMayNotAskForWhatIsNotThere) {
  write("v.csv", "1 1\n");
  const std::string deck =
      "held\n.model g memristor type=static g=1e-4\n.crossbar xb rows=2 cols=2 cell=1r memristor=g "
      "r_wl=0 rs_wl=0 rs_bl=1\n.matmul xb inputs=\"v.csv\" outputs=\"i.csv\"\n.options solver=";
  write("held.cir", deck + "cuda\n.end\n");
  const ShellResult run = wordline("run held.cir -q");
  EXPECT_EQ(run.exit_code, has_gpu() ? 0 : 3) << run.err;
  EXPECT_EQ(exists("i.csv"), has_gpu());
  if (!has_gpu()) {
    EXPECT_TRUE(contains(run.err, "no GPU can be used: " + why_no_gpu())) << run.err;
  }
  write("held.cir", deck + "auto\n.end\n");
  EXPECT_EQ(wordline("run held.cir -q").exit_code, 0);
}

TEST_F(DeviceOption, AutoLeavesSmallArraysToTheProcessorAndSaysSo) {
  write("g.csv", "1e-5 2e-5\n3e-5 4e-5\n");
  write("v.csv", "1 1\n");
  const std::string product = "matmul -g g.csv -i v.csv --line-resistance 1 -o ";
  const ShellResult automatic = wordline(product + "auto.csv --device auto");
  EXPECT_EQ(automatic.exit_code, 0) << automatic.err;
  EXPECT_TRUE(contains(automatic.err, "the processor solves it: no arrays of 262144 cells or more"))
      << automatic.err;
  EXPECT_EQ(wordline(product + "cpu.csv").exit_code, 0);
  EXPECT_EQ(read_matrix(folder_ / "auto.csv").values, read_matrix(folder_ / "cpu.csv").values);
  EXPECT_EQ(wordline(product + "auto.csv --device auto -q").err, "");
  write_rc(".op");
  EXPECT_TRUE(contains(wordline("run rc.cir --device auto").err, "the processor solves it"));
}

TEST_F(DeviceOption, AutoCountsTheCellsOfAllCrossbars) {
  const auto crossbar = [](const char* name, int cols) {
    return fmt::format(
        ".crossbar x{0} rows=512 cols={1} memristor=cell cell=1r rs_wl=1 rs_bl=1 wl={0}wl "
        "bl={0}bl\n",
        name, cols);
  };
  // Without an analysis nothing is run, but the choice has been made and said.
  const auto said = [&](int cols) {
    write("two.cir", "two\n.model cell memristor type=yakopcic\n" + crossbar("a", 256) +
                         crossbar("b", cols) + ".end\n");
    return wordline("run two.cir --device auto").err;
  };
  EXPECT_TRUE(contains(said(255), "the processor solves it: no arrays of 262144 cells or more"));
  EXPECT_TRUE(contains(said(256), has_gpu() ? "a GPU solves it" : why_no_gpu()));
}

TEST_F(DeviceOption, ContradictionsAreErrors) {
  write("g.csv", "1e-5 2e-5\n3e-5 4e-5\n");
  write("v.csv", "1 1\n");
  const ShellResult method = wordline("matmul -g g.csv -i v.csv --device cuda --method klu");
  EXPECT_EQ(method.exit_code, 2);
  EXPECT_TRUE(contains(method.err, "--method is the processor's")) << method.err;
  const ShellResult tiles = wordline("matmul -g g.csv -i v.csv --method klu --tile 1x2");
  EXPECT_EQ(tiles.exit_code, 2);
  EXPECT_EQ(wordline("run rc.cir --device gpu").exit_code, 2);
}

}  // namespace
}  // namespace wordline
