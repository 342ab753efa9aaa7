// Arrays of ohmic cells against a dense nodal solve, over every kind of wiring.
#include "wordline/crossbar/array.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "dense_array.hpp"

namespace wordline::crossbar {
namespace {

using testing::DenseArray;

// Residuals of 1e-13 of the drive leave currents this accurate on arrays so small; the dense solve
// itself is good to some 1e-12.
constexpr double kTolerance = 1e-9;

struct RandomArray {
  Matrix g;
  Wires word, bit;
  std::vector<double> volts;
};

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int whole(int low, int high) { return std::uniform_int_distribution(low, high)(engine_); }
  double real(double low, double high) {
    return std::uniform_real_distribution(low, high)(engine_);
  }
  double decade(double low, double high) { return std::pow(10, real(low, high)); }

  Wires wires() {
    Wires w;
    w.segment = whole(0, 4) == 0 ? 0 : decade(-2, 2);
    w.driver = whole(0, 3) == 0 ? 0 : decade(-3, 5);
    w.driven = static_cast<DrivenEnds>(whole(0, 2));
    return w;
  }

  RandomArray array(int largest) {
    RandomArray a;
    const int rows = whole(0, 5) == 0 ? 1 : whole(1, largest);
    const int cols = whole(0, 5) == 0 ? 1 : whole(1, largest);
    a.g = Matrix{rows, cols, {}};
    const int kind = whole(0, 2);
    for (int k = 0; k < rows * cols; ++k) {
      double g = decade(-5, -3);
      if (kind == 1 && whole(0, 3) == 0) g = 0;           // open cells
      if (kind == 2) g = whole(0, 1) == 0 ? 1e-3 : 1e-9;  // a million to one
      a.g.values.push_back(g);
    }
    a.word = wires();
    a.bit = wires();
    for (int i = 0; i < rows; ++i) a.volts.push_back(real(-1, 1));
    return a;
  }

 private:
  std::mt19937 engine_;
};

double largest(const Eigen::VectorXd& v) { return v.size() ? v.cwiseAbs().maxCoeff() : 0; }

// The error of outputs relative to the largest of them, or to what the buses exchange where the
// outputs cancel.
void expect_near(const std::vector<double>& got, const Eigen::VectorXd& expected, double scale,
                 const std::string& what) {
  ASSERT_EQ(static_cast<Eigen::Index>(got.size()), expected.size()) << what;
  const double allowed = kTolerance * std::max(largest(expected), scale);
  for (Eigen::Index k = 0; k < expected.size(); ++k) {
    EXPECT_NEAR(got[static_cast<std::size_t>(k)], expected[k], allowed) << what << ", output " << k;
  }
}

class ArraysOfEveryKind : public ::testing::TestWithParam<Method> {};

TEST_P(ArraysOfEveryKind, AgreeWithADenseSolve) {
  constexpr int kArrays = 200;
  for (unsigned seed = 1; seed <= kArrays; ++seed) {
    Random random(seed);
    const RandomArray a = random.array(12);
    Array array(a.g, a.word, a.bit, {.tolerance = 1e-13, .method = GetParam()});
    const Eigen::MatrixXd y = DenseArray(a.g, a.word, a.bit).bus_conductances();
    const Eigen::VectorXd v = Eigen::Map<const Eigen::VectorXd>(a.volts.data(), a.g.rows);
    const Eigen::VectorXd expected = -y.bottomLeftCorner(a.g.cols, a.g.rows) * v;
    const std::string what = "seed " + std::to_string(seed);
    expect_near(array.read(a.volts), expected, 0, what);
    array.transfer();
    expect_near(array.read(a.volts), expected, 0, what + " by the transfer matrix");
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, ArraysOfEveryKind,
                         ::testing::Values(Method::kAuto, Method::kKrylov, Method::kMultifrontal));

// The engine's tolerance is 1e-9 of each node's largest current.
TEST(ArrayOfOhmicCells, AgreesWithTheEngineOnTheCompiledCircuit) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    const RandomArray a = random.array(20);
    Array ours(a.g, a.word, a.bit, {.tolerance = 1e-12});
    Array theirs(a.g, a.word, a.bit, {.method = Method::kKlu});
    const std::vector<double> expected = theirs.read(a.volts);
    expect_near(ours.read(a.volts), Eigen::Map<const Eigen::VectorXd>(expected.data(), a.g.cols), 0,
                "seed " + std::to_string(seed));
  }
}

// Segments of a millionth of an ohm beside drivers of megohms: elimination loses what the lines
// carry in the rounding of what their segments conduct, solutions of single inputs do not. The
// sixteenth digit of 1e6 S is 1e-10 S, 1e-4 of a driver's conductance.
TEST(TransferMatrix, IsNotUsedWhereItHasLostItsDigits) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    Random random(seed);
    RandomArray a = random.array(12);
    a.word = {.segment = 1e-6, .driver = random.decade(5, 8), .driven = DrivenEnds::kBoth};
    a.bit = {.segment = 1e-6, .driver = random.decade(5, 8), .driven = DrivenEnds::kBoth};
    Array one_by_one(a.g, a.word, a.bit, {.tolerance = 1e-13});
    Array batch(a.g, a.word, a.bit, {.tolerance = 1e-13});
    const std::vector<double> expected = one_by_one.read(a.volts);
    Matrix inputs{20, a.g.rows, {}};
    for (int k = 0; k < 20; ++k) {
      inputs.values.insert(inputs.values.end(), a.volts.begin(), a.volts.end());
    }
    const Matrix outputs = batch.matmul(inputs);
    double scale = 0;
    for (const double i : expected) scale = std::max(scale, std::fabs(i));
    for (std::int64_t j = 0; j < a.g.cols; ++j) {
      EXPECT_NEAR(outputs(19, j), expected[static_cast<std::size_t>(j)], 1e-5 * scale)
          << "seed " << seed << ", output " << j;
    }
  }
}

}  // namespace
}  // namespace wordline::crossbar
