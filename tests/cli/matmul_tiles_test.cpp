// `wordline matmul` over tiles and with converters. Expected numbers are worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "command_fixture.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;

class TiledMatmul : public testing::WordlineCommand {
 protected:
  TiledMatmul() {
    write("g.csv", "10e-6, 20e-6\n30e-6, 40e-6\n50e-6, 60e-6\n");
    write("v.csv", "0.1, 0.2, 0.3\n0, 1, 0\n");
  }

  // Without wires, unless options say so.
  std::vector<double> product(const std::string& options) {
    const ShellResult run =
        wordline("matmul -q -g g.csv -i v.csv -o i.csv --line-resistance 0 " + options);
    EXPECT_EQ(run.exit_code, 0) << options << ": " << run.err;
    return read_matrix(folder_ / "i.csv").values;
  }
  void expect(const std::string& options, const std::vector<double>& expected) {
    const std::vector<double> found = product(options);
    ASSERT_EQ(found.size(), expected.size()) << options;
    for (std::size_t k = 0; k < found.size(); ++k) {
      EXPECT_NEAR(found[k], expected[k], 1e-12 * 1e-4) << options << " " << k;
    }
  }
};

TEST_F(TiledMatmul, GivesTheSameWithoutWiresAndConverters) {
  for (const char* tile : {"2x1", "1x2", "128", "3X2", "2x1 --tile-padding 1u"}) {
    expect(std::string("--tile ") + tile, {22e-6, 28e-6, 30e-6, 40e-6});
  }
}

// One cell of 1 mS a tile: 1 kohm in series with two drivers, and with a segment where lines are
// longer.
TEST_F(TiledMatmul, TilesHaveWiresOfTheirOwn) {
  write("g.csv", "1e-3\n2e-3\n");
  write("v.csv", "1, 1\n");
  expect("--tile 1x1 --source-resistance 20", {1 / 1040.0 + 1 / 540.0});
  expect("--tile 1x1 --source-resistance 20 --tile-padding 0", {1 / 1040.0 + 1 / 540.0});
  expect("--tile 1 --bit-source-resistance 20 --driven-ends both", {1 / 1010.0 + 1 / 510.0});
  // The last row is one segment of 100 ohm away from the end of the bit line that is read.
  write("v.csv", "0, 1\n");
  write("g.csv", "0\n2e-3\n");
  expect("--tile 2x1 --bit-line-resistance 100", {1 / 600.0});
  expect("--tile 1x1 --bit-line-resistance 100", {1 / 500.0});
}

TEST_F(TiledMatmul, TransposesWithItsWires) {
  write("v.csv", "0.5, 1\n");
  expect("--tile 2x1 --transpose", {25e-6, 55e-6, 85e-6});
  write("g.csv", "1e-3, 2e-3\n");
  write("v.csv", "1, 0\n");
  expect("--tile 9 --transpose --word-source-resistance 20 --bit-source-resistance 3",
         product("--transpose --word-source-resistance 20 --bit-source-resistance 3 "
                 "--tolerance 1e-13"));
}

TEST_F(TiledMatmul, ReadsByAConverter) {
  // Levels of 0, 10, 20 ... 70 uA: partial sums of 22, 28, 30 and 40 uA.
  expect("--adc-bits 3 --adc-range 0:70u", {20e-6, 30e-6, 30e-6, 40e-6});
  // Tiles of one row: 1, 2 | 6, 8 | 15, 18 uA and 0, 0 | 30, 40 | 0, 0, each to tens.
  expect("--tile 1x2 --adc-bits 3 --adc-range 0:70u", {30e-6, 30e-6, 30e-6, 40e-6});
  // The largest of all currents, 40 uA, is the range: levels of 40/3 uA.
  expect("--adc-bits 2", {80e-6 / 3, 80e-6 / 3, 80e-6 / 3, 40e-6});
  // From each tile's currents: 22 and 28 uA are the ends of their own range.
  expect("--adc-bits 1 --adc-range each", {22e-6, 28e-6, 30e-6, 40e-6});
  // Steps of 2^-15 * 2/4 A: F is 2^-15 A = 30.5 uA for the first input, 61 uA for the second.
  expect("--adc-bits 2 --adc-law fixed-point --adc-range each",
         {0x1p-16, 0x1p-16, 0x1p-15, 0x1p-15});
  expect("--adc-bits 3 --adc-law log --adc-range 5u:40u", {20e-6, 20e-6, 40e-6, 40e-6});
}

TEST_F(TiledMatmul, DrivesByAConverter) {
  // Levels of 0, 1/3, 2/3 and 1 V: 0, 1/3, 1/3 and 0, 1, 0.
  expect("--dac-bits 2", {80e-6 / 3, 100e-6 / 3, 30e-6, 40e-6});
  expect("--dac-bits 1 --dac-range 0:0.3", {80e-6 * .3, 100e-6 * .3, 30e-6 * .3, 40e-6 * .3});
  expect("--dac-bits 2 --dac-range=-0.1:0.2",
         {10e-6 * .1 + 80e-6 * .2, 20e-6 * .1 + 100e-6 * .2, 30e-6 * .2, 40e-6 * .2});
}

TEST_F(TiledMatmul, SubtractsNegativeArrays) {
  write("n.csv", "20e-6, 10e-6\n20e-6, 10e-6\n20e-6, 10e-6\n");
  expect("--negative n.csv", {10e-6, 22e-6, 10e-6, 30e-6});
  // 22 - 12 and 28 - 6 uA to tens, before or after the difference.
  expect("--negative n.csv --adc-bits 3 --adc-range 0:70u", {10e-6, 20e-6, 10e-6, 30e-6});
  expect("--negative n.csv --subtraction analogue --adc-bits 3 --adc-range 0:14u",
         {10e-6, 14e-6, 10e-6, 14e-6});
}

TEST_F(TiledMatmul, SumsUpWhatItDid) {
  const ShellResult run = wordline(
      "matmul -g g.csv -i v.csv -o i.csv --line-resistance 0 --tile 2x2 --adc-bits 8 --dac-bits 4");
  EXPECT_TRUE(
      run.out.starts_with("matmul: 3 x 2 cells, 2 inputs, 2 tiles of 2 x 2, DAC of 4 bits, "
                          "ADC of 8 bits from 0 to "))
      << run.out;
  EXPECT_TRUE(contains(run.out, " s, i.csv\n")) << run.out;
}

TEST_F(TiledMatmul, RefusesWhatMakesNoSense) {
  write("n.csv", "1e-6\n");
  const auto refused = [&](const std::string& options, const std::string& why) {
    const ShellResult run = wordline("matmul -q -g g.csv -i v.csv -o i.csv " + options);
    EXPECT_EQ(run.exit_code, 2) << options;
    EXPECT_TRUE(contains(run.err, why)) << options << ": " << run.err;
    EXPECT_FALSE(exists("i.csv")) << options;
  };
  refused("--tile 0x3", "no size of a tile");
  refused("--tile 3by4", "no size of a tile");
  refused("--tile 3x", "no size of a tile");
  refused("--tile 2 --tile-padding=-1", "0 or more");
  refused("--adc-bits 30", "30");
  refused("--adc-range 0:1", "--adc-bits");
  refused("--adc-law log", "--adc-bits");
  refused("--adc-bits 4 --adc-range 5", "no range");
  refused("--adc-bits 4 --adc-range 1:0", "empty");
  refused("--adc-bits 4 --adc-law log --adc-range 0:1", "above 0");
  refused("--dac-range 0:1", "--dac-bits");
  refused("--subtraction analogue", "--negative");
  refused("--negative n.csv", "1 x 1");
  refused("--tile 2 --transfer t.csv", "--transfer");
  refused("--tile 2 --method klu", "--method");
}

}  // namespace
}  // namespace wordline
