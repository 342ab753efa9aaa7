// Expressions: values against closed forms, precedence against what Debian's ngspice 39 computes
// (2**3**2 = 64, -2^2 = -4, nint(2.5) = 2, int(-2.5) = -2, log = ln), slopes against differences.
#include "wordline/netlist/expression.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <numbers>
#include <set>

#include "decks.hpp"
#include "wordline/netlist/diagnostics.hpp"
#include "wordline/netlist/expression_program.hpp"

namespace wordline {
namespace {

// An expression of x, y and z.
BoundExpression function_of(std::string_view text) {
  static const std::vector<std::string> kNames = {"x", "y", "z"};
  constexpr auto kVariable = ExpressionInput::Kind::kVariable;
  const std::vector<ExpressionInput> inputs = {
      {kVariable, 0, 0}, {kVariable, 1, 0}, {kVariable, 2, 0}};
  auto program = expression::bind(
      expression::parse(text), [](const expression::Instruction& name) -> expression::Instruction {
        for (std::uint32_t k = 0; k < 3; ++k) {
          if (name.text == kNames[k]) {
            return {.kind = expression::Instruction::Kind::kInput, .index = k};
          }
        }
        throw Error("unknown name " + std::string(name.text));
      });
  return {std::make_shared<const expression::Program>(std::move(program)), inputs, kNames};
}

double at(const BoundExpression& f, double x, double y = 0, double z = 0) {
  return f.evaluate(std::array{x, y, z}, 0, 27, {});
}

TEST(Expression, Precedence) {
  EXPECT_EQ(value_of("2**3**2"), 64);
  EXPECT_EQ(value_of("2^3^2"), 64);
  EXPECT_EQ(value_of("-2^2"), -4);
  EXPECT_EQ(value_of("2^-1"), 0.5);
  EXPECT_EQ(value_of("2*-3"), -6);
  EXPECT_EQ(value_of("1-2-3"), -4);
  EXPECT_EQ(value_of("8/4/2"), 1);
  EXPECT_EQ(value_of("7%4*2"), 6);
  EXPECT_EQ(value_of("1+2*3"), 7);
  EXPECT_EQ(value_of("(1+2)*3"), 9);
  EXPECT_EQ(value_of("1+1==2"), 1);
  EXPECT_EQ(value_of("1<2 == 3>2"), 1);
  EXPECT_EQ(value_of("0 && 1 || 1"), 1);
  EXPECT_EQ(value_of("!0 + 1"), 2);
  EXPECT_EQ(value_of("1 ? 2 : 0 ? 3 : 4"), 2);
  EXPECT_EQ(value_of("0 ? 2 : 0 ? 3 : 4"), 4);
  EXPECT_EQ(value_of("1+ + +1"), 2);
  EXPECT_EQ(value_of("--1"), 1);
  EXPECT_EQ(value_of("{1+{2}}*3"), 9);
}

TEST(Expression, FunctionValues) {
  EXPECT_DOUBLE_EQ(value_of("log(pi)"), std::log(std::numbers::pi));
  EXPECT_DOUBLE_EQ(value_of("ln(e)"), 1);
  EXPECT_DOUBLE_EQ(value_of("log10(1k)"), 3);
  EXPECT_EQ(value_of("nint(2.5)"), 2);
  EXPECT_EQ(value_of("nint(-1.6)"), -2);
  EXPECT_EQ(value_of("int(-2.5)"), -2);
  EXPECT_EQ(value_of("floor(-2.5)+ceil(2.1)"), 0);
  EXPECT_EQ(value_of("pow(-2,3)"), -8);
  EXPECT_EQ(value_of("pwr(-2,2)"), -4);
  EXPECT_EQ(value_of("pwrs(-2,2)"), -4);
  EXPECT_EQ(value_of("sgn(-3)+sgn(0)+sgn(4)"), 0);
  EXPECT_EQ(value_of("sign(-3,-2)"), -3);
  EXPECT_EQ(value_of("min(3,1,2)+max(3,1,2)"), 4);
  EXPECT_EQ(value_of("limit(5,-1,1)+limit(-5,-1,1)"), 0);
  EXPECT_EQ(value_of("u(1)+stp(-1)+u(0)"), 1.5);
  EXPECT_EQ(value_of("uramp(2)+uramp(-2)"), 2);
  EXPECT_EQ(value_of("if(1>2,3,4)"), 4);
  EXPECT_EQ(value_of("fmod(-7,3)"), -1);
  EXPECT_DOUBLE_EQ(value_of("hypot(3,4)"), 5);
  EXPECT_DOUBLE_EQ(value_of("atan2(-1,-1)"), -0.75 * std::numbers::pi);
  EXPECT_DOUBLE_EQ(value_of("table(1.5,1,10,2,20)"), 15);
  EXPECT_DOUBLE_EQ(value_of("pwl(0,1,10,2,20)+pwl(9,1,10,2,20)"), 30);
  EXPECT_DOUBLE_EQ(value_of("asinh(sinh(1))+acosh(cosh(2))+atanh(tanh(0.5))"), 3.5);
  EXPECT_DOUBLE_EQ(value_of("asin(sin(1))+acos(cos(1))+atan(tan(1))"), 3);
  EXPECT_DOUBLE_EQ(value_of("ABS(-1)+Sqrt(4)+EXP(0)"), 4);
  // SI Brochure, 9th edition: the fixed values of k and e.
  EXPECT_DOUBLE_EQ(value_of("boltz/echarge"), 1.380649e-23 / 1.602176634e-19);
}

TEST(Expression, NumbersHaveScaleFactors) {
  EXPECT_DOUBLE_EQ(value_of("1k+1meg+1m+1u"), 1001000.001001);
  EXPECT_DOUBLE_EQ(value_of("1e3+1e+3+.5"), 2000.5);
  EXPECT_DOUBLE_EQ(value_of("10kOhm-1.e4"), 0);
}

TEST(Expression, MayBeSplitOverLines) {
  const Circuit circuit = read_lines("V1 a 0 {1 +\n* comment\n+ 2 *\n+ 3}\n.param p = 1 +\n+ 1\n");
  EXPECT_EQ(circuit.voltage_sources.rows[0].function.dc, 7);
}

TEST(Expression, OnlyTheChosenBranchMustHaveAValue) {
  EXPECT_EQ(value_of("1 ? 2 : 1/0"), 2);
  EXPECT_EQ(value_of("if(0, sqrt(-1), 3)"), 3);
}

struct Sample {
  std::string text;
  double x, y, z;
};

// One or more interior points for every function and operator.
const std::vector<Sample> kSamples = {
    {"x+y", 1, 2, 0},
    {"x-y", 1, 2, 0},
    {"u2(x)+u2(y)+u2(z)", 0.5, -1, 2},
    {"x*y", 3, 2, 0},
    {"x/y", 3, -2, 0},
    {"x**y", 3, -2.5, 0},
    {"x^3", -3, 0, 0},
    {"x%y", 7.3, 2.1, 0},
    {"-x", 3, 0, 0},
    {"!x + (x<y) + (x>y) + (x<=y) + (x>=y) + (x==y) + (x!=y) + (x&&y) + (x||y)", 3, 4, 0},
    {"x>2 ? y*x : z*x", 3, 4, 5},
    {"x>2 ? y*x : z*x", 1, 4, 5},
    {"abs(x)", -2, 0, 0},
    {"sqrt(x)", 2, 0, 0},
    {"exp(x)", 1.5, 0, 0},
    {"ln(x)", 0.3, 0, 0},
    {"log(x)", 0.3, 0, 0},
    {"log10(x)", 0.3, 0, 0},
    {"pow(x,y)", 2, 1.5, 0},
    {"pow(x,2)", -2, 0, 0},
    {"pwr(x,y)", -2, 1.5, 0},
    {"pwrs(x,y)", 2, -1.5, 0},
    {"sgn(x)", 2, 0, 0},
    {"sign(x,y)", 2, -3, 0},
    {"min(x,y,z)", 3, 2, 4},
    {"max(x,y,z)", 3, 2, 4},
    {"int(x)", 2.3, 0, 0},
    {"nint(x)", 2.3, 0, 0},
    {"floor(x)", 2.3, 0, 0},
    {"ceil(x)", 2.3, 0, 0},
    {"fmod(x,y)", 7.3, 2.1, 0},
    {"sin(x)", 1, 0, 0},
    {"cos(x)", 1, 0, 0},
    {"tan(x)", 1, 0, 0},
    {"asin(x)", 0.4, 0, 0},
    {"acos(x)", 0.4, 0, 0},
    {"atan(x)", 2, 0, 0},
    {"sinh(x)", 1, 0, 0},
    {"cosh(x)", 1, 0, 0},
    {"tanh(x)", 0.7, 0, 0},
    {"asinh(x)", -2, 0, 0},
    {"acosh(x)", 2, 0, 0},
    {"atanh(x)", 0.4, 0, 0},
    {"atan2(x,y)", 1, -2, 0},
    {"hypot(x,y)", 1, -2, 0},
    {"limit(x,y,z)", 3, 2, 4},
    {"limit(x,y,z)", 1, 2, 4},
    {"limit(x,y,z)", 5, 2, 4},
    {"u(x)", 1, 0, 0},
    {"stp(x)", -1, 0, 0},
    {"uramp(x)", 2, 0, 0},
    {"if(x>y, x*x, y)", 3, 2, 0},
    {"ternary_fcn(x>y, x*x, y)", 1, 2, 0},
    {"sqr(x)", -3, 0, 0},
    {"buf(x)", 0.7, 0, 0},
    {"inv(x)", 0.7, 0, 0},
    {"round(x)", 2.3, 0, 0},
    {"db(x)", -3, 0, 0},
    {"table(x,0,y,2,z)", 0.7, 3, 5},
    {"pwl(x,y,1,z,4)", 0.7, 0.2, 1.1},
    {"pwl(x,y,1,z,4)", 3, 0.2, 1.1},
    {"exp(x*y)/(1+sqrt(x)*z)-log(y)", 0.7, 1.2, 2.3},
};

// Central differences err by the order of their step squared and rounding by 1e-16 over it: 1e-8.
TEST(ExpressionSlopes, AgreeWithDifferences) {
  constexpr double kStep = 1e-5;
  for (const Sample& s : kSamples) {
    const BoundExpression f = function_of(s.text);
    std::array<double, 3> slopes{};
    const std::array x{s.x, s.y, s.z};
    f.evaluate(x, 0, 27, slopes);
    for (std::size_t k = 0; k < 3; ++k) {
      auto above = x;
      auto below = x;
      above[k] += kStep;
      below[k] -= kStep;
      const double difference =
          (f.evaluate(above, 0, 27, {}) - f.evaluate(below, 0, 27, {})) / (2 * kStep);
      EXPECT_NEAR(slopes[k], difference, 1e-7 * (1 + std::abs(difference)))
          << s.text << " by input " << k;
    }
  }
}

TEST(ExpressionSlopes, AreTestedForEveryFunction) {
  std::string all;
  for (const Sample& s : kSamples) all += s.text + " ";
  for (const expression::Function& f : expression::functions()) {
    const bool is_random = f.draw != expression::Draw::kNone;
    if (is_random || f.has_memory || f.of_results) continue;  // no functions of a circuit's values
    EXPECT_NE(all.find(std::string(f.name) + "("), std::string::npos) << f.name;
  }
}

// Edges of domains, poles, overflow: where a simulator must get a number it can go on with.
TEST(ExpressionSlopes, AreFiniteEverywhere) {
  const std::array<double, 9> points = {0, -1, 1, 1e-300, -1e-300, 1e300, -1e300, 710, -710};
  std::vector<std::string> texts = {
      "x^0.5",       "x^-1", "1/x", "x/y", "x**y", "exp(exp(x))", "sqrt(x)*log(x)/x",
      "x*y*z*1e300", "0^x",  "x%y"};
  for (const Sample& s : kSamples) texts.push_back(s.text);
  for (const std::string& text : texts) {
    const BoundExpression f = function_of(text);
    for (const double x : points) {
      for (const double y : points) {
        std::array<double, 3> slopes{};
        const double value = f.evaluate(std::array{x, y, 0.5}, 0, 27, slopes);
        EXPECT_TRUE(std::isfinite(value)) << text << " at " << x << ", " << y;
        for (const double slope : slopes) {
          EXPECT_TRUE(std::isfinite(slope)) << text << " at " << x << ", " << y;
        }
      }
    }
  }
}

// One-sided: the difference quotient from the right of sqrt and x^0.5 at 0 has no bound.
TEST(ExpressionSlopes, AreSteepAtAVerticalTangent) {
  for (const char* text : {"sqrt(x)", "x^0.5", "pwr(x,0.5)"}) {
    std::array<double, 3> slopes{};
    EXPECT_NEAR(function_of(text).evaluate(std::array{0.0, 0.0, 0.0}, 0, 27, slopes), 0, 1e-12);
    EXPECT_GT(slopes[0], 1e9) << text;
  }
}

TEST(Expression, IsContinuedBeyondItsDomain) {
  EXPECT_EQ(at(function_of("sqrt(x)"), -4), 0);
  EXPECT_LT(at(function_of("log(x)"), 0), -60);
  EXPECT_EQ(at(function_of("log(x)"), -1), at(function_of("log(x)"), 0));
  EXPECT_EQ(at(function_of("x^0.5"), -4), 2);  // ngspice: |x|^y
  EXPECT_EQ(at(function_of("x^3"), -2), -8);
  EXPECT_EQ(at(function_of("exp(x)"), 1e4), 1e99);
}

TEST(Expression, ReadsTimeAndTemperature) {
  const Circuit circuit = read_lines("B1 a 0 V=time*2+temper\nR1 a 0 1\n");
  const BoundExpression& f = circuit.behavioural.rows[0].value;
  EXPECT_TRUE(f.depends_on_time());
  EXPECT_TRUE(f.depends_on_temperature());
  EXPECT_EQ(f.evaluate({}, 3, 50, {}), 56);
  EXPECT_FALSE(read_lines("B1 a 0 V=2\n").behavioural.rows[0].value.depends_on_time());
}

TEST(Expression, ReadsVoltagesAndCurrents) {
  const Circuit circuit = read_lines(
      "V1 a 0 1\nR1 a b 1\nR2 b 0 1\n.param k=3\n"
      "B1 c 0 I=k*V(a,b) + i(V1)*v(b) + v(b,b)\n");
  const BoundExpression& f = circuit.behavioural.rows[0].value;
  ASSERT_EQ(f.inputs().size(), 3);
  EXPECT_EQ(f.inputs()[0], (ExpressionInput{ExpressionInput::Kind::kVoltage, 1, 2}));
  EXPECT_EQ(f.inputs()[1], (ExpressionInput{ExpressionInput::Kind::kCurrent, 0, 0}));
  EXPECT_EQ(f.inputs()[2], (ExpressionInput{ExpressionInput::Kind::kVoltage, 2, 0}));
  std::array<double, 3> slopes{};
  EXPECT_EQ(f.evaluate(std::array{2.0, 5.0, 7.0}, 0, 27, slopes), 41);
  EXPECT_EQ(slopes, (std::array{3.0, 7.0, 5.0}));
  EXPECT_EQ(f.text(), "3*v(a,b)+i(v1)*v(b)+0");
  EXPECT_EQ(f.text([](std::size_t k) { return fmt::format("q{}", k); }), "3*q0+q1*q2+0");
}

TEST(Expression, LongSumsNeedNoDepth) {
  std::string text = "x";
  for (int k = 0; k < 100'000; ++k) text += "+1";
  EXPECT_EQ(at(function_of(text), 0.5), 100'000.5);
  EXPECT_EQ(function_of(text).text().size(), text.size());
}

TEST(Expression, TooLongToBeWrittenIsAnError) {
  std::string text = "x";
  for (int k = 0; k < 40; ++k) text = fmt::format("int({})", text);
  EXPECT_THROW(function_of(text).text(), Error);
}

// ---- the written form, evaluated by ngspice ----

std::map<std::string, double> run_ngspice(const std::string& deck) {
  const auto path = std::filesystem::temp_directory_path() /
                    fmt::format("wordline_expression_{}.cir", ::getpid());
  std::ofstream(path) << deck;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      popen(fmt::format("ngspice -b {} 2>&1", path.string()).c_str(), "r"), pclose);
  std::map<std::string, double> values;
  std::array<char, 512> line{};
  while (fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    std::array<char, 64> name{};
    double value = 0;
    if (sscanf(line.data(), "%63s = %lf", name.data(), &value) == 2) values[name.data()] = value;
  }
  std::filesystem::remove(path);
  return values;
}

// ngspice prints 13 digits here; it adds small conductances to divisions, hence 1e-9.
TEST(ExpressionText, MeansTheSameToNgspice) {
  if (std::system("ngspice --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no ngspice";
  std::string deck;
  std::string prints;
  std::map<std::string, double> expected;
  for (std::size_t k = 0; k < kSamples.size(); ++k) {
    const Sample& s = kSamples[k];
    const BoundExpression f = function_of(s.text);
    // Numbers for inputs: ngspice starts its iteration at 0 V, outside of some domains.
    const std::array values{s.x, s.y, s.z};
    const std::string text =
        f.text([&](std::size_t input) { return fmt::format("({})", values[input]); });
    // The points of ngspice's pwl are constants.
    if (s.text.starts_with("pwl(x,y") || s.text.starts_with("table(x,0,y")) continue;
    deck += fmt::format("B{0} b{0} 0 V={1}\n", k, text);
    prints += fmt::format("print v(b{})\n", k);
    expected[fmt::format("v(b{})", k)] = at(f, s.x, s.y, s.z);
  }
  const auto values =
      run_ngspice("title\n" + deck + ".control\nset numdgt=13\nop\n" + prints + ".endc\n.end\n");
  ASSERT_FALSE(values.empty());
  for (const auto& [name, value] : expected) {
    ASSERT_TRUE(values.contains(name)) << name;
    EXPECT_NEAR(values.at(name), value, 1e-9 * (1 + std::abs(value)))
        << kSamples[std::stoul(name.substr(3))].text;
  }
}

}  // namespace
}  // namespace wordline
