// Products whose inputs are solved side by side, by the GPU's twin, against those of KLU.
#include "wordline/crossbar/batch_products.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <random>

#include "wordline/crossbar/tiles.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/cuda/krylov_method.hpp"

namespace wordline::crossbar {
namespace {

using Twin = gpu::BatchMethod<gpu::HostQueue>;

Matrix random_matrix(std::int64_t rows, std::int64_t cols, double low, double high) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> value(low, high);
  Matrix m{rows, cols, std::vector<double>(static_cast<std::size_t>(rows * cols))};
  for (double& v : m.values) v = value(random);
  return m;
}

// Drivers without resistance hold the ends of lines; inputs on either kind of line; biases.
TEST(BatchProducts, AreThoseOfKlu) {
  for (const bool from_words : {true, false}) {
    for (const double driver : {0.0, 30.0}) {
      Settings s{.word_bias = 0.1, .bit_bias = -0.2, .method = Method::kKlu};
      if (!from_words) std::swap(s.inputs, s.outputs);
      const Matrix g = random_matrix(13, 9, 1e-6, 1e-3);
      const Wires word{.segment = 2, .driver = driver};
      const Wires bit{.segment = 3, .driver = driver, .driven = DrivenEnds::kBoth};
      const Matrix volts = random_matrix(7, from_words ? 13 : 9, -1, 1);
      const Matrix expected = Array(g, word, bit, s).matmul(volts);

      const ArrayProblem problem = make_problem(g, word, bit, s);
      Twin twin(std::make_unique<gpu::HostQueue>(), 13, 9, 3);
      SolveReport report;
      const auto found = multiply_by_batches(problem, volts, twin, report);
      ASSERT_TRUE(found.has_value());
      ASSERT_EQ(found->values.size(), expected.values.size());
      // Residuals are 1e-10 of some 10 mA of driven currents.
      for (std::size_t k = 0; k < expected.values.size(); ++k) {
        EXPECT_NEAR(found->values[k], expected.values[k], 1e-9) << k;
      }
      EXPECT_GT(report.inner, 0);
      EXPECT_LE(report.residual, 1e-10);
    }
  }
}

TEST(BatchProducts, AreNoneWhereMemoryIsUsedUp) {
  const Matrix g = random_matrix(20, 16, 1e-6, 1e-3);
  const Matrix volts = random_matrix(4, 20, -1, 1);
  const Wires wires{.segment = 1, .driver = 10};
  SolveReport report;
  // All but the second level and BiCGStab is there from the beginning.
  const auto twin_of = [](std::size_t bytes) {
    return std::make_unique<Twin>(std::make_unique<gpu::HostQueue>(12288, bytes), 20, 16, 4);
  };
  std::size_t least = 100'000;
  const auto is_enough = [&] {
    try {
      twin_of(least);
      return true;
    } catch (const gpu::OutOfDeviceMemory&) {
      return false;
    }
  };
  while (!is_enough()) least += 1000;
  const ArrayProblem problem = make_problem(g, wires, wires, {});
  EXPECT_FALSE(multiply_by_batches(problem, volts, *twin_of(least), report).has_value());
  EXPECT_TRUE(multiply_by_batches(problem, volts, *twin_of(least + 10'000), report).has_value());
}

TEST(BatchProducts, OfAGpuAreAnErrorWithoutOne) {
  if (why_no_gpu().empty()) GTEST_SKIP() << "there is a GPU";
  Settings s;
  s.method = Method::kCuda;
  Array array(random_matrix(6, 5, 1e-6, 1e-3), {}, {}, s);
  const std::string expected = "no GPU can be used: " + why_no_gpu();
  const auto expect_error = [&](const auto& call) {
    try {
      call();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), expected);
    }
  };
  // One by one, side by side, by the transconductance matrix.
  for (const std::int64_t inputs : {1, 2, 100}) {
    expect_error([&] { array.matmul(random_matrix(inputs, 6, -1, 1)); });
  }
  expect_error([&] { array.transfer(); });
  Tiles tiles(random_matrix(6, 5, 1e-6, 1e-3), {.word = {}, .bit = {}, .on_gpu = true});
  expect_error([&] { tiles.matmul(random_matrix(3, 6, -1, 1)); });
}

}  // namespace
}  // namespace wordline::crossbar
