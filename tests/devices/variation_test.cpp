// Varied parameters: moments of 1e5 draws within 4 standard errors of closed forms, and the same
// draws in any number of threads.
#include "wordline/devices/variation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <thread>

#include "wordline/base/error.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline {
namespace {

using Kind = Distribution::Kind;

constexpr std::size_t kDraws = 100'000;

struct Moments {
  double mean, variance, fourth;  // the latter two about the mean
};

std::vector<double> draws_of(const Distribution& distribution) {
  std::vector<double> draws(kDraws);
  for (std::size_t k = 0; k < kDraws; ++k) {
    RandomStream random(11, k, 5);
    draws[k] = distribution.draw(random);
  }
  return draws;
}

void expect_moments(const Distribution& distribution, const Moments& expected) {
  double sum = 0, squares = 0;
  for (const double x : draws_of(distribution)) {
    EXPECT_GE(x, distribution.low);
    EXPECT_LE(x, distribution.high);
    sum += x - expected.mean;
    squares += (x - expected.mean) * (x - expected.mean);
  }
  const double n = kDraws;
  EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(expected.variance / n));
  EXPECT_NEAR(squares / n, expected.variance,
              4 * std::sqrt((expected.fourth - expected.variance * expected.variance) / n));
}

// The moments of a density on an interval, by Simpson's rule.
template <class Density>
Moments moments_of(const Density& density, double low, double high) {
  constexpr int kIntervals = 20'000;
  const double h = (high - low) / kIntervals;
  const auto integral = [&](const auto& f) {
    double sum = 0;
    for (int k = 0; k <= kIntervals; ++k) {
      const double x = low + h * k;
      sum += (k == 0 || k == kIntervals ? 1 : k % 2 == 1 ? 4 : 2) * f(x) * density(x);
    }
    return sum * h / 3;
  };
  const double whole = integral([](double) { return 1.0; });
  const double mean = integral([](double x) { return x; }) / whole;
  const auto about_mean = [&](int power) {
    return integral([&](double x) { return std::pow(x - mean, power); }) / whole;
  };
  return {mean, about_mean(2), about_mean(4)};
}

TEST(Distribution, HasItsMoments) {
  expect_moments({Kind::kGauss, 3, 0.5}, {3, 0.25, 3 * 0.0625});
  expect_moments({Kind::kUniform, -1, 5}, {2, 3, 36.0 * 36 / 80});
  const double s = 0.3;
  const double e = std::exp(s * s);
  expect_moments({Kind::kLognormal, 2, s}, {2 * std::sqrt(e), 4 * e * (e - 1),
                                            16 * e * e * (e - 1) * (e - 1) *
                                                (std::pow(e, 4) + 2 * e * e * e + 3 * e * e - 3)});
}

TEST(Distribution, IsTruncated) {
  const auto bell = [](double x) { return std::exp(-0.5 * x * x); };
  expect_moments({Kind::kGauss, 0, 1, -0.5, 1.2}, moments_of(bell, -0.5, 1.2));
  expect_moments({Kind::kUniform, 0, 4, 1, 2}, {1.5, 1.0 / 12, 1.0 / 80});
  const auto log_bell = [](double x) {
    const double z = std::log(x / 2) / 0.3;
    return std::exp(-0.5 * z * z) / x;
  };
  expect_moments({Kind::kLognormal, 2, 0.3, 1.5, 3}, moments_of(log_bell, 1.5, 3));
}

TEST(Distribution, SaysWhyNothingCanBeDrawn) {
  EXPECT_EQ((Distribution{Kind::kGauss, 1, -1}.fault()), "its deviation is negative");
  EXPECT_EQ((Distribution{Kind::kUniform, 2, 1}.fault()), "its upper end is below the lower");
  EXPECT_EQ((Distribution{Kind::kLognormal, -2, 1}.fault()), "its median must be positive");
  EXPECT_EQ((Distribution{Kind::kGauss, 0, 1, 2, 1}.fault()), "its maximum is below its minimum");
  EXPECT_EQ((Distribution{Kind::kGauss, 0, 1, 6, 9}.fault()),
            "next to nothing of it lies within its limits");
  EXPECT_EQ((Distribution{Kind::kGauss, 4, 0, 5, 9}.fault()),
            "next to nothing of it lies within its limits");
  EXPECT_EQ((Distribution{Kind::kGauss, NAN, 1}.fault()), "its arguments must be finite");
  EXPECT_EQ((Distribution{.kind = Kind::kUniform, .a = 0, .b = 1, .cycle = 1}.fault()),
            "it has no deviation from cycle to cycle");
  EXPECT_EQ((Distribution{Kind::kGauss, 4, 0}.fault()), "");
  EXPECT_EQ((Distribution{Kind::kUniform, 1, 1}.fault()), "");
}

class DrawnParameters : public ::testing::Test {
 protected:
  std::size_t index(const char* name) const { return static_cast<std::size_t>(type.find(name)); }
  std::vector<double> drawn(std::uint64_t stream) const {
    return draw_parameters(type, type.defaults(), variations, 3, stream);
  }

  const ModelType& type = *find_model_type("memristor", "vteam");
  Variations variations;
};

TEST_F(DrawnParameters, AreDrawnApartAndLeaveTheOthers) {
  EXPECT_EQ(drawn(1)[index("ron")], 50);
  variations.rows = {{index("ron"), {Kind::kGauss, 50, 5}},
                     {index("roff"), {Kind::kGauss, 1000, 100}}};
  const std::vector<double> a = drawn(1);
  const std::vector<double> b = drawn(2);
  EXPECT_NE(a[index("ron")], b[index("ron")]);
  // Standardised, they would be the same number if they shared a stream.
  EXPECT_NE((a[index("ron")] - 50) / 5, (a[index("roff")] - 1000) / 100);
  EXPECT_EQ(a[index("von")], -0.2);
}

TEST_F(DrawnParameters, AreTheSameInAnyNumberOfThreads) {
  variations.rows = {{index("ron"), {Kind::kLognormal, 50, 0.2}}};
  const auto all = [&](std::size_t threads) {
    std::vector<double> values(kDraws);
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        for (std::size_t k = t; k < values.size(); k += threads) values[k] = drawn(k)[index("ron")];
      });
    }
    workers.clear();
    return values;
  };
  const std::vector<double> one = all(1);
  EXPECT_TRUE(all(2) == one);
  EXPECT_TRUE(all(4) == one);
}

TEST_F(DrawnParameters, AreDrawnAgainUntilTheyFit) {
  variations.rows = {{index("ron"), {Kind::kUniform, 100, 1000}},
                     {index("roff"), {Kind::kUniform, 100, 1000}}};
  variations.resistance_rel_tol = 0.1;
  variations.resistance_abs_tol = 50;
  for (std::uint64_t stream = 0; stream < 500; ++stream) {
    const std::vector<double> values = drawn(stream);
    EXPECT_GE(values[index("roff")] - values[index("ron")],
              std::max(50.0, 0.1 * values[index("roff")]));
  }
}

// The moments of a cycle's draws are those of a distribution around the device's own value.
TEST_F(DrawnParameters, DifferFromCycleToCycle) {
  variations.rows = {{index("ron"), {.kind = Kind::kGauss, .a = 50, .b = 5, .cycle = 2}}};
  EXPECT_TRUE(variations.has_cycles());
  const std::vector<double> own = drawn(1);
  double sum = 0, squares = 0;
  for (std::uint64_t cycle = 1; cycle <= kDraws; ++cycle) {
    const double d =
        draw_cycle(type, own, variations, 3, 1, cycle)[index("ron")] - own[index("ron")];
    sum += d;
    squares += d * d;
  }
  const double n = kDraws;
  EXPECT_NEAR(sum / n, 0, 4 * 2 / std::sqrt(n));
  EXPECT_NEAR(squares / n, 4, 4 * 4 * std::sqrt(2 / n));
}

TEST_F(DrawnParameters, ThatNeverFitAreAnError) {
  variations.rows = {{index("ron"), {Kind::kUniform, 2000, 3000}}};
  variations.most_redraws = 5;
  try {
    drawn(1);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "drawn 6 times, parameters of a vteam do not fit together: roff must exceed ron");
  }
}

}  // namespace
}  // namespace wordline
