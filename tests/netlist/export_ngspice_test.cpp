// Decks for ngspice: names, and what Debian's ngspice computes from them. Numbers come from the
// reference waveforms in tests/data/devices (an eighth-order Runge-Kutta integration at 1e-12) and
// from closed forms.
#include "wordline/netlist/export_ngspice.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <sstream>

#include "decks.hpp"
#include "reference.hpp"
#include "shell.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/ngspice_names.hpp"

namespace wordline {
namespace {

std::string export_text(const Circuit& circuit) {
  std::ostringstream text;
  export_ngspice(circuit, text);
  return text.str();
}

// The plots that ngspice makes of a circuit's deck.
std::vector<Waveforms> run_ngspice(const Circuit& circuit) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "deck.cir", export_text(circuit));
  const auto run = testing::shell(folder, "ngspice -b -r out.raw deck.cir");
  if (!std::filesystem::exists(folder / "out.raw")) throw Error(run.out + run.err);
  return read_rawfile(folder / "out.raw");
}

class Ngspice : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  }
};

// ---- names ----

TEST(NgspiceNames, AreUniqueAndPlain) {
  Circuit circuit;
  for (const char* name : {"a[1]", "a_1", "a.1", "a[1,1]", "a[11]", "gnd", "x1.n", "q_x"}) {
    circuit.nodes.intern(name);
  }
  const NgspiceNames names(circuit);
  std::set<std::string> seen;
  for (NodeId id = 0; id < circuit.nodes.size(); ++id) {
    EXPECT_TRUE(seen.insert(names.node(id)).second) << names.node(id);
    EXPECT_EQ(names.node(id).find_first_of("[],. "), std::string::npos);
  }
  EXPECT_EQ(names.node(0), "0");
  EXPECT_EQ(names.node(*circuit.nodes.find("a[1,1]")), "a_1_1");
}

TEST(NgspiceNames, BeginWithTheLetterOfTheirElement) {
  const Circuit circuit = compile_crossbars(
      read_lines(".model m memristor type=vteam\n.crossbar xb rows=2 cols=2 memristor=m rs_wl=5\n"
                 "Vwl wl[0:1] 0 1\nVbl bl[0:1] 0 0\n"));
  const NgspiceNames names(circuit);
  const auto name_of = [&](const NameTable& table, const char* element) {
    return names.element(table, static_cast<std::size_t>(*table.find(element)));
  };
  EXPECT_EQ(name_of(circuit.resistors.names, "xb.rwl[1,0]"), "rxb_rwl_1_0");
  EXPECT_EQ(name_of(circuit.resistors.names, "xb.rwl.first[1]"), "rxb_rwl_first_1");
  EXPECT_EQ(name_of(circuit.memristors.names, "xb.m[0,1]"), "xb_m_0_1");
  EXPECT_EQ(name_of(circuit.voltage_sources.names, "vwl[1]"), "vwl_1");
  EXPECT_EQ(names.state_node(1), "xb_m_0_1_x");
}

TEST(NgspiceNames, HaveNoStateWhereNothingMoves) {
  const std::string lines =
      "V1 a 0 1\nYMEMRISTOR p a 0 m\nYMEMRISTOR q a 0 s\n.model m memristor type=vteam\n"
      ".model s memristor type=static\n.save @p[x] @q[x] @p[g] v(a,0)\n";
  const auto vectors = [&](const std::string& analysis, std::size_t output) {
    const Circuit circuit = read_lines(lines + analysis);
    return NgspiceNames(circuit).vectors(circuit.outputs.at(output));
  };
  using Vectors = std::vector<std::string>;
  EXPECT_EQ(vectors(".tran 1n 10n\n", 0), Vectors{"v(xp_x)"});
  EXPECT_EQ(vectors(".op\n", 0), Vectors{});
  EXPECT_EQ(vectors(".tran 1n 10n\n", 1), Vectors{});
  EXPECT_EQ(vectors(".tran 1n 10n\n", 2), Vectors{});
  EXPECT_EQ(vectors(".op\n", 3), Vectors{"v(a)"});
}

TEST(ExportNgspice, WhatNgspiceCannotDoIsAnError) {
  const auto fault = [](const std::string& lines) {
    try {
      export_text(read_lines(lines));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(fault("V1 a 0 1\nR1 a 0 1\n.dc V1 0 1 0.1\n"), "");
  EXPECT_EQ(fault("I1 a 0 PWL(0 0 1u 1) r=0\nR1 a 0 1\n.tran 1n 1u\n"),
            "ngspice cannot repeat a piecewise linear current");
  EXPECT_EQ(fault("V1 a 0 1\nYMEMRISTOR c a 0 m\n.model m memristor type=jart_v1b\n.op\n"),
            "model m cannot be exported: the equations of jart_v1b are implicit");
  EXPECT_EQ(fault(".model m nmos level=44\nM1 a a 0 0 m\nV1 a 0 1\n"),
            "ngspice has no transistor like m, of type ekv");
  Circuit circuit = read_lines("V1 a 0 1\nR1 a 0 1\n.dc V1 0 1 0.5\n");
  std::get<DcAnalysis>(circuit.analyses[0].what).sweeps[0].values = {0, 1, 10};
  EXPECT_THROW(export_text(circuit), Error);
}

// ---- memristors ----

struct Case {
  std::string file;
  std::string source;
  std::string model;
  double stop;
  double low, high;   // bounds of the state
  double series = 0;  // ohm
  double trtol = 7;   // with the usual 7 ngspice does not get through every runaway
};

class NgspiceReference : public ::testing::TestWithParam<Case> {};

// Tolerance 1e-3 of full scale: ngspice at reltol=1e-5 and trtol=1 (it does not get through
// runaways with its default of 7) and 1/5000 of the interval a step, its points joined by straight
// lines.
TEST_P(NgspiceReference, IsMetByTheExportedDeck) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  const Case& c = GetParam();
  const std::string source = c.series > 0
                                 ? fmt::format("vs in 0 {}\nrs in a {}", c.source, c.series)
                                 : fmt::format("vs a 0 {}", c.source);
  const Circuit circuit = read_lines(fmt::format(
      "{}\nymemristor cell a 0 m x0={{x0}}\n.model m memristor {}\n.param x0={}\n"
      ".options reltol=1e-5 trtol={}\n.tran {} {} 0 {}\n.save i(vs) @cell[x] @cell[t]\n",
      source, c.model, testing::read_reference(c.file + ".csv").rows[0][4], c.trtol, c.stop / 5000,
      c.stop, c.stop / 5000));
  const Waveforms waveforms = run_ngspice(circuit).at(0);
  double largest = 0;
  const auto rows = testing::read_reference(c.file + ".csv").rows;
  for (const auto& row : rows) largest = std::max(largest, std::abs(row[3]));
  for (const auto& row : rows) {
    const double x = c.low + (c.high - c.low) * waveforms.at("v(xcell_x)", row[0]);
    EXPECT_NEAR(x, row[4], 1e-3 * (c.high - c.low)) << "t = " << row[0];
    EXPECT_NEAR(-waveforms.at("i(vs)", row[0]), row[3], 1e-3 * largest) << "t = " << row[0];
    if (row.size() > 5) {
      EXPECT_NEAR(waveforms.at("v(xcell_t)", row[0]), row[5], 1e-3 * row[5]) << "t = " << row[0];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Models, NgspiceReference,
    ::testing::Values(
        Case{"vteam_sine_hardbounds", "sin(0 0.3 50meg)", "type=vteam", 4e-8, 0, 3e-9},
        Case{"vteam_window_exp", "sin(0 1 10meg)",
             "type=vteam ron=1k roff=100k kon=-0.1 koff=0.05 aon=2 aoff=2 von=-0.3 voff=0.4 "
             "wc=107p a_on=0.5n a_off=2.5n window=team iv=exp",
             2e-7, 0, 3e-9},
        Case{"yakopcic_oblea_sine", "sin(0 0.45 100)",
             "type=yakopcic a1=0.17 a2=0.17 b=0.05 ap=4000 an=4000 vp=0.16 vn=0.15 alphap=1 "
             "alphan=5 xp=0.3 xn=0.5 eta=1",
             0.02, 0, 1},
        Case{"yakopcic_miao_triangle", "pwl(0 0 5 0.75 10 0 15 -1.25 20 0)",
             "type=yakopcic a1=0.11 a2=0.11 b=0.5 ap=7.5 an=2 vp=0.09 vn=0.75 alphap=1 alphan=5 "
             "xp=0.3 xn=0.5 eta=1",
             20, 0, 1},
        Case{"hp_biolek_sine", "sin(0 1 50)", "type=hp d=16n roff=1k mu=4e-14 window=biolek p=7",
             0.04, 0, 1},
        Case{"mms_generalized_sine", "sin(0 0.45 200)", "type=mms tau=1m phi=0.8", 0.01, 0, 1},
        Case{"pershin_sine", "sin(0 3 100meg)", "type=pershin", 2e-8, 1e3, 1e4},
        Case{"umich_wox_triangle", "pwl(0 0 1 1.5 2 0 3 -1.5 4 0)", "type=umich_wox", 4, 0, 1},
        Case{"dmm_triangle", "pwl(0 0 1 1.4 2 0 3 -1.4 4 0)", "type=memdiode", 4, 0, 1},
        Case{"stanford_set_pulse_series", "pwl(0 0 100n 2.6 1.1u 2.6 1.2u 0.2 1.4u 0.2)",
             "type=stanford fmin=0 gmin=0.1n", 1.4e-6, 0.1e-9, 1.7e-9, 1e3},
        Case{"sky130_reram_pulse",
             "pwl(0 0 5n 2.6 40n 2.6 45n 0 55n 0 60n -2 160n -2 165n 0 170n 0)", "type=reram",
             1.7e-7, 0.1e-9, 1.7e-9, 8e3, 1}),
    [](const auto& c) { return c.param.file; });

// VTEAM is ohmic at a given state: I = m V / (ron + (roff - ron) s).
TEST_F(Ngspice, HoldsTheStateAtOperatingPointsAndSweeps) {
  for (const char* transient : {"", ".tran 1n 10n\n"}) {
    const Circuit circuit = read_lines(
        ".model m memristor type=vteam ron=1k roff=100k xon=0 xoff=3n\n"
        "V1 a 0 0.5\nYMEMRISTOR p a 0 m x0=1.5n m=2\nYMEMRISTOR q 0 a m g=20u flip=1\n"
        ".op\n.dc V1 -1 1 0.5\n" +
        std::string(transient) + ".save i(v1) i(p) i(q)\n");
    const double conductance = 2 / (1e3 + 0.5 * 99e3) + 20e-6;
    for (const Waveforms& plot : run_ngspice(circuit)) {
      const std::string& name = plot.header().plotname;
      if (name == "Operating Point") {
        EXPECT_NEAR(plot["i(v1)"][0], -0.5 * conductance, 1e-9 * conductance);
      } else if (name.starts_with("DC")) {
        ASSERT_EQ(plot.points(), 5u);
        EXPECT_NEAR(plot["i(v1)"][0], conductance, 1e-9 * conductance);
        EXPECT_NEAR(plot["i(v1)"][4], -conductance, 1e-9 * conductance);
      }
    }
  }
}

// Below its thresholds a VTEAM cell does not move, so the current at t = 0 and later is that of x0,
// with an operating point before the transient and without.
TEST_F(Ngspice, StartsTransientsFromTheInitialState) {
  for (const char* uic : {"", "uic"}) {
    const Circuit circuit = read_lines(
        ".model m memristor type=vteam ron=1k roff=100k von=-1 voff=1 xoff=3n\n"
        "V1 a 0 0.5\nYMEMRISTOR p a 0 m x0=0.6n\n.tran 1n 100n 0 1n " +
        std::string(uic) + "\n.save i(v1) @p[x]\n");
    const Waveforms plot = run_ngspice(circuit).at(0);
    for (const double x : plot["v(xp_x)"]) EXPECT_NEAR(x, 0.2, 1e-6);
    const double expected = -0.5 / (1e3 + 0.2 * 99e3);
    EXPECT_NEAR(plot["i(v1)"].back(), expected, 1e-5 * std::abs(expected));
  }
}

// A temperature with memory is the ambient one at operating points, and where a transient starts.
TEST_F(Ngspice, HoldsTheTemperatureAtOperatingPoints) {
  const Circuit circuit = read_lines(
      ".model m memristor type=reram t0=310\nV1 a 0 1.5\nYMEMRISTOR c a 0 m x0=0.5n\n"
      ".op\n.tran 1p 1n\n.save @c[t] @c[x]\n");
  for (const Waveforms& plot : run_ngspice(circuit)) {
    EXPECT_NEAR(plot["v(xc_t)"][0], 310, 1e-6) << plot.header().plotname;
    EXPECT_NEAR(plot["v(xc_x)"][0], 0.25, 1e-9) << plot.header().plotname;
    if (plot.points() > 1) {
      EXPECT_GT(plot["v(xc_t)"].back(), 400);
    }
  }
}

// An array with ideal wires is a matrix product: I_j = sum of g_ij v_i.
TEST_F(Ngspice, ComputesTheProductOfAnIdealArray) {
  const Circuit circuit = read_lines(
      ".model m memristor type=static\n"
      ".crossbar xb rows=3 cols=2 cell=1r memristor=m g={1u*(1+row+3*col)} r_wl=0 r_bl=0\n"
      "Vwl wl[0:2] 0 DC values(0.1 0.2 0.3)\nVbl bl[0:1] 0 0\n.op\n.save i(vbl[0:1])\n");
  const Waveforms plot = run_ngspice(circuit).at(0);
  EXPECT_NEAR(plot["i(vbl_0)"][0], 1e-6 * (1 * 0.1 + 2 * 0.2 + 3 * 0.3), 1e-15);
  EXPECT_NEAR(plot["i(vbl_1)"][0], 1e-6 * (4 * 0.1 + 5 * 0.2 + 6 * 0.3), 1e-15);
}

// A step too far must not be the end of a run: beyond an argument of 80 sinh and exp go on as
// straight lines, here as in the deck. 25 V are sinh(100) of this device.
TEST_F(Ngspice, LimitsExponentialsAsTheModelsDo) {
  const Circuit circuit = read_lines(
      ".lib \"memristors.lib\" Stanford_PKU\nYMEMRISTOR y1 b 0 Stanford_PKU\nVb b 0 25\n.op\n");
  Simulator simulator(circuit);
  const double ours = simulator.run_op()["i(vb)"][0];
  EXPECT_NEAR(run_ngspice(circuit).at(0)["i(vb)"][0] / ours, 1, 1e-6);
}

}  // namespace
}  // namespace wordline
