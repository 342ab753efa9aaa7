// Memristors in circuits, from the netlist to the waveform, against trusted solutions: tables of an
// eighth-order Runge-Kutta integration at 1e-12, confirmed by an implicit one (the header of each
// file in tests/data/devices says how). All run at reltol=1e-5; the tolerance is 1e-4 of full scale
// in current and state. The longest step of 1/10000 of the
// interval keeps the error of linear interpolation between our points below 1e-5, also where a
// state runs into its bound.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "reference.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

constexpr double kTolerance = 1e-4;

struct Case {
  std::string file;  // columns: time, source voltage, device voltage, current, state, temperature
  std::string elements;
  double stop;
  double state_range;
};

// Rows whose neighbours lie across an abrupt edge are not compared.
bool near_edge(const std::vector<std::vector<double>>& rows, std::size_t k, double range) {
  constexpr double kAbrupt = 0.2;  // of the range, from one row to the next
  for (std::size_t m = k < 2 ? 0 : k - 2; m + 1 < rows.size() && m < k + 2; ++m) {
    if (std::abs(rows[m + 1][4] - rows[m][4]) > kAbrupt * range) return true;
  }
  return false;
}

class ReferenceWaveform : public ::testing::TestWithParam<Case> {};

TEST_P(ReferenceWaveform, IsMet) {
  const Case& c = GetParam();
  const double step = c.stop / 10000;
  Simulator simulator(
      parse(fmt::format("{}\n{}\n.options reltol=1e-5\n.tran {} {}\n"
                        ".save i(vs) @cell[x] @cell[t]\n.end\n",
                        c.file, c.elements, step, c.stop)));
  const Result result = simulator.run(simulator.circuit().analyses.at(0));
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const auto rows = testing::read_reference(c.file + ".csv").rows;
  double largest = 0;
  double hottest = 0;
  for (const auto& row : rows) {
    largest = std::max(largest, std::abs(row[3]));
    if (row.size() > 5) hottest = std::max(hottest, row[5]);
  }
  std::size_t compared = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (near_edge(rows, k, c.state_range)) continue;
    ++compared;
    EXPECT_NEAR(result.waveforms.at("@cell[x]", rows[k][0]), rows[k][4], kTolerance * c.state_range)
        << "t = " << rows[k][0];
    EXPECT_NEAR(-result.waveforms.at("i(vs)", rows[k][0]), rows[k][3], kTolerance * largest)
        << "t = " << rows[k][0];
    if (rows[k].size() <= 5) continue;
    EXPECT_NEAR(result.waveforms.at("@cell[t]", rows[k][0]), rows[k][5], kTolerance * hottest)
        << "t = " << rows[k][0];
  }
  EXPECT_GT(compared, rows.size() * 8 / 10);
}

INSTANTIATE_TEST_SUITE_P(
    Vteam, ReferenceWaveform,
    ::testing::Values(
        Case{"vteam_sine_hardbounds",
             "vs a 0 sin(0 0.3 50meg)\nymemristor cell a 0 m x0=1n\n.model m memristor level=6",
             4e-8, 3e-9},
        Case{
            "vteam_window_exp",
            "vs a 0 sin(0 1 10meg)\nymemristor cell a 0 m x0=1.5n\n"
            ".model m memristor level=6 ron=1k roff=100k kon=-0.1 koff=0.05 aon=2 aoff=2 von=-0.3\n"
            "+ voff=0.4 wc=107p a_on=0.5n a_off=2.5n window=team iv=exp",
            2e-7, 3e-9},
        Case{"vteam_magic_pulses",
             "vs a 0 pwl(0 0 1n -2.2 2.5n -2.2 3.5n 0 4.5n 0 5.5n 0.9 8n 0.9 9n 0 10n 0)\n"
             "ymemristor cell a 0 m x0=3n\n"
             ".model m memristor level=6 ron=1k roff=300k kon=-216.2 koff=0.091 aon=4 aoff=4\n"
             "+ von=-1.5 voff=0.3",
             1e-8, 3e-9}),
    [](const auto& c) { return c.param.file; });

INSTANTIATE_TEST_SUITE_P(
    Yakopcic, ReferenceWaveform,
    ::testing::Values(
        Case{"yakopcic_oblea_sine",
             "vs a 0 sin(0 0.45 100)\nymemristor cell a 0 m x0=0.11\n"
             ".model m memristor level=3 a1=0.17 a2=0.17 b=0.05 ap=4000 an=4000 vp=0.16 vn=0.15\n"
             "+ alphap=1 alphan=5 xp=0.3 xn=0.5 eta=1",
             0.02, 1},
        Case{"yakopcic_xyce_series50",
             "vs in 0 sin(0 0.5 100)\nrs in a 50\nymemristor cell a 0 m x0=0.11\n"
             ".model m memristor level=3 a1=0.17 a2=0.17 b=0.05 ap=4000 an=4000 vp=0.16 vn=0.15\n"
             "+ alphap=1 alphan=5 xp=0.3 xn=0.5 eta=1",
             0.02, 1},
        Case{"yakopcic_miao_triangle",
             "vs a 0 pwl(0 0 5 0.75 10 0 15 -1.25 20 0)\nymemristor cell a 0 m x0=0.11\n"
             ".model m memristor level=3 a1=0.11 a2=0.11 b=0.5 ap=7.5 an=2 vp=0.09 vn=0.75\n"
             "+ alphap=1 alphan=5 xp=0.3 xn=0.5 eta=1",
             20, 1},
        Case{"yakopcic_jo_triangle",
             "vs a 0 pwl(0 0 1.25 4 2.5 0 3.125 -2 3.75 0 5 0)\nymemristor cell a 0 m x0=0.1\n"
             ".model m memristor level=3 a1=0.37u a2=0.435u b=0.7 ap=0.005 an=0.08 vp=1.5 vn=0.5\n"
             "+ alphap=1.2 alphan=3 xp=0.2 xn=0.5 eta=1",
             5, 1}),
    [](const auto& c) { return c.param.file; });

// The hard ones: runaways that only a load line ends, the drop from one static solution to another,
// a temperature 1e4 times faster than the state.
INSTANTIATE_TEST_SUITE_P(
    SelfHeating, ReferenceWaveform,
    ::testing::Values(
        Case{"stanford_set_pulse_series",
             "vs in 0 pwl(0 0 100n 2.6 1.1u 2.6 1.2u 0.2 1.4u 0.2)\nrs in a 1k\n"
             "ymemristor cell a 0 m x0=0.9n\n.model m memristor level=7 fmin=0 gmin=0.1n",
             1.4e-6, 1.6e-9},
        Case{"stanford_reset_pulse",
             "vs a 0 pwl(0 0 10n -1.3 100n -1.3 110n 0 120n 0 130n -1.5 220n -1.5 230n 0 250n 0)\n"
             "ymemristor cell a 0 m x0=0.4n\n.model m memristor level=7 fmin=0",
             2.5e-7, 1.5e-9},
        Case{"jart_v1b_set_ramp",
             "vs a 0 pwl(0 0 100u -0.9 200u 0)\nymemristor cell a 0 m x0=0.05\n"
             ".model m memristor level=8",
             2e-4, 20},
        Case{"jart_v1b_reset_ramp",
             "vs a 0 pwl(0 0 50u 1.4 100u 0)\nymemristor cell a 0 m x0=10\n"
             ".model m memristor level=8",
             1e-4, 20},
        Case{"sky130_reram_pulse",
             "vs in 0 pwl(0 0 5n 2.6 40n 2.6 45n 0 55n 0 60n -2 160n -2 165n 0 170n 0)\n"
             "rs in a 8k\nymemristor cell a 0 m x0=1.7n\n.model m memristor level=12",
             1.7e-7, 1.6e-9}),
    [](const auto& c) { return c.param.file; });

INSTANTIATE_TEST_SUITE_P(
    Behavioural, ReferenceWaveform,
    ::testing::Values(
        Case{"hp_biolek_sine",
             "vs a 0 sin(0 1 50)\nymemristor cell a 0 m x0=0.076\n"
             ".model m memristor type=hp d=16n roff=1k mu=4e-14 window=biolek p=7",
             0.04, 1},
        Case{"hp_prodromakis_series",
             "vs in 0 sin(0 4 2)\nrs in a 500\nymemristor cell a 0 m x0=0.2\n"
             ".model m memristor level=1 window=prodromakis p=4",
             1, 1},
        Case{"team_sine_series",
             "vs in 0 sin(0 1 1k)\nrs in a 50\nymemristor cell a 0 m x0=0.8n\n"
             ".model m memristor level=2 kon=-4.68e-22 koff=1.46e-18 alphaon=10 alphaoff=10 wt=4\n"
             "+ aon=1.8n aoff=1.2n wc=107p",
             2e-3, 3e-9},
        Case{"mms_generalized_sine",
             "vs a 0 sin(0 0.45 200)\nymemristor cell a 0 m x0=0.4\n"
             ".model m memristor level=5 tau=1m phi=0.8 sfa=0.8m sfb=4 sra=0.8m srb=4",
             0.01, 1},
        Case{"pershin_sine",
             "vs a 0 sin(0 3 100meg)\nymemristor cell a 0 m rinit=7k\n"
             ".model m memristor type=pershin",
             2e-8, 9e3},
        Case{"dd2018_pulses",
             "vs a 0 pwl(0 0 0.1m 1 0.3m 1 0.4m -1.2 0.6m -1.2 0.7m 0)\n"
             "ymemristor cell a 0 m x0=6k\n.model m memristor level=11",
             7e-4, 15720},
        Case{"dd2021_pulses",
             "vs a 0 pwl(0 0 1u 1 3u 1 4u -2 8u -2 9u 0 10u 0)\n"
             "ymemristor cell a 0 m x0=2800\n.model m memristor level=10",
             1e-5, 1400},
        Case{"yakgen_srtio3_triangle",
             "vs a 0 pwl(0 0 1 1 2 0 4 -2 6 0)\nymemristor cell a 0 m\n"
             ".model m memristor level=13",
             6, 1},
        Case{"umich_wox_triangle",
             "vs a 0 pwl(0 0 1 1.5 2 0 3 -1.5 4 0)\nymemristor cell a 0 m x0=0.1\n"
             ".model m memristor type=umich_wox",
             4, 1},
        Case{"dmm_triangle",
             "vs a 0 pwl(0 0 1 1.4 2 0 3 -1.4 4 0)\nymemristor cell a 0 m\n"
             ".model m memristor type=memdiode",
             4, 1}),
    [](const auto& c) { return c.param.file; });

// The current is imposed; columns: time, current, state.
TEST(SimmonsInACircuit, MovesUnderAnImposedCurrent) {
  Simulator simulator(
      parse("barrier\nis 0 a pwl(0 0 0.2m 1.2m 1.2m 1.2m 1.4m 0 1.6m -75u 2.6m -75u 2.8m 0)\n"
            "ymemristor cell a 0 m\n.model m memristor level=16\n.options reltol=1e-5\n"
            ".tran 0.28u 2.8m\n.save @cell[x]\n.end\n"));
  const Result result = simulator.run(simulator.circuit().analyses.at(0));
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  for (const auto& row : testing::read_reference("simmons_state_ipulse.csv").rows) {
    EXPECT_NEAR(result.waveforms.at("@cell[x]", row[0]), row[2], kTolerance * 1e-9)
        << "t = " << row[0];
  }
}

// The TEAM card of Xyce's example, whose windows are a picometre wide, right at an ideal source:
// setting, its current and its speed drive each other up within femtoseconds of a millisecond's
// sine. The cycle ends where it began to be on.
TEST(TeamInACircuit, RunsAwayAndComesToRest) {
  for (const double reltol : {1e-3, 1e-4, 1e-5}) {
    Simulator simulator(parse(fmt::format(
        "team\nvs a 0 sin(0 1 1k)\nymemristor cell a 0 m x0=0.8n\n"
        ".model m memristor level=2 kon=-4.68e-22 koff=1.46e-18 alphaon=10 alphaoff=10 ioff=115u\n"
        "+ ion=-8.9u wt=4 aon=0 aoff=3n wc=1p\n.options reltol={}\n.tran 1u 1m\n"
        ".save @cell[x]\n.end\n",
        reltol)));
    const Result result = simulator.run(simulator.circuit().analyses.at(0));
    ASSERT_TRUE(result.report.ok()) << result.report.message;
    // An independent Runge-Kutta integration, by 1e-5 of the range a step; tolerance: three times
    // that of a step.
    EXPECT_NEAR(result.waveforms.at("@cell[x]", 0.15e-3), 1.0085788e-9, 3e-9 * 3 * reltol);
    EXPECT_NEAR(result.waveforms.at("@cell[x]", 0.45e-3), 1.5027959e-9, 3e-9 * 3 * reltol);
    EXPECT_LT(result.waveforms.at("@cell[x]", 0.75e-3), 1e-11);
  }
}

// Columns: time, vbl, vwl, vsl, the voltage between memristor and transistor, current, state.
TEST(OneTransistorCell, IsWrittenAndRead) {
  Simulator simulator(parse(
      "onet1r\n"
      "vbl bl 0 pwl(0 0 0.1u 1.4 0.5u 1.4 0.6u 0 1.4u 0 1.5u 0.15 1.8u 0.15 1.9u 0)\n"
      "vwl wl 0 pwl(0 0 0.05u 1.8 0.62u 1.2 0.7u 1.8 2u 1.8)\n"
      "vsl sl 0 pwl(0 0 0.7u 0 0.8u 1.5 1.2u 1.5 1.3u 0 2u 0)\n"
      "ymemristor cell bl d m x0=0.05\nm1 d wl sl 0 n w=1u l=0.15u\n"
      ".model n nmos level=44 vto=0.494 kp=2.51e-4 gamma=0.4 phi=0.85 lambda=0.08\n"
      ".model m memristor type=yakopcic a1=0.16m a2=0.16m b=2.5 ap=2meg an=2meg vp=0.4 vn=0.4\n"
      "+ alphap=1 alphan=3 xp=0.3 xn=0.5\n"
      ".options reltol=1e-5\n.tran 0.2n 2u\n.save v(d) i(cell) @cell[x]\n.end\n"));
  const Result result = simulator.run(simulator.circuit().analyses.at(0));
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const auto rows = testing::read_reference("onet1r_yakopcic.csv").rows;
  constexpr double kLargestVoltage = 0.7, kLargestCurrent = 5.6e-4;
  for (const std::vector<double>& row : rows) {
    EXPECT_NEAR(result.waveforms.at("v(d)", row[0]), row[4], kTolerance * kLargestVoltage);
    EXPECT_NEAR(result.waveforms.at("i(cell)", row[0]), row[5], kTolerance * kLargestCurrent);
    EXPECT_NEAR(result.waveforms.at("@cell[x]", row[0]), row[6], kTolerance);
  }
  EXPECT_EQ(rows.size(), 162U);
}

}  // namespace
}  // namespace wordline
