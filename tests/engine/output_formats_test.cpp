// The formats of other programs: what is written reads back to the bit, and NumPy and h5py agree.

#include <gtest/gtest.h>

#include <cstring>

#include "output_samples.hpp"
#include "shell.hpp"
#include "wordline/base/error.hpp"
#include "wordline/engine/output/waveform_file.hpp"

namespace wordline {
namespace {

using testing::complex_sample;
using testing::differing_values;
using testing::sample_waveforms;
using testing::shell;
using testing::TemporaryFolder;

class Formats : public ::testing::TestWithParam<const char*> {
 protected:
  std::string write(const std::vector<const Waveforms*>& plots) {
    std::string path = folder_ / ("out." + std::string(GetParam()));
    const auto writer = find_waveform_format(GetParam())->open(path);
    for (const Waveforms* plot : plots) plot->write_to(*writer);
    return path;
  }

  TemporaryFolder folder_;
};

TEST_P(Formats, ReadBackEveryBit) {
  const Waveforms sample = sample_waveforms();
  const std::vector<Waveforms> read = read_waveforms(write({&sample}));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(differing_values(read[0], sample), 0u);
  EXPECT_EQ(read[0].header().signals[1].name, "v(xb.bl[0,3])");
  EXPECT_EQ(read[0].header().signals[1].unit, "V");
  EXPECT_EQ(read[0].header().signals[2].type, "current");
}

TEST_P(Formats, ReadBackPhasors) {
  const Waveforms sample = complex_sample();
  const std::vector<Waveforms> read = read_waveforms(write({&sample}));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(read[0].header().complex);
  EXPECT_EQ(differing_values(read[0], sample), 0u);
}

// More than the writers keep in memory: 16 MB are 524288 points of four numbers, of which they hold
// 65536.
TEST_P(Formats, HoldLongRuns) {
  const Waveforms sample = sample_waveforms(150'001);
  EXPECT_EQ(differing_values(read_waveforms(write({&sample}))[0], sample), 0u);
}

TEST_P(Formats, LeaveNoFileWithoutPoints) {
  const Waveforms sample = sample_waveforms(0);
  EXPECT_FALSE(std::filesystem::exists(write({&sample})));
}

TEST_P(Formats, HoldSeveralPlots) {
  if (!find_waveform_format(GetParam())->holds_plots) GTEST_SKIP() << "a file a plot";
  const Waveforms first = sample_waveforms(7), second = sample_waveforms(3);
  const Waveforms third = complex_sample();
  const std::vector<Waveforms> read = read_waveforms(write({&first, &second, &third}));
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(differing_values(read[0], first), 0u);
  EXPECT_EQ(differing_values(read[1], second), 0u);
  EXPECT_EQ(differing_values(read[2], third), 0u);
  EXPECT_EQ(read[0].header().plotname, "Transient Analysis");
  EXPECT_EQ(read[0].header().title, "an array");
}

TEST_P(Formats, RefuseWhatIsCutOff) {
  const Waveforms sample = sample_waveforms(50);
  const std::string path = write({&sample});
  const std::string whole = testing::read_text(path);
  testing::write_text(path, whole.substr(0, whole.size() * 2 / 3));
  EXPECT_THROW(read_waveforms(path), Error);
}

INSTANTIATE_TEST_SUITE_P(All, Formats, ::testing::Values("raw", "prn", "npz", "h5"),
                         [](const auto& format) { return format.param; });

TEST(Npz, IsReadByNumpy) {
  const TemporaryFolder folder;
  if (shell(folder, "/usr/bin/python3 -c 'import numpy'").exit_code != 0)
    GTEST_SKIP() << "no numpy";
  for (const Waveforms& sample : {sample_waveforms(), complex_sample()}) {
    {
      const auto writer = find_waveform_format("npz")->open(folder / "out.npz");
      sample.write_to(*writer);
    }
    const auto python = shell(folder,
                              "/usr/bin/python3 -c \"import numpy\n"
                              "a = numpy.load('out.npz')\n"
                              "print(*a.files, a['v(xb.bl[0,3])'].dtype)\n"
                              "numpy.savez_compressed('again.npz', **a)\"");
    EXPECT_EQ(python.out, sample.header().complex ? "frequency v(xb.bl[0,3]) i(v1) complex128\n"
                                                  : "time v(xb.bl[0,3]) i(v1) @m1[x] float64\n")
        << python.err;
    EXPECT_EQ(differing_values(read_waveforms(folder / "again.npz")[0], sample), 0u)
        << "NumPy read and wrote other numbers";
  }
}

TEST(Npz, SaysWhatItDoesNotRead) {
  const TemporaryFolder folder;
  if (shell(folder, "/usr/bin/python3 -c 'import numpy'").exit_code != 0)
    GTEST_SKIP() << "no numpy";
  const auto complaint = [&](const std::string& arrays) -> std::string {
    shell(folder, "/usr/bin/python3 -c \"import numpy\nnumpy.savez('x.npz', " + arrays + ")\"");
    try {
      read_waveforms(folder / "x.npz");
    } catch (const Error& error) {
      return std::string(error.what()).substr((folder / "x.npz").string().size());
    }
    return "";
  };
  EXPECT_EQ(complaint("a=numpy.zeros(3), b=numpy.zeros(4)"),
            ": 'b' has 4 points, not 3 as the arrays before it");
  EXPECT_EQ(complaint("a=numpy.zeros((3,2))"),
            ": 'a.npy': only arrays of one dimension are signals");
  EXPECT_EQ(complaint("a=numpy.zeros(3, dtype='i4')"),
            ": 'a.npy': only float64 and complex128 are read; save it as astype('<f8')");
}

TEST(Hdf5, IsReadByH5py) {
  const TemporaryFolder folder;
  if (shell(folder, "/usr/bin/python3 -c 'import h5py'").exit_code != 0) GTEST_SKIP() << "no h5py";
  {
    const auto writer = find_waveform_format("h5")->open(folder / "out.h5");
    sample_waveforms().write_to(*writer);
    complex_sample().write_to(*writer);
  }
  const auto python = shell(folder,
                            "/usr/bin/python3 -c \"import h5py\n"
                            "f = h5py.File('out.h5')\n"
                            "d = f['Transient Analysis']['v(xb.bl[0,3])']\n"
                            "print(d.dtype, len(d), d[0] == 1/3, d.compression, d.attrs['unit'])\n"
                            "print(f['AC Analysis']['i(v1)'].dtype)\"");
  EXPECT_EQ(python.out, "float64 5 True gzip V\ncomplex128\n") << python.err;
}

// A rawfile as LTspice lays it out: the header in UTF-16, then the first variable in 8 bytes and
// the others in 4.
class LtspiceFile : public ::testing::Test {
 protected:
  void header(const std::string& plotname, const std::string& flags) {
    const std::string text = "Title: * rc\nDate: now\nPlotname: " + plotname + "\nFlags: " + flags +
                             "\nNo. Variables: 3\nNo. Points:            2\nOffset:   0.0\n"
                             "Command: Linear Technology Corporation LTspice XVII\nVariables:\n"
                             "\t0\ttime\ttime\n\t1\tV(out)\tvoltage\n\t2\tI(R1)\tdevice_current\n"
                             "Binary:\n";
    for (const char c : text) {
      content_ += c;
      content_ += '\0';
    }
  }
  template <class Number>
  void put(Number value) {
    content_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  Waveforms read() {
    testing::write_text(folder_ / "lt.raw", content_);
    return read_waveforms(folder_ / "lt.raw").at(0);
  }

  TemporaryFolder folder_;
  std::string content_;
};

TEST_F(LtspiceFile, HasShortNumbersAfterTheTime) {
  header("Transient Analysis", "real forward");
  put(0.0), put(1.5F), put(-2e-3F);
  put(-1e-9), put(2.5F), put(0.25F);  // a negative time marks a compressed point
  const Waveforms w = read();
  EXPECT_EQ(w["time"][1], 1e-9);
  EXPECT_EQ(w["v(out)"][0], 1.5);
  EXPECT_EQ(w["i(r1)"][0], static_cast<double>(-2e-3F));
  EXPECT_EQ(w["i(r1)"][1], 0.25);
  EXPECT_EQ(w.header().signals[2].type, "current");
}

TEST_F(LtspiceFile, MayHaveLongNumbers) {
  header("Transient Analysis", "real forward double");
  for (const double value : {0.0, 1.5, 1.0 / 3, 1e-9, 2.5, 0.25}) put(value);
  EXPECT_EQ(read()["i(r1)"][0], 1.0 / 3);
}

TEST_F(LtspiceFile, MayHaveOneVariableAfterTheOther) {
  header("Transient Analysis", "real forward fastaccess");
  put(0.0), put(1e-9), put(1.5F), put(2.5F), put(-1.0F), put(0.25F);
  const Waveforms w = read();
  EXPECT_EQ(w["v(out)"][1], 2.5);
  EXPECT_EQ(w["i(r1)"][0], -1);
}

TEST_F(LtspiceFile, HasLongPhasors) {
  header("AC Analysis", "complex forward log");
  for (const double value : {1.0, 0.0, 0.5, -0.5, 1e-3, 2e-3, 10.0, 0.0, 0.1, -0.2, 3e-3, 4e-3}) {
    put(value);
  }
  const Waveforms w = read();
  EXPECT_EQ(w.phasor("v(out)", 0), std::complex<double>(0.5, -0.5));
  EXPECT_EQ(w.phasor("i(r1)", 1), std::complex<double>(3e-3, 4e-3));
}

TEST_F(LtspiceFile, ThatIsCutOffIsRefused) {
  header("Transient Analysis", "real forward");
  put(0.0), put(1.5F), put(-2e-3F), put(1e-9);
  EXPECT_THROW(read(), Error);
}

// As Xyce 7 prints: capitals, widths, a last line.
TEST(Prn, OfXyceIsRead) {
  const TemporaryFolder folder;
  testing::write_text(folder / "x.prn",
                      "Index       TIME              V(OUT)          I(V1)      \n"
                      "0        0.00000000e+00   1.00000000e+00  -1.00000000e-03\n"
                      "1        1.00000000e-09   2.00000000e+00  -2.00000000e-03\n"
                      "End of Xyce(TM) Simulation\n");
  // Of an earlier run, or of something else.
  testing::write_text(folder / "x.res", "STEP  R1:R\n0  1.0e+03\n");
  const Waveforms w = read_waveforms(folder / "x.prn").at(0);
  EXPECT_EQ(w.points(), 2u);
  EXPECT_TRUE(w.header().steps.empty());
  EXPECT_EQ(w.header().signals[0].name, "time");
  EXPECT_EQ(w["v(out)"][1], 2);
  EXPECT_EQ(w["i(v1)"][1], -2e-3);
}

// As Xyce 7 prints the results of .step, and the table of its steps.
TEST(Prn, OfXycesStepsIsRead) {
  const TemporaryFolder folder;
  testing::write_text(folder / "x.prn",
                      "Index       TIME              V(OUT)     \n"
                      "0        0.00000000e+00   1.00000000e+00 \n"
                      "1        1.00000000e-09   2.00000000e+00 \n"
                      "0        0.00000000e+00   3.00000000e+00 \n"
                      "1        1.00000000e-09   4.00000000e+00 \n"
                      "2        2.00000000e-09   5.00000000e+00 \n"
                      "End of Xyce(TM) Parameter Sweep\n");
  EXPECT_TRUE(read_waveforms(folder / "x.prn").at(1).header().steps.empty());
  testing::write_text(folder / "x.res",
                      "STEP            R1:R            TEMP\n"
                      "0        1.00000000e+03   2.70000000e+01\n"
                      "1        2.00000000e+03   5.00000000e+01\n"
                      "End of Xyce(TM) Parameter Sweep\n");
  const std::vector<Waveforms> plots = read_waveforms(folder / "x.prn");
  ASSERT_EQ(plots.size(), 2u);
  EXPECT_EQ(plots[0].points(), 2u);
  EXPECT_EQ(plots[1]["v(out)"][2], 5);
  ASSERT_EQ(plots[1].header().steps.size(), 2u);
  EXPECT_EQ(plots[1].header().steps[0].name, "r1:r");
  EXPECT_EQ(plots[1].header().steps[0].value, 2e3);
  EXPECT_EQ(plots[1].header().steps[1].value, 50);
}

TEST(Prn, TheTableOfStepsIsAFileOfItsOwnWhateverTheOtherIsCalled) {
  const TemporaryFolder folder;
  {
    const auto file = find_waveform_format("prn")->open(folder / "x.res");
    file->begin({"title", "", {{"time", "time", "s"}}, {{"r1", 1.5}}});
    file->point(std::vector<double>{0});
    file->end();
  }
  EXPECT_TRUE(testing::read_text(folder / "x.res").starts_with("Index  TIME\n"));
  EXPECT_TRUE(testing::read_text(folder / "x.res.res").starts_with("STEP  R1\n"));
}

TEST(Prn, StepsAreWrittenAsXyceDoes) {
  const TemporaryFolder folder;
  {
    const auto file = find_waveform_format("prn")->open(folder / "x.prn");
    for (const double value : {1.5, 2.5}) {
      file->begin({"title",
                   "Transient Analysis",
                   {{"time", "time", "s"}, {"v(a)", "voltage", "V"}},
                   {{"n1(vto)", value}}});
      file->point(std::vector<double>{0, value});
      file->point(std::vector<double>{1, -value});
      file->end();
    }
  }
  EXPECT_EQ(testing::read_text(folder / "x.prn"),
            "Index  TIME  V(A)\n"
            "0  0.0000000000000000e+00  1.5000000000000000e+00\n"
            "1  1.0000000000000000e+00  -1.5000000000000000e+00\n"
            "0  0.0000000000000000e+00  2.5000000000000000e+00\n"
            "1  1.0000000000000000e+00  -2.5000000000000000e+00\n"
            "End of Xyce(TM) Parameter Sweep\n");
  EXPECT_EQ(testing::read_text(folder / "x.res"),
            "STEP  N1(VTO)\n0  1.5000000000000000e+00\n1  2.5000000000000000e+00\n"
            "End of Xyce(TM) Parameter Sweep\n");
}

}  // namespace
}  // namespace wordline
