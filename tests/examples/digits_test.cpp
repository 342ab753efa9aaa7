// examples/digits: the table of its program.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>

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

}  // namespace
}  // namespace wordline
