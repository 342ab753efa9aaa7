// The bank: its local implicit steps against closed forms, its tangent against finite differences
// of the whole step, and what happens at bounds, folds and kinks.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "reference.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline {
namespace {

using testing::central_difference;

struct Step {
  double x, i, g;
};

// A bank of one device, stepped from x_old by backward Euler, or the trapezoidal rule.
class OneDevice {
 public:
  OneDevice(const char* model, const std::vector<std::pair<const char*, double>>& parameters,
            double multiplicity = 1, bool flip = false) {
    const ModelType* type = find_model_type("memristor", std::string_view(model));
    std::vector<double> values = type->defaults();
    for (const auto& [name, value] : parameters) {
      values.at(static_cast<std::size_t>(type->find(name))) = value;
    }
    bank_ = type->make_bank();
    bank_->add({values, multiplicity, flip});
  }

  const MemristorBank& bank() const { return *bank_; }

  // The implicit formula a0 x + b = f(v, x), from a guess of x.
  Step implicit(double v, double a0, double b, double guess) const {
    Step step{guess, 0, 0};
    bank_->evaluate({&v, 1}, a0, {&b, 1}, {&step.x, 1}, {&step.i, 1}, {&step.g, 1});
    return step;
  }
  Step euler(double v, double h, double x_old) const {
    return implicit(v, 1 / h, -x_old / h, x_old);
  }
  double rate(double v, double x) const {
    double rate = 0;
    bank_->rates({&v, 1}, {&x, 1}, {&rate, 1});
    return rate;
  }

 private:
  std::unique_ptr<MemristorBank> bank_;
};

TEST(VteamBank, MovesInAStraightLineUnderAConstantVoltage) {
  // Without a window x(t) = x0 + koff (V/voff - 1) t, here 5e-4 * 4 m/s, whatever the step.
  const OneDevice device("vteam", {});
  double x = 1e-9;
  for (int k = 0; k < 10; ++k) x = device.euler(0.1, 50e-9, x).x;
  EXPECT_NEAR(x, 1e-9 + 2e-3 * 500e-9, 1e-9 * 1e-12);
}

TEST(VteamBank, StopsAtTheBoundary) {
  const OneDevice device("vteam", {});
  // Towards xoff = 3 nm, a step five times too long.
  const Step up = device.euler(0.1, 5e-6, 1e-9);
  EXPECT_EQ(up.x, 3e-9);
  EXPECT_DOUBLE_EQ(up.g, 1e-3);  // 1/roff: at the bound the state follows no voltage
  EXPECT_DOUBLE_EQ(up.i, 1e-4);
  // Towards xon = 0.
  const Step down = device.euler(-0.5, 1e-6, 1e-9);
  EXPECT_EQ(down.x, 0);
  EXPECT_DOUBLE_EQ(down.g, 1.0 / 50);
  // It leaves the bound again: x = 3 nm - 10 m/s * 1.5^3 * 10 ps.
  EXPECT_NEAR(device.euler(-0.5, 1e-11, 3e-9).x, 3e-9 - 33.75 * 1e-11, 1e-20);
}

TEST(VteamBank, RestsBelowTheThresholds) {
  const OneDevice device("vteam", {});
  const Step step = device.euler(-0.15, 1, 2e-9);
  EXPECT_DOUBLE_EQ(step.x, 2e-9);
  EXPECT_DOUBLE_EQ(step.g, 1 / (50 + 950 * 2.0 / 3));
  EXPECT_EQ(device.rate(-0.15, 2e-9), 0);
}

TEST(MemristorBank, RatesVanishOnlyAtABoundThatTheStatePressesAgainst) {
  const OneDevice device("vteam", {});
  EXPECT_EQ(device.rate(0.1, 3e-9), 0);
  EXPECT_DOUBLE_EQ(device.rate(-0.5, 3e-9), -33.75);
  EXPECT_EQ(device.rate(-0.5, 0), 0);
  EXPECT_DOUBLE_EQ(device.rate(0.1, 0), 2e-3);
}

TEST(MemristorBank, FreezesTheStateWhereThereIsNoTime) {
  const OneDevice device("yakopcic", {});
  const Step step = device.implicit(0.4, 0, 0, 0.3);
  EXPECT_EQ(step.x, 0.3);
  EXPECT_DOUBLE_EQ(step.i, 0.17 * 0.3 * std::sinh(0.05 * 0.4));
  EXPECT_DOUBLE_EQ(step.g, 0.17 * 0.3 * 0.05 * std::cosh(0.05 * 0.4));
}

// The step solves its equation, and its tangent is the derivative of the whole step.
void expect_consistent(const OneDevice& device, double v, double h, double x_old) {
  const Bounds bounds = device.bank().bounds(0);
  const double range = bounds.high - bounds.low;
  const double f_old = device.rate(v, x_old);
  struct Formula {
    const char* name;
    double a0, b;
  };
  for (const Formula& f : {Formula{"backward Euler", 1 / h, -x_old / h},
                           Formula{"trapezoidal", 2 / h, -2 * x_old / h - f_old}}) {
    const Step step = device.implicit(v, f.a0, f.b, x_old);
    const bool at_bound = step.x == bounds.low || step.x == bounds.high;
    if (!at_bound) {
      EXPECT_NEAR(f.a0 * step.x + f.b, device.rate(v, step.x), f.a0 * 1e-11 * range)
          << f.name << ", v = " << v << ", h = " << h;
    }
    const double slope = central_difference(
        [&](double u) { return device.implicit(u, f.a0, f.b, x_old).i; }, v, 1e-5);
    EXPECT_NEAR(step.g, slope, 1e-6 * (std::abs(slope) + std::abs(step.i)))
        << f.name << ", v = " << v << ", h = " << h << ", x = " << step.x;
  }
}

TEST(YakopcicBank, TangentIsTheDerivativeOfTheWholeStep) {
  const OneDevice device("yakopcic", {});
  for (const double h : {1e-6, 2e-4, 5e-3}) {
    for (const double x : {0.05, 0.25, 0.6, 0.9}) {
      for (const double v : {-0.6, -0.3, -0.1, 0.1, 0.3, 0.6}) expect_consistent(device, v, h, x);
    }
  }
}

TEST(VteamBank, TangentIsTheDerivativeOfTheWholeStep) {
  const OneDevice device("vteam", {{"iv", 1},
                                   {"window", 1},
                                   {"koff", 0.05},
                                   {"kon", -0.1},
                                   {"aon", 2},
                                   {"aoff", 2},
                                   {"voff", 0.4},
                                   {"von", -0.3},
                                   {"a_on", 5e-10},
                                   {"a_off", 2.5e-9}});
  for (const double h : {1e-10, 5e-9, 2e-7}) {
    for (const double x : {0.2e-9, 1.1e-9, 2.4e-9}) {
      for (const double v : {-1.0, -0.4, 0.1, 0.7, 1.3}) expect_consistent(device, v, h, x);
    }
  }
}

TEST(MemristorBank, FlipTurnsTheTerminalsRound) {
  const std::vector<std::pair<const char*, double>> card = {{"a2", 0.1}};
  const OneDevice straight("yakopcic", card);
  const OneDevice flipped("yakopcic", card, 1, true);
  const Step a = straight.euler(0.5, 1e-4, 0.3);
  const Step b = flipped.euler(-0.5, 1e-4, 0.3);
  EXPECT_EQ(a.x, b.x);
  EXPECT_EQ(a.i, -b.i);
  EXPECT_EQ(a.g, b.g);
  EXPECT_EQ(straight.rate(0.5, 0.3), flipped.rate(-0.5, 0.3));
  const Partials pa = straight.bank().current(0, 0.5, 0.3);
  const Partials pb = flipped.bank().current(0, -0.5, 0.3);
  EXPECT_EQ(pa.value, -pb.value);
  EXPECT_EQ(pa.dv, pb.dv);
  EXPECT_EQ(pa.dx, -pb.dx);
}

TEST(MemristorBank, MultiplicityScalesCurrentsAndConductances) {
  const OneDevice one("yakopcic", {});
  const OneDevice three("yakopcic", {}, 3);
  const Step a = one.euler(0.5, 1e-4, 0.3);
  const Step b = three.euler(0.5, 1e-4, 0.3);
  EXPECT_EQ(a.x, b.x);
  EXPECT_DOUBLE_EQ(3 * a.i, b.i);
  EXPECT_DOUBLE_EQ(3 * a.g, b.g);
  // The state for a conductance is that of each device.
  EXPECT_DOUBLE_EQ(one.bank().state_for_conductance(0, 1e-3, 0.1),
                   three.bank().state_for_conductance(0, 3e-3, 0.1));
}

TEST(MemristorBank, KeepsTheCardOfEveryDevice) {
  const ModelType* type = find_model_type("memristor", std::string_view("vteam"));
  const auto bank = type->make_bank();
  const auto ron = static_cast<std::size_t>(type->find("ron"));
  bank->reserve(3);
  for (const double r : {50.0, 50.0, 80.0}) {
    std::vector<double> values = type->defaults();
    values[ron] = r;
    bank->add({values});
  }
  ASSERT_EQ(bank->size(), 3u);
  for (const auto& [k, r] : {std::pair{0u, 50.0}, {1u, 50.0}, {2u, 80.0}}) {
    EXPECT_DOUBLE_EQ(bank->current(k, 1, 0).value, 1 / r);
    EXPECT_EQ(bank->initial_state(k), 3e-9);
  }
}

// A device whose state runs away: f = k v x, f_x > 0. Its step has a root below, at, or above the
// bounds, as the step gets longer.
struct Runaway {
  double k = 1;
  Partials rate(double v, double x) const { return {k * v * x, k * x, k * v}; }
  Bounds bounds() const { return {0.1, 1}; }
};

// Steep and with a kink, so that Newton's method alone runs in circles.
struct Steep {
  Partials rate(double v, double x) const {
    const double u = 400 * (x - 0.5);
    const double s = std::copysign(std::pow(std::abs(u), 1.0 / 3), u);
    return {-v * s, -s, -v * 400 / (3 * std::max(s * s, 1e-12))};
  }
  Bounds bounds() const { return {0, 1}; }
};

}  // namespace

// What solve_state needs of a model is less than what a whole memristor has.
template <class M>
struct Complete : M {
  static constexpr std::string_view kName = "test", kTitle = "test", kReference = "",
                                    kEquations = "", kStateUnit = "";
  static constexpr int kLevel = 99;
  static const std::array<Parameter<Complete>, 1> kParameters;
  double unused = 0;
  Partials current(double v, double x) const { return {x * v, x, v}; }
  double initial_state() const { return 0.5; }
  double state_for_conductance(double g, double) const { return g; }
  double voltage_scale() const { return 1; }
  std::string check() const { return ""; }
  SpiceEquations spice_equations() const { return {}; }
};
template <class M>
inline constexpr std::array<Parameter<Complete<M>>, 1> Complete<M>::kParameters = {
    {{&Complete<M>::unused, "unused", "", Range::any(), ""}}};

namespace {

TEST(SolveState, FollowsARunawayWhileTheStepHasARoot) {
  const Complete<Runaway> model{};
  // (1/h) (x - x0) = v x has the root x0 / (1 - h v).
  const StateSolution s = solve_state(model, 2, 1 / 0.2, -0.3 / 0.2, 0.3);
  EXPECT_NEAR(s.x, 0.3 / (1 - 0.2 * 2), 1e-12);
  EXPECT_NEAR(s.dx_dv, 0.3 * 0.2 / std::pow(1 - 0.2 * 2, 2), 1e-10);
}

TEST(SolveState, EndsARunawayWithoutARootAtTheBound) {
  const Complete<Runaway> model{};
  for (const double v : {4.9, 5.0, 5.1, 50.0}) {  // 1 - h v passes zero
    const StateSolution s = solve_state(model, v, 1 / 0.2, -0.3 / 0.2, 0.3);
    EXPECT_EQ(s.x, 1) << v;
    EXPECT_EQ(s.dx_dv, 0) << v;
  }
}

TEST(SolveState, FindsRootsWhereNewtonRunsInCircles) {
  const Complete<Steep> model{};
  for (const double guess : {0.0, 0.1, 0.5, 0.77, 1.0}) {
    for (const double wanted : {0.2, 0.499, 0.5001, 0.8}) {
      const double a0 = 1e-3;
      const double b = model.rate(1, wanted).value - a0 * wanted;
      EXPECT_NEAR(solve_state(model, 1, a0, b, guess).x, wanted, 1e-11) << guess;
    }
  }
}

TEST(SolveState, TakesAnyGuess) {
  const Complete<Runaway> model{};
  for (const double guess : {-1e300, 0.0, 0.3, 7.0, 1e300}) {
    EXPECT_NEAR(solve_state(model, 2, 5, -1.5, guess).x, 0.5, 1e-12) << guess;
  }
}

}  // namespace
}  // namespace wordline
