#include "wordline/devices/safe_math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wordline {
namespace {

// The series for small arguments and the C library, in whose precision both are the same function.
TEST(SafeMath, SinhIsThatOfTheCLibraryOnBothSidesOfItsSeries) {
  constexpr double kRounding = 4 * std::numeric_limits<double>::epsilon();
  for (double z = 1e-300; z < 79; z *= 1.07) {
    for (const double at : {z, -z}) {
      const auto [sinh, cosh] = safe_sinh(at);
      EXPECT_NEAR(sinh, std::sinh(at), kRounding * std::sinh(z)) << at;
      EXPECT_NEAR(cosh, std::cosh(at), kRounding * std::cosh(z)) << at;
    }
  }
  EXPECT_EQ(safe_sinh(0).value, 0);
  EXPECT_EQ(safe_sinh(0).slope, 1);
}

// Over all mantissas, so that both sides of where the series are joined are met.
TEST(SafeMath, LogarithmIsThatOfTheCLibrary) {
  constexpr double kRounding = 2 * std::numeric_limits<double>::epsilon();
  for (double power = 1e-300; power < 1e300; power *= 2) {
    for (double x = power; x < 2 * power; x += 0.0137 * power) {
      EXPECT_NEAR(natural_log(x), std::log(x), kRounding * std::max(1.0, std::abs(std::log(x))));
    }
  }
  // Near 1 the digits of x - 1 are those of the logarithm.
  for (double off = 1e-15; off < 0.4; off *= 1.3) {
    for (const double x : {1 + off, 1 - off}) {
      EXPECT_NEAR(natural_log(x), std::log(x), kRounding * std::abs(std::log(x))) << x;
    }
  }
}

TEST(SafeMath, PowerIsThatOfTheCLibraryToTheRoundingOfItsLogarithm) {
  constexpr double kUnit = std::numeric_limits<double>::epsilon();
  for (double x = 1e-12; x < 1e12; x *= 1.37) {
    for (const double y : {-0.95, -0.5, -0.33, 0.0, 0.5, 3.0}) {
      const double expected = std::pow(x, y);
      const double rounding = (4 + 2 * std::abs(y * std::log(x))) * kUnit;
      EXPECT_NEAR(positive_power(x, y), expected, rounding * expected) << x << "^" << y;
    }
  }
}

}  // namespace
}  // namespace wordline
