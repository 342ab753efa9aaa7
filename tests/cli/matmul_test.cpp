// `wordline matmul`: products of conductances without a deck.
#include <gtest/gtest.h>

#include <cmath>

#include "command_fixture.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;

class MatmulCommand : public testing::WordlineCommand {
 protected:
  // Three word lines and two bit lines; two inputs.
  MatmulCommand() {
    write("g.csv", "10e-6, 20e-6\n30e-6, 40e-6\n50e-6, 60e-6\n");
    write("v.csv", "0.1, 0.2, 0.3\n0, 1, 0\n");
  }

  Matrix result(const std::string& name) const { return read_matrix(folder_ / name); }
  void expect(const Matrix& matrix, std::int64_t rows, std::int64_t cols,
              const std::vector<double>& values, double relative) const {
    ASSERT_EQ(matrix.rows, rows);
    ASSERT_EQ(matrix.cols, cols);
    for (std::size_t k = 0; k < values.size(); ++k) {
      EXPECT_NEAR(matrix.values[k], values[k], relative * std::abs(values[k])) << k;
    }
  }
};

// 0.1 * 10 + 0.2 * 30 + 0.3 * 50 = 22 uA, and so on.
TEST_F(MatmulCommand, MultipliesExactlyWithoutWires) {
  const ShellResult run =
      wordline("matmul --conductances g.csv --inputs v.csv --line-resistance 0 -o i.npy");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_TRUE(run.out.starts_with("matmul: 3 x 2 cells, 2 inputs, ")) << run.out;
  EXPECT_TRUE(contains(run.out, " s, i.npy\n")) << run.out;
  expect(result("i.npy"), 2, 2, {22e-6, 28e-6, 30e-6, 40e-6}, 1e-9);
}

TEST_F(MatmulCommand, WritesCsvToStandardOutputByDefault) {
  const ShellResult run = wordline("matmul -g g.csv -i v.csv --line-resistance 0");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(contains(run.err, "matmul: ")) << run.err;
  write("piped.csv", run.out);
  expect(result("piped.csv"), 2, 2, {22e-6, 28e-6, 30e-6, 40e-6}, 1e-9);
  const ShellResult quiet = wordline("matmul -g g.csv -i v.csv -q -o i.csv");
  EXPECT_EQ(quiet.out + quiet.err, "");
  EXPECT_TRUE(exists("i.csv"));
}

TEST_F(MatmulCommand, AVectorIsOneInputHoweverItStands) {
  for (const char* text : {"0.1 0.2 0.3\n", "0.1\n0.2\n0.3\n"}) {
    write("vector.csv", text);
    EXPECT_EQ(wordline("matmul -g g.csv -i vector.csv --line-resistance 0 -o i.csv").exit_code, 0);
    expect(result("i.csv"), 1, 2, {22e-6, 28e-6}, 1e-9);
  }
}

TEST_F(MatmulCommand, TransposeDrivesTheBitLines) {
  write("v.csv", "0.5, 1\n");
  EXPECT_EQ(wordline("matmul -g g.csv -i v.csv --transpose --line-resistance 0 -o i.csv").exit_code,
            0);
  expect(result("i.csv"), 1, 3, {25e-6, 55e-6, 85e-6}, 1e-9);
}

// One cell of 1 mS: 1 kohm in series with the resistances of its two drivers.
TEST_F(MatmulCommand, EveryResistanceHasItsPlace) {
  write("g.csv", "1e-3\n");
  write("v.csv", "1\n");
  const auto current = [this](const std::string& options) {
    EXPECT_EQ(wordline("matmul -q -g g.csv -i v.csv -o i.csv " + options).exit_code, 0) << options;
    return result("i.csv").values.at(0);
  };
  const auto expected = [](double ohms) { return 1 / ohms; };
  EXPECT_NEAR(current(""), expected(1000), 1e-12);
  EXPECT_NEAR(current("--source-resistance 20"), expected(1040), 1e-12);
  EXPECT_NEAR(current("--source-resistance 20 --word-source-resistance 1k"), expected(2020), 1e-12);
  EXPECT_NEAR(current("--source-resistance 20 --bit-source-resistance 0"), expected(1020), 1e-12);
  EXPECT_NEAR(current("--source-resistance 20 --driven-ends both"), expected(1020), 1e-12);
  EXPECT_NEAR(current("--source-resistance 20 --word-driven-ends both"), expected(1030), 1e-12);
  // Two cells in a row, the second of which alone conducts: one segment in addition.
  write("g.csv", "0, 1e-3\n");
  EXPECT_EQ(wordline("matmul -q -g g.csv -i v.csv -o i.csv --word-line-resistance 7").exit_code, 0);
  EXPECT_NEAR(result("i.csv").values.at(1), expected(1007), 1e-12);
  EXPECT_EQ(wordline("matmul -q -g g.csv -i v.csv -o i.csv --word-line-resistance 7 "
                     "--word-driven-ends last")
                .exit_code,
            0);
  EXPECT_NEAR(result("i.csv").values.at(1), expected(1000), 1e-12);
}

TEST_F(MatmulCommand, WritesTheTransferMatrixThatGivesTheSameCurrents) {
  EXPECT_EQ(wordline("matmul -g g.csv -i v.csv --line-resistance 100 --source-resistance 50 "
                     "-o i.npy --transfer t.npy")
                .exit_code,
            0);
  const Matrix t = result("t.npy");
  const Matrix v = result("v.csv");
  const Matrix i = result("i.npy");
  ASSERT_EQ(t.rows, 2);
  ASSERT_EQ(t.cols, 3);
  for (std::int64_t n = 0; n < v.rows; ++n) {
    for (std::int64_t k = 0; k < t.rows; ++k) {
      const double sum = t(k, 0) * v(n, 0) + t(k, 1) * v(n, 1) + t(k, 2) * v(n, 2);
      EXPECT_NEAR(i(n, k), sum, 1e-8 * std::abs(sum));
    }
  }
  const ShellResult alone = wordline("matmul -g g.csv --transfer t.csv");
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_EQ(result("t.csv").rows, 2);
}

// The same array as a deck, solved by the general solver.
TEST_F(MatmulCommand, AgreesWithTheOperatingPointOfADeck) {
  write("array.cir",
        "the same\n.model cell memristor type=static\n"
        ".crossbar xb rows=3 cols=2 cell=1r memristor=cell g=\"g.csv\" r_wl=300 r_bl=200\n"
        "+ rs_wl=50 rs_bl=70 ends_bl=last\n"
        "Vwl wl[0:2] 0 values(0.1 0.2 0.3)\nVbl bl[0:1] 0 0\n.op\n.save i(vbl[0:1])\n.end\n");
  EXPECT_EQ(wordline("run array.cir -o op.csv -q").exit_code, 0);
  const Matrix expected = result("op.csv");
  for (const char* method : {"auto", "krylov", "multifrontal", "klu"}) {
    const ShellResult run = wordline(
        "matmul -q -g g.csv -i v.csv -o i.csv --word-line-resistance 300 --bit-line-resistance 200 "
        "--word-source-resistance 50 --bit-source-resistance 70 --bit-driven-ends last --method " +
        std::string(method));
    EXPECT_EQ(run.exit_code, 0) << run.err;
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_NEAR(result("i.csv").values.at(k), expected.values.at(k), 1e-11) << method;
    }
  }
}

TEST_F(MatmulCommand, SizesThatDoNotFitAreBadInput) {
  write("wide.csv", "1, 2, 3, 4\n");
  const ShellResult wide = wordline("matmul -g g.csv -i wide.csv");
  EXPECT_EQ(wide.exit_code, 2);
  EXPECT_EQ(wide.err,
            "wordline: error: wide.csv: 4 numbers in a row for an array of 3 word lines\n");
  write("tall.csv", "1, 2\n3, 4\n5, 6\n");
  const ShellResult tall = wordline("matmul -g g.csv -i tall.csv -o i.npy");
  EXPECT_EQ(tall.exit_code, 2);
  EXPECT_TRUE(contains(tall.err, "transpose it")) << tall.err;
  EXPECT_FALSE(exists("i.npy"));
}

TEST_F(MatmulCommand, ConductancesThatCannotBeAreNamed) {
  write("negative.csv", "1e-6, 1e-6\n1e-6, -2e-6\n");
  const ShellResult negative = wordline("matmul -g negative.csv -i v.csv");
  EXPECT_EQ(negative.exit_code, 2);
  EXPECT_TRUE(contains(negative.err,
                       "negative.csv: the conductance [1,1] is -2e-06 S; it must be 0 or more"))
      << negative.err;
  write("infinite.csv", "1e-6, 1e-6\n1e-6, inf\n");
  const ShellResult infinite = wordline("matmul -g infinite.csv -i v.csv");
  EXPECT_EQ(infinite.exit_code, 3);
  EXPECT_TRUE(contains(infinite.err, "infinite.csv:2:7: 'inf' is not finite")) << infinite.err;
}

TEST_F(MatmulCommand, MisuseIsExitCode2) {
  for (const char* arguments :
       {"matmul", "matmul -g g.csv", "matmul -i v.csv", "matmul -g g.csv -i v.csv --method lu",
        "matmul -g g.csv -i v.csv --line-resistance=-1",
        "matmul -g g.csv -i v.csv --line-resistance 4k7",
        "matmul -g g.csv -i v.csv --driven-ends none", "matmul -g g.csv -i v.csv --tolerance 0",
        "matmul -g g.csv -i v.csv --threads 0", "matmul -g g.csv -i v.csv -o g.csv",
        "matmul -g g.csv -i v.csv -o v.csv",
        "matmul -g g.csv -i v.csv -o t.csv --transfer t.csv"}) {
    const ShellResult run = wordline(arguments);
    EXPECT_EQ(run.exit_code, 2) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    EXPECT_TRUE(contains(run.err, "wordline: error: ")) << arguments;
  }
  EXPECT_EQ(result("g.csv").rows, 3);
}

TEST_F(MatmulCommand, FilesThatFailAreExitCode3) {
  const ShellResult absent = wordline("matmul -g absent.npy -i v.csv");
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_TRUE(contains(absent.err, "absent.npy: No such file")) << absent.err;
  const ShellResult folder = wordline("matmul -g g.csv -i v.csv -o absent/i.npy");
  EXPECT_EQ(folder.exit_code, 3);
  EXPECT_TRUE(contains(folder.err, "absent/i.npy: open: No such file")) << folder.err;
  EXPECT_EQ(wordline("matmul -g g.csv -i v.csv -o /dev/full").exit_code, 3);
  EXPECT_EQ(wordline("matmul -g g.csv -i v.csv >/dev/full").exit_code, 3);
}

}  // namespace
}  // namespace wordline
