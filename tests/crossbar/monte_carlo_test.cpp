// Samples of any function: statistics, yields, threads, failures.
#include "wordline/crossbar/monte_carlo.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/base/error.hpp"
#include "wordline/base/random.hpp"

namespace wordline::crossbar {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double normal_of(const Sample& sample) { return RandomStream(sample.seed, 1, 2).normal(); }

// numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], p), whose default is the same definition.
TEST(Statistics, HasTheQuantilesOfNumPy) {
  const Statistics s({3, 1, 4, 1, 5, 9, 2, 6});
  EXPECT_EQ(s.count(), 8);
  EXPECT_DOUBLE_EQ(s.quantile(0), 1);
  EXPECT_DOUBLE_EQ(s.quantile(0.05), 1);
  EXPECT_DOUBLE_EQ(s.quantile(0.25), 1.75);
  EXPECT_DOUBLE_EQ(s.quantile(0.5), 3.5);
  EXPECT_DOUBLE_EQ(s.quantile(0.9), 6.9);
  EXPECT_DOUBLE_EQ(s.quantile(1), 9);
  EXPECT_DOUBLE_EQ(s.mean(), 3.875);
  EXPECT_DOUBLE_EQ(s.deviation(), std::sqrt(52.875 / 7));
}

TEST(Statistics, LeavesOutWhatIsNoNumber) {
  const Statistics s({kNone, 2, kNone, 4});
  EXPECT_EQ(s.count(), 2);
  EXPECT_EQ(s.mean(), 3);
  EXPECT_EQ(s.min(), 2);
  EXPECT_EQ(s.max(), 4);
  EXPECT_TRUE(std::isnan(Statistics({}).mean()));
  EXPECT_TRUE(std::isnan(Statistics({kNone}).quantile(0.5)));
  EXPECT_TRUE(std::isnan(Statistics({1}).deviation()));
  EXPECT_EQ(Statistics({1}).quantile(0.3), 1);
}

// Table I, method 3, of R. G. Newcombe, Statistics in Medicine 17 (1998) 857, to its four digits.
TEST(Yield, HasTheIntervalsOfNewcombe) {
  struct Case {
    std::int64_t passed, count;
    double low, high;
  };
  for (const Case& c : {Case{81, 263, 0.2553, 0.3662}, Case{15, 148, 0.0624, 0.1605},
                        Case{0, 20, 0, 0.1611}, Case{1, 29, 0.0061, 0.1718}}) {
    const Yield yield = yield_of(c.passed, c.count);
    EXPECT_NEAR(yield.low, c.low, 6e-5) << c.passed;
    EXPECT_NEAR(yield.high, c.high, 6e-5) << c.passed;
  }
  EXPECT_EQ(yield_of(20, 20).high, 1);
  EXPECT_GT(yield_of(81, 263, 0.99).high, 0.3662);
  EXPECT_THROW(yield_of(1, 2, 1), Error);
}

// Within 4 standard errors: s/sqrt(n) of the mean, s/sqrt(2n) of the deviation, and of a share p,
// sqrt(p(1-p)/n).
TEST(MonteCarlo, FindsANormalDistribution) {
  constexpr int kCount = 20000;
  const ResultLimit limit{"x", -1, 2};
  const Samples samples = draw_samples(
      [](const Sample& s) -> Results {
        return {{"x", normal_of(s)}};
      },
      {.samples = kCount, .seed = 3, .limits = {limit}});
  const Statistics x = samples.statistics("x");
  EXPECT_EQ(x.count(), kCount);
  EXPECT_NEAR(x.mean(), 0, 4 / std::sqrt(kCount));
  EXPECT_NEAR(x.deviation(), 1, 4 / std::sqrt(2.0 * kCount));
  const double p = 0.5 * (std::erf(std::sqrt(2.0)) + std::erf(std::sqrt(0.5)));
  const Yield yield = samples.yield(std::span(&limit, 1));
  EXPECT_NEAR(yield.share(), p, 4 * std::sqrt(p * (1 - p) / kCount));
  std::vector<double> sorted = samples.column("x");
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(x.min(), sorted.front());
  EXPECT_EQ(x.quantile(7.0 / (kCount - 1)), sorted[7]);
}

TEST(MonteCarlo, DoesNotDependOnThreads) {
  const auto take = [](const Sample& s) -> Results {
    if (s.number % 17 == 3) throw Error("as it happens");
    return {{"x", normal_of(s)}, {"y", static_cast<double>(s.number)}};
  };
  const Samples one = draw_samples(take, {.samples = 400, .seed = 9, .threads = 1});
  for (const int threads : {2, 4}) {
    const Samples more = draw_samples(take, {.samples = 400, .seed = 9, .threads = threads});
    EXPECT_EQ(more.values.values, one.values.values);
    EXPECT_EQ(more.failed.size(), one.failed.size());
    EXPECT_EQ(more.samples.back().seed, one.samples.back().seed);
  }
  const Samples fewer = draw_samples(take, {.samples = 100, .seed = 9});
  EXPECT_TRUE(std::equal(fewer.values.values.begin(), fewer.values.values.end(),
                         one.values.values.begin()));
  EXPECT_NE(draw_samples(take, {.samples = 100, .seed = 10}).values.values, fewer.values.values);
}

TEST(MonteCarlo, CountsWhatFails) {
  const ResultLimit limit{"x", 0};
  const Samples samples = draw_samples(
      [](const Sample& s) -> Results {
        if (s.number == 2) throw Error("no solution");
        if (s.number == 5) return {{"other", 1}};
        return {{"x", s.number == 7 ? kNone : 1.0}};
      },
      {.samples = 10, .limits = {}});
  ASSERT_EQ(samples.failed.size(), 2);
  EXPECT_EQ(samples.failed[0].sample.number, 2);
  EXPECT_EQ(samples.failed[0].message, "no solution");
  EXPECT_EQ(samples.failed[1].sample.number, 5);
  EXPECT_EQ(samples.samples.size(), 8);
  EXPECT_EQ(samples.statistics("x").count(), 7);
  const Yield yield = samples.yield(std::span(&limit, 1));
  EXPECT_EQ(yield.passed, 7);
  EXPECT_EQ(yield.count, 10);
  const Samples none =
      draw_samples([](const Sample&) -> Results { throw Error("never"); }, {.samples = 3});
  EXPECT_EQ(none.failed.size(), 3);
  EXPECT_EQ(none.yield({}).passed, 0);
}

TEST(MonteCarlo, RefusesLimitsOfNoResult) {
  const auto take = [](const Sample&) -> Results { return {{"gain", 1}}; };
  try {
    draw_samples(take, {.samples = 50, .limits = {{"gan"}}});
    FAIL();
  } catch (const UnknownResultError& error) {
    EXPECT_STREQ(error.what(), "no result is called 'gan'; did you mean 'gain'?");
  }
  EXPECT_THROW(draw_samples(take, {.samples = 0}), Error);
}

TEST(MonteCarlo, EndsWhereItIsTold) {
  std::atomic<bool> stop = false;
  std::vector<std::int64_t> done;
  const Samples samples = draw_samples(
      [](const Sample&) -> Results {
        return {{"x", 1}};
      },
      {.samples = 1000,
       .threads = 1,
       .progress =
           [&](const SamplingProgress& progress) {
             done.push_back(progress.done);
             EXPECT_GE(progress.seconds_left, 0);
             stop = progress.done == 10;
           },
       .interrupt = &stop});
  EXPECT_EQ(samples.samples.size(), 10);
  EXPECT_EQ(samples.left_out, 990);
  EXPECT_EQ(done, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST(MonteCarlo, PassesOnWhatIsNoFailureOfASample) {
  EXPECT_THROW(draw_samples([](const Sample&) -> Results { throw std::bad_alloc(); }, {}),
               std::bad_alloc);
}

}  // namespace
}  // namespace wordline::crossbar
