#include "wordline/base/units.hpp"

#include <gtest/gtest.h>

namespace wordline {
namespace {

// Values from the SPICE language: scale factors may be followed by any letters.
TEST(SpiceNumber, ReadsScaleFactorsAndUnitLetters) {
  EXPECT_DOUBLE_EQ(*parse_spice_number("10k"), 1e4);
  EXPECT_DOUBLE_EQ(*parse_spice_number("10kOhm"), 1e4);
  EXPECT_DOUBLE_EQ(*parse_spice_number("2.5MEG"), 2.5e6);
  EXPECT_DOUBLE_EQ(*parse_spice_number("3m"), 3e-3);
  EXPECT_DOUBLE_EQ(*parse_spice_number("3M"), 3e-3);
  EXPECT_DOUBLE_EQ(*parse_spice_number("1mil"), 25.4e-6);
  EXPECT_DOUBLE_EQ(*parse_spice_number("1e-9s"), 1e-9);
  EXPECT_DOUBLE_EQ(*parse_spice_number("-.5u"), -0.5e-6);
  EXPECT_DOUBLE_EQ(*parse_spice_number("+4"), 4);
  EXPECT_DOUBLE_EQ(*parse_spice_number("1V"), 1);
}

// The nearest double, as the same number written with an exponent.
TEST(SpiceNumber, RoundsScaledNumbersOnce) {
  EXPECT_EQ(*parse_spice_number("3n"), 3e-9);
  EXPECT_EQ(*parse_spice_number("0.1u"), 0.1e-6);
  EXPECT_EQ(*parse_spice_number("2.51f"), 2.51e-15);
  EXPECT_EQ(*parse_spice_number("4.7k"), 4.7e3);
  EXPECT_DOUBLE_EQ(*parse_spice_number("1e3k"), 1e6);
}

TEST(SpiceNumber, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "k", "1,5", "4k7", "inf", "nan", "-inf", "--1", "1 k"}) {
    EXPECT_FALSE(parse_spice_number(text)) << text;
  }
}

TEST(Engineering, UsesTheNearestPrefixBelow) {
  EXPECT_EQ(engineering(12300, "ohm"), "12.3 kohm");
  EXPECT_EQ(engineering(4.7e-6, "S"), "4.7 uS");
  EXPECT_EQ(engineering(-1e-3, "A"), "-1 mA");
  EXPECT_EQ(engineering(0, "V"), "0 V");
}

}  // namespace
}  // namespace wordline
