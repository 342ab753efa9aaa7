// Which signals a run gives: expressions, wildcards, currents and powers of devices.

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

// 1 mA through r1 and r2, both of 1 kohm, r2 inside an instance.
constexpr const char* kDivider =
    "divider\n"
    "v1 a 0 2\n"
    "r1 a b 1k\n"
    "x1 b half\n"
    ".subckt half top\n"
    "rs top n 400\n"
    "rt n 0 600\n"
    ".ends\n"
    ".op\n";

constexpr const char* kArray =
    "array\n"
    ".model cell memristor level=3 a1=0.16m a2=0.16m b=2.5 ap=2meg an=2meg vp=0.4 vn=0.4\n"
    "+ alphap=1 alphan=3 xp=0.3 xn=0.5\n"
    ".crossbar xb rows=2 cols=2 cell=1r memristor=cell x0=0.5 rs_wl=20 rs_bl=20\n"
    "vwl wl[0:1] 0 dc 0.1\n"
    "vbl bl[0:1] 0 dc 0\n"
    "ymemristor m1 wl[0] 0 cell\n"
    ".op\n";

Waveforms op(const std::string& deck) {
  Simulator simulator(parse(deck + "\n.end\n"));
  return simulator.run(simulator.circuit().analyses.at(0)).waveforms;
}

std::string names(const Waveforms& waveforms) {
  std::string names;
  for (const Signal& signal : waveforms.header().signals) names += signal.name + " ";
  return names;
}

std::string fault(const std::string& deck) {
  try {
    op(deck);
  } catch (const NetlistError& error) {
    return error.diagnostics().front().message;
  }
  return "";
}

TEST(Outputs, AreNodesAndBranchesByDefault) {
  EXPECT_EQ(names(op(kDivider)), "v(a) v(b) v(x1.n) i(v1) ");
}

TEST(Outputs, OfWildcardsAreAllThatMatch) {
  const std::string deck = kDivider;
  EXPECT_EQ(names(op(deck + ".print op v(*)")), "v(a) v(b) v(x1.n) ");
  EXPECT_EQ(names(op(deck + ".print op v(x1.*)")), "v(x1.n) ");
  EXPECT_EQ(names(op(deck + ".print op i(r?)")), "i(r1) ");
  EXPECT_EQ(names(op(deck + ".print op i(*)")), "i(v1) i(r1) i(x1.rs) i(x1.rt) ");
  EXPECT_EQ(names(op(deck + ".probe alli")), "i(v1) i(r1) i(x1.rs) i(x1.rt) ");
  EXPECT_EQ(names(op(deck + ".save @x1.*[p]")), "@x1.rs[p] @x1.rt[p] ");
  EXPECT_EQ(names(op(deck + ".save v(a) v(*)")), "v(a) v(b) v(x1.n) ") << "each signal once";
  EXPECT_EQ(fault(deck + ".save v(q*)"), "nothing matches 'v(q*)'");
}

TEST(Outputs, LookIntoAnArrayOnlyByItsName) {
  const std::string deck = kArray;
  EXPECT_EQ(names(op(deck)), names(op(deck + ".save v(*) i(v*)")));
  EXPECT_EQ(names(op(deck + ".save v(*)")), "v(wl[0]) v(wl[1]) v(bl[0]) v(bl[1]) ");
  EXPECT_EQ(names(op(deck + ".save @*[x]")), "@m1[x] ");
  EXPECT_EQ(names(op(deck + ".save @xb.m[*,1][x]")), "@xb.m[0,1][x] @xb.m[1,1][x] ");
  EXPECT_EQ(names(op(deck + ".save v(xb.wl*)")),
            "v(xb.wl[0,0]) v(xb.wl[0,1]) v(xb.wl[1,0]) v(xb.wl[1,1]) ");
}

TEST(Outputs, AreExpressionsToo) {
  const Waveforms w = op(std::string(kDivider) +
                         ".param k=3\n"
                         ".print op {v(a)*i(v1)} par('k*v(a,b)') sum={v(a)+v(b)} p(r1) w(x1.rs) "
                         "@r1[i] i(r1) {abs(@x1.rt[v])}");
  EXPECT_EQ(names(w), "{v(a)*i(v1)} {k*v(a,b)} sum p(r1) w(x1.rs) @r1[i] i(r1) {abs(@x1.rt[v])} ");
  EXPECT_NEAR(w["{v(a)*i(v1)}"][0], -2e-3, 1e-12);
  EXPECT_NEAR(w["{k*v(a,b)}"][0], 3, 1e-9);
  EXPECT_NEAR(w["sum"][0], 3, 1e-9);
  EXPECT_NEAR(w["p(r1)"][0], 1e-3, 1e-12);
  EXPECT_NEAR(w["w(x1.rs)"][0], 0.4e-3, 1e-12);
  EXPECT_NEAR(w["@r1[i]"][0], 1e-3, 1e-12);
  EXPECT_NEAR(w["{abs(@x1.rt[v])}"][0], 0.6, 1e-9);
}

TEST(Outputs, AreStatesAsXyceNamesThem) {
  const Waveforms w = op(std::string(kArray) + ".print op n(ymemristor!m1:x) n(m1:g) @m1[x]");
  EXPECT_EQ(names(w), "n(ymemristor!m1:x) n(m1:g) @m1[x] ");
  EXPECT_EQ(w["n(ymemristor!m1:x)"][0], w["@m1[x]"][0]);
}

TEST(Outputs, MayHaveNgspicesNames) {
  const Waveforms w = op(std::string(kDivider) + ".save v1#branch @r.x1.rs[i] i(r.x1.rt)");
  EXPECT_EQ(names(w), "i(v1) @r.x1.rs[i] i(r.x1.rt) ");
  EXPECT_NEAR(w["@r.x1.rs[i]"][0], 1e-3, 1e-12);
  EXPECT_NEAR(w["i(v1)"][0], -1e-3, 1e-12);
}

TEST(Outputs, ShowPartsOfRealValues) {
  const Waveforms w = op(std::string(kDivider) + ".print op vm(a,b) vdb(b) im(v1) vr(a) vi(a)");
  EXPECT_NEAR(w["vm(a,b)"][0], 1, 1e-9);
  EXPECT_NEAR(w["vdb(b)"][0], 0, 1e-8);
  EXPECT_NEAR(w["im(v1)"][0], 1e-3, 1e-12);
  EXPECT_NEAR(w["vr(a)"][0], 2, 1e-9);
  EXPECT_EQ(w["vi(a)"][0], 0);
}

TEST(Outputs, ThatDoNotExistAreNamed) {
  EXPECT_EQ(fault(std::string(kDivider) + ".print op v(aa)"), "there is no node 'aa'");
  EXPECT_EQ(fault(std::string(kDivider) + ".print op {2*v(aa)}"), "there is no node 'aa'");
  EXPECT_EQ(fault(std::string(kDivider) + ".print op id(r1)"), "'r1' has no quantity 'id'");
  EXPECT_EQ(fault(std::string(kDivider) + ".meas op x find i(r9)"), "there is no element 'r9'");
}

TEST(Outputs, AreAllCurrentsWhereTheyAreSaved) {
  const std::string deck = std::string(kDivider) + ".options savecurrents\n";
  const Waveforms w = op(deck);
  EXPECT_EQ(names(w), "v(a) v(b) v(x1.n) i(v1) i(r1) i(x1.rs) i(x1.rt) ");
  EXPECT_NEAR(w["i(x1.rt)"][0], 1e-3, 1e-12);
  EXPECT_EQ(names(op(deck + ".save v(b)")), "v(b) ");
  EXPECT_EQ(names(op(std::string(kDivider) + ".options savecurrents=1\n")), names(w));
  EXPECT_EQ(names(op(deck + ".options savecurrents=0\n")), names(op(kDivider)));
}

// An RC low-pass at its corner: 1/(1+j), of magnitude 1/sqrt(2) and phase -pi/4.
TEST(Outputs, ShowPartsOfPhasors) {
  const std::string deck = "rc\nv1 a 0 ac 1\nr1 a b 1k\nc1 b 0 159.154943091895u\n.ac lin 1 1 1\n";
  const Waveforms w = op(deck + ".print ac v(b) vm(b) vp(b) vr(b) vi(b) vdb(b) {vm(b)^2}");
  EXPECT_EQ(names(w), "frequency v(b) vm(b) vp(b) vr(b) vi(b) vdb(b) {vm(b)^2} ");
  EXPECT_TRUE(w.header().complex);
  EXPECT_NEAR(w.phasor("v(b)", 0).imag(), -0.5, 1e-9);
  EXPECT_NEAR(w["vm(b)"][0], std::sqrt(0.5), 1e-9);
  EXPECT_NEAR(w["vp(b)"][0], -std::acos(-1) / 4, 1e-9);
  EXPECT_NEAR(w["vr(b)"][0], 0.5, 1e-9);
  EXPECT_NEAR(w["vi(b)"][0], -0.5, 1e-9);
  EXPECT_NEAR(w["vdb(b)"][0], 10 * std::log10(0.5), 1e-8);
  EXPECT_NEAR(w["{vm(b)^2}"][0], 0.5, 1e-9);
  EXPECT_NEAR(op(deck + ".print ac {2*v(b)}").phasor("{2*v(b)}", 0).imag(), -1, 1e-9);
}

// Thermal noise of 1 kohm: 4 k T R.
TEST(Outputs, OfNoiseAreChosenByTheirNames) {
  const std::string deck = "noise\nv1 a 0 ac 1\nr1 a b 1k\nc1 b 0 1p\n.noise v(b) v1 dec 1 1 100\n";
  EXPECT_EQ(names(op(deck + ".print noise onoise")), "frequency onoise_spectrum ");
  Simulator simulator(parse(deck + ".meas noise density find onoise at=10\n.end\n"));
  const Result result = simulator.run(simulator.circuit().analyses.at(0));
  EXPECT_NEAR(result.measure("density"), std::sqrt(4 * 1.380649e-23 * 300.15 * 1e3), 1e-12);
}

}  // namespace
}  // namespace wordline
