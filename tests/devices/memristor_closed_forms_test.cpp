// Models whose equations have solutions in closed form, at a constant voltage or for one step.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "memristor_stepper.hpp"
#include "wordline/devices/memristor/memdiode.hpp"
#include "wordline/devices/memristor/memristor_bank.hpp"
#include "wordline/devices/memristor/mms.hpp"
#include "wordline/devices/memristor/yakopcic.hpp"

namespace wordline {
namespace {

// The state after `duration` at a constant voltage, in so many trapezoidal steps.
double state_after(double duration, const testing::WaveformCase& c, int steps = 20000) {
  testing::MemristorStepper stepper(c, 0);
  for (int k = 1; k <= steps; ++k) stepper.step_to(duration * k / steps);
  return stepper.x();
}

// R(t) = ln(e^(kr) + e^(-kst) (e^(kR0) - e^(kr)))/k for V > 0, in the numbers of an independent
// evaluation; tolerance: the error of the trapezoidal rule.
TEST(DataDriven2018, FollowsItsClosedFormAtAConstantVoltage) {
  EXPECT_NEAR(state_after(1e-3, {.file = "",
                                 .model = "data_driven2018",
                                 .parameters = {},
                                 .x0 = 6000,
                                 .source = [](double) { return 1.0; }}),
              13827.644705063, 1e-2);
  EXPECT_NEAR(state_after(1e-4, {.file = "",
                                 .model = "data_driven2018",
                                 .parameters = {},
                                 .x0 = 12000,
                                 .source = [](double) { return -0.9; }}),
              11785.133592394, 1e-4);
}

// R(t) = (R0 + s r (r - R0) t)/(1 + s (r - R0) t)
TEST(DataDriven, FollowsItsClosedFormAtAConstantVoltage) {
  const auto closed = [](double s, double r, double from, double t) {
    return (from + s * r * (r - from) * t) / (1 + s * (r - from) * t);
  };
  const double fall = 600.10075 * (std::exp(0.5 / -0.0212028) - 1);
  EXPECT_NEAR(state_after(5e-6, {.file = "",
                                 .model = "data_driven",
                                 .parameters = {},
                                 .x0 = 2900,
                                 .source = [](double) { return 0.5; }}),
              closed(fall, 2699.2336 - 0.5 * 672.930205, 2900, 5e-6), 1e-4);
  const double rise = -34.5988399 * (std::exp(1.5 / -0.05343997) - 1);
  EXPECT_NEAR(state_after(5e-6, {.file = "",
                                 .model = "data_driven",
                                 .parameters = {},
                                 .x0 = 1700,
                                 .source = [](double) { return -1.5; }}),
              closed(rise, 649.413746 + 1.5 * 1474.32358, 1700, 5e-6), 1e-4);
}

// A device beyond its boundary rests.
TEST(DataDriven, DoesNotMoveAwayFromItsBoundary) {
  EXPECT_EQ(state_after(1e-3,
                        {.file = "",
                         .model = "data_driven",
                         .parameters = {},
                         .x0 = 1700,
                         .source = [](double) { return 0.5; }},
                        10),
            1700);
}

// R(t) = R0 + beta (V - vt) t up to the bound.
TEST(Pershin, MovesInAStraightLineToItsBound) {
  const auto after = [](double t) {
    return state_after(t,
                       {.file = "",
                        .model = "pershin",
                        .parameters = {},
                        .x0 = 2000,
                        .source = [](double) { return 2.0; }},
                       7);
  };
  EXPECT_NEAR(after(5e-9), 2000 + 2e12 * 0.4 * 5e-9, 1e-8);
  EXPECT_EQ(after(2e-8), 10000);
}

// Backward Euler in closed form: x = (x0 + h up)/(1 + h (up + down)) for a rate linear in x.
void expect_linear_step(double got, double x0, double h, double up, double down) {
  const double expected = (x0 + h * up) / (1 + h * (up + down));
  EXPECT_NEAR(got, expected, 1e-12) << "h = " << h << ", x0 = " << x0;
  EXPECT_TRUE(got >= 0 && got <= 1);
}

TEST(Mms, StepsAsItsClosedFormSays) {
  const Mms model{};
  const double vt = 1.380649e-23 / 1.602176634e-19 * 298.5;
  for (const double v : {-0.6, -0.2, 0.0, 0.25, 0.9}) {
    for (const double h : {1e-7, 1e-4, 1.0}) {
      for (const double x0 : {0.0, 0.3, 1.0}) {
        const double up = 1 / (1 + std::exp(-(v - 0.27) / vt)) / 1e-4;
        const double down = 1 / (1 + std::exp((v + 0.27) / vt)) / 1e-4;
        expect_linear_step(solve_state(model, v, 1 / h, -x0 / h, x0).x, x0, h, up, down);
      }
    }
  }
}

TEST(Memdiode, StepsAsItsClosedFormSays) {
  const Memdiode model{};
  for (const double v : {-1.4, -0.3, 0.0, 0.8, 1.5}) {
    for (const double h : {1e-4, 1.0, 1e5}) {
      for (const double x0 : {0.0, 0.3, 1.0}) {
        const double up = std::exp(v / 0.0899) / 1.796e6;
        const double down = std::exp(-v / 0.1905) / 132;
        expect_linear_step(solve_state(model, v, 1 / h, -x0 / h, x0).x, x0, h, up, down);
      }
    }
  }
}

// The inner voltage satisfies u + rs I = v: its current is that of the diodes at v - rs I.
TEST(Memdiode, SolvesTheLoopOfItsResistance) {
  for (const double v : {-50.0, -1.4, -0.2, -1e-6, 1e-6, 0.4, 2.0, 50.0}) {
    for (const double x : {0.0, 0.2, 1.0}) {
      const double i = Memdiode{}.current(v, x).value;
      const double u = v - (117 + (256 - 117) * x) * i;
      const double a = 3 + 0.8 * x;
      const double diodes =
          (1.8e-6 + (1.23e-3 - 1.8e-6) * x) * (std::exp(0.308 * a * u) - std::exp(-0.692 * a * u));
      EXPECT_NEAR(diodes, i, 1e-9 * std::abs(i)) << v << " V, x = " << x;
    }
  }
}

TEST(Yakopcic, MatchesItsCheckPoint) {
  const Partials i = Yakopcic{}.current(0.3, 0.2);
  const Partials f = Yakopcic{}.rate(0.3, 0.2);
  EXPECT_NEAR(i.value, 5.10019125e-4, 1e-12);
  EXPECT_NEAR(i.dv, 1.70019125e-3, 1e-11);
  EXPECT_NEAR(i.dx, 2.55009563e-3, 1e-11);
  EXPECT_NEAR(f.value, 705.391746, 1e-6);
  EXPECT_NEAR(f.dv, 5399.43523, 1e-5);
}

}  // namespace
}  // namespace wordline
