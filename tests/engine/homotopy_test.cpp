// The ways to an operating point, each alone, and what is said where none leads to one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

Result run(const std::string& lines) {
  Simulator simulator(parse("homotopy\n" + lines + "\n.op\n.end\n"));
  return simulator.run_op();
}

struct Way {
  const char* options;
  const char* name;
};

constexpr Way kWays[] = {{".options gminsteps=5", ""},
                         {".options noopiter", "gmin"},
                         {".options noopiter gminsteps=0", "source"},
                         {".options noopiter gminsteps=0 itl6=0", "pseudo-transient"}};

// A current into twenty diodes in series: twenty times the closed form of one.
TEST(Homotopies, LeadToTheSameDiodes) {
  std::string stack = "i1 0 n0 1m\n.model dm d is=1e-14\n";
  for (int k = 0; k < 20; ++k) {
    const std::string cathode = k == 19 ? "0" : "n" + std::to_string(k + 1);
    stack += "d" + std::to_string(k) + " n" + std::to_string(k) + " " + cathode + " dm\n";
  }
  const double vt = 1.380649e-23 * 300.15 / 1.602176634e-19;
  for (const Way& way : kWays) {
    if (way.name == std::string("")) continue;  // from rest, Newton's method needs help
    const Result result = run(stack + ".options reltol=1e-6\n" + way.options);
    ASSERT_TRUE(result.report.ok()) << way.options << ": " << result.report.message;
    EXPECT_EQ(result.report.homotopy, way.name);
    EXPECT_NEAR(result["v(n0)"][0], 20 * vt * std::log(1e-3 / 1e-14 + 1), 1e-5) << way.options;
  }
}

// Two inverters that hold each other: whichever of the three states is found obeys Kirchhoff's law,
// and each is one of them: both rails, or both nodes at the same voltage by symmetry.
TEST(Homotopies, LeadToAStateOfALatch) {
  for (const Way& way : kWays) {
    const Result result =
        run(std::string("vdd d 0 1.8\nm1 a b 0 0 n w=2u l=1u\nm2 a b d d p w=4u l=1u\n"
                        "m3 b a 0 0 n w=2u l=1u\nm4 b a d d p w=4u l=1u\n"
                        ".model n nmos level=1 vto=0.5 kp=100u\n"
                        ".model p pmos level=1 vto=-0.5 kp=50u\n") +
            way.options);
    ASSERT_TRUE(result.report.ok()) << way.options << ": " << result.report.message;
    const double a = result["v(a)"][0], b = result["v(b)"][0];
    const bool symmetric = std::abs(a - b) < 1e-3;
    const bool at_rails = std::abs(a + b - 1.8) < 1e-3 && std::min(a, b) < 1e-3;
    EXPECT_TRUE(symmetric || at_rails) << way.options << ": " << a << ", " << b;
  }
}

// v(2) = exp(50 v(2)) and 1 + v^2 = 0 have no real solution.
TEST(Homotopies, InventNoSolution) {
  for (const Way& way : kWays) {
    const std::string options = way.options;
    EXPECT_FALSE(run("v1 1 0 1\nb2 2 0 v=v(1)*exp(50*v(2))\nr1 2 0 1k\n" + options).report.ok())
        << options;
    EXPECT_FALSE(run("b1 a 0 i=1+v(a)*v(a)\nr1 a 0 1meg\n" + options).report.ok()) << options;
  }
}

TEST(Homotopies, NameTheNodeAndTheElementThatIsLeft) {
  const Report report = run("v1 in 0 1\nr1 in 0 1k\nb1 a 0 i=1+v(a)*v(a)\nr2 a 0 1meg\n").report;
  ASSERT_FALSE(report.ok());
  ASSERT_FALSE(report.worst.empty());
  EXPECT_EQ(report.worst[0].unknown, "v(a)");
  EXPECT_EQ(report.worst[0].element, "b1");
  EXPECT_GE(report.worst[0].current, 1);
  // Equations that are met are not among the worst.
  EXPECT_TRUE(std::none_of(report.worst.begin(), report.worst.end(),
                           [](const UnmetEquation& e) { return e.unknown == "v(in)"; }));
}

// Each node has a capacitor of its own: through 1 kohm it charges with 1 ms.
TEST(ShuntOptions, PutACapacitorAndAConductanceAtEveryNode) {
  Simulator simulator(
      parse("t\nv1 in 0 pwl(0 0 1n 1)\nr1 in a 1k\n.options cshunt=1u reltol=1e-5\n"
            ".tran 10u 3m\n.end\n"));
  const Result result = simulator.run(simulator.circuit().analyses.at(0));
  ASSERT_TRUE(result.report.ok());
  EXPECT_NEAR(result["v(a)"].back(), 1 - std::exp(-3), 1e-4);
  const Result divided = run("v1 in 0 1\nr1 in a 1k\n.options rshunt=1k");
  EXPECT_NEAR(divided["v(a)"][0], 0.5, 1e-9);
}

}  // namespace
}  // namespace wordline
