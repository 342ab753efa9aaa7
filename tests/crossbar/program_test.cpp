// Programming by pulses, against exact solutions of the models' equations under constant voltage.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "array_decks.hpp"
#include "matrices.hpp"
#include "wordline/base/error.hpp"
#include "wordline/crossbar/program.hpp"

namespace wordline::crossbar {
namespace {

using testing::matrix;
using wordline::testing::array_circuit;

// Passive arrays of VTEAM cells with its own parameters at these resistances, on lines without
// resistance.
PulsedArray ideal_array(int rows, int cols, const std::string& ohms,
                        const std::string& model = "vteam") {
  const Circuit circuit = read_lines(
      ".model cell memristor type=" + model +
      fmt::format("\n.crossbar xb rows={} cols={} memristor=cell r_wl=0 r_bl=0 g={{{}}}\n", rows,
                  cols, ohms));
  return {circuit.crossbars[0], circuit};
}

RuleSettings pulses(double positive, double negative, double width) {
  RuleSettings settings{.positive = {}, .negative = {}, .width = width};
  settings.positive.volts = positive;
  settings.negative.volts = negative;
  return settings;
}

const ProgramSettings kHalves{.scheme = WriteScheme::kHalf, .by_row = false};

// T-V7: pulses of 0.1 ns and -0.3 V move a VTEAM device by -1.25 m/s, 39.58 ohm each: five of them
// from 500 to 302.08 ohm, the first resistance whose conductance is within 1 % of that of 300 ohm.
// Positive voltages raise the resistance here, where MemTorch believes that they lower it.
TEST(Program, KnowsWhichSignRaisesAConductance) {
  PulsedArray array = ideal_array(1, 1, "1/500");
  const Programmed done =
      program(array, matrix({{1 / 300.0}}), write_verify(pulses(1, .3, 1e-10)), kHalves);
  EXPECT_EQ(done.pulses[0], 5);
  EXPECT_EQ(done.outcome[0], CellOutcome::kReached);
  EXPECT_NEAR(1 / done.conductance.values[0], 302.083333333, 1e-8);
  EXPECT_NEAR(done.error.values[0], 300 / 302.083333333 - 1, 1e-10);
  EXPECT_NEAR(done.seconds, 5e-10, 1e-20);
  EXPECT_EQ(done.array_pulses, 5);
  // int V^2/R dt, the resistance falling linearly.
  const double energy = .09 * 5e-10 / (500 - 302.083333333) * std::log(500 / 302.083333333);
  EXPECT_NEAR(done.energy.values[0], energy, 1e-4 * energy);
  EXPECT_NEAR(done.delivered, energy, 1e-4 * energy);
}

// T-E6 and T-E7: dR/dt = s (r - R)^2 for 100 ns a pulse, solved exactly; the small-signal
// conductance is 0.8707/R.
TEST(Program, FollowsTheModelsEquation) {
  const double factor = .32046175 * 2.71689828;
  ProgramSettings settings = kHalves;
  settings.most_pulses = 5000;
  PulsedArray down = ideal_array(1, 1, ".32046175*2.71689828/2500", "data_driven");
  const PulseRule rule = write_verify(pulses(1, 1, 1e-7));
  const Programmed low = program(down, matrix({{factor / 2200}}), rule, settings);
  EXPECT_EQ(low.pulses[0], 50);
  // Steps err by 1e-5 of 1400 ohm at most, and by much less here.
  EXPECT_NEAR(factor / low.conductance.values[0], 2221.93840149, .01);

  PulsedArray up = ideal_array(1, 1, ".32046175*2.71689828/2000", "data_driven");
  const Programmed high = program(up, matrix({{factor / 2100}}), rule, settings);
  EXPECT_NEAR(high.pulses[0], 4125, 1);
  EXPECT_NEAR(factor / high.conductance.values[0], 2079.00191673, .01);
}

// Three rows, set and reset: a row of cells at once takes as many pulses as its slowest.
TEST(Program, WritesRowsOfTransistorsAtOnce) {
  const Circuit circuit = read_lines(
      ".model cell memristor type=vteam ron=1k roff=100k kon=-1 koff=1 aon=3 aoff=3 von=-0.3 "
      "voff=0.3\n"
      ".model fet nmos level=1 vto=0.4 kp=200u gamma=0.3 phi=0.8 lambda=0.05\n"
      ".crossbar xb rows=3 cols=4 cell=1t1r memristor=cell transistor=fet w=20u l=0.2u "
      "g=0.1m rs_bl=20 rs_sl=20 r_sl=1\n");
  Matrix targets{3, 4, {}};
  for (int k = 0; k < 12; ++k) targets.values.push_back(30e-6 + 13e-6 * k);
  targets.values[5] = 1.005e-4;  // within the tolerance
  RuleSettings rule = pulses(.35, .35, 2e-11);
  rule.positive.volts_step = rule.negative.volts_step = .02;
  ProgramSettings settings{.gap = 1e-8};
  const auto write = [&](bool by_row) {
    PulsedArray array(circuit.crossbars[0], circuit);
    settings.by_row = by_row;
    return program(array, targets, increment_steps(rule), settings);
  };
  const Programmed rows = write(true);
  const Programmed cells = write(false);
  for (const Programmed* done : {&rows, &cells}) {
    EXPECT_EQ(done->reached, 12);
    EXPECT_EQ(done->pulses[5], 0);
    for (std::size_t k = 0; k < 12; ++k) {
      EXPECT_EQ(done->outcome[k], CellOutcome::kReached) << k;
      EXPECT_LE(std::abs(done->error.values[k]), .0102) << k;
      EXPECT_EQ(done->energy.values[k] > 0, k != 5) << k;
    }
    // Gates that are off leave other rows alone.
    EXPECT_LT(done->largest_disturbance, 1e-9);
    EXPECT_NEAR(done->seconds, static_cast<double>(done->array_pulses) * 1.002e-8, 1e-15);
  }
  std::int64_t all = 0;
  for (const std::int32_t pulses : cells.pulses) all += pulses;
  EXPECT_EQ(cells.array_pulses, all);
  EXPECT_LT(rows.array_pulses, all / 2);
}

// Two cells on one word line, both at 500 ohm; the first is set by pulses of -0.5 V, half of which
// is beyond the threshold of -0.2 V, so that the second moves with it; a third of it is not.
TEST(Program, DisturbsHalfSelectedCells) {
  ProgramSettings settings{.scheme = WriteScheme::kHalf, .tolerance = .05};
  settings.most_pulses = 100;
  const auto second = [&](WriteScheme scheme) {
    PulsedArray array = ideal_array(1, 2, "1/500");
    settings.scheme = scheme;
    const Programmed done = program(array, matrix({{1 / 300.0, 1 / 500.0}}),
                                    write_verify(pulses(1, .5, 1e-12)), settings);
    EXPECT_EQ(done.outcome[0], CellOutcome::kReached);
    EXPECT_NEAR(done.largest_disturbance, std::abs(done.conductance.values[1] - 1 / 500.0), 1e-15);
    EXPECT_NEAR(done.rms_disturbance, done.largest_disturbance / std::sqrt(2), 1e-15);
    return 1 / done.conductance.values[1];
  };
  EXPECT_DOUBLE_EQ(second(WriteScheme::kThird), 500);
  EXPECT_LT(second(WriteScheme::kHalf), 500 - 1e-3);
}

TEST(Program, VerifiesAgainWhatWasDisturbed) {
  const Matrix targets = matrix({{1 / 200.0, 1 / 300.0}, {1 / 400.0, 1 / 600.0}});
  ProgramSettings settings = kHalves;
  settings.tolerance = .02;
  const auto write = [&](int sweeps) {
    PulsedArray array = ideal_array(2, 2, "1/900");
    settings.sweeps = sweeps;
    return program(array, targets, write_verify(pulses(.3, .5, 1e-11)), settings);
  };
  const Programmed once = write(1);
  EXPECT_LT(once.reached, 4);
  int disturbed = 0;
  for (const CellOutcome outcome : once.outcome) {
    disturbed += outcome == CellOutcome::kDisturbed ? 1 : 0;
  }
  EXPECT_GE(disturbed, 1);
  EXPECT_GT(write(10).reached, once.reached);
}

// Below the threshold nothing moves: pulses grow, or the device is given up. Its state is never
// set.
TEST(Program, ReportsStuckAndUnreachableCells) {
  const Matrix target = matrix({{1 / 300.0}});
  const auto write = [&](PulsedArray array, const Matrix& targets, const RuleSettings& rule,
                         int most_pulses = 1000) {
    ProgramSettings settings = kHalves;
    settings.most_pulses = most_pulses;
    return program(array, targets, write_verify(rule), settings);
  };
  RuleSettings weak = pulses(.01, .1, 1e-10);
  const Programmed stuck = write(ideal_array(1, 1, "1/500"), target, weak);
  EXPECT_EQ(stuck.outcome[0], CellOutcome::kGivenUp);
  EXPECT_EQ(stuck.pulses[0], 1);
  EXPECT_DOUBLE_EQ(stuck.conductance.values[0], 1 / 500.0);
  EXPECT_EQ(stuck.reached, 0);
  weak.negative.volts_step = .05;
  EXPECT_EQ(write(ideal_array(1, 1, "1/500"), target, weak).reached, 1);
  // What lies beyond the bounds is not reached, and ends.
  const RuleSettings strong = pulses(1, 1, 1e-10);
  const Programmed beyond = write(ideal_array(1, 1, "1/500"), matrix({{1.0}}), strong);
  EXPECT_EQ(beyond.outcome[0], CellOutcome::kGivenUp);
  EXPECT_NEAR(beyond.conductance.values[0], 1 / 50.0, 1e-12);
  const Programmed few = write(ideal_array(1, 1, "1/500"), target, pulses(1, .3, 1e-11), 3);
  EXPECT_EQ(few.outcome[0], CellOutcome::kTooMany);
  EXPECT_EQ(few.pulses[0], 3);
  // A cell that no voltage moves.
  const Circuit rigid = array_circuit("rows=1 cols=1 memristor=ohmic x0=1m");
  const Programmed never = write({rigid.crossbars[0], rigid}, matrix({{2e-3}}), pulses(1, 1, 1e-6));
  EXPECT_EQ(never.outcome[0], CellOutcome::kGivenUp);
  EXPECT_EQ(never.pulses[0], 0);
}

TEST(Program, TakesAnyRule) {
  PulsedArray array = ideal_array(2, 2, "1/500");
  // Two pulses for every cell; the second is shorter.
  const PulseRule rule = [](const CellHistory& h) -> std::optional<CellPulse> {
    if (h.pulses.size() == 2) return std::nullopt;
    return CellPulse{.volts = -.3, .gate = 0, .width = h.pulses.empty() ? 1e-10 : 5e-11};
  };
  ProgramSettings settings{.scheme = WriteScheme::kThird};
  int rows = 0;
  settings.progress = [&](int /*sweep*/, std::int64_t cells) {
    EXPECT_EQ(cells, 2 * ++rows);
    return true;
  };
  const Programmed done =
      program(array, Matrix{2, 2, std::vector<double>(4, 1e-3)}, rule, settings);
  EXPECT_EQ(rows, 2);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(done.pulses[k], 2);
    EXPECT_NEAR(1 / done.conductance.values[k], 500 - 1.5 * 39.5833333333, 1e-8);
    EXPECT_EQ(done.outcome[k], CellOutcome::kGivenUp);
  }
}

TEST(Program, EndsWhereItIsTold) {
  PulsedArray array = ideal_array(3, 1, "1/500");
  ProgramSettings settings = kHalves;
  settings.progress = [](int, std::int64_t cells) { return cells < 2; };
  const Programmed done = program(array, Matrix{3, 1, std::vector<double>(3, 1 / 300.0)},
                                  write_verify(pulses(1, .3, 1e-10)), settings);
  EXPECT_EQ(done.outcome[1], CellOutcome::kReached);
  EXPECT_EQ(done.outcome[2], CellOutcome::kNotTried);
  EXPECT_EQ(done.pulses[2], 0);
}

TEST(Program, RefusesWhatCannotBe) {
  PulsedArray array = ideal_array(1, 1, "1/500");
  const Matrix target = matrix({{1 / 300.0}});
  const PulseRule rule = write_verify({});
  const auto write = [&](const Matrix& g, const PulseRule& r, const ProgramSettings& s) {
    program(array, g, r, s);
  };
  ProgramSettings settings = kHalves;
  EXPECT_THROW(write(matrix({{1e-3, 1e-3}}), rule, settings), Error);
  EXPECT_THROW(write(matrix({{0}}), rule, settings), Error);
  settings.tolerance = 0;
  EXPECT_THROW(write(target, rule, settings), Error);
  settings = kHalves;
  settings.most_pulses = 0;
  EXPECT_THROW(write(target, rule, settings), Error);
  settings = kHalves;
  settings.scheme = WriteScheme::kTransistor;
  EXPECT_THROW(write(target, rule, settings), Error);
  const PulseRule none = [](const CellHistory&) -> std::optional<CellPulse> {
    return CellPulse{.volts = 0, .gate = 0, .width = 1e-9};
  };
  EXPECT_THROW(write(target, none, kHalves), Error);
}

TEST(WriteScheme, PutsHalvesAndThirdsOnTheOtherLines) {
  PulsedArray array = ideal_array(3, 3, "1/500");
  const std::vector<double> volts = {0, -.6, -.3};
  const auto across = [&](WriteScheme scheme) {
    const Buses b = write_voltages(array, scheme, 1, volts, {});
    Matrix v{3, 3, {}};
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) v.values.push_back(b.word[i] - b.bit[j]);
    }
    return v;
  };
  const Matrix half = across(WriteScheme::kHalf);
  const Matrix third = across(WriteScheme::kThird);
  testing::expect_near(half.values, {0, -.3, 0, -.3, -.6, -.3, 0, -.3, 0}, 1e-15);
  testing::expect_near(third.values, {.2, -.2, .1, -.2, -.6, -.3, .2, -.2, .1}, 1e-15);
  EXPECT_THROW(write_voltages(array, WriteScheme::kHalf, 1, std::vector<double>{1, -1, 0}, {}),
               Error);
  EXPECT_THROW(write_voltages(array, WriteScheme::kHalf, 3, volts, {}), Error);
  EXPECT_THROW(write_voltages(array, WriteScheme::kHalf, 0, std::vector<double>(3), {}), Error);
}

}  // namespace
}  // namespace wordline::crossbar
