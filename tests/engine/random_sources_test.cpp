// TRNOISE and TRRANDOM: their moments, and what they depend on.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "deck_runs.hpp"

namespace wordline {
namespace {

using testing::at;
using testing::run;

Result noisy(const std::string& function, const std::string& options, double step) {
  return run("v1 a 0 dc 1 " + function + "\nr1 a 0 1k\n.options " + options + "\n.tran " +
             std::to_string(step) + "n 10u\n.save v(a)\n");
}

struct Moments {
  double mean = 0, deviation = 0;
};

// Over the multiples of an interval, in ns.
Moments moments(const Result& result, double interval) {
  double sum = 0;
  double square = 0;
  const int count = static_cast<int>(10e3 / interval);
  for (int k = 1; k < count; ++k) {
    const double v = at(result, "v(a)", k * interval * 1e-9);
    sum += v;
    square += v * v;
  }
  const double mean = sum / (count - 1);
  return {mean, std::sqrt(square / (count - 1) - mean * mean)};
}

// 10^4 samples: the deviation of the estimates is 1 % and 0.7 % of 0.1; five of these are allowed.
TEST(RandomSources, WhiteNoiseHasItsMoments) {
  const auto [mean, deviation] = moments(noisy("trnoise(0.1 1n 0 0)", "seed=3", 1), 1);
  EXPECT_NEAR(mean, 1, 5e-3);
  EXPECT_NEAR(deviation, 0.1, 3.5e-3);
}

// The same seed makes the same noise whatever the steps; another seed and another source do not.
TEST(RandomSources, DependOnTheSeedAlone) {
  const char* const noise = "trnoise(0.1 10n 1.2 0.05 0.3 200n 100n)";
  const Result first = noisy(noise, "seed=3", 1);
  const Result finer = noisy(noise, "seed=3", 0.3);
  const Result other = noisy(noise, "seed=4", 1);
  int same = 0;
  for (int k = 1; k < 1000; ++k) {
    const double time = k * 10e-9;
    EXPECT_NEAR(at(first, "v(a)", time), at(finer, "v(a)", time), 1e-9) << k;
    same += at(first, "v(a)", time) == at(other, "v(a)", time) ? 1 : 0;
  }
  EXPECT_EQ(same, 0);
}

// The mean square of differences over n samples of 1/f^2 noise, a random walk, is n times that over
// one.
TEST(RandomSources, FlickerNoiseOfExponentTwoIsARandomWalk) {
  const Result result = noisy("trnoise(0 1n 2 0.1)", "seed=5", 1);
  const auto spread = [&](int n) {
    double sum = 0;
    for (int k = 1; k + n < 10000; ++k) {
      const double d = at(result, "v(a)", (k + n) * 1e-9) - at(result, "v(a)", k * 1e-9);
      sum += d * d;
    }
    return sum / (9999 - n);
  };
  EXPECT_NEAR(spread(1), 0.01, 5e-4);
  EXPECT_NEAR(spread(10) / spread(1), 10, 1.5);
}

// Telegraph noise is high for emission/(capture + emission) of the time: 1/3, within what some
// 600 switches allow.
TEST(RandomSources, TelegraphNoiseHasItsMean) {
  const Result result = noisy("trnoise(0 0 0 0 3 20n 10n)", "seed=6", 10);
  EXPECT_NEAR(moments(result, 1).mean, 1 + 1, 0.25);
  for (const double v : result["v(a)"]) EXPECT_TRUE(v > 1 - 1e-9 && v < 4 + 1e-9);
}

// 10^3 values each. The DC value and the offset are added; before the delay there is no more.
TEST(RandomSources, StepsHaveTheirDistributions) {
  struct Case {
    const char* function;
    double mean, deviation;
  };
  for (const auto& [function, mean, deviation] :
       {Case{"trrandom(1 10n 0 2 3)", 4, 2 / std::sqrt(3.0)},
        {"trrandom(2 10n 0 2 3)", 4, 2},
        {"trrandom(3 10n 0 2 3)", 6, 2},
        {"trrandom(4 10n 0 2 3)", 6, std::sqrt(2.0)}}) {
    const Moments found = moments(noisy(function, "seed=7", 1), 9.99);
    EXPECT_NEAR(found.mean, mean, 5 * deviation / std::sqrt(1000.0)) << function;
    EXPECT_NEAR(found.deviation, deviation, 0.2 * deviation) << function;
  }
  EXPECT_EQ(at(noisy("trrandom(1 10n 5u 2 3)", "seed=7", 1), "v(a)", 4e-6), 4);
}

}  // namespace
}  // namespace wordline
