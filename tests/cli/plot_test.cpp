// `wordline plot` on files made here.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "command_fixture.hpp"
#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/rawfile.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::read_text;
using testing::ShellResult;

// A sine of 1 V over 10 us, its current of 1 mA, an operating point before them.
class Plot : public testing::WordlineCommand {
 protected:
  Plot() {
    Waveforms op;
    op.begin({"sine", "Operating Point", {{"v(a)", "voltage", "V"}}});
    op.point(std::vector<double>{0});
    Waveforms sine;
    sine.begin({"sine",
                "Transient Analysis",
                {{"time", "time", "s"},
                 {"v(a)", "voltage", "V"},
                 {"v(xb.bl[0,3])", "voltage", "V"},
                 {"i(v1)", "current", "A"}}});
    for (int k = 0; k <= 100; ++k) {
      const double y = std::sin(2 * std::numbers::pi * k / 100);
      sine.point(std::vector<double>{k * 1e-7, y, 0.5 * y, 1e-3 * y});
    }
    RawfileWriter raw(folder_ / "sine.raw", RawFormat::kBinary);
    op.write_to(raw);
    sine.write_to(raw);
    CsvWriter csv(folder_ / "sine.csv");
    sine.write_to(csv);
  }

  void SetUp() override {
    if (!testing::have_program("gnuplot")) GTEST_SKIP() << "no gnuplot";
  }
};

TEST_F(Plot, ListsTheSignalsOfAFile) {
  const ShellResult result = wordline("plot sine.raw");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "sine.raw[1] Operating Point")) << result.out;
  EXPECT_TRUE(contains(result.out, "sine.raw[2] Transient Analysis: 101 points")) << result.out;
  EXPECT_TRUE(contains(result.out, "v(xb.bl[0,3])")) << result.out;
  EXPECT_TRUE(contains(result.out, "0 s .. 10 us")) << result.out;
  EXPECT_TRUE(contains(wordline("plot sine.csv").out, "i(v1)"));
}

TEST_F(Plot, DrawsAnSvgWithUnitsLegendAndAPaneForEachQuantity) {
  const ShellResult result = wordline("plot sine.raw 'v(a)' 'i(v1)' 'V(XB.bl[0,3])' -o out.svg");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "out.svg\n");
  const std::string svg = read_text(folder_ / "out.svg");
  EXPECT_TRUE(svg.starts_with("<?xml"));
  EXPECT_TRUE(contains(svg, "</svg>"));
  for (const char* part :
       {"time [µs]", "voltage [V]", "current [mA]", "v(a)", "v(xb.bl[0,3])", "i(v1)"}) {
    EXPECT_TRUE(contains(svg, part)) << part;
  }
}

TEST_F(Plot, DrawsPngAndPdf) {
  EXPECT_EQ(wordline("plot sine.csv 'v(a)' -o out.png").exit_code, 0);
  EXPECT_TRUE(read_text(folder_ / "out.png").starts_with("\x89PNG\r\n"));
  const ShellResult piped = wordline("plot sine.raw 'v(a)' --format pdf -o -");
  EXPECT_TRUE(piped.out.starts_with("%PDF"));
}

TEST_F(Plot, IsNamedAfterTheFileByDefault) {
  EXPECT_EQ(wordline("plot sine.raw 'v(a)'").out, "sine.svg\n");
  EXPECT_TRUE(testing::WordlineCommand::exists("sine.svg"));
}

TEST_F(Plot, TakesAnySignalAlongX) {
  EXPECT_EQ(wordline("plot sine.raw 'i(v1)' --x 'v(a)' -o loop.svg").exit_code, 0);
  const std::string svg = read_text(folder_ / "loop.svg");
  EXPECT_TRUE(contains(svg, "v(a) [V]"));
  EXPECT_FALSE(contains(svg, "time"));
}

// A pole at 1 kHz over four decades.
TEST_F(Plot, DrawsPhasorsAsDecibelsAndDegrees) {
  Waveforms ac;
  ac.begin({"pole",
            "AC Analysis",
            {{"frequency", "frequency", "Hz"}, {"v(out)", "voltage", "V"}},
            {},
            true});
  for (int k = 0; k <= 40; ++k) {
    const double f = std::pow(10.0, 1 + k / 10.0);
    const std::complex<double> y = 1.0 / std::complex<double>(1, f / 1e3);
    ac.point(std::vector<double>{f, y.real(), 0, y.imag()});
  }
  RawfileWriter raw(folder_ / "pole.raw", RawFormat::kBinary);
  ac.write_to(raw);
  EXPECT_TRUE(contains(wordline("plot pole.raw").out, "|10 mV .. 1000 mV|"))
      << wordline("plot pole.raw").out;
  EXPECT_EQ(wordline("plot pole.raw 'V(out)' -o bode.svg").exit_code, 0);
  const std::string svg = read_text(folder_ / "bode.svg");
  for (const char* part : {"magnitude [dB]", "phase [°]", "frequency [Hz]", "db(v(out))", "10k"}) {
    EXPECT_TRUE(contains(svg, part)) << part;
  }
  EXPECT_EQ(wordline("plot pole.raw 'im(v(out))' --x 're(v(out))' -o nyquist.svg").exit_code, 0);
  const std::string nyquist = read_text(folder_ / "nyquist.svg");
  EXPECT_TRUE(contains(nyquist, "re(v(out)) [mV]") || contains(nyquist, "re(v(out)) [V]"));
  const ShellResult wrong = wordline("plot pole.raw 'v(outt)'");
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_TRUE(contains(wrong.err, "did you mean 'v(out)'?")) << wrong.err;
}

// Shown up to 1 us, where the sine has reached 0.588: the axis is in nanoseconds up to 500 ns.
TEST_F(Plot, ScalesItsUnitsToTheRangeShown) {
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' --x-range 0:400n -o out.svg").exit_code, 0);
  const std::string svg = read_text(folder_ / "out.svg");
  EXPECT_TRUE(contains(svg, "time [ns]"));
  EXPECT_TRUE(contains(svg, "voltage [mV]"));
}

TEST_F(Plot, ShowsAbsoluteValuesOnALogarithmicAxis) {
  EXPECT_EQ(wordline("plot sine.raw 'i(v1)' --log y -o out.svg").exit_code, 0);
  EXPECT_TRUE(contains(read_text(folder_ / "out.svg"), "|current| [A]"));
}

// The voltages are parted by hand; by themselves they would share a pane.
TEST_F(Plot, TakesPanesFromSlashes) {
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' / 'v(xb.bl[0,3])' 'v(a)' -o two.svg").exit_code, 0);
  const std::string svg = read_text(folder_ / "two.svg");
  const std::size_t first = svg.find("voltage [V]");
  ASSERT_NE(first, std::string::npos);
  EXPECT_NE(svg.find("voltage [V]", first + 1), std::string::npos);
}

TEST_F(Plot, ChoosesAnAnalysisByNumberOrName) {
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' --analysis op -o op.svg").exit_code, 0);
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' --analysis 2 -o tran.svg").exit_code, 0);
  const ShellResult result = wordline("plot sine.raw 'v(a)' --analysis 3 -o no.svg");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(contains(result.err, "holds 2")) << result.err;
}

TEST_F(Plot, OfWhatIsNotThereIsBadUsageAndLeavesNoFile) {
  const ShellResult signal = wordline("plot sine.raw 'v(q)' -o out.svg");
  EXPECT_EQ(signal.exit_code, 2);
  EXPECT_TRUE(contains(signal.err, "no signal 'v(q)'")) << signal.err;
  EXPECT_TRUE(contains(signal.err, "did you mean 'v(a)'?")) << signal.err;
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' 'i(v1)' / 'v(a)' -o out.svg").exit_code, 2);
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' / -o out.svg").exit_code, 2);
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' --x-range 5u:1u -o out.svg").exit_code, 2);
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' --x-range x:1u -o out.svg").exit_code, 2);
  EXPECT_EQ(wordline("plot sine.raw 'v(a)' -o out.jpg").exit_code, 2);
  EXPECT_FALSE(exists("out.svg"));
}

TEST_F(Plot, OfABrokenOrMissingFileIsExitCode3) {
  EXPECT_EQ(wordline("plot absent.raw").exit_code, 3);
  write("broken.raw", read_text(folder_ / "sine.raw").substr(0, 900));
  const ShellResult result = wordline("plot broken.raw");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_TRUE(contains(result.err, "ends after")) << result.err;
}

TEST_F(Plot, CannotBeTrickedIntoRunningCommands) {
  Waveforms w;
  w.begin({"'; system('touch owned') #\n`touch owned`",
           "Transient Analysis",
           {{"time", "time", "s"}, {"v('`touch$IFS\"owned`$(touch$IFS'owned')", "voltage", "V"}}});
  for (double t : {0.0, 1.0}) w.point(std::vector<double>{t, t});
  RawfileWriter raw(folder_ / "evil.raw", RawFormat::kBinary);
  w.write_to(raw);
  const ShellResult result = shell(
      "\"$WORDLINE\" plot evil.raw \"v('\\`touch\\$IFS\\\"owned\\`\\$(touch\\$IFS'owned')\" "
      "-o \"it's.svg\"");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(exists("it's.svg"));
  EXPECT_FALSE(exists("owned"));
}

TEST_F(Plot, WithoutGnuplotSaysWhatIsMissing) {
  const ShellResult result = shell("PATH=/nowhere \"$WORDLINE\" plot sine.raw 'v(a)' -o out.svg");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_TRUE(contains(result.err, "gnuplot")) << result.err;
  EXPECT_TRUE(contains(result.err, "not installed")) << result.err;
  EXPECT_FALSE(exists("out.svg"));
}

// A million points with a spike a point wide at 0.7 s: the picture is small and has the spike,
// whose height alone makes the axis reach 5 V.
TEST_F(Plot, ThinsOutManyPointsButKeepsSpikes) {
  Waveforms w;
  w.begin({"many", "Transient Analysis", {{"time", "time", "s"}, {"v(a)", "voltage", "V"}}});
  constexpr int kPoints = 1000000;
  for (int k = 0; k <= kPoints; ++k) {
    w.point(std::vector<double>{k * 1e-6, k == 700000 ? 5.0 : std::sin(k * 1e-4)});
  }
  RawfileWriter raw(folder_ / "many.raw", RawFormat::kBinary);
  w.write_to(raw);
  EXPECT_EQ(wordline("plot many.raw 'v(a)' -o many.svg").exit_code, 0);
  const std::string svg = read_text(folder_ / "many.svg");
  EXPECT_LT(svg.size(), 1000000U);
  EXPECT_TRUE(contains(svg, "<text> 5</text>"));
}

TEST_F(Plot, LeavesNothingInTheTemporaryFolder) {
  const ShellResult result =
      shell("mkdir tmp; TMPDIR=$PWD/tmp \"$WORDLINE\" plot sine.raw 'v(a)' -o out.svg; ls tmp");
  EXPECT_EQ(result.out, "out.svg\n");
}

}  // namespace
}  // namespace wordline
