#include "wordline/engine/dynamics.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace wordline {
namespace {

// Integrates dq/dt = -q from q = 1 with n equal steps and returns the error at t = 1 against
// exp(-1). The first steps of BDF2 are backward Euler, whose error is of the same order overall.
double decay_error(Formula formula, int n) {
  Dynamics dynamics;
  const std::size_t site = dynamics.add(1, {});
  dynamics.values(site, 1)[0] = 1;
  dynamics.restart();
  dynamics.set_rate(site, -1);
  const double h = 1.0 / n;
  for (int k = 0; k < n; ++k) {
    const bool first = formula == Formula::kBdf2 && k == 0;
    dynamics.begin(first ? Formula::kBackwardEuler : formula, h);
    // a0 q + b = -q
    const double q = -dynamics.history(site, 1)[0] / (dynamics.a0() + 1);
    EXPECT_NEAR(dynamics.derivative(site, q), -q, 1e-12);
    dynamics.accept();
  }
  return std::abs(dynamics.last(site) - std::exp(-1));
}

// Halving the step divides the error by 2^order (closed form of the decay).
TEST(Dynamics, HasTheOrderOfItsFormula) {
  EXPECT_NEAR(decay_error(Formula::kBackwardEuler, 100) / decay_error(Formula::kBackwardEuler, 200),
              2, 0.05);
  EXPECT_NEAR(decay_error(Formula::kTrapezoidal, 100) / decay_error(Formula::kTrapezoidal, 200), 4,
              0.05);
  EXPECT_NEAR(decay_error(Formula::kBdf2, 100) / decay_error(Formula::kBdf2, 200), 4, 0.15);
}

// Coefficients of the variable-step formulas: exact for the polynomials of their order.
TEST(Dynamics, Bdf2DifferentiatesParabolasExactlyAtUnequalSteps) {
  Dynamics dynamics;
  dynamics.add(1, {});
  const auto parabola = [](double t) { return 3 - 2 * t + 5 * t * t; };
  dynamics.values(0, 1)[0] = parabola(0);
  dynamics.restart();
  dynamics.begin(Formula::kBackwardEuler, 0.1);
  dynamics.derivative(0, parabola(0.1));
  dynamics.accept();
  dynamics.begin(Formula::kBdf2, 0.25);
  EXPECT_NEAR(dynamics.derivative(0, parabola(0.35)), -2 + 10 * 0.35, 1e-12);
}

// Values at times 0, 0.1 and 0.35, of which there are more after every step.
TEST(Dynamics, ExtrapolatesParabolasAndZigzagsExactly) {
  Dynamics dynamics;
  const auto parabola = [](double t) { return std::vector{3 + 2 * t + 5 * t * t}; };
  const auto extrapolated = [&](double h, std::vector<double> a, std::vector<double> b,
                                std::vector<double> c) {
    std::vector<double> x(1);
    dynamics.extrapolate(h, {a, b, c}, x);
    return x[0];
  };
  dynamics.restart();
  EXPECT_EQ(extrapolated(0.2, {5}, {}, {}), 5);
  dynamics.begin(Formula::kBackwardEuler, 0.1);
  dynamics.accept();
  EXPECT_DOUBLE_EQ(extrapolated(0.2, {5}, {6}, {}), 3);
  dynamics.begin(Formula::kBackwardEuler, 0.25);
  dynamics.accept();
  EXPECT_NEAR(extrapolated(0.15, parabola(0.35), parabola(0.1), parabola(0)), parabola(0.5)[0],
              1e-14);
  // 3 + 0.25 (-0.8)^k, and what grows: it is not made to grow on.
  EXPECT_NEAR(extrapolated(0.25, {3.16}, {2.8}, {3.25}), 2.872, 1e-14);
  EXPECT_NEAR(extrapolated(0.25, {3.25}, {2.8}, {3.16}), 2.8, 1e-14);
  dynamics.forget_before_corner();
  EXPECT_EQ(extrapolated(0.2, {5}, {6}, {8}), 5);
}

// For q = t^3 the third derivative is 6, so the error of the trapezoidal rule is h^3/12 * 6
// whatever the steps before; the tolerance is reltol |q| (trtol 1).
TEST(Dynamics, EstimatesTheTrapezoidalErrorOfACubicExactly) {
  Options options;
  options.trtol = 1;
  options.reltol = 1e-3;
  options.abstol = 0;
  Dynamics dynamics;
  dynamics.add(1, {.floor = 1e-30});
  const auto cube = [](double t) { return t * t * t; };
  double t = 1;
  dynamics.values(0, 1)[0] = cube(t);
  dynamics.restart();
  dynamics.set_rate(0, 3);
  for (const double h : {0.1, 0.05}) {
    dynamics.begin(Formula::kBackwardEuler, h);
    t += h;
    dynamics.derivative(0, cube(t));
    dynamics.accept();
  }
  const double h = 0.08;
  dynamics.begin(Formula::kTrapezoidal, h);
  t += h;
  const double rate = dynamics.derivative(0, cube(t));
  const double tolerance = options.reltol * std::max(cube(t), h * std::abs(rate));
  const auto [ratio, order] = dynamics.local_error(options);
  EXPECT_EQ(order, 2);
  EXPECT_NEAR(ratio, h * h * h / 12 * 6 / tolerance, 1e-6 * ratio);
}

TEST(Dynamics, PinnedStatesHaveNoErrorAndNoRate) {
  Options options;
  Dynamics dynamics;
  dynamics.add(1, {.range = 1});
  dynamics.values(0, 1)[0] = 0.2;
  dynamics.restart();
  dynamics.set_rate(0, 5);
  dynamics.begin(Formula::kBackwardEuler, 1);
  dynamics.values(0, 1)[0] = 1;
  EXPECT_GT(dynamics.local_error(options).ratio, 1);
  dynamics.pin(0, true);
  EXPECT_EQ(dynamics.local_error(options).ratio, 0);
  EXPECT_DOUBLE_EQ(dynamics.largest_state_change(), 0.8);
  dynamics.accept();
  dynamics.begin(Formula::kTrapezoidal, 1);
  EXPECT_DOUBLE_EQ(dynamics.history(0, 1)[0], -2.0);  // -2 q/h - 0
}

TEST(Dynamics, FrozenValuesHaveNoRate) {
  Dynamics dynamics;
  dynamics.add(1, {});
  dynamics.freeze();
  EXPECT_EQ(dynamics.derivative(0, 3.0), 0);
  EXPECT_EQ(dynamics.rate(0), 0);
}

}  // namespace
}  // namespace wordline
