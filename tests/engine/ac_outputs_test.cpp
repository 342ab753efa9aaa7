// Outputs of `.ac`: expressions of complex values against closed forms, currents of devices against
// those of sources in series with their terminals.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <string>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

using Complex = std::complex<double>;

constexpr double kTurn = 2 * std::numbers::pi;

Result run(const std::string& lines, std::optional<Dialect> dialect = {}) {
  Simulator simulator(parse("outputs\n" + lines + "\n.end\n", "deck.cir", {dialect}));
  return simulator.run(simulator.circuit().analyses.at(0));
}

// A low-pass of 1 us, driven by 2 V at 45 degrees.
const std::string kLowPass = "v1 in 0 ac 2 45\nr1 in out 1k\nc1 out 0 1n\n.ac dec 3 10k 10meg\n";

Complex transfer(double frequency) { return 1.0 / Complex(1, kTurn * frequency * 1e-6); }

// Rounding alone: a few units of the last place of values near 1.
constexpr double kRounding = 1e-14;

TEST(AcExpressions, AreOfComplexValues) {
  const Result result = run(kLowPass +
                            ".print ac ratio={v(out)/v(in)} square={(v(out)/v(in))**2} "
                            "root={sqrt(v(out)/v(in))} drop={v(in)-v(out)} z={-v(in)/i(v1)} "
                            "choice={frequency > 100k ? v(out) : v(in)} v(in)-v(out)");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const Complex drive = std::polar(2.0, std::numbers::pi / 4);
  for (std::size_t k = 0; k < result.waveforms.points(); ++k) {
    const double f = result["frequency"][k];
    const Complex h = transfer(f);
    const auto expect = [&](const char* name, Complex expected) {
      const Complex found = result.waveforms.phasor(name, k);
      EXPECT_LT(std::abs(found - expected), kRounding * std::max(1.0, std::abs(expected)))
          << name << " at " << f << " Hz";
    };
    expect("ratio", h);
    expect("square", h * h);
    expect("root", std::sqrt(h));
    expect("drop", drive * (1.0 - h));
    expect("v(in)-v(out)", drive * (1.0 - h));
    expect("choice", f > 1e5 ? drive * h : drive);
    // The current is the small difference of voltages of 2 V, at most 63 of them.
    const Complex z = 1e3 + 1.0 / Complex(0, kTurn * f * 1e-9);
    EXPECT_LT(std::abs(result.waveforms.phasor("z", k) - z), 100 * kRounding * std::abs(z));
  }
}

TEST(AcExpressions, HavePartsOfComplexValues) {
  const Result result =
      run(kLowPass +
          ".print ac m={mag(v(out)/v(in))} a={abs(v(out)/v(in))} p={ph(v(out)/v(in))} "
          "q={phase(v(out)/v(in))} r={re(v(out)/v(in))} s={real(v(out)/v(in))} "
          "i={im(v(out)/v(in))} j={imag(v(out)/v(in))} d={db(v(out)/v(in))} e={vdb(out)-vdb(in)}");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  for (std::size_t k = 0; k < result.waveforms.points(); ++k) {
    const Complex h = transfer(result["frequency"][k]);
    const auto expect = [&](const char* name, double expected) {
      const Complex found = result.waveforms.phasor(name, k);
      EXPECT_NEAR(found.real(), expected, kRounding * std::max(1.0, std::abs(expected))) << name;
      EXPECT_EQ(found.imag(), 0) << name;
    };
    for (const char* name : {"m", "a"}) expect(name, std::abs(h));
    for (const char* name : {"p", "q"}) expect(name, std::arg(h));
    for (const char* name : {"r", "s"}) expect(name, h.real());
    for (const char* name : {"i", "j"}) expect(name, h.imag());
    for (const char* name : {"d", "e"}) expect(name, 20 * std::log10(std::abs(h)));
  }
}

TEST(AcExpressions, HavePhasesInTheUnitOfTheDialect) {
  const std::string lines = kLowPass + ".print ac vp(out) {ph(v(out)/v(in))}";
  const Result radians = run(lines, Dialect::kXyce);
  const Result degrees = run(lines, Dialect::kLtspice);
  for (std::size_t k = 0; k < radians.waveforms.points(); ++k) {
    for (const std::size_t column : {std::size_t{1}, std::size_t{2}}) {
      EXPECT_NEAR(degrees.waveforms.column(column)[k],
                  radians.waveforms.column(column)[k] * 180 / std::numbers::pi, 1e-12);
    }
  }
}

TEST(AcExpressions, RefuseWhatTakesNoComplexValue) {
  const auto fault = [](const std::string& expression) -> std::string {
    try {
      run(kLowPass + ".print ac {" + expression + "}");
    } catch (const NetlistError& error) {
      return error.diagnostics().front().message;
    }
    return "";
  };
  EXPECT_NE(fault("max(v(out),1)").find("'max()' takes no complex value"), std::string::npos);
  EXPECT_NE(fault("v(out) > 1").find("'>' takes no complex value"), std::string::npos);
  EXPECT_NE(fault("v(out) ? 1 : 2").find("takes no complex value"), std::string::npos);
  EXPECT_EQ(fault("max(mag(v(out)),1)"), "");
}

TEST(AcExpressions, AreMeasuredByTheirParts) {
  const Result result = run(kLowPass +
                            ".measure ac corner WHEN {db(v(out)/v(in))}=-3.0102999566 CROSS=1\n"
                            ".measure ac low FIND {mag(v(out)/v(in))} AT=10k\n"
                            ".measure ac whole FIND {v(out)/v(in)} AT=10k\n");
  ASSERT_EQ(result.measures.size(), 3U);
  // Between points, 10^(1/3) apart, the curve of decibels is taken for a straight line.
  EXPECT_NEAR(result.measures[0].value, 1e6 / kTurn, 0.05 * 1e6 / kTurn);
  EXPECT_NEAR(result.measures[1].value, std::abs(transfer(1e4)), kRounding);
  EXPECT_NE(result.measures[2].failure.find("it is complex"), std::string::npos);
}

// Devices of all kinds with everything that may hold a charge or have a resistance, each terminal
// behind a source of 0 V whose current is an unknown of the circuit.
constexpr const char* kDevices = R"(
vcc vcc 0 5
vin in 0 dc 0.75 ac 1
vp vp 0 4.2 ac 0.5
vg g 0 1.5 ac 1
vq1c vcc c1x 0
rc1 c1x c1 1k
vq1b b1x b1 0
rb1 in b1x 1k
vq1e 0 e1 0
q1 c1 b1 e1 qn
.model qn npn is=1e-15 bf=80 vaf=50 rb=100 rc=10 re=1 cje=2p cjc=1p xcjc=0.6 tf=0.3n tr=10n ptf=30
+ cjs=1p itf=0.1 xtf=2 vtf=3
vq2c c2x c2 0
rc2 c2x 0 2k
vq2b b2x b2 0
rb2 vp b2x 5k
vq2e vcc e2 0
q2 c2 b2 e2 qp
.model qp pnp is=1e-15 bf=50 rb=50 rbm=10 irb=1u rc=20 re=2 cje=2p cjc=1p tf=0.5n cjs=1p
vm1d vcc d1x 0
rm1 d1x d1 5k
vm1g g g1 0
vm1s s1x s1 0
rs1 s1x 0 100
vm1b 0 b1m 0
m1 d1 g1 s1 b1m nm w=10u l=1u ad=20p as=20p pd=24u ps=24u nrd=2 nrs=2
.model nm nmos vto=0.6 kp=100u gamma=0.5 lambda=0.05 tox=10n cgso=0.3n cgdo=0.3n cgbo=0.1n cj=1m
+ cjsw=1n rsh=50
vm2d d2x d2 0
rm2 d2x 0 5k
vm2g g g2 0
vm2s vcc s2 0
vm2b vcc b2m 0
m2 d2 g2 s2 b2m pm w=10u l=1u ad=20p as=20p
.model pm pmos vto=-0.6 kp=40u gamma=0.5 lambda=0.05 tox=10n cgso=0.3n cgdo=0.3n cj=1m
vj1d vcc dj1x 0
rj1 dj1x dj1 1k
vj1g in gj1 0
vj1s sj1x sj1 0
rsj1 sj1x 0 1k
j1 dj1 gj1 sj1 jn
.model jn njf vto=-2 beta=1m lambda=0.02 rd=10 rs=5 cgs=2p cgd=1p
vj2d dj2x dj2 0
rj2 dj2x 0 1k
vj2g vp gj2 0
vj2s vcc sj2 0
j2 dj2 gj2 sj2 jp
.model jp pjf vto=-2 beta=1m rd=10 rs=5 cgs=2p cgd=1p
vd in da 0
d1 da 0 dm 2
.model dm d is=1e-14 rs=10 cjo=2p tt=1n
vt in ta 0
t1 ta 0 tb 0 z0=50 td=1n
rt tb 0 75
vgc gc 0 0
g1 gc 0 in 0 1m
vfc fc 0 0
f1 fc 0 vd 2
.ac dec 1 1k 1g
)";

// The solution's residual is that of rounding, of currents of at most 0.1 A.
TEST(AcCurrents, OfDevicesAreThoseIntoTheirTerminals) {
  struct Pair {
    const char* device;
    const char* source;
    double sign;  // -1 where the quantity has the sign of an n-type device, as in ngspice
  };
  constexpr Pair kPairs[] = {
      {"i(q1)", "i(vq1c)", 1},   {"ic(q1)", "i(vq1c)", 1},  {"ib(q1)", "i(vq1b)", 1},
      {"ie(q1)", "i(vq1e)", 1},  {"i(q2)", "i(vq2c)", 1},   {"ib(q2)", "i(vq2b)", 1},
      {"ie(q2)", "i(vq2e)", 1},  {"i(m1)", "i(vm1d)", 1},   {"id(m1)", "i(vm1d)", 1},
      {"ig(m1)", "i(vm1g)", 1},  {"is(m1)", "i(vm1s)", 1},  {"ib(m1)", "i(vm1b)", 1},
      {"i(m2)", "i(vm2d)", 1},   {"id(m2)", "i(vm2d)", -1}, {"ig(m2)", "i(vm2g)", -1},
      {"is(m2)", "i(vm2s)", -1}, {"ib(m2)", "i(vm2b)", -1}, {"i(j1)", "i(vj1d)", 1},
      {"ig(j1)", "i(vj1g)", 1},  {"is(j1)", "i(vj1s)", 1},  {"i(j2)", "i(vj2d)", 1},
      {"id(j2)", "i(vj2d)", -1}, {"ig(j2)", "i(vj2g)", -1}, {"is(j2)", "i(vj2s)", -1},
      {"i(d1)", "i(vd)", 1},     {"i(t1)", "i(vt)", 1},     {"i(g1)", "i(vgc)", -1},
      {"i(f1)", "i(vfc)", -1}};
  std::string save = ".save";
  for (const Pair& pair : kPairs) save += std::string(" ") + pair.device + " " + pair.source;
  const Result result = run(kDevices + save);
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  ASSERT_EQ(result.waveforms.points(), 7U);
  for (const Pair& pair : kPairs) {
    for (std::size_t k = 0; k < result.waveforms.points(); ++k) {
      const Complex expected = pair.sign * result.waveforms.phasor(pair.source, k);
      EXPECT_LT(std::abs(result.waveforms.phasor(pair.device, k) - expected),
                1e-11 * std::abs(expected) + 1e-17)
          << pair.device << " at " << result["frequency"][k] << " Hz";
    }
  }
}

}  // namespace
}  // namespace wordline
