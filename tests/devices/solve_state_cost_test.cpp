// What a local step costs, counted in evaluations of the model: arrays of 1e6 devices take one step
// each in every iteration, most of them below threshold.

#include <gtest/gtest.h>

#include <array>

#include "wordline/devices/memristor/memristor_bank.hpp"
#include "wordline/devices/memristor/vteam.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"

namespace wordline {
namespace {

template <class M>
struct Counted : M {
  static constexpr std::array<Parameter<Counted>, 0> kParameters{};
  mutable int evaluations = 0;

  Partials rate(double v, double x) const {
    ++evaluations;
    return M::rate(v, x);
  }
};

// A step of backward Euler over h from x_old, started from a guess.
template <class M>
int evaluations_of_step(const M& model, double v, double h, double x_old, double guess) {
  const Counted<M> counted{model};
  solve_state(counted, v, 1 / h, -x_old / h, guess);
  return counted.evaluations;
}

TEST(SolveStateCost, IsOneEvaluationForADeviceThatRests) {
  EXPECT_EQ(evaluations_of_step(Vteam{}, 0.01, 1e-9, 1e-9, 1e-9), 1);
  EXPECT_EQ(evaluations_of_step(Vteam{.window = 1}, 0.01, 1e-9, 3e-9, 3e-9), 1);
  EXPECT_EQ(evaluations_of_step(Yakopcic{}, 0.1, 1e-6, 0.3, 0.3), 1);
  // One more to get there from elsewhere.
  EXPECT_EQ(evaluations_of_step(Yakopcic{}, 0.1, 1e-6, 0.3, 0.4), 2);
}

TEST(SolveStateCost, IsAtMostTwoEvaluationsAtABound) {
  EXPECT_EQ(evaluations_of_step(Vteam{}, 0.1, 1e-6, 3e-9, 3e-9), 1);
  EXPECT_EQ(evaluations_of_step(Vteam{}, 0.1, 1e-3, 1e-9, 1e-9), 2);
}

TEST(SolveStateCost, IsTwoEvaluationsForShortSteps) {
  EXPECT_EQ(evaluations_of_step(Vteam{}, 0.1, 1e-7, 1e-9, 1e-9), 2);
  EXPECT_EQ(evaluations_of_step(Yakopcic{}, 0.4, 1e-6, 0.2, 0.2), 2);
  EXPECT_EQ(evaluations_of_step(Yakopcic{}, -0.4, 1e-6, 0.2, 0.2), 2);
}

// Newton's method, not bisection: whatever the voltage and the step.
TEST(SolveStateCost, IsBoundedForLongStepsAndWildVoltages) {
  for (const double v : {-100.0, -1.0, -0.4, 0.4, 1.0, 100.0}) {
    for (const double h : {1e-6, 1e-3, 1.0}) {
      for (const double part : {0.0, 0.1, 0.5, 0.9, 1.0}) {
        EXPECT_LE(evaluations_of_step(Yakopcic{}, v, h, part, part), 10)
            << "Yakopcic, " << v << " V, " << h << " s from " << part;
        const double x = 3e-9 * part;
        EXPECT_LE(evaluations_of_step(Vteam{.window = 1, .wc = 3e-10}, v, h * 1e-4, x, x), 20)
            << "VTEAM, " << v << " V, " << h * 1e-4 << " s from " << part;
      }
    }
  }
}

}  // namespace
}  // namespace wordline
