// Arrays by the methods made for them against the engine, which solves the compiled circuit, node
// by node; and what any solution has to obey.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "array_decks.hpp"

namespace wordline::crossbar {
namespace {

using testing::array_circuit;
using testing::largest_of;
using testing::random_states;
using testing::random_volts;

struct Case {
  std::string name;
  std::string arguments;  // of .crossbar
  double low, high;       // states
  Buses range;            // two voltages each, between which those of the buses lie
};

Buses buses_of(const Crossbar& xb, const Buses& range) {
  const auto bus = [](std::size_t lines, const std::vector<double>& bounds, unsigned seed) {
    return random_volts(lines, bounds[0], bounds[1], seed);
  };
  return {
      bus(xb.word.bus.size(), range.word, 1), bus(xb.bit.bus.size(), range.bit, 2),
      xb.source.bus.empty() ? std::vector<double>() : bus(xb.source.bus.size(), range.source, 3)};
}

void expect_near(const std::vector<double>& ours, const std::vector<double>& theirs, double allowed,
                 const char* what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t k = 0; k < ours.size(); ++k) {
    ASSERT_NEAR(ours[k], theirs[k], allowed) << what << ' ' << k;
  }
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double v : values) total += v;
  return total;
}

class ArrayAndEngine : public ::testing::TestWithParam<Case> {
 protected:
  ArrayAndEngine() : circuit_(array_circuit(GetParam().arguments)) {
    Crossbar& xb = circuit_.crossbars[0];
    const auto cells = static_cast<std::size_t>(xb.rows) * static_cast<std::size_t>(xb.cols);
    xb.values = random_states(cells, GetParam().low, GetParam().high, 4);
    volts_ = buses_of(xb, GetParam().range);
  }
  const Crossbar& crossbar() const { return circuit_.crossbars[0]; }
  Solution solve(const Settings& settings) const {
    Array array(crossbar(), circuit_, settings);
    return array.solve(volts_);
  }

  Circuit circuit_;
  Buses volts_;
};

// The engine's tolerance is 1e-9 of every node's largest current, and its convergence is quadratic.
TEST_P(ArrayAndEngine, AgreeInEverything) {
  constexpr double kAllowed = 1e-8;
  Settings settings{.tolerance = 1e-12};
  if (!crossbar().source.bus.empty()) settings.outputs = Lines::kBit;
  const Solution ours = solve(settings);
  settings.method = Method::kKlu;
  const Solution theirs = solve(settings);
  EXPECT_NE(ours.report.method, theirs.report.method);
  const double volt = kAllowed * std::max({largest_of(volts_.word), largest_of(volts_.bit),
                                           largest_of(volts_.source)});
  const double ampere =
      kAllowed * std::max(largest_of(theirs.current.word), largest_of(theirs.current.bit));
  EXPECT_GT(ampere, 1e-8 * kAllowed);  // something flows
  expect_near(ours.word.values, theirs.word.values, volt, "word line");
  expect_near(ours.bit.values, theirs.bit.values, volt, "bit line");
  expect_near(ours.source.values, theirs.source.values, volt, "source line");
  expect_near(ours.inner.values, theirs.inner.values, volt, "inner node");
  expect_near(ours.cell_current.values, theirs.cell_current.values, ampere, "cell");
  expect_near(ours.current.word, theirs.current.word, ampere, "word bus");
  expect_near(ours.current.bit, theirs.current.bit, ampere, "bit bus");
  expect_near(ours.current.source, theirs.current.source, ampere, "source bus");
  EXPECT_NEAR(ours.power, theirs.power, kAllowed * std::fabs(theirs.power));
}

// What flows in flows out. What leaks out of 1T1R cells through the two junctions of a bulk is at
// most gmin times its voltage and the junction's saturation current, 1e-14 A.
TEST_P(ArrayAndEngine, KirchhoffsCurrentLawHoldsForTheBuses) {
  const Solution s = solve({.tolerance = 1e-13});
  const double largest = std::max(largest_of(s.current.word), largest_of(s.current.bit));
  double leaks = 0;
  if (crossbar().cell == CellKind::k1T1R) {
    for (const Matrix* nodes : {&s.source, &s.inner}) {
      for (const double v : nodes->values) {
        leaks += circuit_.options.gmin * std::fabs(v) + 1e-14;
      }
    }
    EXPECT_EQ(largest_of(s.current.word), 0);
  }
  const double all = sum(s.current.word) + sum(s.current.bit) + sum(s.current.source);
  EXPECT_LE(std::fabs(all), 1e-10 * largest + leaks);
}

// Along every line, and at every cell, by the voltages and currents of the solution itself.
TEST_P(ArrayAndEngine, OhmsLawHoldsAlongTheBitLines) {
  const Solution s = solve({.tolerance = 1e-13});
  const ArrayLine& line = crossbar().bit;
  const bool is_1r = crossbar().cell == CellKind::k1R;
  const double largest = largest_of(s.current.bit);
  for (std::int64_t j = 0; j < s.bit.cols; ++j) {
    for (std::int64_t i = 1; i + 1 < s.bit.rows; ++i) {
      if (line.segment == 0) {
        EXPECT_EQ(s.bit(i, j), s.bit(0, j)) << i << ", " << j;
        continue;
      }
      const double in = (s.bit(i - 1, j) - s.bit(i, j)) / line.segment;
      const double out = (s.bit(i, j) - s.bit(i + 1, j)) / line.segment;
      const double drawn = is_1r ? -s.cell_current(i, j) : s.cell_current(i, j);
      // Voltages of 1 V differ by their rounding, 1e-16 V, through a segment.
      EXPECT_NEAR(in - out, drawn, 1e-8 * largest + 4e-16 / line.segment) << i << ", " << j;
    }
  }
}

const std::string kOhms = " r_wl=2 r_bl=3 rs_wl=50 rs_bl=80";
const Buses kPlain{{-1, 1}, {-0.2, 0.2}, {}};
const Buses kNmos{{1.5, 2.5}, {0.2, 0.8}, {-0.05, 0.1}};
const Buses kPmos{{-2.5, -1.5}, {-0.8, -0.2}, {-0.1, 0.05}};

INSTANTIATE_TEST_SUITE_P(
    Arrays, ArrayAndEngine,
    ::testing::Values(
        Case{"Sinh", "rows=3 cols=4 cell=1r memristor=tunnel" + kOhms, 1e-5, 1e-3, kPlain},
        Case{"SinhFlipped", "rows=20 cols=17 cell=1r memristor=tunnel flip=1" + kOhms, 1e-5, 1e-3,
             kPlain},
        Case{"SinhBothEnds",
             "rows=12 cols=20 cell=1r memristor=tunnel ends_wl=both ends_bl=both" + kOhms, 1e-5,
             1e-3, kPlain},
        Case{"SinhHeldEnds", "rows=9 cols=13 cell=1r memristor=tunnel ends_bl=last r_wl=4 r_bl=1",
             1e-6, 1e-3, kPlain},
        Case{"SinhMergedWords",
             "rows=7 cols=5 cell=1r memristor=tunnel r_wl=0 rs_wl=10 r_bl=3 rs_bl=40", 1e-5, 1e-3,
             kPlain},
        Case{"SinhIdealWires", "rows=5 cols=6 cell=1r memristor=tunnel r_wl=0 r_bl=0", 1e-5, 1e-3,
             kPlain},
        Case{"Yakopcic", "rows=3 cols=4 cell=1r memristor=silver" + kOhms, 0.01, 1, kPlain},
        Case{"YakopcicLarge", "rows=20 cols=17 cell=1r memristor=silver ends_bl=last" + kOhms, 0.01,
             1, kPlain},
        Case{"YakopcicFlipped", "rows=1 cols=12 cell=1r memristor=silver flip=1" + kOhms, 0.01, 1,
             kPlain},
        Case{"YakopcicLoadedDrivers",
             "rows=10 cols=8 cell=1r memristor=silver r_wl=10 r_bl=10 rs_wl=1k rs_bl=5k", 0.01, 1,
             kPlain},
        Case{
            "NmosRows",
            "rows=3 cols=4 cell=1t1r memristor=silver transistor=nfet w=2u l=0.2u r_sl=2 rs_sl=30" +
                kOhms,
            0.01, 1, kNmos},
        Case{"NmosRowsLarge",
             "rows=20 cols=17 cell=1t1r memristor=tunnel transistor=nfet w=2u l=0.2u r_sl=2 "
             "rs_sl=30 "
             "ends_sl=both" +
                 kOhms,
             1e-5, 1e-3, kNmos},
        Case{"NmosRowsHeld",
             "rows=6 cols=9 cell=1t1r memristor=ohmic transistor=nfet w=2u l=0.2u r_sl=2 r_bl=1",
             1e-5, 1e-3, kNmos},
        Case{"NmosRowsMerged",
             "rows=6 cols=9 cell=1t1r memristor=ohmic transistor=nfet w=2u l=0.2u r_sl=0 rs_sl=20 "
             "r_bl=1 rs_bl=10",
             1e-5, 1e-3, kNmos},
        Case{
            "NmosColumns",
            "rows=4 cols=3 cell=1t1r memristor=silver transistor=nfet w=2u l=0.2u sl_along=columns "
            "r_sl=2 rs_sl=30" +
                kOhms,
            0.01, 1, kNmos},
        Case{"NmosColumnsLarge",
             "rows=20 cols=17 cell=1t1r memristor=tunnel transistor=nfet w=2u l=0.2u "
             "sl_along=columns ends_sl=last r_sl=2 rs_sl=30" +
                 kOhms,
             1e-5, 1e-3, kNmos},
        Case{"NmosColumnsHeld",
             "rows=7 cols=5 cell=1t1r memristor=tunnel transistor=nfet w=2u l=0.2u "
             "sl_along=columns ends_sl=both r_sl=2 r_bl=2",
             1e-5, 1e-3, kNmos},
        Case{"EkvRows",
             "rows=6 cols=5 cell=1t1r memristor=silver transistor=nsmooth w=2u l=0.2u r_sl=2 "
             "rs_sl=30" +
                 kOhms,
             0.01, 1, kNmos},
        Case{"EkvWeaklyInverted",
             "rows=8 cols=5 cell=1t1r memristor=tunnel transistor=nsmooth w=2u l=0.2u r_sl=2 "
             "rs_sl=30" +
                 kOhms,
             1e-5, 1e-3, Buses{{0.2, 0.7}, {0.2, 0.8}, {-0.05, 0.1}}},
        Case{"EkvColumnsReversed",
             "rows=6 cols=7 cell=1t1r memristor=silver transistor=nsmooth w=2u l=0.2u "
             "sl_along=columns r_sl=2 rs_sl=30" +
                 kOhms,
             0.01, 1, Buses{{1.5, 2.5}, {0, 0.1}, {0.2, 0.8}}},
        Case{"EkvPmos",
             "rows=5 cols=6 cell=1t1r memristor=silver transistor=psmooth w=4u l=0.2u r_sl=2 "
             "rs_sl=30" +
                 kOhms,
             0.01, 1, kPmos},
        Case{"ShortChannel",
             "rows=6 cols=5 cell=1t1r memristor=tunnel transistor=nshort w=2u l=0.3u r_sl=2 "
             "rs_sl=30" +
                 kOhms,
             1e-5, 1e-3, kNmos},
        // The source lines are above the bit lines: drain and source change places.
        Case{
            "NmosReversed",
            "rows=6 cols=7 cell=1t1r memristor=silver transistor=nfet w=2u l=0.2u sl_along=columns "
            "r_sl=2 rs_sl=30" +
                kOhms,
            0.01, 1, Buses{{1.5, 2.5}, {0, 0.1}, {0.2, 0.8}}},
        // Some transistors are off.
        Case{
            "NmosPartlyOff",
            "rows=8 cols=5 cell=1t1r memristor=tunnel transistor=nfet w=2u l=0.2u r_sl=2 rs_sl=30" +
                kOhms,
            1e-5, 1e-3, Buses{{-0.5, 2}, {0.2, 0.8}, {-0.05, 0.1}}},
        Case{
            "PmosRows",
            "rows=5 cols=6 cell=1t1r memristor=silver transistor=pfet w=4u l=0.2u r_sl=2 rs_sl=30" +
                kOhms,
            0.01, 1, kPmos},
        Case{"PmosColumns",
             "rows=20 cols=17 cell=1t1r memristor=tunnel transistor=pfet w=4u l=0.2u "
             "sl_along=columns r_sl=2 rs_sl=30" +
                 kOhms,
             1e-5, 1e-3, kPmos}),
    [](const auto& c) { return c.param.name; });

// ---- arrays at random ----

// Any cells, sizes, wires, ends and voltages.
class RandomCrossbar {
 public:
  explicit RandomCrossbar(unsigned seed) : random_(seed) {
    const std::int32_t rows = whole(1, 12), cols = whole(1, 12);
    const bool has_transistors = whole(0, 1) == 1;
    const bool along_columns = has_transistors && whole(0, 1) == 1;
    const bool pmos = has_transistors && whole(0, 2) == 0;
    const int model = whole(0, 2);
    const char* const models[] = {"ohmic", "tunnel", "silver"};
    std::string arguments =
        fmt::format("rows={} cols={} memristor={} flip={}", rows, cols, models[model], whole(0, 1));
    // Ladders of ideal wires are for the engine alone.
    arguments += line("wl", true) + line("bl", !along_columns);
    if (has_transistors) {
      arguments +=
          fmt::format(" cell=1t1r transistor={} w=2u l=0.2u sl_along={}{}", pmos ? "pfet" : "nfet",
                      along_columns ? "columns" : "rows", line("sl", !along_columns));
    }
    circuit = array_circuit(arguments);
    const auto cells = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    crossbar().values = random_states(cells, model == 2 ? 1e-3 : 1e-7, model == 2 ? 1 : 1e-3, seed);
    const double sign = pmos ? -1 : 1;
    const auto bus = [&](std::int32_t count, double low, double high) {
      std::vector<double> volts;
      for (std::int32_t k = 0; k < count; ++k) volts.push_back(sign * real(low, high));
      return volts;
    };
    volts.word = has_transistors ? bus(rows, -0.5, 2) : bus(rows, -1, 1);
    volts.bit = bus(cols, -0.3, 1);
    if (has_transistors) volts.source = bus(along_columns ? cols : rows, -0.3, 1);
  }

  Crossbar& crossbar() { return circuit.crossbars[0]; }
  // What the buses could push through the smallest resistance.
  double drive() const {
    return 2 / smallest_ * std::sqrt(static_cast<double>(volts.word.size() + volts.bit.size()));
  }

  Circuit circuit;
  Buses volts;

 private:
  int whole(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }
  double real(double low, double high) {
    return std::uniform_real_distribution(low, high)(random_);
  }
  double ohm(bool may_be_zero, double low, double high) {
    if (may_be_zero && whole(0, 3) == 0) return 0;
    const double value = std::pow(10, real(low, high));
    smallest_ = std::min(smallest_, value);
    return value;
  }
  std::string line(const char* name, bool may_be_ideal) {
    const char* const ends[] = {"first", "last", "both"};
    const double segment = ohm(may_be_ideal, -2, 2);
    const double driver = ohm(true, -1, 4);
    return fmt::format(" r_{0}={1:g} rs_{0}={2:g} ends_{0}={3}", name, segment, driver,
                       ends[whole(0, 2)]);
  }

  std::mt19937 random_;
  double smallest_ = 1e3;
};

// To the tolerances of both: the engine's of the currents, the array's of what the buses could
// drive through the wires, which is much more.
TEST(ArrayOfAnyCells, AgreesWithTheEngine) {
  constexpr double kTolerance = 1e-12;
  double most = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(seed);
    RandomCrossbar random(seed);
    Settings settings{.tolerance = kTolerance};
    if (!random.volts.source.empty()) settings.inputs = Lines::kSource;
    Array array(random.crossbar(), random.circuit, settings);
    const Solution ours = array.solve(random.volts);
    settings.method = Method::kKlu;
    Array by_engine(random.crossbar(), random.circuit, settings);
    const Solution theirs = by_engine.solve(random.volts);
    const double largest =
        std::max(largest_of(theirs.current.bit), largest_of(theirs.current.source));
    const double allowed = 1e-8 * largest + 10 * kTolerance * random.drive();
    expect_near(ours.current.word, theirs.current.word, allowed, "word bus");
    expect_near(ours.current.bit, theirs.current.bit, allowed, "bit bus");
    expect_near(ours.current.source, theirs.current.source, allowed, "source bus");
    most = std::max(most, largest / allowed);
    EXPECT_LE(ours.report.newton, 20);
  }
  EXPECT_GT(most, 1e6);  // currents are seen
}

// ---- ohmic arrays ----

double dissipation_of_lines(const Matrix& x, const std::vector<double>& volts, const Wires& wires,
                            bool along_rows) {
  const std::int64_t lines = along_rows ? x.rows : x.cols;
  const std::int64_t length = along_rows ? x.cols : x.rows;
  double watt = 0;
  for (std::int64_t line = 0; line < lines; ++line) {
    const auto at = [&](std::int64_t k) { return along_rows ? x(line, k) : x(k, line); };
    const auto resistor = [&](double v, double ohm) { watt += ohm > 0 ? v * v / ohm : 0; };
    for (std::int64_t k = 0; k + 1 < length; ++k) resistor(at(k) - at(k + 1), wires.segment);
    const double bus = volts[static_cast<std::size_t>(line)];
    if (wires.driven != DrivenEnds::kLast) resistor(bus - at(0), wires.driver);
    if (wires.driven != DrivenEnds::kFirst) resistor(bus - at(length - 1), wires.driver);
  }
  return watt;
}

// Tellegen's theorem, to the rounding of voltages across resistances of 1 ohm, some 1e-4 V.
TEST(ArrayOfOhmicCells, DissipatesWhatTheBusesDeliver) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const std::int64_t rows = 3 + seed, cols = 19 - seed;
    const auto cells = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
    const Matrix g{rows, cols, random_states(cells, 1e-5, 1e-3, seed)};
    const auto driven = static_cast<DrivenEnds>(seed % 3);
    const Wires word{.segment = 1, .driver = seed % 4 == 0 ? 0.0 : 20.0, .driven = driven};
    const Wires bit{.segment = seed % 5 == 0 ? 0.0 : 2.0, .driver = 10, .driven = driven};
    const Buses volts{random_volts(static_cast<std::size_t>(rows), -1, 1, seed),
                      random_volts(static_cast<std::size_t>(cols), -0.3, 0.3, seed),
                      {}};
    Array array(g, word, bit, {.tolerance = 1e-13});
    const Solution s = array.solve(volts);
    double watt = dissipation_of_lines(s.word, volts.word, word, true) +
                  dissipation_of_lines(s.bit, volts.bit, bit, false);
    for (std::size_t k = 0; k < cells; ++k) {
      const double v = s.word.values[k] - s.bit.values[k];
      watt += g.values[k] * v * v;
      EXPECT_NEAR(s.cell_current.values[k], g.values[k] * v, 1e-15 * g.values[k]);
    }
    EXPECT_NEAR(s.power, watt, 1e-10 * watt) << "seed " << seed;
    EXPECT_NEAR(sum(s.current.word) + sum(s.current.bit), 0, 1e-10 * largest_of(s.current.word))
        << "seed " << seed;
  }
}

// Iterations, the direct method, the transconductance matrix and the engine.
TEST(ArrayOfOhmicCells, IsTheSameByAllMethodsWhereItIsLarger) {
  struct Size {
    std::int64_t rows, cols;
    bool by_engine;
  };
  for (const Size& size : {Size{64, 48, true}, Size{128, 128, false}, Size{150, 70, false}}) {
    const auto cells = static_cast<std::size_t>(size.rows * size.cols);
    const Matrix g{size.rows, size.cols, random_states(cells, 1e-6, 1e-4, 5)};
    const std::vector<double> volts =
        random_volts(static_cast<std::size_t>(size.rows), 0.1, 0.4, 6);
    const Wires word{.segment = 1, .driver = 50}, bit{.segment = 1.5, .driver = 30};
    const auto read = [&](Method method) {
      Array array(g, word, bit, {.tolerance = 1e-13, .method = method});
      return array.read(volts);
    };
    const std::vector<double> expected = read(Method::kMultifrontal);
    // Condition numbers of up to 1e4 stand between residuals of 1e-13 and these.
    const double allowed = 1e-9 * largest_of(expected);
    expect_near(read(Method::kKrylov), expected, allowed, "krylov");
    if (size.by_engine) expect_near(read(Method::kKlu), expected, allowed, "klu");
    Array array(g, word, bit);
    array.transfer();
    expect_near(array.read(volts), expected, allowed, "transfer");
    EXPECT_EQ(array.report().method, "transfer");
  }
}

}  // namespace
}  // namespace wordline::crossbar
