// Selectors in circuits and arrays, read from netlists.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline {
namespace {

Result run(const std::string& lines) {
  Simulator simulator(parse("selectors\n" + lines));
  Result result = simulator.run(simulator.circuit().analyses.at(0));
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result;
}

// Held above its threshold: x = 1 - e^(-t/ton).
TEST(ThresholdSwitches, TurnOnExponentially) {
  const Result result =
      run("v1 a 0 pwl(0 0 1f 1.6)\nymemristor y1 a 0 sel\n.model sel memristor type=ots ton=1n\n"
          ".options reltol=1e-6\n.tran 10p 5n\n.save @y1[x]\n.end\n");
  const std::span<const double> time = result["time"];
  const std::span<const double> x = result["@y1[x]"];
  for (std::size_t k = 0; k < time.size(); ++k) {
    EXPECT_NEAR(x[k], -std::expm1(-time[k] / 1e-9), 1e-4) << time[k];
  }
  EXPECT_GT(x.back(), 0.99);
}

// Up and down a slow ramp behind 10 kohm, as much as what is switched on has. The states of rest at
// V = vhold + (vth - vhold) e^(-100 x) take V (1 + x) of the source; where that has a fold, the
// device snaps: at x = 0 on the way up, at its minimum on the way down.
TEST(ThresholdSwitches, SnapWhereTheirLoadLineFolds) {
  const Result result =
      run("v1 in 0 pwl(0 0 10u 2 20u 0)\nr1 in a 10k\nymemristor y1 a 0 sel\n"
          ".model sel memristor type=ots gon=1e-4 goff=1e-10 vth=1.2 vhold=0.4 ihold=0.4u dv=5m\n"
          ".tran 10n 20u\n.save v(in) i(v1)\n.end\n");
  double fold = 2;
  for (double x = 0; x <= 1; x += 1e-3) {
    fold = std::min(fold, (0.4 + 0.8 * std::exp(-100 * x)) * (1 + x));
  }
  double on_at = 0;
  double off_at = 0;
  const std::span<const double> volts = result["v(in)"];
  const std::span<const double> current = result["i(v1)"];
  constexpr double kOn = 1e-6;  // A; between what flows before and after the folds
  for (std::size_t k = 1; k < volts.size(); ++k) {
    const bool was_on = -current[k - 1] > kOn;
    const bool is_on = -current[k] > kOn;
    if (!was_on && is_on) on_at = volts[k];
    if (was_on && !is_on) off_at = volts[k];
  }
  // The thresholds are 5 mV wide each way, which are up to 7 mV of the source; the ramp moves
  // 0.2 mV in the 1 ns that switching takes.
  EXPECT_NEAR(on_at, 1.2, 0.01);
  EXPECT_NEAR(off_at, fold, 0.01);
}

// ---- arrays ----

const std::string kModels =
    ".model cell memristor type=yakopcic a1=0.3m a2=0.2m b=2\n"
    ".model diode memristor type=expdiode is=1n n=2\n"
    ".model switch memristor type=ots vth=0.6 vhold=0.2 ton=1n toff=2n gon=1m\n";
const std::string kSources = "Vwl wl[0:1] 0 values(0.9 0.5)\nVbl bl[0:2] 0 values(0 0.1 -0.2)\n";
const std::string kPulses =
    "Vwl0 wl[0] 0 pulse(0 0.9 1m 1m 1m 8m)\nVwl1 wl[1] 0 0.1\nVbl bl[0:2] 0 0\n";

// The same array of two rows and three columns, line by line.
std::string written_out(const std::string& selector) {
  std::string lines;
  const auto add = [&](const std::string& line) { lines += line + "\n"; };
  for (int i = 0; i < 2; ++i) {
    add(fmt::format("rw{} wl[{}] w{}0 20", i, i, i));
    for (int j = 0; j < 3; ++j) {
      if (j > 0) add(fmt::format("rw{0}{1} w{0}{2} w{0}{1} 2", i, j, j - 1));
      add(fmt::format("ymemristor ym{0}{1} w{0}{1} n{0}{1} cell x0={2}", i, j,
                      0.1 + 0.2 * i + 0.1 * j));
      add(fmt::format("ymemristor ys{0}{1} n{0}{1} b{0}{1} {2}", i, j, selector));
      add(i == 0 ? fmt::format("rb{0} bl[{0}] b0{0} 30", j)
                 : fmt::format("rb1{0} b0{0} b1{0} 3", j));
    }
  }
  return lines;
}

std::string array(const std::string& selector) {
  return ".crossbar xb rows=2 cols=3 memristor=cell selector=" + selector +
         " x0={0.1+0.2*row+0.1*col} r_wl=2 rs_wl=20 r_bl=3 rs_bl=30\n";
}

TEST(SelectorArray, IsTheDeckWrittenOut) {
  const std::string analysis =
      kSources + ".options reltol=1e-9 abstol=1e-18 vntol=1e-12\n.op\n.save all ";
  const Result ours = run(kModels + array("diode") + analysis + "v(xb.n[1,2])\n.end\n");
  const Result theirs = run(kModels + written_out("diode") + analysis + "\n.end\n");
  for (const std::string bus : {"wl[0]", "wl[1]", "bl[0]", "bl[1]", "bl[2]"}) {
    const double expected = theirs["i(v" + bus + ")"][0];
    EXPECT_GT(std::abs(expected), 1e-7) << bus;
    EXPECT_NEAR(ours["i(v" + bus + ")"][0], expected, 1e-8 * std::abs(expected)) << bus;
  }
  EXPECT_NEAR(ours["v(xb.n[1,2])"][0], theirs["v(n12)"][0], 1e-9);
}

// A row is written through its diodes; the other row is not.
// The tolerances of the two solutions are a tenth of what they are compared to.
TEST(SelectorArray, IsWrittenAsTheDeckWrittenOut) {
  const std::string analysis =
      kPulses + ".options reltol=1e-7\n.tran 0.1m 15m\n.save i(vwl0) @xb.m[0,1][x] @xb.m[1,1][x]\n";
  std::string plain = analysis;
  for (const auto& [name, other] : std::vector<std::pair<std::string, std::string>>{
           {"xb.m[0,1]", "ym01"}, {"xb.m[1,1]", "ym11"}}) {
    plain.replace(plain.find(name), name.size(), other);
  }
  const Result ours = run(kModels + array("diode") + analysis);
  const Result theirs = run(kModels + written_out("diode") + plain);
  EXPECT_GT(ours["@xb.m[0,1][x]"].back(), 0.3);  // from 0.2
  EXPECT_EQ(ours["@xb.m[1,1][x]"].back(), 0.4);
  // Steps are chosen alike, so that the points of both are the same.
  ASSERT_EQ(ours["time"].size(), theirs["time"].size());
  for (std::size_t k = 0; k < ours["time"].size(); ++k) {
    EXPECT_NEAR(ours["i(vwl0)"][k], theirs["i(vwl0)"][k], 1e-9);
    EXPECT_NEAR(ours["@xb.m[0,1][x]"][k], theirs["@ym01[x]"][k], 1e-6);
  }
}

// A fast pulse turns on the switches of its row, which hold 0.2 V then, and they turn off behind
// it; those of the other row stay off.
TEST(SelectorArray, SwitchesOneRowOnAndOff) {
  const Result result =
      run(kModels + array("switch") +
          "Vwl0 wl[0] 0 pulse(0 1 1n 1n 1n 20n)\nVwl1 wl[1] 0 0.4\nVbl bl[0:2] 0 0\n"
          ".tran 10p 60n\n.save v(xb.n[0,1]) @xb.s[0,1][x] @xb.s[1,1][x]\n.end\n");
  const std::span<const double> time = result["time"];
  for (std::size_t k = 0; k < time.size(); ++k) {
    if (time[k] < 15e-9 || time[k] > 21e-9) continue;
    EXPECT_NEAR(result["v(xb.n[0,1])"][k], 0.2, 0.03);  // dv = 20 mV, and wires
    EXPECT_GT(result["@xb.s[0,1][x]"][k], 0.5);
  }
  EXPECT_LT(result["@xb.s[0,1][x]"].back(), 0.01);
  for (const double x : result["@xb.s[1,1][x]"]) EXPECT_EQ(x, 0);
}

TEST(SelectorArray, IsSolvedByTheMethodsForArrays) {
  const std::string deck =
      kModels +
      ".crossbar xb rows=16 cols=12 memristor=cell selector=diode x0={0.1+0.05*row}\n"
      "Vwl wl[0:15] 0 0.8\nVbl bl[0:11] 0 0\n.op\n.options reltol=1e-9 abstol=1e-18 solver=";
  const Result klu = run(deck + "klu\n.end\n");
  for (const std::string solver : {"krylov", "multifrontal"}) {
    const Result other = run(deck + solver + "\n.end\n");
    const double expected = klu["i(vbl[3])"][0];
    EXPECT_GT(std::abs(expected), 1e-6);
    EXPECT_NEAR(other["i(vbl[3])"][0], expected, 1e-8 * std::abs(expected)) << solver;
  }
}

}  // namespace
}  // namespace wordline
