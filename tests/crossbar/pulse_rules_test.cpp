// The rules that choose pulses, fed with histories that are made up.
#include <gtest/gtest.h>

#include "wordline/base/error.hpp"
#include "wordline/crossbar/pulse_rules.hpp"

namespace wordline::crossbar {
namespace {

// A cell whose conductance a positive voltage lowers by `per_volt` S/V and a negative one raises.
CellHistory history(double target, double reading) {
  return {.target = target,
          .tolerance = 0.01,
          .pulses = {},
          .readings = {reading},
          .change = [](double volts, double /*width*/) { return -1e-6 * volts; }};
}

// The cell as it is after this pulse.
void give(CellHistory& h, const std::optional<CellPulse>& pulse, double reading) {
  ASSERT_TRUE(pulse.has_value());
  h.pulses.push_back(*pulse);
  h.readings.push_back(reading);
}

TEST(PulseRules, KnowWhenATargetIsReached) {
  EXPECT_TRUE(history(1e-4, 1.0099e-4).is_reached());
  EXPECT_FALSE(history(1e-4, 1.0102e-4).is_reached());
  EXPECT_FALSE(write_verify({})(history(1e-4, 1e-4)).has_value());
  EXPECT_FALSE(increment_steps({})(history(1e-4, 1e-4)).has_value());
}

TEST(PulseRules, FixedPulsesAreCountedNotVerified) {
  RuleSettings settings;
  settings.negative.volts = 2;
  const PulseRule rule = fixed_pulses(settings, 3);
  CellHistory h = history(2e-4, 1e-4);
  for (const double reading : {1.5e-4, 2e-4, 2.5e-4}) {
    const auto pulse = rule(h);
    give(h, pulse, reading);
    EXPECT_EQ(pulse->volts, -2);
  }
  EXPECT_FALSE(rule(h).has_value());
}

TEST(PulseRules, WriteVerifyTurnsRoundAtTheTarget) {
  const PulseRule rule = write_verify({.width = 5e-8});
  CellHistory h = history(2e-4, 1e-4);
  auto pulse = rule(h);
  EXPECT_EQ(pulse->volts, -1);
  EXPECT_EQ(pulse->width, 5e-8);
  EXPECT_EQ(pulse->gate, 3);
  give(h, pulse, 2.2e-4);
  pulse = rule(h);
  EXPECT_EQ(pulse->volts, 1);
  give(h, pulse, 1.9e-4);
  EXPECT_EQ(rule(h)->volts, -1);
  give(h, rule(h), 2.01e-4);
  EXPECT_FALSE(rule(h).has_value());
}

TEST(PulseRules, WriteVerifyGrowsOnlyWhatDoesNotMoveACell) {
  RuleSettings settings;
  settings.negative = {.volts = 1, .volts_step = .3, .most_volts = 1.5};
  const PulseRule rule = write_verify(settings);
  CellHistory h = history(2e-4, 1e-4);
  give(h, rule(h), 1.1e-4);
  EXPECT_DOUBLE_EQ(rule(h)->volts, -1);
  give(h, rule(h), 1.1e-4);
  EXPECT_DOUBLE_EQ(rule(h)->volts, -1.3);
  give(h, rule(h), 1.1e-4);
  EXPECT_DOUBLE_EQ(rule(h)->volts, -1.5);
  give(h, rule(h), 1.1e-4);
  EXPECT_FALSE(rule(h).has_value()) << "the largest has not moved it";
}

// What has moved by less than a given part of its conductance is stuck, too.
TEST(PulseRules, WriteVerifyGivesUpWhatHardlyMoves) {
  const PulseRule rule = write_verify({.least_move = 1e-3});
  CellHistory h = history(2e-4, 1e-4);
  give(h, rule(h), 1.0005e-4);
  EXPECT_FALSE(rule(h).has_value());
}

TEST(PulseRules, GiveUpWhereNoSignLeadsToTheTarget) {
  CellHistory h = history(2e-4, 1e-4);
  h.change = [](double, double) { return 0.0; };
  for (const PulseRule& rule : {fixed_pulses({}, 3), write_verify({}), increment_steps({})}) {
    EXPECT_FALSE(rule(h).has_value());
  }
}

TEST(PulseRules, StepsRiseUntilTheTargetIsPassedAndBeginAgain) {
  RuleSettings settings;
  settings.negative = {.volts = 1, .volts_step = .25, .most_volts = 2};
  settings.positive = {.volts = .5, .volts_step = .25, .most_volts = 2};
  const PulseRule rule = increment_steps(settings);
  CellHistory h = history(2e-4, 1e-4);
  for (const double volts : {-1., -1.25, -1.5, -1.75, -2., -2.}) {
    const auto pulse = rule(h);
    give(h, pulse, h.readings.back() * 1.1);
    EXPECT_DOUBLE_EQ(pulse->volts, volts);
  }
  give(h, rule(h), 2.5e-4);
  EXPECT_DOUBLE_EQ(rule(h)->volts, .5);
  give(h, rule(h), 2.4e-4);
  EXPECT_DOUBLE_EQ(rule(h)->volts, .75);
  give(h, rule(h), 1.5e-4);
  EXPECT_DOUBLE_EQ(rule(h)->volts, -1);
}

// The steps of a gate add up to its limit but for rounding, which must not keep it going for ever.
TEST(PulseRules, StepsOfAGateEndAtItsLimit) {
  RuleSettings settings;
  settings.negative = {.gate = 1, .gate_step = .1, .most_gate = 1.7};
  const PulseRule rule = increment_steps(settings);
  CellHistory h = history(2e-4, 1e-4);
  int pulses = 0;
  while (const auto pulse = rule(h)) {
    ASSERT_LT(++pulses, 20);
    EXPECT_EQ(pulse->volts, -1);
    EXPECT_LE(pulse->gate, 1.7);
    give(h, pulse, 1e-4);
  }
  EXPECT_GE(pulses, 8);
  EXPECT_EQ(h.pulses.back().gate, 1.7);
}

TEST(PulseRules, RefuseWhatCannotBe) {
  EXPECT_THROW(write_verify({.width = 0}), Error);
  EXPECT_THROW(write_verify({.least_move = -1}), Error);
  EXPECT_THROW(fixed_pulses({}, -1), Error);
  RuleSettings settings;
  settings.positive.volts = -1;
  EXPECT_THROW(write_verify(settings), Error);
  settings.positive = {.volts = 5};
  EXPECT_THROW(increment_steps(settings), Error);
  settings.positive = {.gate = 4};
  EXPECT_THROW(increment_steps(settings), Error);
}

}  // namespace
}  // namespace wordline::crossbar
