// Random streams: what is promised of their addresses, and their moments within 4 standard errors
// of 1e5 draws.
#include "wordline/base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <set>

namespace wordline {
namespace {

constexpr int kDraws = 100'000;

void expect_moments(const std::function<double(RandomStream&)>& draw, double mean, double variance,
                    double fourth_moment) {
  double sum = 0, squares = 0;
  for (int k = 0; k < kDraws; ++k) {
    RandomStream random(7, static_cast<std::uint64_t>(k), 3);
    const double x = draw(random) - mean;
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 4 * std::sqrt(variance / kDraws));
  EXPECT_NEAR(squares / kDraws, variance,
              4 * std::sqrt((fourth_moment - variance * variance) / kDraws));
}

TEST(RandomStream, HasTheMomentsOfItsDistributions) {
  expect_moments([](RandomStream& r) { return r.uniform(); }, 0.5, 1.0 / 12, 1.0 / 80);
  expect_moments([](RandomStream& r) { return r.normal(); }, 0, 1, 3);
  expect_moments([](RandomStream& r) { return r.exponential(); }, 1, 1, 9);
}

TEST(RandomStream, DependsOnItsWholeAddress) {
  const double at = RandomStream(1, 2, 3, 4).uniform();
  EXPECT_EQ(RandomStream(1, 2, 3, 4).uniform(), at);
  EXPECT_NE(RandomStream(2, 2, 3, 4).uniform(), at);
  EXPECT_NE(RandomStream(1, 3, 3, 4).uniform(), at);
  EXPECT_NE(RandomStream(1, 2, 4, 4).uniform(), at);
  EXPECT_NE(RandomStream(1, 2, 3, 5).uniform(), at);
}

// A pair of draws of one stream shares no numbers with those of the next.
TEST(RandomStream, DoesNotRepeat) {
  std::set<double> seen;
  for (std::uint64_t stream = 0; stream < 1000; ++stream) {
    RandomStream random(1, stream, 0);
    for (int k = 0; k < 10; ++k) seen.insert(random.uniform());
  }
  EXPECT_EQ(seen.size(), 10'000U);
  EXPECT_GT(*seen.begin(), 0);
  EXPECT_LT(*seen.rbegin(), 1);
}

TEST(RandomStream, NamesHaveStreamsOfTheirOwn) {
  EXPECT_EQ(stream_of("xb"), stream_of("xb"));
  EXPECT_NE(stream_of("xb"), stream_of("xc"));
  EXPECT_NE(stream_of("xb", 0), stream_of("xb", 1));
  EXPECT_NE(stream_of("xb", 0), stream_of("xc", 0));
}

}  // namespace
}  // namespace wordline
