// What every memristor model promises, through its bank: whatever is in the list of models is
// tested here by itself. Tolerances are those of the differences and of the local solver (1e-12 of
// the range of the state).

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "memristor_cards.hpp"
#include "slope.hpp"

namespace wordline {
namespace {

using testing::expect_slope;
using testing::MemristorCard;
using testing::slope_of;

struct Step {
  double x, i, g;
};

// The formula a0 x + b of an integration over h from x_old.
struct Formula {
  std::string name;
  double a0, b;
};

class MemristorContract : public ::testing::TestWithParam<MemristorCard> {
 protected:
  void SetUp() override {
    bank->add({GetParam().values});
    bank->add({GetParam().values, 2.5, true});
  }

  // Of the first device, which has its terminals the right way round. Where its temperature is a
  // state, it was the ambient one before the step.
  Step evaluate(double v, double a0, double b, double guess) const {
    const std::vector<double> voltages = {v, 0};
    std::vector<double> x = with_temperatures({guess, guess}, bank->ambient(0));
    std::vector<double> i = {0, 0}, g = {0, 0};
    bank->evaluate(voltages, a0, with_temperatures({b, 0}, -a0 * bank->ambient(0)), x, i, g);
    return {x[0], i[0], g[0]};
  }
  // dx/dt at the temperature at the end of such a step; without a0, at the one that stays.
  double rate(double v, double x, double a0 = 0) const {
    if (!bank->has_thermal_states()) return rates(v, {x, x})[0];
    const double ambient = bank->ambient(0);
    const double heating = rates(v, {x, x, ambient, ambient})[2];
    const double cooling = heating - rates(v, {x, x, ambient + 1, ambient})[2];
    return rates(v, {x, x, ambient + heating / (a0 + cooling), ambient})[0];
  }
  std::vector<double> rates(double v, const std::vector<double>& x) const {
    std::vector<double> rates(x.size());
    bank->rates(std::vector<double>{v, 0}, x, rates);
    return rates;
  }
  std::vector<double> with_temperatures(std::vector<double> x, double of_temperature) const {
    if (bank->has_thermal_states()) x.insert(x.end(), {of_temperature, of_temperature});
    return x;
  }
  double state(double part) const { return bounds().low + part * range(); }
  Bounds bounds() const { return bank->bounds(0); }
  double range() const { return bounds().high - bounds().low; }

  // Backward Euler and the trapezoidal rule, over steps in which the state moves by 1e-3 to 10 of
  // its range if it moves at all.
  std::vector<Formula> formulas(double v, double x_old) const {
    std::vector<Formula> formulas;
    const double f = rate(v, x_old);
    const double pace = f == 0 ? 1 : range() / std::abs(f);
    for (const double part : {1e-3, 0.1, 10.0}) {
      const double h = part * pace;
      formulas.push_back({"backward Euler", 1 / h, -x_old / h});
      formulas.push_back({"trapezoidal", 2 / h, -2 * x_old / h - f});
    }
    return formulas;
  }

  double residual(double v, const Formula& formula, double x) const {
    return formula.a0 * x + formula.b - rate(v, x, formula.a0);
  }
  // The residual changes its sign at the solution, or presses it against its bound.
  void expect_solution(double v, const Formula& formula, double x) const {
    const double near = 1e-10 * range();
    const std::string what = formula.name + ", v = " + std::to_string(v);
    if (x > bounds().low + near) {
      EXPECT_LE(residual(v, formula, x - near), 0) << what;
    }
    if (x < bounds().high - near) {
      EXPECT_GE(residual(v, formula, x + near), 0) << what;
    }
  }
  bool residual_only_grows(double v, const Formula& formula) const {
    constexpr int kSamples = 1000;
    double last = -std::numeric_limits<double>::infinity();
    // Not at the bounds, where rates are those of a device that stops.
    for (int k = 1; k < kSamples; ++k) {
      const double next = residual(v, formula, state(static_cast<double>(k) / kSamples));
      if (!(next > last)) return false;
      last = next;
    }
    return true;
  }

  const std::unique_ptr<MemristorBank> bank = GetParam().model->make_bank();
  const std::vector<double> voltages = {-2.93,  -0.83, -0.31, -0.11, -0.007, 0.007,
                                        0.0113, 0.091, 0.37,  0.79,  3.1};
  const std::vector<double> parts = {0.003, 0.12, 0.283, 0.456, 0.543, 0.77, 0.997};
};

TEST_P(MemristorContract, CurrentHasItsSlopes) {
  for (const double v : voltages) {
    for (const double part : parts) {
      const double x = state(part);
      const Partials c = bank->current(0, v, x);
      const std::string at = " at v = " + std::to_string(v) + ", x at " + std::to_string(part);
      expect_slope(c.dv, slope_of([&](double u) { return bank->current(0, u, x).value; }, v, 0.01),
                   "by v" + at);
      expect_slope(c.dx,
                   slope_of([&](double y) { return bank->current(0, v, y).value; }, x,
                            std::min(part, 1 - part) * range()),
                   "by x" + at);
    }
  }
}

TEST_P(MemristorContract, CurrentVanishesAtZeroVolts) {
  for (const double part : parts) EXPECT_EQ(bank->current(0, 0, state(part)).value, 0);
}

TEST_P(MemristorContract, StepsSolveTheirEquation) {
  for (const double v : voltages) {
    for (const double part : parts) {
      for (const Formula& formula : formulas(v, state(part))) {
        expect_solution(v, formula, evaluate(v, formula.a0, formula.b, state(part)).x);
      }
    }
  }
}

TEST_P(MemristorContract, TangentIsTheSlopeOfTheWholeStep) {
  for (const double v : voltages) {
    for (const double part : parts) {
      for (const Formula& formula : formulas(v, state(part))) {
        const auto step = [&](double u) { return evaluate(u, formula.a0, formula.b, state(part)); };
        const auto slope = slope_of([&](double u) { return step(u).i; }, v, 0.01);
        // The local solver's 1e-12 of the range, divided by the step of the difference.
        const Partials c = bank->current(0, v, step(v).x);
        const double solver = 2e-12 * range() * std::abs(c.dx) / 1e-6;
        EXPECT_NEAR(step(v).g, slope.value, slope.uncertainty + solver)
            << formula.name << ", v = " << v << ", x at " << part << ", a0 = " << formula.a0;
      }
    }
  }
}

TEST_P(MemristorContract, PinnedDevicesAreResistors) {
  for (const double v : voltages) {
    const double f = rate(v, state(0.5));
    if (f == 0) continue;
    const double bound = f > 0 ? bounds().high : bounds().low;
    const double h = 1e3 * range() / std::abs(f);
    const Step step = evaluate(v, 1 / h, -bound / h, bound);
    if (step.x != bound) continue;  // a window leads it away, or holds it just before
    const double at_bound = rate(v, bound);
    if (f * at_bound < 0) {
      // The state comes to rest within rounding of the bound, where forces balance.
      EXPECT_LE(std::abs(at_bound), 1e-15 * std::abs(f)) << v;
      continue;
    }
    EXPECT_DOUBLE_EQ(step.g, bank->current(0, v, bound).dv) << v;
    EXPECT_EQ(at_bound, 0) << v;
  }
}

TEST_P(MemristorContract, WildVoltagesAndStepsStayFiniteAndInBounds) {
  for (const double v : {-1e3, -100.0, -20.0, 20.0, 100.0, 1e3}) {
    for (const double part : {0.0, 1e-9, 0.5, 1 - 1e-9, 1.0}) {
      for (const double h : {1e-15, 1e-9, 1e-3, 1.0, 1e6}) {
        const Step step = evaluate(v, 1 / h, -state(part) / h, state(part));
        EXPECT_TRUE(std::isfinite(step.i) && std::isfinite(step.g)) << v << " V, " << h << " s";
        EXPECT_GE(step.x, bounds().low);
        EXPECT_LE(step.x, bounds().high);
      }
    }
  }
}

// A step longer than a runaway of the device has several solutions. Each guess leads to one of
// them, and all guesses to the same where there is only one.
TEST_P(MemristorContract, TheSolutionDoesNotDependOnTheGuess) {
  int unique = 0;
  for (const double v : voltages) {
    for (const double part : parts) {
      for (const Formula& formula : formulas(v, state(part))) {
        const bool has_one = residual_only_grows(v, formula);
        const double x = evaluate(v, formula.a0, formula.b, state(part)).x;
        for (const double guess : {-1.0, 0.0, 0.4, 1.0, 2.0}) {
          const double found = evaluate(v, formula.a0, formula.b, state(guess)).x;
          expect_solution(v, formula, found);
          if (has_one) {
            EXPECT_NEAR(found, x, 1e-11 * range())
                << formula.name << ", v = " << v << ", x at " << part << ", guess " << guess;
          }
        }
        unique += has_one ? 1 : 0;
      }
    }
  }
  EXPECT_GT(unique, 115);  // a quarter of all
}

TEST_P(MemristorContract, ConductancesGoThereAndBack) {
  for (const double v_read : {-0.4, -0.05, 0.0, 0.05, 0.4}) {
    for (const double part : parts) {
      const Partials c = bank->current(0, v_read, state(part));
      const double g = v_read == 0 ? c.dv : c.value / v_read;
      EXPECT_NEAR(bank->state_for_conductance(0, g, v_read), state(part), 1e-10 * range());
    }
    // Nothing conducts backwards.
    const double none = bank->state_for_conductance(0, -1e-3, v_read);
    EXPECT_FALSE(none >= bounds().low && none <= bounds().high) << none;
  }
}

// The second device of the bank: 2.5 in parallel, terminals exchanged.
TEST_P(MemristorContract, FlipAndMultiplicityAreThoseOfTheCircuit) {
  for (const double v : voltages) {
    const double x = state(0.4);
    const Formula formula = formulas(v, x)[2];
    const double ambient = bank->ambient(0);
    std::vector<double> states = with_temperatures({x, x}, ambient), i = {0, 0}, g = {0, 0};
    bank->evaluate(std::vector<double>{v, -v}, formula.a0,
                   with_temperatures({formula.b, formula.b}, -formula.a0 * ambient), states, i, g);
    EXPECT_EQ(states[0], states[1]);
    EXPECT_DOUBLE_EQ(i[1], -2.5 * i[0]);
    EXPECT_DOUBLE_EQ(g[1], 2.5 * g[0]);
    std::vector<double> rates = with_temperatures({0, 0}, 0);
    bank->rates(std::vector<double>{v, -v}, with_temperatures({x, x}, ambient), rates);
    for (std::size_t k = 0; k < rates.size(); k += 2) EXPECT_EQ(rates[k], rates[k + 1]);
    EXPECT_DOUBLE_EQ(bank->state_for_conductance(0, 1e-4, 0.2),
                     bank->state_for_conductance(1, 2.5e-4, -0.2));
  }
}

INSTANTIATE_TEST_SUITE_P(Models, MemristorContract, ::testing::ValuesIn(testing::memristor_cards()),
                         [](const auto& card) { return card.param.name; });

}  // namespace
}  // namespace wordline
