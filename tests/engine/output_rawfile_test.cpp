#include "wordline/engine/output/rawfile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>

#include "output_samples.hpp"
#include "shell.hpp"
#include "wordline/base/error.hpp"

namespace wordline {
namespace {

using testing::differing_values;
using testing::read_text;
using testing::sample_waveforms;
using testing::TemporaryFolder;
using testing::write_text;

class Rawfile : public ::testing::TestWithParam<RawFormat> {
 protected:
  std::string write(const std::vector<Waveforms>& plots) {
    std::string path = folder_ / "out.raw";
    RawfileWriter writer(path, GetParam());
    for (const Waveforms& plot : plots) plot.write_to(writer);
    return path;
  }

  // What reading a file with this content complains of.
  std::string complaint(const std::string& content) {
    const std::string path = folder_ / "bad.raw";
    write_text(path, content);
    try {
      read_rawfile(path);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, Rawfile, ::testing::Values(RawFormat::kBinary, RawFormat::kAscii),
                         [](const auto& kind) {
                           return kind.param == RawFormat::kBinary ? "Binary" : "Ascii";
                         });

TEST_P(Rawfile, ReadsBackEveryBit) {
  const Waveforms sample = sample_waveforms();
  const std::vector<Waveforms> read = read_rawfile(write({sample}));
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(differing_values(read[0], sample), 0U);
  const PlotHeader& header = read[0].header();
  EXPECT_EQ(header.title, "an array");
  EXPECT_EQ(header.plotname, "Transient Analysis");
  EXPECT_EQ(header.signals[1].name, "v(xb.bl[0,3])");
  EXPECT_EQ(header.signals[1].type, "voltage");
  EXPECT_EQ(header.signals[1].unit, "V");
  EXPECT_EQ(header.signals[2].unit, "A");
}

TEST_P(Rawfile, ReadsBackEveryBitOfPhasors) {
  const std::vector<Waveforms> read =
      read_rawfile(write({testing::complex_sample(), sample_waveforms(3)}));
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(differing_values(read[0], testing::complex_sample()), 0U);
  EXPECT_EQ(differing_values(read[1], sample_waveforms(3)), 0U);
  EXPECT_EQ(read[0].phasor("I(V1)", 3), std::complex<double>(-3 / 7e6, 1));
  EXPECT_EQ(read[0].header().signals[0].unit, "Hz");
}

TEST_P(Rawfile, HoldsSeveralPlots) {
  const std::vector<Waveforms> read =
      read_rawfile(write({sample_waveforms(1), sample_waveforms(300), sample_waveforms(7)}));
  ASSERT_EQ(read.size(), 3U);
  EXPECT_EQ(differing_values(read[0], sample_waveforms(1)), 0U);
  EXPECT_EQ(differing_values(read[1], sample_waveforms(300)), 0U);
  EXPECT_EQ(differing_values(read[2], sample_waveforms(7)), 0U);
}

TEST_P(Rawfile, LeavesNoTraceOfAPlotWithoutPoints) {
  EXPECT_EQ(read_rawfile(write({sample_waveforms(0), sample_waveforms(2)})).size(), 1U);
}

TEST_P(Rawfile, IsRemovedWhenNothingWasWritten) {
  EXPECT_FALSE(std::filesystem::exists(write({})));
  EXPECT_FALSE(std::filesystem::exists(write({sample_waveforms(0)})));
}

TEST_P(Rawfile, LeavesOutBlanksOfNamesAndLineBreaksOfTitles) {
  Waveforms w;
  w.begin({"two\nlines", "Operating Point", {{"v(a, b)", "voltage", "V"}}});
  w.point(std::vector<double>{1.5});
  const std::vector<Waveforms> read = read_rawfile(write({w}));
  EXPECT_EQ(read.at(0).header().title, "two lines");
  EXPECT_DOUBLE_EQ(read.at(0)["v(a,b)"][0], 1.5);
}

// 100,000 points are more than one megabyte, after which the writer saves what it has.
TEST_P(Rawfile, CanBeReadWhileItIsWritten) {
  const std::string path = folder_ / "growing.raw";
  RawfileWriter writer(path, GetParam());
  writer.begin(testing::sample_header());
  const std::vector<double> point = {1, 2, 3, 4};
  for (int k = 0; k < 100000; ++k) writer.point(point);
  const std::vector<Waveforms> read = read_rawfile(path);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_GT(read[0].points(), 10000U);
  EXPECT_EQ(read[0].column(3).back(), 4);
  writer.end();
  EXPECT_EQ(read_rawfile(path)[0].points(), 100000U);
}

TEST_P(Rawfile, WithoutItsEndIsAnErrorThatSaysHowMuchIsThere) {
  const std::string content = read_text(write({sample_waveforms(9)}));
  EXPECT_NE(complaint(content.substr(0, content.size() - 40)).find("ends after"),
            std::string::npos);
}

TEST_P(Rawfile, KeepsWholePointsThatAKilledWriterDidNotCount) {
  std::string content = read_text(write({sample_waveforms(9)}));
  content[content.find("No. Points: 9") + 12] = '6';
  const std::string path = folder_ / "killed.raw";
  write_text(path, content.substr(0, content.size() - 3));
  const std::vector<Waveforms> read = read_rawfile(path);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].points(), 8U);
}

// Every cut of a good file is either readable or a located Error, never a crash.
TEST_P(Rawfile, CutAnywhereIsAnErrorOrFewerPlots) {
  const std::string content = read_text(write({sample_waveforms(2), sample_waveforms(2)}));
  const std::string path = folder_ / "cut.raw";
  for (std::size_t size = 0; size < content.size(); ++size) {
    write_text(path, content.substr(0, size));
    try {
      EXPECT_LE(read_rawfile(path).size(), 2U);
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find(path), 0U) << error.what();
    }
  }
}

TEST_P(Rawfile, WithAnyByteChangedNeverCrashes) {
  const std::string content = read_text(write({sample_waveforms(2)}));
  const std::string path = folder_ / "changed.raw";
  for (std::size_t at = 0; at < content.size(); ++at) {
    for (const char c : {'\0', '9', '\n', '\xff', '-'}) {
      std::string changed = content;
      changed[at] = c;
      write_text(path, changed);
      try {
        read_rawfile(path);
      } catch (const Error&) {
      }
    }
  }
}

TEST_P(Rawfile, WithAnImpossibleHeaderIsRefused) {
  const std::string header = "Title: t\nPlotname: p\nFlags: real\n";
  EXPECT_NE(complaint("").find("empty"), std::string::npos);
  EXPECT_NE(complaint("R1 a 0 1k\n").find("not a rawfile"), std::string::npos);
  EXPECT_NE(complaint("Title: t\nFlags: complex\nNo. Variables: 1\nNo. Points: 1\nVariables:\n"
                      "\t0\ta\tvoltage\nValues:\n0\t1.0\n\n")
                .find("'1.0', not two numbers"),
            std::string::npos);
  EXPECT_NE(complaint(std::string("T\0i\0t\0l\0e\0", 10)).find("UTF-16"), std::string::npos);
  EXPECT_NE(complaint(header + "No. Variables: -1\n").find("should give a number"),
            std::string::npos);
  EXPECT_NE(complaint(header + "No. Variables: 0\nNo. Points: 1\nVariables:\nBinary:\n12345678")
                .find("no variables"),
            std::string::npos);
  EXPECT_NE(complaint(header + "No. Variables: 99999999999\nNo. Points: 1\nVariables:\n\t0\ta\tv\n")
                .find("list of variables"),
            std::string::npos);
  EXPECT_NE(complaint(header + "No. Variables: 1\nNo. Points: 18446744073709551615\nVariables:\n"
                               "\t0\ta\tvoltage\nBinary:\n12345678")
                .find("ends after 1 of"),
            std::string::npos);
}

TEST_P(Rawfile, ThatCannotBeOpenedIsAnErrorNamingFileAndCall) {
  const std::string path = folder_ / "absent" / "out.raw";
  try {
    RawfileWriter writer(path, GetParam());
    FAIL() << "opened a file in a folder that does not exist";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), path + ": open: No such file or directory");
  }
}

// /dev/full is Linux's disk without room.
TEST_P(Rawfile, OnAFullDiskIsAnErrorNamingFileAndCall) {
  RawfileWriter writer("/dev/full", GetParam());
  try {
    sample_waveforms().write_to(writer);
    FAIL() << "a full disk took the data";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "/dev/full: write: No space left on device");
  }
}

// ngspice's own reader is the judge: it prints the values it loaded.
TEST_P(Rawfile, IsLoadedByNgspice) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "no ngspice";
  Waveforms op;
  op.begin({"an array", "Operating Point", {{"v(a)", "voltage", "V"}, {"i(v1)", "current", "A"}}});
  op.point(std::vector<double>{0.625, -2.5e-6});
  write({op, sample_waveforms(5)});
  write_text(folder_ / "load.cir",
             "load\n.control\nload out.raw\nset numdgt=15\nprint time[4] @m1[x][1]\n"
             "let y = \"v(xb.bl[0,3])\"\nprint y[0]\nsetplot op1\nprint v(a) i(v1)\ndisplay\n"
             ".endc\n.end\n");
  const testing::ShellResult result = testing::shell(folder_, "ngspice -b load.cir");
  EXPECT_EQ(result.err.find("rror"), std::string::npos) << result.err;
  EXPECT_NE(result.out.find("time[4] = 4.000000000000000e-09"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("3.333333333333333e-01"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("v(a) = 6.250000000000000e-01"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("i(v1) = -2.50000000000000e-06"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("(Operating Point)"), std::string::npos) << result.out;
}

TEST_P(Rawfile, OfPhasorsIsLoadedByNgspice) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "no ngspice";
  write({testing::complex_sample(5)});
  write_text(folder_ / "load.cir",
             "load\n.control\nload out.raw\nset numdgt=15\nprint real(frequency[4])\n"
             "print real(i(v1)[4]) imag(i(v1)[4])\n.endc\n.end\n");
  const testing::ShellResult result = testing::shell(folder_, "ngspice -b load.cir");
  EXPECT_EQ(result.err.find("rror"), std::string::npos) << result.err;
  EXPECT_NE(result.out.find("real(frequency[4]) = 1.400000000000000e+01"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("real(i(v1)[4]) = -5.71428571428571e-07"), std::string::npos)
      << result.out;
  EXPECT_NE(result.out.find("imag(i(v1)[4]) = 1.333333333333333e+00"), std::string::npos)
      << result.out;
}

// And ngspice's own rawfiles are read: an RC low-pass whose operating point is its source's 2 V.
TEST_P(Rawfile, OfNgspiceIsRead) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "no ngspice";
  write_text(folder_ / ".spiceinit",
             GetParam() == RawFormat::kAscii ? "set filetype=ascii\n" : "set filetype=binary\n");
  write_text(folder_ / "rc.cir",
             "rc\nv1 a 0 2 ac 1\nr1 a b 1k\nc1 b 0 1n\n.op\n.dc v1 0 1 0.25\n.tran 1u 10u\n"
             ".ac lin 1 159154.94309189534 159154.94309189534\n.end\n");
  ASSERT_EQ(testing::shell(folder_, "ngspice -b -r rc.raw rc.cir").exit_code, 0);
  const std::vector<Waveforms> read = read_rawfile(folder_ / "rc.raw");
  ASSERT_EQ(read.size(), 4U);
  const auto plot = [&](const char* name) -> const Waveforms& {
    return *std::find_if(read.begin(), read.end(),
                         [&](const Waveforms& w) { return w.header().plotname == name; });
  };
  EXPECT_DOUBLE_EQ(plot("DC transfer characteristic").at("v(a)", 0.25), 0.25);
  EXPECT_NEAR(plot("Operating Point")["v(b)"][0], 2, 1e-9);
  EXPECT_NEAR(plot("Transient Analysis").column(0).back(), 10e-6, 1e-12);
  // At its corner frequency an RC divider gives 1/(1 + j).
  EXPECT_NEAR(std::abs(plot("AC Analysis").phasor("v(b)", 0) - std::complex<double>(0.5, -0.5)), 0,
              1e-12);
}

}  // namespace
}  // namespace wordline
