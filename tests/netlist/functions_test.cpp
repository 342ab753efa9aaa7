// .func and .if
#include <array>

#include "decks.hpp"

namespace wordline {
namespace {

double ohms(const Circuit& circuit, const std::string& name) {
  return element(circuit.resistors, name).ohms;
}

TEST(Func, IsSubstitutedAsATree) {
  const Circuit circuit = read_lines(
      ".func f(x) {x*x}\n.func g(a, b) = 'f(a+b) - 2*f(a)'\n"
      "R1 a 0 {f(1+2)}\nR2 a 0 {-f(3)+10}\nR3 a 0 f(2)\nR4 a 0 {g(f(1), 3)}\n");
  EXPECT_EQ(ohms(circuit, "r1"), 9);
  EXPECT_EQ(ohms(circuit, "r2"), 1);
  EXPECT_EQ(ohms(circuit, "r3"), 4);
  EXPECT_EQ(ohms(circuit, "r4"), 14);
}

TEST(Func, MayBeAParameter) {
  const Circuit circuit =
      read_lines(".param twice(x)={2*x} k=3 none()={5}\nR1 a 0 {twice(k)+none()}\n");
  EXPECT_EQ(ohms(circuit, "r1"), 11);
}

// A body sees what surrounds the place where it is written, as the lines of a sub-circuit do.
TEST(Func, IsScoped) {
  const Circuit circuit = read_lines(
      ".param k=2\n.func scaled(x) {x*k}\n"
      ".subckt s a w=7\n.param k=100\n.func own(x) {scaled(x)+w}\nR1 a 0 {own(1)}\n.ends\n"
      "X1 a s\nX2 a s w=8\n");
  EXPECT_EQ(ohms(circuit, "x1.r1"), 9);
  EXPECT_EQ(ohms(circuit, "x2.r1"), 10);
}

TEST(Func, HidesOneOfTheLanguage) {
  EXPECT_EQ(ohms(read_lines(".func abs(x) {x+1}\nR1 a 0 {abs(2)}\n"), "r1"), 3);
}

TEST(Func, TakesVoltages) {
  const Circuit circuit = read_lines(
      ".func gain(x, n) {x*v(n, ref)}\nB1 out 0 V={gain(3, in)}\nR1 in 0 1\nR2 ref 0 1\n");
  const BoundExpression& value = circuit.behavioural.rows.at(0).value;
  std::vector<double> gradient(2);
  const std::vector<double> voltages = {2, 5};
  ASSERT_EQ(value.inputs().size(), 1);
  EXPECT_EQ(value.evaluate(std::span(voltages).first(1), 0, 27, std::span(gradient).first(1)), 6);
  EXPECT_EQ(gradient[0], 3);
}

// An argument that is a number may be a node's name.
TEST(Func, TakesNodesThatAreNumbers) {
  const Circuit circuit =
      read_lines(".func f(n) {2*v(n)+n}\nV1 17 0 3\nB1 b 0 V=f(17)\nR1 b 0 1k\n");
  const BoundExpression& value = circuit.behavioural.rows.at(0).value;
  ASSERT_EQ(value.inputs().size(), 1u);
  EXPECT_EQ(circuit.nodes[value.inputs()[0].p], "17");
  EXPECT_DOUBLE_EQ(value.evaluate(std::array{3.0}, 0, 27, {}), 23);
}

TEST(Func, HasFaults) {
  const std::vector<FaultyLines> cases = {
      {".func f(x) {f(x)}\n", 2, 13, "function 'f' calls itself: f -> f"},
      {".func f(x) {g(x)}\n.func g(x) {1+f(x)}\n", 2, 13, "calls itself"},
      {".func f(x) {x}\nR1 a 0 {f(1,2)}\n", 3, 9, "f takes 1 argument, not 2"},
      {".func f(x,x) {x}\n", 2, 11, "the argument 'x' is listed twice"},
      {".func f(x) {y}\nR1 a 0 {f(1)}\n", 2, 13, "there is no parameter 'y'"},
      {".func f(x) {x}\n.func F(x) {x}\n", 3, 7, "there is already a function 'F'"},
      {".func v(x) {x}\n", 2, 7, "'v' is a word of the language"},
  };
  for (const FaultyLines& c : cases) expect_fault(c, faults_of(c.lines));
}

// Each calls the one before twice: 2^40 terms.
TEST(Func, DoesNotExplode) {
  std::string lines = ".func f0(x) {x}\n";
  for (int k = 1; k <= 40; ++k) {
    lines += ".func f" + std::to_string(k) + "(x) {f" + std::to_string(k - 1) + "(x)+f" +
             std::to_string(k - 1) + "(x)}\n";
  }
  const auto faults = faults_of(lines + "R1 a 0 {f40(1)}\n");
  ASSERT_FALSE(faults.empty());
  EXPECT_NE(faults.front().message.find("expand to more than"), std::string::npos);
}

TEST(If, ChoosesTheFirstBranchThatHolds) {
  const std::string lines =
      ".if (k == 1)\nR1 a 0 1\n.elseif (k > 1)\nR1 a 0 2\n.else\nR1 a 0 3\n.endif\n";
  EXPECT_EQ(ohms(read_lines(".param k=1\n" + lines), "r1"), 1);
  EXPECT_EQ(ohms(read_lines(".param k=7\n" + lines), "r1"), 2);
  EXPECT_EQ(ohms(read_lines(".param k=0\n" + lines), "r1"), 3);
}

TEST(If, HoldsDefinitions) {
  const Circuit circuit = read_lines(
      ".param fast=1 r=1\n.if fast\n.param r=2\n.func f(x) {x+r}\n.subckt s a\nR1 a 0 "
      "{f(10)}\n.ends\n"
      ".model d d is=2e-14\n.global common\n.options temp=50\n.endif\n"
      "X1 a s\nD1 a 0 d\nR2 a 0 {r}\nR3 common 0 1\n");
  EXPECT_EQ(ohms(circuit, "x1.r1"), 12);
  EXPECT_EQ(ohms(circuit, "r2"), 2);
  EXPECT_EQ(circuit.diodes.size(), 1);
  EXPECT_EQ(circuit.options.temperature, 50);
}

TEST(If, IsChosenByEachInstance) {
  const Circuit circuit = read_lines(
      ".subckt s a n=0\n.if (n > 0)\nR1 a 0 1\n.if (n > 1)\nR2 a 0 2\n.endif\n.else\nR3 a 0 "
      "3\n.endif\n"
      ".ends\nX1 a s\nX2 a s n=1\nX3 a s n=2\n");
  EXPECT_EQ(circuit.resistors.size(), 4);
  EXPECT_EQ(ohms(circuit, "x1.r3"), 3);
  EXPECT_EQ(ohms(circuit, "x2.r1"), 1);
  EXPECT_EQ(ohms(circuit, "x3.r2"), 2);
}

TEST(If, LeavesTheOrderOfTheElements) {
  const Circuit circuit = read_lines("R1 a 0 1\n.if 1\nR2 b 0 1\n.endif\nR3 c 0 1\n");
  EXPECT_EQ(circuit.resistors.names[0], "r1");
  EXPECT_EQ(circuit.resistors.names[1], "r2");
  EXPECT_EQ(circuit.resistors.names[2], "r3");
}

TEST(If, AsksForTheTemperature) {
  EXPECT_EQ(
      ohms(read_lines(".temp 85\n.if (temper > 50)\nR1 a 0 1\n.else\nR1 a 0 2\n.endif\n"), "r1"),
      1);
}

// What is wrong in a branch that is not taken is nobody's business, also a file that is not there.
TEST(If, ReportsFaultsOfTheBranchAlone) {
  EXPECT_TRUE(faults_of("R1 a 0 1\n.if 0\n.include nowhere.lib\nZ1 what\n.endif\n").empty());
  expect_fault({"", 3, 10, "there is no file 'nowhere.lib'"},
               faults_of(".if 1\n.include nowhere.lib\n.endif\n"));
}

TEST(If, HasFaults) {
  const std::vector<FaultyLines> cases = {
      {".if 1\nR1 a 0 1\n", 2, 1, "'.if' is not closed"},
      {".endif\n", 2, 1, "there is no .if that .endif belongs to"},
      {".if 1\n.else\n.else\n.endif\n", 4, 1, ".else follows .else"},
      {".if (x)\nR1 a 0 1\n.endif\n", 2, 6, "there is no parameter 'x'"},
      {".subckt s a\n.if 1\n.ends\n", 3, 1, "the .if is not closed in its sub-circuit"},
      {".if\n.endif\n", 2, 4, "the line ends where a condition is expected"},
  };
  for (const FaultyLines& c : cases) expect_fault(c, faults_of(c.lines));
}

TEST(Statements, ThatSayHowThingsAreShownHaveNoEffect) {
  const Circuit circuit = read_lines(
      ".width out=80\n.protect\nR1 a 0 1\n.unprotect\n.csparam x=1\n.global_param p=2\n");
  EXPECT_TRUE(circuit.warnings.empty());
}

}  // namespace
}  // namespace wordline
