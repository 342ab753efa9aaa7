// Transistors of all levels in circuits, read from netlists.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "wordline/devices/constants.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline {
namespace {

// The current into the drain of a transistor of 1 um / 0.15 um.
double drain_current(const std::string& model, double vg, double vd) {
  Simulator simulator(parse("transistor\n.lib transistors.lib " + model +
                            fmt::format("\nvg g 0 {}\nvd d 0 {}\nm1 d g 0 0 {} w=1u l=0.15u\n"
                                        ".options reltol=1e-9 gmin=1e-18\n.op\n.end\n",
                                        vg, vd, model)));
  const Result result = simulator.run_op();
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return -result["i(vd)"][0];
}

// Both values were computed in 40 digits.
TEST(TransistorLevels, ConductAsTheirEquationsSay) {
  EXPECT_NEAR(drain_current("n130", 1.8, 1.8), 1.63254381e-3, 1e-11);
  EXPECT_NEAR(drain_current("n130_ekv", 1.8, 1.8), 1.35006126e-3, 1e-11);
}

TEST(TransistorLevels, PTypesAreMirrored) {
  constexpr const char* kCircuit =
      "mirror\nvg g 0 {0}\nvd d 0 {1}\nvh h 0 {{-({0})}}\nve e 0 {{-({1})}}\n"
      "m1 d g 0 0 n w=1u l=0.3u\nm2 e h 0 0 p w=1u l=0.3u\n"
      ".model n nmos level={2} vto=0.5 kp=100u gamma=0.4\n"
      ".model p pmos level={2} vto=-0.5 kp=100u gamma=0.4\n.options reltol=1e-9\n.op\n.end\n";
  for (const int level : {1, 3, 44}) {
    for (const double vd : {-0.3, 0.05, 1.5}) {
      Simulator simulator(parse(fmt::format(fmt::runtime(kCircuit), 1.2, vd, level)));
      const Result result = simulator.run_op();
      ASSERT_TRUE(result.report.ok()) << result.report.message;
      EXPECT_GT(std::abs(result["i(vd)"][0]), 1e-6);
      EXPECT_NEAR(result["i(vd)"][0], -result["i(ve)"][0], 1e-8 * std::abs(result["i(vd)"][0]));
    }
  }
}

// All of the gate's capacitances in parallel, along a ramp of 1 V/ns from -1 to 1 V.
TEST(TransistorLevels, SmoothOnesHaveAConstantGateCapacitance) {
  Simulator simulator(
      parse("gate\nvg g 0 pwl(0 -1 2n 1)\nm1 0 g 0 0 n w=2u l=0.5u m=3\n"
            ".model n nmos level=44 vto=0.5 kp=100u tox=5n cgso=0.2n cgdo=0.3n cgbo=0.1n\n"
            ".tran 10p 2n\n.end\n"));
  const Result result = simulator.run(simulator.circuit().analyses[0]);
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const double oxide = kOxidePermittivity / 5e-9 * 2e-6 * 0.5e-6;
  const double total = 3 * (oxide + 0.5e-9 * 2e-6 + 0.1e-9 * 0.5e-6);
  const std::span<const double> time = result["time"];
  const std::span<const double> current = result["i(vg)"];
  for (std::size_t k = 1; k + 1 < time.size(); ++k) {
    EXPECT_NEAR(-current[k], total * 1e9, 1e-6 * total * 1e9) << time[k];
  }
}

// An inverter settles at its rails, in every level.
TEST(TransistorLevels, MakeInverters) {
  constexpr const char* kCircuit =
      "inverter\nvdd vdd 0 1.8\nvin in 0 0\nmp out in vdd vdd p w=2u l=0.3u\n"
      "mn out in 0 0 n w=1u l=0.3u\n.model n nmos level={0} vto=0.5 kp=100u\n"
      ".model p pmos level={0} vto=-0.5 kp=50u\n.dc vin 0 1.8 0.1\n.end\n";
  for (const int level : {1, 3, 44}) {
    Simulator simulator(parse(fmt::format(fmt::runtime(kCircuit), level)));
    const Result result = simulator.run(simulator.circuit().analyses[0]);
    ASSERT_TRUE(result.report.ok()) << result.report.message;
    const std::span<const double> out = result["v(out)"];
    EXPECT_NEAR(out.front(), 1.8, 1e-3);
    EXPECT_TRUE(std::is_sorted(out.rbegin(), out.rend()));
    EXPECT_NEAR(out.back(), 0, 1e-3);
  }
}

// A write pulse reaches the row whose gates are open, and the other row keeps its states.
TEST(TransistorLevels, SelectCellsOfArrays) {
  constexpr const char* kDeck =
      "select\n.model cell memristor type=yakopcic a1=0.3m a2=0.2m b=2\n"
      ".model sel nmos level={} vto=0.5 kp=200u\n"
      ".crossbar xb rows=2 cols=2 cell=1t1r memristor=cell transistor=sel w=2u l=0.2u x0=0.3\n"
      "Vwl wl[0:1] 0 values(2.5 0)\nVbl bl[0:1] 0 pulse(0 1 1u 1u 1u 50u)\nVsl sl[0:1] 0 0\n"
      ".tran 1u 60u\n.save @xb.m[0,1][x] @xb.m[1,1][x]\n.end\n";
  for (const int level : {1, 3, 44}) {
    Simulator simulator(parse(fmt::format(fmt::runtime(kDeck), level)));
    const Result result = simulator.run(simulator.circuit().analyses[0]);
    ASSERT_TRUE(result.report.ok()) << result.report.message;
    EXPECT_GT(result["@xb.m[0,1][x]"].back(), 0.35) << level;
    EXPECT_NEAR(result["@xb.m[1,1][x]"].back(), 0.3, 1e-9) << level;
  }
}

}  // namespace
}  // namespace wordline
