// Random functions of expressions: gauss(), unif() and their like.
#include <cmath>

#include "decks.hpp"

namespace wordline {
namespace {

// The values of so many resistors of one line.
std::vector<double> drawn(const std::string& expression, int count, const std::string& lines = "") {
  std::string deck = lines;
  for (int k = 0; k < count; ++k) deck += "R" + std::to_string(k) + " a 0 {" + expression + "}\n";
  const Circuit circuit = read_lines(deck);
  std::vector<double> values;
  for (const Resistor& r : circuit.resistors.rows) values.push_back(r.ohms);
  return values;
}

struct Moments {
  double mean, deviation, low, high;
};

Moments moments(const std::vector<double>& values) {
  Moments m{0, 0, values.front(), values.front()};
  for (const double v : values) {
    m.mean += v / static_cast<double>(values.size());
    m.low = std::min(m.low, v);
    m.high = std::max(m.high, v);
  }
  for (const double v : values) {
    m.deviation += (v - m.mean) * (v - m.mean) / static_cast<double>(values.size());
  }
  m.deviation = std::sqrt(m.deviation);
  return m;
}

// Of N draws with deviation s the mean is within 5 s/sqrt(N) of its own, the deviation within
// 5 s/sqrt(2N), but for one in a million.
TEST(Random, HasTheMomentsOfHspice) {
  constexpr int kCount = 4000;
  const double of_mean = 5 / std::sqrt(kCount);
  const double of_deviation = 5 / std::sqrt(2.0 * kCount);
  struct Case {
    std::string expression;
    double mean, deviation;
  };
  const std::vector<Case> cases = {
      {"gauss(1k, 0.1, 2)", 1000, 50},
      {"gauss(1k, 0.1)", 1000, 100},
      {"agauss(1k, 30, 3)", 1000, 10},
      {"unif(1k, 0.1)", 1000, 100 / std::sqrt(3)},
      {"aunif(1k, 30)", 1000, 30 / std::sqrt(3)},
      {"limit(1k, 30)", 1000, 30},
      {"1000+gauss(20)", 1000, 20},
      {"1000+100*rand()", 1050, 100 / std::sqrt(12)},
      {"1000+flat(30)", 1000, 30 / std::sqrt(3)},
      {"mc(1k, 0.1)", 1000, 100 / std::sqrt(3)},
      {"lognormal(1k, 0.1)", 1000 * std::exp(0.005),
       1000 * std::exp(0.005) * std::sqrt(std::exp(0.01) - 1)},
  };
  for (const Case& c : cases) {
    const Moments m = moments(drawn(c.expression, kCount));
    EXPECT_NEAR(m.mean, c.mean, c.deviation * of_mean) << c.expression;
    EXPECT_NEAR(m.deviation, c.deviation, c.deviation * of_deviation) << c.expression;
  }
}

TEST(Random, StaysInItsRange) {
  const Moments uniform = moments(drawn("aunif(1k, 30)", 1000));
  EXPECT_GE(uniform.low, 970);
  EXPECT_LE(uniform.high, 1030);
  for (const double value : drawn("limit(1k, 30)", 100)) EXPECT_EQ(std::abs(value - 1000), 30);
}

TEST(Random, FollowsFromTheSeed) {
  EXPECT_EQ(drawn("gauss(1k,1,3)", 5), drawn("gauss(1k,1,3)", 5));
  EXPECT_NE(drawn("gauss(1k,1,3)", 5), drawn("gauss(1k,1,3)", 5, ".options seed=7\n"));
}

// Other elements and parameters change nothing.
TEST(Random, FollowsFromTheNameOfWhatIsRead) {
  const auto alone = drawn("agauss(1k,30,3)", 1);
  EXPECT_EQ(drawn("agauss(1k,30,3)", 1, ".param other=agauss(0,1,1)\n.func f(x) {x}\n"), alone);
  EXPECT_NE(drawn("agauss(1k,30,3)", 2)[1], alone[0]);
}

// A parameter has one value, however often it is used.
TEST(Random, IsDrawnOnceByAParameter) {
  const auto values = drawn("p", 2, ".param p=agauss(1k,30,3)\n");
  EXPECT_EQ(values[0], values[1]);
}

TEST(Random, IsDrawnByEachInstance) {
  const Circuit circuit = read_lines(
      ".subckt s a\n.param p=agauss(1k,30,3)\nR1 a 0 {p}\nR2 a 0 {p}\n.ends\nX1 a s\nX2 a s\n");
  EXPECT_EQ(element(circuit.resistors, "x1.r1").ohms, element(circuit.resistors, "x1.r2").ohms);
  EXPECT_NE(element(circuit.resistors, "x1.r1").ohms, element(circuit.resistors, "x2.r1").ohms);
}

TEST(Random, IsDrawnAnewInEveryStep) {
  const Circuit circuit = read_lines("R1 a 0 {agauss(1k,30,3)}\n.step param run 1 3 1\n");
  const auto ohms = [&](std::size_t k) { return at_step(circuit, k).resistors.rows[0].ohms; };
  EXPECT_NE(ohms(0), ohms(1));
  EXPECT_NE(ohms(1), ohms(2));
  EXPECT_EQ(ohms(1), ohms(1));
}

TEST(Random, HasFaults) {
  expect_fault({"", 2, 10, "gauss takes at least 1 argument"}, faults_of("V1 a 0 {\tgauss()}\n"));
  expect_fault({"", 2, 11, "its arguments must be constants"},
               faults_of("B1 a 0 V={gauss(v(b), 1)}\n"));
}

TEST(Functions, OfOtherSimulators) {
  EXPECT_NEAR(value_of("db(100)"), 40, 1e-12);
  EXPECT_EQ(value_of("ternary_fcn(1, 2, 3)"), 2);
  EXPECT_EQ(value_of("sqr(-3)"), 9);
  EXPECT_EQ(value_of("round(2.5)"), 3);
  EXPECT_EQ(value_of("limit(5, 1, 3)"), 3);
  EXPECT_EQ(value_of("(1 & 0) | 1"), 1);
  // kT/q at 27 C with the constants of 2019
  EXPECT_NEAR(value_of("vt"), 1.380649e-23 * 300.15 / 1.602176634e-19, 1e-12);
}

}  // namespace
}  // namespace wordline
