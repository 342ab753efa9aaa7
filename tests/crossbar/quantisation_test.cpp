// Converters. Expected numbers are worked out by hand from the formulas of quantisation.hpp; those
// named T-Q.. are also what MemTorch 1.1.6 gives, unless it is said why not.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "wordline/base/error.hpp"
#include "wordline/crossbar/quantisation.hpp"

namespace wordline::crossbar {
namespace {

using Values = std::vector<double>;
const Values kX = {-1, -.5, -.3, -.1, 0, .1, .3, .5, .9, 1};

Values put(const Quantiser& quantiser, Values values) {
  check(quantiser);
  quantise(quantiser, values);
  return values;
}
Quantiser fixed_point(int bits, double overflow = 0, std::optional<Interval> range = {}) {
  return {Law::kFixedPoint, levels_of_bits(bits), range, overflow};
}
Quantiser levels(std::int32_t count, std::optional<Interval> range = {}) {
  return {Law::kLevels, count, range, 0};
}

TEST(FixedPoint, HasAStepThatIsAPowerOfTwo) {
  EXPECT_EQ(put(fixed_point(2), kX), (Values{-1, -.5, -.5, 0, 0, 0, .5, .5, .5, .5}));      // T-Q1
  EXPECT_EQ(put(fixed_point(3), kX), (Values{-1, -.5, -.25, 0, 0, 0, .25, .5, .75, .75}));  // T-Q2
  EXPECT_EQ(put(fixed_point(4), kX),
            (Values{-1, -.5, -.25, -.125, 0, .125, .25, .5, .875, .875}));  // T-Q3
  const Values fine = put(fixed_point(8), kX);                              // T-Q4
  EXPECT_EQ(fine[2], -.296875);
  EXPECT_EQ(fine[3], -.1015625);
  EXPECT_EQ(fine[8], .8984375);
  EXPECT_EQ(fine[9], .9921875);
  EXPECT_EQ(put(fixed_point(3), {1, 2, 3, 7}), (Values{2, 2, 4, 6}));  // T-Q9
}

TEST(FixedPoint, ClipsTheShareThatMayOverflow) {
  EXPECT_EQ(put(fixed_point(4, .2), kX), put(fixed_point(4), kX));  // T-Q5: 0.9 becomes F
  // T-Q6. MemTorch takes twice the step at a power of two in double precision.
  EXPECT_EQ(put(fixed_point(3), {4, .3, -.7, .05}), (Values{3, 0, -1, 0}));
  EXPECT_EQ(put(fixed_point(3, .25), {4, .3, -.7, .05}), (Values{.75, .25, -.75, 0}));
  // T-Q5 with an overflow of 1. MemTorch lets 0 become F, which leaves a step of 2^-42; here it is
  // 0.1, so that F is 1/8 and the step 1/64.
  EXPECT_EQ(put(fixed_point(4, 1), kX),
            (Values{-.125, -.125, -.125, -.09375, 0, .09375, .109375, .109375, .109375, .109375}));
}

TEST(FixedPoint, ClampsToARangeFirst) {
  EXPECT_EQ(put(fixed_point(4, 0, Interval{-.4, .4}), kX),
            (Values{-.375, -.375, -.3125, -.125, 0, .125, .3125, .375, .375, .375}));  // T-Q7
  // An end at 0 is an end. To MemTorch it is none.
  EXPECT_EQ(put(fixed_point(3, 0, Interval{0, 1}), {-1, -.3, .6}), (Values{0, 0, .5}));
}

TEST(FixedPoint, ConvertsValuesThatAreAllAlike) {
  // T-Q8: MemTorch leaves them as they are, so that an array with one column has no converter.
  EXPECT_EQ(put(fixed_point(2), {.3, .3, .3}), (Values{.25, .25, .25}));
  EXPECT_EQ(put(fixed_point(2), {0, 0}), (Values{0, 0}));
}

TEST(FixedPoint, OfOneBitIsTheSign) {
  // MemTorch fails.
  EXPECT_EQ(put(fixed_point(1), {-1, 2, -3, 6}), (Values{-3, 3, -3, 3}));
}

TEST(FixedPoint, ReadsCurrents) {
  // T-Q15: those of a passive array of 4 x 4 cells.
  const Values currents = {2.6123523986e-4, 1.88421987901e-4, 2.49147184443e-4, 1.44882392545e-4};
  EXPECT_EQ(put(fixed_point(4), currents),
            (Values{2.44140625e-4, 1.8310546875e-4, 2.44140625e-4, 1.220703125e-4}));
  const Values fine = put(fixed_point(8), currents);
  const Values expected = {2.59399414062e-4, 1.86920166016e-4, 2.47955322266e-4, 1.44958496094e-4};
  // The numbers are given to 12 digits.
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(fine[k], expected[k], 1e-11 * expected[k]);
}

TEST(Levels, AreEquallySpacedBetweenTheExtremes) {
  EXPECT_EQ(put(levels(5), kX), (Values{-1, -.5, -.5, 0, 0, 0, .5, .5, 1, 1}));  // T-Q12
  EXPECT_EQ(put(levels(2), kX), (Values{-1, -1, -1, -1, 1, 1, 1, 1, 1, 1}));     // T-Q13
  EXPECT_EQ(put(levels(3), {.3, .3}), (Values{.3, .3}));
}

TEST(Levels, TakeTiesUp) {
  // T-Q14. MemTorch's ties go to what its search visits first: 0, 0, .5, .5, 1, 1.
  EXPECT_EQ(put(levels(5), {0, .125, .375, .625, .875, 1}), (Values{0, .25, .5, .75, 1, 1}));
}

TEST(Levels, OfAFixedRangeClampAndKeepTheirEnds) {
  EXPECT_EQ(put(levels(5, Interval{0, 2}), {-3, .2, .3, 1.2, 1.9, 9}), (Values{0, 0, .5, 1, 2, 2}));
  // An even number from -F to F (1 - 2/N) has a level at 0.
  EXPECT_EQ(put(levels(4, Interval{-1, .5}), {-.8, -.1, .1, .9}), (Values{-1, 0, 0, .5}));
}

// A DAC's error is at most half a step inside its range.
TEST(Levels, ErrByHalfAStep) {
  const Quantiser dac = levels(16, Interval{0, .3});
  for (int k = 0; k <= 1000; ++k) {
    const double v = .3 * k / 1000;
    EXPECT_LE(std::abs(put(dac, {v})[0] - v), .01 * (1 + 1e-12));
  }
}

TEST(LogLevels, AreEquallySpacedInLogarithm) {
  // 3 bits: a sign and 4 magnitudes, 1 2 4 8. The geometric mean 2 sqrt(2) parts 2 and 4.
  const Quantiser q{Law::kLog, 8, Interval{1, 8}, 0};
  const Values found = put(q, {1, -2, 2.82, 2.83, -8, 100, .01, 0});
  const Values expected = {1, -2, 2, 4, -8, 8, 1, 0};
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_NEAR(found[k], expected[k], 1e-14 * std::abs(expected[k])) << k;  // rounding of exp
  }
}

// T-Q10 and T-Q11. MemTorch returns 1 A for all currents below it; the logarithm has to be
// quantised over a range of its own. An error is then at most half of ln(high/low)/(M - 1).
TEST(LogLevels, KeepMagnitudesOfAllSizes) {
  const Values x = {.1, -.2, .7, 1.5, 3, -8, 0};
  for (const int bits : {4, 8}) {
    const Values found = put({Law::kLog, levels_of_bits(bits), {}, 0}, x);
    const int steps = levels_of_bits(bits) / 2 - 1;
    const double half = .5 * std::log(80) / steps;
    for (std::size_t k = 0; k + 1 < x.size(); ++k) {
      EXPECT_GT(found[k] * x[k], 0) << k;
      EXPECT_LE(std::abs(std::log(found[k] / x[k])), half * (1 + 1e-12)) << k;
    }
    EXPECT_EQ(found.back(), 0);
    EXPECT_NEAR(found[0], .1, 1e-15);  // the ends are levels, up to rounding
    EXPECT_NEAR(found[5], -8, 1e-14);
  }
}

TEST(Calibration, FindsTheRangeOfWhatWasSeen) {
  const Interval positive = calibrated_range(levels(256), Values{.2, 0, 3});
  EXPECT_EQ(positive.low, 0);
  EXPECT_EQ(positive.high, 3);
  const Interval both = calibrated_range(levels(4), Values{.2, -2, 1});
  EXPECT_EQ(both.low, -2);
  EXPECT_EQ(both.high, 1);  // 2 (1 - 2/4)
  Quantiser clipping = levels(256);
  clipping.overflow = .25;
  EXPECT_EQ(calibrated_range(clipping, Values{1, 2, 3, 50}).high, 3);
  const Interval log = calibrated_range({Law::kLog, 16, {}, 0}, Values{0, -.5, 2});
  EXPECT_EQ(log.low, .5);
  EXPECT_EQ(log.high, 2);
}

TEST(Quantisers, ThatCannotBeAreRefused) {
  EXPECT_THROW(levels_of_bits(0), Error);
  EXPECT_THROW(levels_of_bits(25), Error);
  EXPECT_THROW(check(levels(1)), Error);
  EXPECT_THROW(check(levels(4, Interval{1, 1})), Error);
  EXPECT_THROW(check(levels(4, Interval{0, std::nan("")})), Error);
  EXPECT_THROW(check(Quantiser{Law::kLog, 4, Interval{0, 1}, 0}), Error);
  EXPECT_THROW(check(Quantiser{Law::kLevels, 4, {}, 1.5}), Error);
}

}  // namespace
}  // namespace wordline::crossbar
