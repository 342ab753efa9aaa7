// Arrays under pulses: against solutions in closed form, and against the engine's transient of the
// same deck, which solves the array as a plain circuit and controls its steps otherwise.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "array_decks.hpp"
#include "matrices.hpp"
#include "wordline/crossbar/pulsed_array.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline::crossbar {
namespace {

using wordline::testing::array_circuit;

// Linear ion drift: dR/dt = -a V/(R + Rs) behind a driver of Rs, so that (R + Rs)^2 falls linearly
// and the charge is that of the resistance: Q = (R0 - R)/a.
struct Drift {
  static constexpr double kRon = 100, kRoff = 16e3, kMu = 1e-14, kD = 10e-9;
  static constexpr double kDriver = 900;
  double a = (kRoff - kRon) * kMu * kRon / (kD * kD);  // ohm/C

  double resistance(double start, double volts, double seconds) const {
    return std::sqrt((start + kDriver) * (start + kDriver) - 2 * a * volts * seconds) - kDriver;
  }
  Circuit circuit() const {
    return read_lines(
        ".model drift memristor type=hp\n"
        ".crossbar xb rows=1 cols=1 memristor=drift g=0.1m rs_wl=900\n");
  }
};

TEST(PulsedArray, FollowsTheClosedFormOfOneCellBehindADriver) {
  const Drift drift;
  const Circuit circuit = drift.circuit();
  PulsedArray array(circuit.crossbars[0], circuit);
  const double start = 1e4;
  EXPECT_NEAR(array.conductance({0, 0}), 1 / start, 1e-15);
  const double volts = 1.5, seconds = 0.15;
  const PulseReport report = array.apply({{{volts}, {0}, {}}, seconds});
  const double end = drift.resistance(start, volts, seconds);
  ASSERT_LT(end, 0.8 * start);
  // Steps err by 1e-5 of 15.9 kohm at most, and by less together.
  EXPECT_NEAR(1 / array.conductance({0, 0}), end, 1e-4 * end);
  EXPECT_GT(report.steps, 0);
  EXPECT_EQ(report.moved, 1);
  EXPECT_DOUBLE_EQ(array.time(), seconds);
  // What the bus delivers is V Q; what the driver takes of it, Rs int i^2, is not the cell's.
  const double charge = (start - end) / drift.a;
  EXPECT_NEAR(report.delivered, volts * charge, 1e-4 * volts * charge);
  const double in_driver = Drift::kDriver * volts / drift.a *
                           std::log((start + Drift::kDriver) / (end + Drift::kDriver));
  const double in_cell = volts * charge - in_driver;
  EXPECT_NEAR(array.energies().values[0], in_cell, 1e-4 * in_cell);
}

TEST(PulsedArray, ComesToATighterEndWithATighterTolerance) {
  const Drift drift;
  const Circuit circuit = drift.circuit();
  const double end = drift.resistance(1e4, 1.5, 0.15);
  double last = 1;
  for (const double tolerance : {1e-3, 1e-5, 1e-7}) {
    PulsedArray array(circuit.crossbars[0], circuit, {.state_tolerance = tolerance});
    array.apply({{{1.5}, {0}, {}}, 0.15});
    const double error = std::abs(array.conductance({0, 0}) * end - 1);
    EXPECT_LT(error, 10 * tolerance);
    EXPECT_LE(error, last);
    last = error;
  }
  EXPECT_LT(last, 1e-6);
}

// Under a constant voltage VTEAM moves at a constant speed: kon (V/von - 1)^aon = -10 (0.25)^3 m/s
// at -0.25 V. Lines without resistance are nodes.
TEST(PulsedArray, MovesAVteamCellAtItsSpeedWhereLinesAreIdeal) {
  const Circuit circuit = read_lines(
      ".model cell memristor type=vteam\n"
      ".crossbar xb rows=2 cols=2 memristor=cell g=2m r_wl=0 r_bl=0\n");
  PulsedArray array(circuit.crossbars[0], circuit);
  const double seconds = 5e-9;
  const PulseReport report = array.apply({{{-.25, 0}, {0, 0}, {}}, seconds});
  EXPECT_EQ(report.moved, 2);
  const double moved = 10 * std::pow(.25, 3) * seconds * 950 / 3e-9;  // ohm
  const Matrix g = array.conductances();
  EXPECT_NEAR(1 / g(0, 0), 500 - moved, 1e-9);
  EXPECT_NEAR(1 / g(0, 1), 500 - moved, 1e-9);
  EXPECT_DOUBLE_EQ(g(1, 0), 2e-3);
  // -0.25 V at 500 to 425 ohm, falling linearly: V^2/(R0 - R) ln(R0/R) seconds in each cell.
  const double energy = .0625 * seconds / moved * std::log(500 / (500 - moved));
  EXPECT_NEAR(array.energies()(0, 1), energy, 1e-4 * energy);
  EXPECT_NEAR(report.delivered, 2 * energy, 2e-4 * energy);
  EXPECT_DOUBLE_EQ(array.energies()(1, 1), 0);
}

// A bound is part of the equation of a state: what would go on stops there.
TEST(PulsedArray, StopsAtABound) {
  const Circuit circuit = read_lines(
      ".model cell memristor type=vteam\n"
      ".crossbar xb rows=1 cols=2 memristor=cell g=2m\n");
  PulsedArray array(circuit.crossbars[0], circuit);
  array.apply({{{-.5}, {0, .4}, {}}, 1e-6});
  EXPECT_NEAR(1 / array.conductance({0, 0}), 50, 1e-9);
  array.apply({{{.5}, {0, .4}, {}}, 1e-3});
  EXPECT_NEAR(1 / array.conductance({0, 0}), 1000, 1e-9);
}

struct Deck {
  std::string name;
  std::string array;  // the arguments of .crossbar but rows and cols
  Buses volts;
  double seconds;
};

class PulsedArrayAndTransient : public ::testing::TestWithParam<Deck> {
 protected:
  static constexpr int kRows = 4, kCols = 3;
  static constexpr const char* kModels =
      ".model cell memristor type=vteam ron=1k roff=100k kon=-1 koff=1 aon=3 aoff=3 von=-0.3 "
      "voff=0.3\n"
      ".model silver memristor type=yakopcic\n"
      ".model drift memristor type=hp mu=1e-8\n"
      ".model fet nmos level=1 vto=0.4 kp=200u gamma=0.3 phi=0.8 lambda=0.05\n";

  static std::string lines(const Deck& deck) {
    return std::string(kModels) +
           fmt::format(".crossbar xb rows={} cols={} {}\n", kRows, kCols, deck.array);
  }
};

// The engine's pulse rises within a hundred-thousandth of its length; its errors at reltol=1e-6 are
// as small. Conductances are compared with what they have moved by.
TEST_P(PulsedArrayAndTransient, AgreeOnAllCells) {
  const Deck& deck = GetParam();
  std::string text = lines(deck);
  const auto drive = [&](const char* bus, const std::vector<double>& volts) {
    for (std::size_t k = 0; k < volts.size(); ++k) {
      text += fmt::format("v{0}{1} {0}[{1}] 0 pwl(0 0 {2} {3})\n", bus, k, 1e-6 * deck.seconds,
                          volts[k]);
    }
  };
  drive("wl", deck.volts.word);
  drive("bl", deck.volts.bit);
  drive("sl", deck.volts.source);
  text += fmt::format(".options reltol=1e-6\n.tran {} {}\n.save @xb.m[*][g]\n", deck.seconds / 200,
                      deck.seconds);
  Simulator simulator(read_lines(text));
  const Result theirs = simulator.run(simulator.circuit().analyses.at(0));
  ASSERT_TRUE(theirs.report.ok()) << theirs.report.message;

  const Circuit circuit = read_lines(lines(deck));
  PulsedArray array(circuit.crossbars[0], circuit);
  const Matrix before = array.conductances();
  array.apply({deck.volts, deck.seconds});
  double largest = 0;
  for (std::int32_t i = 0; i < kRows; ++i) {
    for (std::int32_t j = 0; j < kCols; ++j) {
      const double expected = theirs[fmt::format("@xb.m[{},{}][g]", i, j)].back();
      EXPECT_NEAR(array.conductance({i, j}), expected, 1e-4 * expected) << i << "," << j;
      largest = std::max(largest, std::abs(expected / before(i, j) - 1));
    }
  }
  EXPECT_GT(largest, 0.1) << "a pulse that moves nothing tests nothing";
}

const std::string kWires = " r_wl=20 r_bl=30 rs_wl=50 rs_bl=80";
const std::string kSelect = "cell=1t1r memristor=cell transistor=fet w=20u l=0.2u" + kWires;

INSTANTIATE_TEST_SUITE_P(
    Arrays, PulsedArrayAndTransient,
    ::testing::Values(Deck{"TransistorsSet",
                           kSelect + " r_sl=25 rs_sl=60 g={20u+10u*row+5u*col}",
                           {{0, 2.5, 0, 0}, {0, 1, 0}, {0, 0, 0, 0}},
                           10e-9},
                      Deck{"TransistorsReset",
                           kSelect + " r_sl=25 rs_sl=60 g={0.3m+30u*row+50u*col}",
                           {{0, 0, 3, 0}, {.9, 0, 0.2}, {0, 0, 1.2, 0}},
                           10e-9},
                      Deck{"TransistorsAlongColumns",
                           kSelect + " r_sl=25 rs_sl=60 sl_along=columns g={20u+10u*row+5u*col}",
                           {{2.5, 0, 0, 1.2}, {1, 0, 0.8}, {0, 0, 0}},
                           10e-9},
                      Deck{"Halves",
                           "memristor=cell g={20u+10u*row+15u*col}" + kWires,
                           {{.4, -.4, 0, 0}, {-.4, .1, .3}, {}},
                           10e-9},
                      // No thresholds: all cells move.
                      Deck{"IonDrift",
                           "memristor=drift x0={0.1+0.1*row+0.15*col}" + kWires,
                           {{1, .5, -.2, .3}, {0, .2, .4}, {}},
                           1e-6},
                      Deck{"Yakopcic",
                           "memristor=silver x0={0.1+0.1*row+0.15*col}" + kWires,
                           {{.8, .4, .4, .4}, {0, .4, .4}, {}},
                           2e-3}),
    [](const auto& each) { return each.param.name; });

// Nine watched cells are too many for the few that are taken out of the array.
TEST(PulsedArray, IsTheSameForFewCellsAsForAll) {
  const Circuit circuit = array_circuit(
      "rows=5 cols=6 memristor=silver x0={0.1+0.05*row+0.02*col} r_wl=20 r_bl=20 rs_wl=50 "
      "rs_bl=50");
  const auto end = [&](bool all) {
    PulsedArray array(circuit.crossbars[0], circuit);
    std::vector<CellPlace> watched;
    for (std::int32_t k = 0; all && k < 9; ++k) watched.push_back({k / 3, k % 3});
    array.watch(watched);
    Buses volts{std::vector<double>(5, .1), std::vector<double>(6, .1), {}};
    volts.word[2] = .25;
    volts.bit[3] = 0;
    const PulseReport report = array.apply({volts, 1e-5});
    EXPECT_EQ(report.moved, 1);
    return array.conductances();
  };
  const Matrix few = end(false);
  const Matrix all = end(true);
  for (std::size_t k = 0; k < few.values.size(); ++k) {
    EXPECT_NEAR(few.values[k], all.values[k], 1e-7 * all.values[k]) << k;
  }
}

// Half the voltage is below every threshold; not even the last digit moves.
TEST(PulsedArray, DisturbsNothingBelowTheThresholds) {
  const Circuit circuit = read_lines(
      ".model cell memristor type=vteam ron=1k roff=100k von=-0.3 voff=0.3\n"
      ".crossbar xb rows=4 cols=4 memristor=cell g=0.1m r_wl=5 r_bl=5\n");
  PulsedArray array(circuit.crossbars[0], circuit);
  const Matrix before = array.conductances();
  for (int k = 0; k < 20; ++k) {
    array.apply({{{-.5, -.25, -.25, -.25}, {0, -.25, -.25, -.25}, {}}, 1e-9});
  }
  const Matrix after = array.conductances();
  EXPECT_GT(after(0, 0), 1.1 * before(0, 0));
  for (std::size_t k = 1; k < 16; ++k) EXPECT_EQ(after.values[k], before.values[k]) << k;
}

// The same charge through the same cells, whatever pieces it comes in.
TEST(PulsedArray, IsTheSameInOnePulseAsInMany) {
  const Drift drift;
  const Circuit circuit = drift.circuit();
  PulsedArray once(circuit.crossbars[0], circuit);
  PulsedArray often(circuit.crossbars[0], circuit);
  once.apply({{{1.5}, {0}, {}}, 0.1});
  double delivered = 0;
  for (int k = 0; k < 1000; ++k) {
    delivered += often.apply({{{1.5}, {0}, {}}, 1e-4}).delivered;
    often.apply({{}, 1});
  }
  EXPECT_NEAR(often.conductance({0, 0}), once.conductance({0, 0}), 1e-5 * once.conductance({0, 0}));
  EXPECT_NEAR(often.energies().values[0], once.energies().values[0],
              1e-4 * once.energies().values[0]);
  EXPECT_GT(delivered, often.energies().values[0]);
}

TEST(PulsedArray, RecordsWhatWatchedCellsDo) {
  const Drift drift;
  const Circuit circuit = drift.circuit();
  PulsedArray array(circuit.crossbars[0], circuit);
  array.watch({{0, 0}});
  array.apply({{{1.5}, {0}, {}}, 0.1});
  array.apply({{}, 0.1});
  const CellTrace& trace = array.traces().at(0);
  ASSERT_EQ(trace.time.size(), trace.voltage.size());
  ASSERT_EQ(trace.time.size(), trace.current.size());
  EXPECT_EQ(trace.time.front(), 0);
  EXPECT_DOUBLE_EQ(trace.time.back(), 0.2);
  for (std::size_t k = 0; k < trace.time.size(); ++k) {
    EXPECT_NEAR(trace.current[k], trace.conductance[k] * trace.voltage[k], 1e-12);
    const double resistance = drift.resistance(1e4, 1.5, std::min(trace.time[k], .1));
    EXPECT_NEAR(1 / trace.conductance[k], resistance, 1e-4 * resistance);
    const double volts = trace.voltage[k] == 0 ? 0 : 1.5 * resistance / (resistance + 900);
    EXPECT_NEAR(trace.voltage[k], volts, 1e-4);
  }
}

TEST(PulsedArray, DoesNotDependOnThreads) {
  const Circuit circuit = array_circuit(
      "rows=100 cols=110 cell=1t1r memristor=silver transistor=nfet w=5u l=0.2u "
      "x0={0.1+0.002*row+0.001*col} r_sl=1 rs_sl=20 r_bl=1 rs_bl=20");
  const auto end = [&](int threads) {
    PulsedArray array(circuit.crossbars[0], circuit, {.threads = threads});
    Buses volts{std::vector<double>(100), std::vector<double>(110, .8), {}};
    volts.word[40] = 2;
    const PulseReport report = array.apply({volts, 1e-4});
    EXPECT_GT(report.moved, 50);
    return array.conductances().values;
  };
  const std::vector<double> one = end(1);
  EXPECT_EQ(one, end(2));
  EXPECT_EQ(one, end(5));
}

// Its states are the initial ones of the array that it gives away.
TEST(PulsedArray, GivesItsStatesToOtherAnalyses) {
  const Drift drift;
  const Circuit circuit = drift.circuit();
  PulsedArray array(circuit.crossbars[0], circuit);
  array.apply({{{1.5}, {0}, {}}, 0.1});
  Array other(array.crossbar(), circuit);
  const double ohm = 900 + 1 / array.conductance({0, 0});
  EXPECT_NEAR(other.read(std::vector<double>{.3})[0], .3 / ohm, 1e-9 * .3 / ohm);
}

TEST(PulsedArray, RefusesWhatCannotBe) {
  const Circuit circuit = array_circuit("rows=2 cols=3 memristor=silver x0=0.1");
  PulsedArray array(circuit.crossbars[0], circuit);
  EXPECT_THROW(array.apply({{{1, 0}, {0, 0}, {}}, 1e-9}), Error);
  EXPECT_THROW(array.apply({{{1, 0}, {}, {1}}, 1e-9}), Error);
  EXPECT_THROW(array.apply({{{1, 0}, {}, {}}, 0}), Error);
  EXPECT_THROW(array.apply({{{NAN, 0}, {}, {}}, 1e-9}), Error);
  EXPECT_THROW(array.conductance({2, 0}), Error);
  EXPECT_THROW(array.watch({{0, -1}}), Error);
  EXPECT_THROW(PulsedArray(circuit.crossbars[0], circuit, {.method = Method::kKlu}), Error);
  EXPECT_THROW(PulsedArray(circuit.crossbars[0], circuit, {.state_tolerance = 0}), Error);
  const Circuit selectors =
      read_lines(wordline::testing::kCellModels +
                 ".model sel memristor type=expdiode\n"
                 ".crossbar xb rows=2 cols=2 memristor=silver selector=sel x0=0.1\n");
  EXPECT_THROW(PulsedArray(selectors.crossbars[0], selectors), Error);
  const Circuit heated = array_circuit("rows=2 cols=2 memristor=oxide");
  EXPECT_NO_THROW(PulsedArray(heated.crossbars[0], heated));
}

}  // namespace
}  // namespace wordline::crossbar
