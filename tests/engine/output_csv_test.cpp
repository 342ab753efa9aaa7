#include "wordline/engine/output/csv.hpp"

#include <gtest/gtest.h>

#include <cmath>

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

class Csv : public ::testing::Test {
 protected:
  std::string write(const Waveforms& plot) {
    std::string path = folder_ / "out.csv";
    CsvWriter writer(path);
    plot.write_to(writer);
    return path;
  }

  std::string complaint(const std::string& content) {
    write_text(folder_ / "bad.csv", content);
    try {
      read_csv(folder_ / "bad.csv");
    } catch (const Error& error) {
      return std::string(error.what()).substr((folder_ / "bad.csv").string().size());
    }
    return "";
  }

  TemporaryFolder folder_;
};

TEST_F(Csv, ReadsBackEveryBit) {
  const Waveforms read = read_csv(write(sample_waveforms()));
  EXPECT_EQ(differing_values(read, sample_waveforms()), 0U);
  EXPECT_EQ(read.header().signals[0].unit, "s");
  EXPECT_EQ(read.header().signals[1].name, "v(xb.bl[0,3])");
  EXPECT_EQ(read.header().signals[1].unit, "V");
  EXPECT_EQ(read.header().signals[2].unit, "A");
}

TEST_F(Csv, HoldsPhasorsAsTwoColumns) {
  const Waveforms sample = testing::complex_sample();
  const std::string path = write(sample);
  const std::string text = read_text(path);
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "frequency,\"re(v(xb.bl[0,3]))\",\"im(v(xb.bl[0,3]))\",re(i(v1)),im(i(v1))");
  const Waveforms read = read_csv(path);
  EXPECT_EQ(differing_values(read, sample), 0U);
  EXPECT_EQ(read.header().signals[0].unit, "Hz");
  EXPECT_EQ(read.header().signals[2].unit, "A");
}

TEST_F(Csv, QuotesNamesThatHoldCommas) {
  const std::string text = read_text(write(sample_waveforms(2)));
  EXPECT_EQ(text.substr(0, text.find('\n')), "time,\"v(xb.bl[0,3])\",i(v1),@m1[x]");
}

TEST_F(Csv, DoublesQuotesInsideNames) {
  Waveforms w;
  w.begin({"", "", {{"a\"b,c", "", ""}, {"d", "", ""}}});
  w.point(std::vector<double>{1, 2});
  EXPECT_EQ(read_text(write(w)), "\"a\"\"b,c\",d\n1,2\n");
  EXPECT_EQ(read_csv(folder_ / "out.csv").header().signals[0].name, "a\"b,c");
}

TEST_F(Csv, WithoutPointsLeavesNoFile) {
  EXPECT_FALSE(std::filesystem::exists(write(sample_waveforms(0))));
}

TEST_F(Csv, OfOtherProgramsIsRead) {
  write_text(folder_ / "other.csv", "\xef\xbb\xbftime,V(a),@m[g]\r\n0,1.5,0\r\n1e-9,nan,1");
  const Waveforms read = read_csv(folder_ / "other.csv");
  ASSERT_EQ(read.points(), 2U);
  EXPECT_EQ(read.header().signals[0].type, "time");
  EXPECT_EQ(read.header().signals[1].type, "voltage");
  EXPECT_EQ(read.header().signals[2].unit, "S");
  EXPECT_DOUBLE_EQ(read["v(a)"][0], 1.5);
  EXPECT_TRUE(std::isnan(read["v(a)"][1]));
}

TEST_F(Csv, WithFaultsIsRefusedNamingTheLine) {
  EXPECT_EQ(complaint(""), ":1: the file is empty");
  EXPECT_EQ(complaint("a,\"b\n"), ":1: a quote is not closed");
  EXPECT_EQ(complaint("a,b\n1,2\n3\n"), ":3: 1 numbers for 2 names");
  EXPECT_EQ(complaint("a,b\n1,2,3\n"), ":2: more numbers than the 2 names");
  EXPECT_EQ(complaint("a,b\n1,zwei\n"), ":2: 'zwei' is not a number");
  EXPECT_EQ(complaint("a\n1e999\n"), ":2: '1e999' is not a number");
}

TEST_F(Csv, OnAFullDiskIsAnErrorNamingFileAndCall) {
  CsvWriter writer("/dev/full");
  EXPECT_THROW(sample_waveforms().write_to(writer), Error);
}

// numpy is the judge: it must see the same doubles, whose hexadecimal form it prints.
TEST_F(Csv, IsReadByNumpy) {
  if (testing::shell(folder_, "/usr/bin/python3 -c 'import numpy'").exit_code != 0) {
    GTEST_SKIP() << "no numpy";
  }
  write(sample_waveforms());
  write_text(folder_ / "read.py",
             "import numpy\n"
             "a = numpy.loadtxt('out.csv', delimiter=',', skiprows=1)\n"
             "b = numpy.genfromtxt('out.csv', delimiter=',', skip_header=1)\n"
             "assert a.shape == b.shape == (5, 4), a.shape\n"
             "assert (a == b).all()\n"
             "print(' '.join(float(x).hex() for x in a[:, 1]))\n");
  const testing::ShellResult result = testing::shell(folder_, "/usr/bin/python3 read.py");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "0x1.5555555555555p-2 -0x0.0p+0 0x0.0000000000001p-1022 0x1.fffffffffffffp+1023 "
            "0x1.3333333333334p-2\n");
}

}  // namespace
}  // namespace wordline
