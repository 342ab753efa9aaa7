// Measures as `wordline run` reports them.

#include "command_fixture.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::read_text;
using testing::ShellResult;

class MeasuresOfRun : public testing::WordlineCommand {};

TEST_F(MeasuresOfRun, ArePrintedAndWritten) {
  write_rc(
      ".dc v1 0 1 0.5\n.tran 10n 5u\n.meas tran half when v(a)=0.5 rise=1\n"
      ".meas dc top max v(a)");
  const ShellResult result = wordline("run rc.cir -o out.raw");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "half = 1.000500e-06\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "top = 1.000000e+00 at=1.000000e+00\n")) << result.out;
  EXPECT_EQ(read_text(folder_ / "out.mt0"), "HALF = 1.000500e-06\n");
  EXPECT_EQ(read_text(folder_ / "out.ms0"), "TOP = 1.000000e+00\n");
}

TEST_F(MeasuresOfRun, ComeAsATableToo) {
  write_rc(".tran 10n 5u\n.meas tran half when v(a)=0.5 rise=1\n.meas tran none when v(a)=7");
  const ShellResult result = wordline("run rc.cir --measure-format hspice");
  EXPECT_EQ(result.exit_code, 1);
  const std::string text = read_text(folder_ / "rc.mt0");
  EXPECT_TRUE(contains(text,
                       ".TITLE 'rc low-pass'\nhalf            none            alter#\n"
                       "1.000500e-06    failed          1\n"))
      << text;
}

TEST_F(MeasuresOfRun, FailWithAReasonAndAnExitCode) {
  write_rc(".tran 10n 5u\n.meas tran never when v(a)=7");
  const ShellResult result = wordline("run rc.cir");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.out, "never = FAILED\n")) << result.out;
  EXPECT_TRUE(contains(result.err,
                       "measure never failed: the signal never crosses 7: it goes from "
                       "0 to 1"))
      << result.err;
  EXPECT_EQ(read_text(folder_ / "rc.mt0"), "NEVER = FAILED\n");
}

TEST_F(MeasuresOfRun, OfAnAnalysisThatIsMissingAreWarnedOf) {
  write_rc(".tran 10n 5u\n.meas dc top max v(a)");
  const ShellResult result = wordline("run rc.cir");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.err, "measure top: there is no .dc")) << result.err;
}

}  // namespace
}  // namespace wordline
