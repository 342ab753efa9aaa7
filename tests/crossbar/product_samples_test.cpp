// Monte Carlo of products, against closed forms for ideal wires.
#include "wordline/crossbar/product_samples.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {
namespace {

constexpr Wires kIdeal{.segment = 0, .driver = 0};

// 6 x 4 conductances of 10 to 33 uS, three inputs.
ProductTask task_of(const Wires& wires) {
  ProductTask task{.conductances = {6, 4, {}}, .inputs = {3, 6, {}}, .range = {1e-9, 1}};
  for (int k = 0; k < 24; ++k) task.conductances.values.push_back((10 + k) * 1e-6);
  for (int k = 0; k < 18; ++k) task.inputs.values.push_back(0.1 * (k % 7) - 0.2);
  task.word = task.bit = wires;
  return task;
}

// The expected square of rms_error, where every conductance is multiplied by 1 + shift plus
// something of deviation s that no other has: sum of (v g)^2 s^2 and of (shift I)^2, by the
// sum of I^2.
double expected_square(const ProductTask& task, double shift, double s) {
  const Matrix ideal = ideal_products(task);
  double squares = 0, ideal_squares = 0;
  for (std::int64_t k = 0; k < task.inputs.rows; ++k) {
    for (std::int64_t j = 0; j < task.conductances.cols; ++j) {
      for (std::int64_t i = 0; i < task.conductances.rows; ++i) {
        const double current = task.inputs(k, i) * task.conductances(i, j);
        squares += current * current * s * s;
      }
      squares += shift * shift * ideal(k, j) * ideal(k, j);
      ideal_squares += ideal(k, j) * ideal(k, j);
    }
  }
  return squares / ideal_squares;
}

// The mean of the squares of rms_error lies within 4 standard errors of what is expected.
void expect_mean_square(const Samples& samples, double expected) {
  std::vector<double> squares = samples.column("rms_error");
  for (double& x : squares) x *= x;
  const Statistics s(squares);
  EXPECT_NEAR(s.mean(), expected, 4 * s.deviation() / std::sqrt(s.count()));
}

TEST(ProductSamples, HaveTheErrorOfProgramming) {
  constexpr double kDeviation = 0.1;
  ProductTask task = task_of(kIdeal);
  task.nonidealities = {ProgrammingError{kDeviation}};
  const Samples samples = sample_products(task, {.samples = 2000, .seed = 4});
  // exp(d n) of a normal n has the mean exp(d^2/2) and the variance exp(2 d^2) - exp(d^2).
  const double square = kDeviation * kDeviation;
  const double shift = std::exp(square / 2) - 1;
  expect_mean_square(
      samples, expected_square(task, shift, std::sqrt(std::exp(2 * square) - std::exp(square))));
}

TEST(ProductSamples, DrawReadNoiseForEveryInput) {
  ProductTask task = task_of(kIdeal);
  task.read_noise = 0.05;
  task.inputs = {2, 6, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};  // twice the same
  const Samples samples = sample_products(task, {.samples = 2000, .seed = 4});
  expect_mean_square(samples, expected_square(task, 0, 0.05));
  // Were both inputs seen by the same noise, rms_error would vary by sqrt(2) more.
  std::vector<double> squares = samples.column("rms_error");
  for (double& x : squares) x *= x;
  double sum = 0, sum_of_squares = 0;
  for (int j = 0; j < 4; ++j) {
    double variance = 0;
    for (int i = 0; i < 6; ++i) variance += std::pow(task.conductances(i, j), 2);
    sum += variance;
    sum_of_squares += variance * variance;
  }
  // A sum of independent squares of normal numbers, each there twice: variance 2 sum(v^2)/2.
  const double relative = std::sqrt(2 * sum_of_squares / 2) / sum;
  const Statistics s(squares);
  EXPECT_NEAR(s.deviation() / s.mean(), relative, 0.1 * relative);
}

TEST(ProductSamples, FindDriftWithoutSpreadExactly) {
  ProductTask task = task_of(kIdeal);
  task.nonidealities = {Drift{.time = 100, .coefficient = 0.05}};
  const Samples samples = sample_products(task, {.samples = 5});
  for (const double error : samples.column("rms_error")) {
    EXPECT_NEAR(error, 1 - std::pow(100, -0.05), 1e-9);
  }
}

// What an array with wires gives is that of Array itself.
TEST(ProductSamples, IncludeWires) {
  const ProductTask task = task_of({.segment = 50, .driver = 100});
  const Samples samples = sample_products(task, {.samples = 2});
  const Matrix products = Array(task.conductances, task.word, task.bit).matmul(task.inputs);
  const ProductError error = product_error(products, ideal_products(task));
  EXPECT_GT(error.rms, 0.01);
  EXPECT_NEAR(samples.column("rms_error")[1], error.rms, 1e-7);
  EXPECT_NEAR(samples.column("mean_error")[0], error.mean, 1e-7);
  EXPECT_NEAR(samples.column("max_error")[0], error.max, 1e-7);
}

TEST(ProductSamples, TransposeBothProducts) {
  ProductTask task = task_of(kIdeal);
  task.settings.inputs = Lines::kBit;
  task.settings.outputs = Lines::kWord;
  EXPECT_THROW(ideal_products(task), Error);
  task.inputs = {1, 4, {0.1, 0.2, 0.3, -0.4}};
  EXPECT_LT(sample_products(task, {.samples = 1}).column("max_error")[0], 1e-9);
}

TEST(ProductSamples, DoNotDependOnThreads) {
  ProductTask task = task_of({.segment = 5});
  task.nonidealities = {ProgrammingError{0.1}, Faults{.low_resistance = 0.1}};
  task.read_noise = 0.02;
  const auto values = [&](int threads) {
    return sample_products(task, {.samples = 30, .seed = 2, .threads = threads}).values.values;
  };
  const auto one = values(1);
  EXPECT_EQ(values(2), one);
  EXPECT_EQ(values(4), one);
}

TEST(ProductSamples, RefuseWhatCannotBe) {
  ProductTask task = task_of(kIdeal);
  task.read_noise = -1;
  EXPECT_THROW(sample_products(task, {.samples = 3}), Error);
  task = task_of(kIdeal);
  task.nonidealities = {FiniteStates{1}};
  EXPECT_THROW(sample_products(task, {.samples = 3}), Error);
  task = task_of(kIdeal);
  for (double& v : task.inputs.values) v = 0;
  EXPECT_THROW(sample_products(task, {.samples = 3}), Error);
  EXPECT_THROW(product_error({1, 2, {1, 2}}, {2, 1, {1, 2}}), Error);
}

}  // namespace
}  // namespace wordline::crossbar
