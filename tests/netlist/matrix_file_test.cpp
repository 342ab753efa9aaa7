// Matrices from text and .npy files. The bytes of .npy files are written out here as the format's
// definition (numpy.lib.format) has them.
#include "wordline/netlist/matrix_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "shell.hpp"
#include "wordline/base/error.hpp"

namespace wordline {
namespace {

class MatrixFile : public ::testing::Test {
 protected:
  MatrixFile()
      : path_(std::filesystem::temp_directory_path() /
              ("wordline_matrix_" + std::to_string(::getpid()))) {}
  ~MatrixFile() override { std::filesystem::remove(path_); }

  Matrix read(std::string_view content) const {
    std::ofstream(path_, std::ios::binary) << content;
    return read_matrix(path_);
  }

  // The message without the file's name; "" if the file was read.
  std::string fault(std::string_view content) const {
    try {
      read(content);
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.starts_with(path_.string())) << message;
      return message.substr(path_.string().size());
    }
    return {};
  }

 private:
  std::filesystem::path path_;
};

using Values = std::vector<double>;

TEST_F(MatrixFile, TextTakesCommasSemicolonsAndBlanks) {
  for (const char* text : {"1,2.5,-3e-6\n4,5,6\n", "1; 2.5; -3e-6\r\n4;5;6",
                           " 1\t2.5  -3e-6 \n4 5 6", "\xEF\xBB\xBF+1 ,2.5, -3e-6\n\n4, 5 ,6\n\n"}) {
    const Matrix m = read(text);
    EXPECT_EQ(m.rows, 2) << text;
    EXPECT_EQ(m.cols, 3) << text;
    EXPECT_EQ(m.values, (Values{1, 2.5, -3e-6, 4, 5, 6})) << text;
  }
}

TEST_F(MatrixFile, TextMayHoldCommentsAndAHeader) {
  const Matrix m = read("# weights\n\ncolumn a, column b\n1, 2 # first\n3, 4\n");
  EXPECT_EQ(m.rows, 2);
  EXPECT_EQ(m.values, (Values{1, 2, 3, 4}));
}

TEST_F(MatrixFile, FaultsInTextNameLineAndColumn) {
  EXPECT_EQ(fault("1,2\n3,x4\n"), ":2:3: 'x4' is no number");
  EXPECT_EQ(fault("1,2\n3,,4\n"), ":2:1: 3 numbers in this row, 2 in the rows before it");
  EXPECT_EQ(fault("1,2\n3,\n"), ":2:3: a number is missing");
  EXPECT_EQ(fault("1 2\n\n 3 nan\n"), ":3:4: 'nan' is not finite");
  EXPECT_EQ(fault("1\n2k\n"), ":2:1: '2k' is no number");
  EXPECT_EQ(fault("1e999\n"), ":1:1: '1e999' is no number");
  EXPECT_EQ(fault("1\n1e999\n"), ":2:1: '1e999' is no number");
  EXPECT_EQ(fault("1,5;2,5\n"), ":1:1: '1,5' is no number");
  EXPECT_EQ(fault(""), " holds no numbers");
  EXPECT_EQ(fault("# nothing\n"), " holds no numbers");
}

TEST_F(MatrixFile, AMissingFileAndAFolderAreErrors) {
  EXPECT_THROW(read_matrix("no/such/file.csv"), Error);
  EXPECT_THROW(read_matrix(std::filesystem::temp_directory_path()), Error);
}

std::string little_endian(std::size_t value, int bytes) {
  std::string text;
  for (int k = 0; k < bytes; ++k) text += static_cast<char>((value >> (8 * k)) & 0xff);
  return text;
}

std::string npy(const std::string& header, const std::string& data, int version = 1) {
  return "\x93NUMPY" + little_endian(static_cast<std::size_t>(version), 1) + '\0' +
         little_endian(header.size(), version == 1 ? 2 : 4) + header + data;
}

template <class T>
std::string bytes(std::initializer_list<T> values) {
  std::string text;
  for (const T value : values) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof value);
    text.append(raw, sizeof raw);
  }
  return text;
}

std::string header(const std::string& descr, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }      \n";
}

TEST_F(MatrixFile, NpyIsReadInBothOrdersAndAllVersions) {
  const std::string data = bytes<double>({1, 2, 3, 4, 5, 6});
  for (const int version : {1, 2, 3}) {
    const Matrix m = read(npy(header("<f8", "(2, 3)"), data, version));
    EXPECT_EQ(m.rows, 2);
    EXPECT_EQ(m.cols, 3);
    EXPECT_EQ(m.values, (Values{1, 2, 3, 4, 5, 6}));
  }
  EXPECT_EQ(read(npy(header("<f8", "(2, 3)", true), data)).values, (Values{1, 3, 5, 2, 4, 6}));
}

TEST_F(MatrixFile, NpyOfOneDimensionIsOneRow) {
  const Matrix m = read(npy(header("<f4", "(3,)"), bytes<float>({0.5F, -1, 2})));
  EXPECT_EQ(m.rows, 1);
  EXPECT_EQ(m.cols, 3);
  EXPECT_EQ(m.values, (Values{0.5, -1, 2}));
}

TEST_F(MatrixFile, NpyMayHoldIntegers) {
  EXPECT_EQ(read(npy(header("|i1", "(2,)"), bytes<std::int8_t>({-1, 7}))).values, (Values{-1, 7}));
  EXPECT_EQ(read(npy(header("<u2", "(2,)"), bytes<std::uint16_t>({1, 65535}))).values,
            (Values{1, 65535}));
  EXPECT_EQ(read(npy(header("<i4", "(1, 2)"), bytes<std::int32_t>({-5, 9}))).values,
            (Values{-5, 9}));
  EXPECT_EQ(read(npy(header("<i8", "(2, 1)"), bytes<std::int64_t>({-5, 1LL << 40}))).values,
            (Values{-5, 1099511627776.0}));
}

TEST_F(MatrixFile, HostileNpyIsAnErrorThatNamesTheByte) {
  const std::string data = bytes<double>({1, 2});
  const std::size_t begin = 10 + header("<f8", "(2,)").size();
  const std::string data_begin = ": byte " + std::to_string(begin) + ": ";
  const std::string second_number = ": byte " + std::to_string(begin + 8) + ": ";
  const auto is_fault_at_a_byte = [this](const std::string& content) {
    const std::string message = fault(content);
    return message.starts_with(": byte ");
  };
  EXPECT_EQ(fault("\x93NUMPY"), ": byte 6: the file ends inside its header");
  EXPECT_EQ(fault(npy(header("<f8", "(2,)"), data.substr(1))),
            data_begin + "15 bytes of data do not hold 1 x 2 numbers of 8 bytes");
  EXPECT_EQ(fault(npy(header(">f8", "(2,)"), data)),
            ": byte 20: big-endian data; save it as astype('<f8')");
  EXPECT_EQ(fault(npy(header("<f8", "(1, 1, 2)"), data)),
            ": byte 60: an array of 3 dimensions; 1 or 2 are expected");
  EXPECT_EQ(fault(npy(header("<f8", "(2,)"),
                      bytes<double>({1, std::numeric_limits<double>::quiet_NaN()}))),
            second_number + "element [0,1] is not finite");
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<f8", "(2,)"), data + "x")));
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<f8", "()"), data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<f8", "(0, 4)"), "")));
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<f8", "(-1,)"), data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<c16", "(1,)"), data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("|O", "(1,)"), data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<f8", "(99999999999999999999,)"), data)));
  // The product of the extents overflows to 2.
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<f8", "(9223372036854775809, 2)"), data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy("{'descr': [('a', '<f8')], ", data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy("{'descr': '<f8", data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy("{'descr': '<f8'}", data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy("", data)));
  EXPECT_TRUE(is_fault_at_a_byte(npy(header("<f8", "(2,)"), data, 9)));
  const std::string whole = npy(header("<f8", "(2,)"), data);
  for (std::size_t size = 6; size < whole.size(); ++size) {
    EXPECT_TRUE(is_fault_at_a_byte(whole.substr(0, size))) << size;
  }
}

// Numbers that short formats would spoil: a third, the smallest and the largest double, -0.
const Matrix kAwkward{2, 3, {1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e-6, -123456789}};

class MatrixWriter : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  testing::TemporaryFolder folder_;
};

TEST_F(MatrixWriter, WritesWhatReadsBackBitByBit) {
  for (const char* name : {"m.npy", "m.NPY", "m.csv", "m"}) {
    write_matrix(path(name), kAwkward);
    const Matrix back = read_matrix(path(name));
    EXPECT_EQ(back.rows, 2) << name;
    EXPECT_EQ(back.cols, 3) << name;
    ASSERT_EQ(back.values, kAwkward.values) << name;
    EXPECT_TRUE(std::signbit(back(1, 0))) << name;
  }
}

TEST_F(MatrixWriter, CsvIsALineARowOfTheShortestNumbers) {
  write_matrix(path("m.csv"), {2, 2, {0.1, 1, 2.5e-7, 1e300}});
  EXPECT_EQ(testing::read_text(folder_ / "m.csv"), "0.1,1\n2.5e-07,1e+300\n");
}

TEST_F(MatrixWriter, NpyDataBeginAtAMultipleOf64Bytes) {
  for (const std::int64_t cols : {1, 10, 100, 1000, 10000, 100000}) {
    const Matrix row{1, cols, std::vector<double>(static_cast<std::size_t>(cols), 0.25)};
    write_matrix(path("m.npy"), row);
    const std::string bytes = testing::read_text(folder_ / "m.npy");
    EXPECT_EQ((bytes.size() - row.values.size() * sizeof(double)) % 64, 0) << cols;
    EXPECT_EQ(read_matrix(path("m.npy")).values, row.values) << cols;
  }
}

TEST_F(MatrixWriter, NumpyReadsBothFormats) {
  if (testing::shell(folder_, "/usr/bin/python3 -c 'import numpy'").exit_code != 0) {
    GTEST_SKIP() << "no numpy";
  }
  write_matrix(path("m.npy"), kAwkward);
  write_matrix(path("m.csv"), kAwkward);
  testing::write_text(folder_ / "read.py",
                      "import numpy\n"
                      "a = numpy.load('m.npy')\n"
                      "print(a.shape, a.dtype, a.flags['C_CONTIGUOUS'])\n"
                      "print([x.hex() for x in a.ravel().tolist()])\n"
                      "print((a == numpy.loadtxt('m.csv', delimiter=',')).all())\n");
  const testing::ShellResult result = testing::shell(folder_, "/usr/bin/python3 read.py");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "(2, 3) float64 True\n"
            "['0x1.5555555555555p-2', '0x0.0000000000001p-1022', '0x1.fffffffffffffp+1023', "
            "'-0x0.0p+0', '0x1.0c6f7a0b5ed8dp-20', '-0x1.d6f3454000000p+26']\n"
            "True\n");
}

TEST_F(MatrixWriter, AFileThatCannotBeWrittenIsAnErrorNamingIt) {
  const auto fault = [](const std::string& path) {
    try {
      write_matrix(path, kAwkward);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(fault("absent/m.npy"), "absent/m.npy: open: No such file or directory");
  EXPECT_EQ(fault("/dev/full"), "/dev/full: write: No space left on device");
}

// A disk that is full half-way, here a limit on the size of files, leaves no torn matrix.
TEST_F(MatrixWriter, AFileThatDoesNotFitIsNotLeftBehind) {
  const Matrix large{1000, 100, std::vector<double>(100000, 0.5)};
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit small { 4096, before.rlim_max };
  std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(write_matrix(path("m.npy"), large), Error);
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "m.npy"));
}

}  // namespace
}  // namespace wordline
