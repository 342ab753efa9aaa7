// What every memristor model promises, through its bank: whatever is in the list of models is
// tested here by itself. Tolerances are those of the differences and of the local solver (1e-12 of
// the range of the state).

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "slope.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline {
namespace {

using testing::expect_slope;
using testing::slope_of;

struct Card {
  std::string name;
  const ModelType* model;
  std::vector<double> values;
};

// Every model with its defaults, and the branches of those that have some.
std::vector<Card> cards() {
  std::vector<Card> cards;
  for (const ModelType& type : model_types()) {
    if (type.kind != "memristor") continue;
    cards.push_back({std::string(type.name), &type, type.defaults()});
  }
  const auto add = [&](const std::string& name, std::string_view model,
                       const std::vector<std::pair<std::string_view, double>>& parameters) {
    const ModelType* type = find_model_type("memristor", model);
    Card card{name, type, type->defaults()};
    for (const auto& [parameter, value] : parameters) {
      card.values.at(static_cast<std::size_t>(type->find(parameter))) = value;
    }
    cards.push_back(card);
  };
  add("static_sinh", "static", {{"iv", 1}, {"gmin", 1e-6}, {"gmax", 1e-3}});
  add("vteam_windowed", "vteam",
      {{"iv", 1}, {"window", 1}, {"a_on", 0.3e-9}, {"a_off", 2.7e-9}, {"aoff", 2.5}});
  add("vteam_smooth", "vteam", {{"smooth", 0.1}});
  add("yakopcic_reversed", "yakopcic", {{"eta", -1}, {"a2", 0.1}, {"b", 0.7}});
  add("yakopcic_steep", "yakopcic", {{"alphap", 20}, {"alphan", 30}, {"xp", 0.1}, {"xn", 0.1}});
  return cards;
}

struct Step {
  double x, i, g;
};

// The formula a0 x + b of an integration over h from x_old.
struct Formula {
  std::string name;
  double a0, b;
};

class MemristorContract : public ::testing::TestWithParam<Card> {
 protected:
  void SetUp() override {
    bank->add({GetParam().values});
    bank->add({GetParam().values, 2.5, true});
  }

  // Of the first device, which has its terminals the right way round.
  Step evaluate(double v, double a0, double b, double guess) const {
    const std::vector<double> voltages = {v, 0};
    const std::vector<double> constants = {b, 0};
    std::vector<double> x = {guess, guess}, i = {0, 0}, g = {0, 0};
    bank->evaluate(voltages, a0, constants, x, i, g);
    return {x[0], i[0], g[0]};
  }
  double rate(double v, double x) const {
    std::vector<double> rates = {0, 0};
    bank->rates(std::vector<double>{v, 0}, std::vector<double>{x, x}, rates);
    return rates[0];
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

  // Whether the residual a0 x + b - f falls through zero somewhere.
  bool has_several_solutions(double v, const Formula& formula) const {
    constexpr int kPoints = 1000;
    bool was_positive = false;
    for (int k = 0; k <= kPoints; ++k) {
      const double x = state(static_cast<double>(k) / kPoints);
      const double residual = formula.a0 * x + formula.b - rate(v, x);
      if (was_positive && residual < 0) return true;
      was_positive = residual > 0;
    }
    return false;
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

// The residual changes its sign at the solution, or presses it against its bound.
TEST_P(MemristorContract, StepsSolveTheirEquation) {
  const double near = 1e-10 * range();
  for (const double v : voltages) {
    for (const double part : parts) {
      for (const Formula& formula : formulas(v, state(part))) {
        const auto residual = [&](double x) { return formula.a0 * x + formula.b - rate(v, x); };
        const double x = evaluate(v, formula.a0, formula.b, state(part)).x;
        const std::string what = formula.name + ", v = " + std::to_string(v);
        if (x > bounds().low + near) {
          EXPECT_LE(residual(x - near), 0) << what;
        }
        if (x < bounds().high - near) {
          EXPECT_GE(residual(x + near), 0) << what;
        }
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
    EXPECT_EQ(step.g, bank->current(0, v, bound).dv) << v;
    EXPECT_EQ(rate(v, bound), 0) << v;
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

// A device that feeds itself may have several solutions over steps longer than it takes to switch:
// there the guess says which branch it is on.
TEST_P(MemristorContract, TheSolutionDoesNotDependOnTheGuess) {
  int tested = 0;
  for (const double v : voltages) {
    for (const double part : parts) {
      for (const Formula& formula : formulas(v, state(part))) {
        if (has_several_solutions(v, formula)) continue;
        ++tested;
        const double x = evaluate(v, formula.a0, formula.b, state(part)).x;
        for (const double guess : {-1.0, 0.0, 0.4, 1.0, 2.0}) {
          EXPECT_NEAR(evaluate(v, formula.a0, formula.b, state(guess)).x, x, 1e-11 * range())
              << formula.name << ", v = " << v << ", x at " << part << ", guess " << guess;
        }
      }
    }
  }
  EXPECT_GE(tested, 200);
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
    std::vector<double> states = {x, x}, i = {0, 0}, g = {0, 0}, rates = {0, 0};
    bank->evaluate(std::vector<double>{v, -v}, formula.a0,
                   std::vector<double>{formula.b, formula.b}, states, i, g);
    EXPECT_EQ(states[0], states[1]);
    EXPECT_DOUBLE_EQ(i[1], -2.5 * i[0]);
    EXPECT_DOUBLE_EQ(g[1], 2.5 * g[0]);
    bank->rates(std::vector<double>{v, -v}, std::vector<double>{x, x}, rates);
    EXPECT_EQ(rates[0], rates[1]);
    EXPECT_DOUBLE_EQ(bank->state_for_conductance(0, 1e-4, 0.2),
                     bank->state_for_conductance(1, 2.5e-4, -0.2));
  }
}

INSTANTIATE_TEST_SUITE_P(Models, MemristorContract, ::testing::ValuesIn(cards()),
                         [](const auto& card) { return card.param.name; });

}  // namespace
}  // namespace wordline
