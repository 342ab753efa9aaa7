#include "wordline/devices/safe_math.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace wordline
