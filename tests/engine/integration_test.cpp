// Integration formulas in circuits: where the trapezoidal rule rings, and orders of the others.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

Result run(const std::string& lines) {
  Simulator simulator(parse("integration\n" + lines + "\n.end\n"));
  Result result = simulator.run(simulator.circuit().analyses.at(0));
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result;
}

double largest(const Result& result, const std::string& signal, double from, double to) {
  double worst = 0;
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    const double t = result["time"][k];
    if (t > from && t < to) worst = std::max(worst, std::abs(result[signal][k]));
  }
  return worst;
}

// The current is at rest 20 time constants after its step: v = L di/dt = 0, of 1000 V at the step.
// The error that the trapezoidal rule makes there would alternate for ever.
TEST(TrapezoidalRule, DoesNotRingAcrossAnInductor) {
  const Result result = run("b1 0 a i=1m*tanh((time-50n)/1n)\nl1 a 0 1m\nr1 a 0 1g\n.tran 1n 200n");
  EXPECT_GT(largest(result, "v(a)", 0, 60e-9), 900);
  EXPECT_LT(largest(result, "v(a)", 76e-9, 200e-9), 1e-2);
}

// Between half waves the diode is off, and with no current to change there is no voltage across the
// inductor and none across the load.
TEST(TrapezoidalRule, DoesNotRingWhereADiodeCutsAnInductorOff) {
  const Result result =
      run("v1 in 0 sin(0 10 1meg)\nd1 in b dm\nl1 b a 10u\nr1 a 0 100\n.model dm d is=1e-12\n"
          ".tran 1n 3u 0 20n");
  EXPECT_GT(largest(result, "v(a)", 0, 0.5e-6), 5);
  EXPECT_LT(largest(result, "v(b)", 0.75e-6, 0.98e-6), 1e-2);
}

// A circuit that does ring keeps on: amplitude and phase of a tank without loss after 20 periods.
// The rule's own error of phase is (w h)^2/12 of each: 20 periods of 2 pi at w h = 2 pi/400.
TEST(TrapezoidalRule, LetsCircuitsRing) {
  const double w = 1 / std::sqrt(1e-9), period = 2 * M_PI / w;
  const Result result =
      run(fmt::format("c1 a 0 1u ic=1\nl1 a 0 1m\nr1 a 0 1g\n.options reltol=1e-5\n"
                      ".tran {0} {1} 0 {0} uic",
                      period / 400, 20 * period));
  const double phase = 20 * 2 * M_PI * std::pow(2 * M_PI / 400, 2) / 12;
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    ASSERT_NEAR(result["v(a)"][k], std::cos(w * result["time"][k]), 1.5 * phase);
  }
}

// A time constant of 1 ms, sampled at 100 equal steps: the error at 1 ms is that of the formula,
// h/2 of the slope for backward Euler and for a trapezoidal rule of weight m (1/2 - m) h.
TEST(IntegrationOptions, WeighTheRateAtTheBeginOfAStep) {
  const auto error = [](const std::string& options) {
    const Result result = run("c1 a 0 1u ic=1\nr1 a 0 1k\n.options reltol=0.1 trtol=1e6 " +
                              options + "\n.tran 10u 1m 0 10u uic");
    return result["v(a)"].back() - std::exp(-1.0);
  };
  const double euler = std::exp(-1.0) * 0.01 / 2;
  EXPECT_NEAR(error("method=be"), euler, 0.05 * euler);
  EXPECT_NEAR(error("maxord=1"), euler, 0.05 * euler);
  EXPECT_NEAR(error("method=gear maxord=1"), euler, 0.05 * euler);
  EXPECT_NEAR(error("xmu=0.25"), euler / 2, 0.05 * euler);
  EXPECT_LT(std::abs(error("")), 0.05 * euler);
}

// Backward differences of the second order find the closed form of a damped oscillation, and need
// far fewer steps for it than those of the first.
TEST(BackwardDifferences, ChooseTheOrderThatStepsFurther) {
  const auto deck = [](const std::string& options) {
    return run(
        "v1 in 0 pwl(0 0 1n 1)\nr1 in a 20\nl1 a out 1m\nc1 out 0 1u\n"
        ".options method=gear reltol=1e-4 " +
        options + "\n.tran 100u 1m");
  };
  const Result second = deck("");
  const Result first = deck("maxord=1");
  const double alpha = 1e4, w = std::sqrt(1e9 - alpha * alpha);
  for (std::size_t k = 0; k < second["time"].size(); ++k) {
    const double t = std::max(0.0, second["time"][k] - 0.5e-9);
    const double exact = 1 - std::exp(-alpha * t) * (std::cos(w * t) + alpha / w * std::sin(w * t));
    ASSERT_NEAR(second["v(out)"][k], exact, 2e-2);
  }
  EXPECT_LT(3 * second.report.accepted_steps, first.report.accepted_steps);
}

}  // namespace
}  // namespace wordline
