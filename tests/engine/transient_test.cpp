#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "circuit_builder.hpp"

namespace wordline {
namespace {

using testing::CircuitBuilder;

SourceFunction step_to(double volts) {
  return {.dc = 0, .shape = PiecewiseLinear{.time = {0, 1e-9}, .value = {0, volts}}};
}

// The largest deviation of a signal from a function of time.
template <class F>
double deviation(const Result& result, const std::string& signal, F exact) {
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  double worst = 0;
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    worst = std::max(worst, std::abs(result[signal][k] - exact(result["time"][k])));
  }
  return worst;
}

// Charging through a resistor, 1 V: v = 1 - exp(-t/RC). Errors scale with reltol.
TEST(Transient, ChargesACapacitorExponentially) {
  for (const Method method : {Method::kTrapezoidal, Method::kGear}) {
    CircuitBuilder b;
    b.v("v1", "in", "0", step_to(1)).r("r1", "in", "out", 1e3).c("c1", "out", "0", 1e-6);
    b.circuit.options.method = method;
    b.circuit.options.reltol = 1e-5;
    const Result result = Simulator(b.circuit).run_transient({.step = 1e-5, .stop = 5e-3});
    EXPECT_LT(deviation(result, "v(out)",
                        [](double t) { return t < 1e-8 ? 0 : 1 - std::exp(-t / 1e-3); }),
              1e-4);
    EXPECT_DOUBLE_EQ(result["time"].back(), 5e-3);
  }
}

// An LC tank keeps its energy under the trapezoidal rule: amplitude and phase after ten periods.
TEST(Transient, KeepsAnLcTankRinging) {
  CircuitBuilder b;
  b.c("c1", "a", "0", 1e-6, 1.0).l("l1", "a", "0", 1e-3).r("r1", "a", "0", 1e9);
  b.circuit.options.reltol = 1e-5;
  const double w = 1 / std::sqrt(1e-9);
  const double period = 2 * std::numbers::pi / w;
  const Result result = Simulator(b.circuit).run_transient(
      {.step = period / 200, .stop = 10 * period, .use_initial_conditions = true});
  EXPECT_LT(deviation(result, "v(a)", [&](double t) { return std::cos(w * t); }), 5e-3);
}

// Series RLC, underdamped: closed form of the capacitor voltage after a step.
TEST(Transient, RingsAsARlcCircuitDoes) {
  const double r = 20, l = 1e-3, c = 1e-6;
  CircuitBuilder b;
  b.v("v1", "in", "0", step_to(1))
      .r("r1", "in", "a", r)
      .l("l1", "a", "out", l)
      .c("c1", "out", "0", c);
  b.circuit.options.reltol = 1e-5;
  const double alpha = r / (2 * l);
  const double w = std::sqrt(1 / (l * c) - alpha * alpha);
  const Result result = Simulator(b.circuit).run_transient({.step = 1e-6, .stop = 1e-3});
  EXPECT_LT(deviation(result, "v(out)",
                      [&](double t) {
                        t = std::max(0.0, t - 0.5e-9);  // the middle of the input's ramp
                        return 1 - std::exp(-alpha * t) *
                                       (std::cos(w * t) + alpha / w * std::sin(w * t));
                      }),
            2e-4);
}

// Two coupled inductors: a current ramp in the first induces M di/dt in the open second.
TEST(Transient, InducesAVoltageThroughACoupling) {
  CircuitBuilder b;
  b.circuit.current_sources.add(
      "i1",
      {0, b.node("a"), {.dc = 0, .shape = PiecewiseLinear{.time = {0, 1e-3}, .value = {0, 1}}}});
  b.l("l1", "a", "0", 4e-3).l("l2", "b", "0", 1e-3).r("r1", "b", "0", 1e9).r("r2", "a", "0", 1e9);
  b.circuit.mutuals.add("k1", {0, 1, 0.5});
  const Result result = Simulator(b.circuit).run_transient({.step = 1e-5, .stop = 1e-3});
  // M = 0.5 sqrt(4m 1m) = 1 mH, di/dt = 1000 A/s; L1 di/dt = 4 V.
  EXPECT_NEAR(result["v(b)"].back(), 1, 1e-4);
  EXPECT_NEAR(result["v(a)"].back(), 4, 1e-4);
}

TEST(Transient, LandsOnEveryCornerOfASource) {
  CircuitBuilder b;
  b.v("v1", "in", "0",
      {.dc = 0,
       .shape = Pulse{.v1 = 0,
                      .v2 = 1,
                      .delay = 1e-7,
                      .rise = 1e-9,
                      .fall = 2e-9,
                      .width = 5e-8,
                      .period = 2e-7}})
      .r("r1", "in", "out", 1e3)
      .c("c1", "out", "0", 1e-12);
  const Result result = Simulator(b.circuit).run_transient({.step = 1e-8, .stop = 1e-6});
  ASSERT_TRUE(result.report.ok());
  for (double start = 1e-7; start < 1e-6; start += 2e-7) {
    for (const double offset : {0.0, 1e-9, 5.1e-8, 5.3e-8}) {
      double nearest = 1;
      for (const double t : result["time"]) {
        nearest = std::min(nearest, std::abs(t - start - offset));
      }
      EXPECT_LT(nearest, 1e-18) << start + offset;
    }
  }
}

TEST(Transient, StartsFromInitialConditionsAsConstraints) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0).r("r1", "in", "out", 1e3).c("c1", "out", "0", 1e-6);
  b.circuit.initial_conditions[b.node("out")] = 0.25;
  b.circuit.options.reltol = 1e-5;
  const Result result = Simulator(b.circuit).run_transient({.step = 1e-5, .stop = 3e-3});
  EXPECT_DOUBLE_EQ(result["v(out)"].front(), 0.25);
  EXPECT_LT(deviation(result, "v(out)", [](double t) { return 1 - 0.75 * std::exp(-t / 1e-3); }),
            1e-4);
}

// With uic the first point already obeys the resistive part: the divider across a charged
// capacitor.
TEST(Transient, IsConsistentAtZeroWithUic) {
  CircuitBuilder b;
  b.c("c1", "a", "0", 1e-6, 2.0).r("r1", "a", "b", 1e3).r("r2", "b", "0", 1e3);
  b.circuit.options.reltol = 1e-5;
  const Result result = Simulator(b.circuit).run_transient(
      {.step = 1e-5, .stop = 4e-3, .use_initial_conditions = true});
  EXPECT_NEAR(result["v(b)"].front(), 1, 1e-5);
  EXPECT_LT(deviation(result, "v(a)", [](double t) { return 2 * std::exp(-t / 2e-3); }), 1e-4);
}

TEST(Transient, KeepsResultsFromTstartOn) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0).r("r1", "in", "0", 1e3);
  const Result result =
      Simulator(b.circuit).run_transient({.step = 1e-6, .stop = 1e-4, .start = 5e-5});
  EXPECT_GE(result["time"].front(), 5e-5 * (1 - 1e-9));
  EXPECT_NEAR(result["time"].front(), 5e-5, 1e-6);
}

TEST(Transient, StopsCleanlyWhenInterrupted) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0).r("r1", "in", "0", 1e3);
  std::atomic<bool> interrupt = false;
  RunControl control;
  control.interrupt = &interrupt;
  control.progress = [&](double fraction) { interrupt = fraction > 0.5; };
  const Result result = Simulator(b.circuit).run_transient({.step = 1e-6, .stop = 1e-4}, control);
  EXPECT_EQ(result.report.outcome, Outcome::kInterrupted);
  EXPECT_GT(result["time"].back(), 0.5e-4);
  EXPECT_LT(result["time"].back(), 0.6e-4);
}

TEST(Transient, RefusesAnEmptyInterval) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0).r("r1", "in", "0", 1e3);
  EXPECT_THROW(Simulator(b.circuit).run_transient({.step = 0, .stop = 1}), NetlistError);
  EXPECT_THROW(Simulator(b.circuit).run_transient({.step = 1, .stop = 0}), NetlistError);
}

}  // namespace
}  // namespace wordline
