#include "wordline/solvers/elimination.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace wordline {
namespace {

constexpr double kSmallestRatio = 1e-14;

// A sparse matrix of n rows, of which each is a pivot of some column: `rows[k]` of column k.
struct Case {
  SparsePattern pattern;
  std::vector<double> values;
  std::vector<std::int32_t> rows, columns;
};

Case random_case(std::int32_t n, std::mt19937& random) {
  Case made;
  made.rows.resize(static_cast<std::size_t>(n));
  std::iota(made.rows.begin(), made.rows.end(), 0);
  made.columns = made.rows;
  std::shuffle(made.rows.begin(), made.rows.end(), random);
  std::shuffle(made.columns.begin(), made.columns.end(), random);
  PatternBuilder builder(n);
  std::uniform_int_distribution<std::int32_t> any(0, n - 1);
  for (std::size_t k = 0; k < made.rows.size(); ++k) {
    builder.add(made.rows[k], made.columns[k]);
    for (int extra = 0; extra < 3; ++extra) builder.add(any(random), made.columns[k]);
  }
  made.pattern = builder.build();
  std::uniform_real_distribution<double> value(-1, 1);
  for (std::size_t k = 0; k < made.pattern.nonzeros(); ++k) made.values.push_back(value(random));
  // Columns whose pivots outweigh all else: the order is then as good as any.
  for (std::size_t k = 0; k < made.rows.size(); ++k) {
    made.values[static_cast<std::size_t>(made.pattern.slot(made.rows[k], made.columns[k]))] = 5;
  }
  return made;
}

// A x for an x that is known gives it back. Pivots that outweigh their columns lose no digits but
// to rounding, 1e-16 in each of at most 60 eliminations.
TEST(Elimination, SolvesInAnyOrderOfGoodPivots) {
  std::mt19937 random(1);
  for (const std::int32_t n : {1, 2, 7, 60}) {
    Case made = random_case(n, random);
    Elimination elimination(made.pattern, made.values, made.rows, made.columns);
    for (const double scale : {1.0, -3.0}) {  // other values of the same pattern
      for (double& value : made.values) value *= scale;
      ASSERT_TRUE(elimination.factor(made.values, kSmallestRatio));
      std::vector<double> x(static_cast<std::size_t>(n)), b(x.size());
      for (std::size_t k = 0; k < x.size(); ++k) x[k] = std::sin(static_cast<double>(k + 1));
      multiply(made.pattern, made.values, x, b);
      elimination.solve(b);
      for (std::size_t k = 0; k < x.size(); ++k) ASSERT_NEAR(b[k], x[k], 1e-13) << n;
    }
  }
}

// [1 1; 1 1 + d] has the pivots 1 and d.
TEST(Elimination, RefusesPivotsThatHaveBecomeSmall) {
  PatternBuilder builder(2);
  for (std::int32_t k = 0; k < 4; ++k) builder.add(k / 2, k % 2);
  const SparsePattern pattern = builder.build();
  const std::vector<std::int32_t> order = {0, 1};
  Elimination elimination(pattern, std::vector<double>{1, 1, 1, 2}, order, order);
  EXPECT_TRUE(elimination.factor(std::vector<double>{1, 1, 1, 2}, kSmallestRatio));
  EXPECT_TRUE(elimination.factor(std::vector<double>{1, 1, 1, 1 + 1e-12}, kSmallestRatio));
  EXPECT_FALSE(elimination.factor(std::vector<double>{1, 1, 1, 1}, kSmallestRatio));
  EXPECT_FALSE(elimination.factor(std::vector<double>{0, 1, 1, 1}, kSmallestRatio));
  EXPECT_FALSE(elimination.factor(std::vector<double>{NAN, 1, 1, 1}, kSmallestRatio));
}

}  // namespace
}  // namespace wordline
