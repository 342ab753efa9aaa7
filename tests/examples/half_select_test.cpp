// examples/half_select: the table of its program.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "shell.hpp"
#include "wordline/netlist/matrix_file.hpp"

namespace wordline {
namespace {

TEST(HalfSelect, DisturbsMoreTheMoreTheLinesTake) {
  const testing::TemporaryFolder folder;
  const char* build = std::getenv("WORDLINE_BUILD_ROOT");
  ASSERT_NE(build, nullptr);
  const testing::ShellResult run =
      testing::shell(folder, "'" + std::string(build) + "/examples/half_select' >table.csv");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Matrix table = read_matrix(folder / "table.csv");
  ASSERT_EQ(table.cols, 5);
  const std::int64_t last = table.rows - 1;
  EXPECT_EQ(table(0, 0), 0);
  for (std::int64_t k = 0; k <= last; ++k) {
    EXPECT_EQ(table(k, 4), 16) << "cells that are reached";
    EXPECT_GE(table(k, 1), table(std::max<std::int64_t>(k - 1, 0), 1)) << "voltage of pulses";
    EXPECT_LT(table(k, 3), table(k, 2)) << "rms and largest";
  }
  // Where half of the largest pulse is below the threshold of 0.5 V nothing would move at all.
  EXPECT_GT(table(0, 1) / 2, .5);
  EXPECT_GT(table(last, 2), 10 * table(0, 2));
}

}  // namespace
}  // namespace wordline
