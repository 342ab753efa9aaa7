// `wordline run` on analyses of small signals: what it prints, and which files it makes.
#include <gtest/gtest.h>

#include <algorithm>

#include "command_fixture.hpp"
#include "wordline/engine/output/csv.hpp"
#include "wordline/engine/output/rawfile.hpp"

namespace wordline {
namespace {

using testing::contains;
using testing::ShellResult;
using testing::write_text;

constexpr const char* kDivider = "divider\nv1 in 0 dc 10 ac 1\nr1 in a 1k\nr2 a 0 3k\n";

class SmallSignalRun : public testing::WordlineCommand {
 protected:
  ShellResult run(const std::string& lines, const std::string& options = "") {
    write_text(folder_ / "deck.cir", kDivider + lines + "\n.end\n");
    return wordline("run deck.cir " + options);
  }
};

TEST_F(SmallSignalRun, WritesPhasors) {
  const ShellResult result = run("c1 a 0 1n\n.ac dec 5 1 1meg\n.save v(a)", "-o out.csv");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "ac: 31 points")) << result.out;
  const Waveforms read = read_csv(folder_ / "out.csv");
  ASSERT_TRUE(read.header().complex);
  EXPECT_NEAR(std::abs(read.phasor("v(a)", 0)), 0.75, 1e-6);
}

// What a spectrum asks for too much costs neither the waveform nor what comes after it.
TEST_F(SmallSignalRun, KeepsTransientsWithoutTheirSpectra) {
  const ShellResult result =
      run(".tran 1u 4m\n.fft v(a) start=5m\n.four 10 v(in)\n.fft v(in) np=64\n.dc v1 0 1 1", "");
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_TRUE(contains(result.err, ".fft of v(a): the waveform, from 0 s to 0.004 s, has no part"))
      << result.err;
  EXPECT_TRUE(contains(result.err, ".four of v(in): ")) << result.err;
  const std::vector<Waveforms> plots = read_rawfile(folder_ / "deck.raw");
  ASSERT_EQ(plots.size(), 3U);
  EXPECT_EQ(plots[0].header().plotname, "Transient Analysis");
  EXPECT_EQ(plots[1].header().plotname, "Spectrum of v(in)");
  EXPECT_EQ(plots[2].header().plotname, "DC transfer characteristic");
}

TEST_F(SmallSignalRun, SaysThatThereIsNoTransientForASpectrum) {
  const ShellResult result = run(".op\n.fft v(a)\n.four 1k v(a)");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.err, ".fft: there is no .tran")) << result.err;
  EXPECT_TRUE(contains(result.err, ".four: there is no .tran")) << result.err;
}

TEST_F(SmallSignalRun, PrintsATransferFunction) {
  const ShellResult result = run(".tf v(a) v1");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "transfer_function")) << result.out;
  EXPECT_TRUE(contains(result.out, "v1#input_impedance        4 kohm")) << result.out;
  EXPECT_EQ(read_rawfile(folder_ / "deck.raw").at(0).header().plotname, "Transfer Function");
}

TEST_F(SmallSignalRun, PrintsWhatContributesToTheNoise) {
  const ShellResult result = run(".noise v(a) v1 dec 1 1 1k");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  // Conductances of 1 to 1/3 share the noise of their parallel resistance.
  EXPECT_TRUE(contains(result.out, "75.00%")) << result.out;
  EXPECT_TRUE(contains(result.out, "25.00%")) << result.out;
  const std::vector<Waveforms> plots = read_rawfile(folder_ / "deck.raw");
  ASSERT_EQ(plots.size(), 2U);
  EXPECT_EQ(plots[1].header().plotname, "Integrated Noise");
  EXPECT_TRUE(plots[1].contains("onoise_total_r1"));
}

TEST_F(SmallSignalRun, GivesTablesFilesOfTheirOwnAsCsv) {
  EXPECT_EQ(run(".noise v(a) v1 dec 1 1 1k", "-q -o n.csv").exit_code, 0);
  EXPECT_TRUE(read_csv(folder_ / "n.csv").contains("onoise_spectrum"));
  EXPECT_TRUE(read_csv(folder_ / "n-integrated-noise.csv").contains("onoise_total"));
}

// The rawfile, which holds all tables, is what the files must have between them. Node 2 makes a
// name that the second spectrum of v(a) has already.
TEST_F(SmallSignalRun, GivesEveryTableAFile) {
  const std::string lines =
      "vs s 0 sin(0 1 1k)\nr3 s 2 1\nr4 2 0 1\n.tran 5u 2m 0 5u\n.fft v(s) np=64\n"
      ".fft v(s) np=128\n.fft v(s,2) np=32\n.four 1k v(s)\n.four 500 v(s)";
  ASSERT_EQ(run(lines, "-q -o all.raw").exit_code, 0);
  ASSERT_EQ(run(lines, "-q -o o.csv").exit_code, 0);
  ASSERT_EQ(run(lines, "-q -o p.raw --one-file-per-plot").exit_code, 0);
  const std::vector<Waveforms> plots = read_rawfile(folder_ / "all.raw");
  ASSERT_EQ(plots.size(), 6U);
  const std::vector<std::string> names = {"",
                                          "-fourier-analysis-of-v-s",
                                          "-fourier-analysis-of-v-s-2",
                                          "-spectrum-of-v-s",
                                          "-spectrum-of-v-s-2",
                                          "-spectrum-of-v-s-2-2"};
  for (const Waveforms& plot : plots) {
    const auto same = [&](const Waveforms& other) {
      const std::size_t columns = plot.header().signals.size();
      if (other.header().signals.size() != columns) return false;
      for (std::size_t k = 0; k < columns; ++k) {
        if (!std::ranges::equal(other.column(k), plot.column(k))) return false;
      }
      return true;
    };
    std::size_t csv = 0;
    std::size_t raw = 0;
    for (const std::string& name : names) {
      csv += same(read_csv(folder_ / ("o" + name + ".csv"))) ? 1 : 0;
      raw += same(read_rawfile(folder_ / ("p" + name + ".raw")).at(0)) ? 1 : 0;
    }
    EXPECT_EQ(csv, 1U) << plot.header().plotname;
    EXPECT_EQ(raw, 1U) << plot.header().plotname;
  }
}

TEST_F(SmallSignalRun, GivesTheTablesOfEveryStepAFile) {
  const std::string lines =
      "vs s 0 sin(0 {k} 1k)\n.tran 5u 2m 0 5u\n.four 1k v(s)\n.four 500 v(s)\n"
      ".step param k list 1 2";
  ASSERT_EQ(run(lines, "-q -o o.csv").exit_code, 0);
  // The fundamental of 1 kHz is the second harmonic of 500 Hz; within the error of interpolation.
  const auto magnitude = [&](const char* end, std::size_t harmonic) {
    return read_csv(
        folder_ / (std::string("o-fourier-analysis-of-v-s") + end + ".csv"))["magnitude"][harmonic];
  };
  EXPECT_NEAR(magnitude("-1", 1), 1, 1e-3);
  EXPECT_NEAR(magnitude("-2", 1), 2, 1e-3);
  EXPECT_NEAR(magnitude("-2-1", 2), 1, 1e-3);
  EXPECT_NEAR(magnitude("-2-2", 2), 2, 1e-3);
}

TEST_F(SmallSignalRun, PrintsSensitivities) {
  const ShellResult result = run(".sens v(a)");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "per percent")) << result.out;
  // 10 V R1 R2 / (R1 + R2)^2 / 100
  EXPECT_TRUE(contains(result.out, "18.75 mV")) << result.out;
}

TEST_F(SmallSignalRun, PrintsHarmonics) {
  const ShellResult result =
      run("vs s 0 sin(0 1 1k)\nb1 q 0 v=v(s)+0.1*v(s)*v(s)\n.tran 5u 2m 0 5u\n.four 1k v(q)");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "Fourier analysis of v(q): total harmonic distortion 5"))
      << result.out;
}

}  // namespace
}  // namespace wordline
