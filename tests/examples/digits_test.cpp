// examples/digits: the table of its program.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "shell.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline {
namespace {

std::filesystem::path digits_folder() {
  const char* root = std::getenv("WORDLINE_SOURCE_ROOT");
  return std::filesystem::path(root != nullptr ? root : ".") / "examples" / "digits";
}

// (values, 1) times weights.
std::vector<double> layer(std::vector<double> values, const Matrix& weights) {
  values.push_back(1);
  std::vector<double> sums(static_cast<std::size_t>(weights.cols));
  for (std::int64_t i = 0; i < weights.rows; ++i) {
    for (std::int64_t j = 0; j < weights.cols; ++j) {
      sums[static_cast<std::size_t>(j)] += values[static_cast<std::size_t>(i)] * weights(i, j);
    }
  }
  return sums;
}

// What plain arithmetic makes of the images from 1200 on.
double accuracy_of_arithmetic() {
  const Matrix digits = read_matrix(digits_folder() / "digits.csv");
  const Matrix hidden = read_matrix(digits_folder() / "hidden.csv");
  const Matrix output = read_matrix(digits_folder() / "output.csv");
  constexpr std::int64_t kFirst = 1200;
  int right = 0;
  for (std::int64_t n = kFirst; n < digits.rows; ++n) {
    std::vector<double> pixels;
    for (std::int64_t k = 0; k < 64; ++k) pixels.push_back(digits(n, k) / 16);
    std::vector<double> values = layer(pixels, hidden);
    for (double& v : values) v = std::max(v, 0.0);
    const std::vector<double> scores = layer(values, output);
    const auto found = std::max_element(scores.begin(), scores.end()) - scores.begin();
    if (static_cast<double>(found) == digits(n, 64)) ++right;
  }
  return right / static_cast<double>(digits.rows - kFirst);
}

TEST(Digits, AreRecognisedAsByArithmeticWithoutWiresAndWorseWithThem) {
  const testing::TemporaryFolder folder;
  const char* build = std::getenv("WORDLINE_BUILD_ROOT");
  ASSERT_NE(build, nullptr);
  const testing::ShellResult run =
      testing::shell(folder, "'" + std::string(build) + "/examples/digits_accuracy' '" +
                                 digits_folder().string() + "' >table.csv");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Matrix table = read_matrix(folder / "table.csv");
  ASSERT_EQ(table.cols, 4);
  const double exact = accuracy_of_arithmetic();
  EXPECT_GT(exact, 0.96);
  EXPECT_EQ(table(0, 0), 0);
  for (std::int64_t k = 1; k < 4; ++k) EXPECT_NEAR(table(0, k), exact, 1e-4) << k;
  // At 50 ohm, the last row: high conductances suffer, lines driven at both ends less so.
  const std::int64_t last = table.rows - 1;
  EXPECT_EQ(table(last, 0), 50);
  EXPECT_LT(table(last, 1), exact - 0.15);
  EXPECT_GT(table(last, 2), table(last, 1) + 0.1);
  EXPECT_NEAR(table(last, 3), exact, 0.01);
}

// Of two samples at every point: the mean of the last point of a sweep, and of the best.
TEST(Digits, SweepsFallWhereTheyHaveTo) {
  const testing::TemporaryFolder folder;
  const char* build = std::getenv("WORDLINE_BUILD_ROOT");
  ASSERT_NE(build, nullptr);
  const testing::ShellResult run =
      testing::shell(folder, "'" + std::string(build) + "/examples/digits_sweeps' '" +
                                 digits_folder().string() + "' 2");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  std::istringstream lines(run.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "sweep,value,mean,lowest,highest");
  std::map<std::string, std::vector<double>> means;
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string name, value, mean, lowest, highest;
    std::getline(cells, name, ',');
    std::getline(cells, value, ',');
    std::getline(cells, mean, ',');
    std::getline(cells, lowest, ',');
    std::getline(cells, highest);
    EXPECT_LE(std::stod(lowest), std::stod(mean) + 1e-4) << line;
    EXPECT_GE(std::stod(highest), std::stod(mean) - 1e-4) << line;
    means[name].push_back(std::stod(mean));
  }
  const double exact = accuracy_of_arithmetic();
  // Errors of 5 % in every weight cost a point or two; so do other sound setups.
  for (const char* sweep : {"tile", "tile_at_100_ohm", "stuck", "seconds", "ohm"}) {
    EXPECT_NEAR(means[sweep].front(), exact, 0.02) << sweep;
  }
  EXPECT_NEAR(means["tile"].back(), exact, 0.02);
  EXPECT_NEAR(means["adc_bits"].back(), exact, 0.02);
  // Two bits for a current, a third of all devices stuck: most is lost.
  EXPECT_LT(means["adc_bits"].front(), 0.6);
  EXPECT_LT(means["stuck"].back(), 0.5);
  EXPECT_LT(means["seconds"].back(), exact - 0.05);
  EXPECT_LT(means["ohm"].back(), exact - 0.05);
  EXPECT_LT(means["tile_at_100_ohm"].back(), exact - 0.3);
  EXPECT_EQ(testing::shell(folder, "'" + std::string(build) + "/examples/digits_sweeps'").exit_code,
            2);
}

}  // namespace
}  // namespace wordline
