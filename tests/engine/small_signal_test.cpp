// Small signals against closed forms, slopes of DC curves, small transients and ngspice's rules.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "wordline/base/error.hpp"
#include "wordline/engine/fourier.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

using Complex = std::complex<double>;
constexpr double kTurn = 2 * std::numbers::pi;

Result run(const std::string& lines) {
  Simulator simulator(parse("small signals\n" + lines + "\n.end\n"));
  return simulator.run(simulator.circuit().analyses.at(0));
}

TEST(Ac, OfAnRcLowPassIsItsClosedForm) {
  const Result result =
      run("v1 in 0 ac 2 45\nr1 in out 1k\nc1 out 0 1n\n.ac dec 7 1k 100meg\n"
          ".save v(out) i(v1) i(r1) i(c1)");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  ASSERT_EQ(result.waveforms.points(), 36U);
  const Complex drive = std::polar(2.0, std::numbers::pi / 4);
  for (std::size_t k = 0; k < result.waveforms.points(); ++k) {
    const Complex s(0, kTurn * result["frequency"][k]);
    const Complex expected = drive / (1.0 + s * 1e-6);
    EXPECT_LT(std::abs(result.waveforms.phasor("v(out)", k) - expected), 1e-12);
    const Complex current = (drive - expected) / 1e3;
    EXPECT_LT(std::abs(result.waveforms.phasor("i(v1)", k) + current), 1e-15);
    EXPECT_LT(std::abs(result.waveforms.phasor("i(r1)", k) - current), 1e-15);
    EXPECT_LT(std::abs(result.waveforms.phasor("i(c1)", k) - current), 1e-15);
  }
}

TEST(Ac, FrequenciesAreThoseOfNgspice) {
  const auto values = [](FrequencySweep::Spacing spacing, int points, double start, double stop) {
    return FrequencySweep{spacing, points, start, stop}.values();
  };
  const auto decades = values(FrequencySweep::Spacing::kDecade, 10, 10, 500);
  ASSERT_EQ(decades.size(), 17U);  // ngspice 39: 12.76984, the last one 500
  EXPECT_NEAR(decades[1], 12.76984, 1e-5);
  EXPECT_DOUBLE_EQ(decades.back(), 500);
  const auto octaves = values(FrequencySweep::Spacing::kOctave, 3, 10, 500);
  ASSERT_EQ(octaves.size(), 17U);
  EXPECT_NEAR(octaves.back(), 403.1747, 1e-4);
  EXPECT_EQ(values(FrequencySweep::Spacing::kLinear, 3, 10, 500),
            (std::vector<double>{10, 255, 500}));
  EXPECT_EQ(values(FrequencySweep::Spacing::kLinear, 1, 10, 500).size(), 1U);
  EXPECT_EQ(values(FrequencySweep::Spacing::kDecade, 3, 10, 15).size(), 1U);
}

// At 1 mHz nothing that holds a charge counts: the slope of the DC curve, by central differences of
// 1 mV, whose error is 1e-6/6 of the third derivative over the first.
TEST(Ac, AtLowFrequenciesIsTheSlopeOfTheDcCurve) {
  const char* const circuit =
      "vdd vdd 0 5\nv1 in 0 dc 1.5 ac 1\nm1 d in s 0 n w=20u l=2u\nrs s 0 1k\nrd vdd d 10k\n"
      "d1 d o dm\nro o 0 20k\nc1 o 0 1n\nb1 b 0 v=v(o)*v(o)*v(in)\n"
      ".model n nmos(vto=0.8 kp=100u gamma=0.5 lambda=0.02 cgso=1n)\n"
      ".model dm d(is=1e-14 cjo=1p rs=10)\n.options reltol=1e-9 abstol=1e-15 vntol=1e-12\n";
  const Result ac = run(std::string(circuit) + ".ac lin 1 1m 1m\n.save v(d) v(o) v(b)");
  const Result dc = run(std::string(circuit) + ".dc v1 1.499 1.501 1m\n.save v(d) v(o) v(b)");
  ASSERT_TRUE(ac.report.ok() && dc.report.ok());
  for (const char* name : {"v(d)", "v(o)", "v(b)"}) {
    const double slope = (dc[name][2] - dc[name][0]) / 2e-3;
    EXPECT_NEAR(ac.waveforms.phasor(name, 0).real(), slope, 2e-5 * std::abs(slope)) << name;
  }
}

// The amplitude that a sine of 1 mV has after many periods; harmonics of a diode at 1 mV are below
// 1e-3 of the fundamental, and the transient's own error is set by reltol.
TEST(Ac, IsTheResponseToASmallSine) {
  for (const double f : {1e5, 1e6, 1e7}) {
    const auto circuit = [f](const std::string& rest) {
      return run(
          fmt::format("v1 in 0 dc 0.6 ac 1m sin(0.6 1m {0})\nr1 in a 1k\nd1 a 0 dm\n"
                      "l1 in b 1m\nr2 b 0 2k\nc2 b 0 100p\n"
                      ".model dm d(is=1e-14 cjo=50p tt=20n)\n"
                      ".options reltol=1e-6 vntol=1e-9 abstol=1e-14 chgtol=1e-18\n{1}",
                      f, rest));
    };
    const Result ac = circuit(fmt::format(".ac lin 1 {0} {0}", f));
    const double settled = 2e-5 + 2 / f;
    const Result tran =
        circuit(fmt::format(".tran {} {} 0 {}", 0.02 / f, std::ceil(settled * f) / f, 0.005 / f));
    ASSERT_TRUE(ac.report.ok() && tran.report.ok());
    for (const char* name : {"v(a)", "v(b)", "i(v1)"}) {
      const Harmonics h = find_harmonics(tran["time"], tran[name], f, 2);
      const Complex phasor = ac.waveforms.phasor(name, 0);
      EXPECT_NEAR(h.magnitude[1], std::abs(phasor), 2e-3 * std::abs(phasor)) << name << f;
      const Complex turned = std::polar(1.0, h.phase[1] * kTurn / 360) * std::abs(phasor);
      EXPECT_LT(std::abs(turned - phasor), 5e-3 * std::abs(phasor)) << name << f;
    }
  }
}

// HP: I = V/R(x), dx/dt = k I, so that Y = 1/R + (-V R'/R^2) (k/R) / (s + k V R'/R^2), here with
// R = ron x + roff (1 - x) at x = 0.4 and V = 0.5 V.
TEST(Ac, OfAMemristorWithDriftIsItsClosedForm) {
  const double k = 1e-14 * 100 / 1e-16;
  const Result result =
      run("v1 a 0 dc 0.5 ac 1\nymemristor y 0 a m x0=0.4 flip=1\n"
          ".model m memristor type=hp ron=100 roff=16k mu=1e-14 d=10n window=none\n"
          ".ac dec 2 10m 1k\n.save i(v1) i(y) @y[x]");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const double r = 100 * 0.4 + 16e3 * 0.6;
  const double slope = 100 - 16e3;
  for (std::size_t p = 0; p < result.waveforms.points(); ++p) {
    const Complex s(0, kTurn * result["frequency"][p]);
    const double by_state = -0.5 * slope / (r * r);
    const Complex y = 1 / r + by_state * (k / r) / (s - k * by_state);
    EXPECT_LT(std::abs(result.waveforms.phasor("i(v1)", p) + y), 1e-12 * std::abs(y));
    EXPECT_LT(std::abs(result.waveforms.phasor("i(y)", p) + y), 1e-12 * std::abs(y));
    EXPECT_DOUBLE_EQ(result["@y[x]"][p], 0.4);
  }
}

// A bound holds the state, and at 0 Hz all states are held: Y is dI/dV.
TEST(Ac, OfAMemristorAtItsBoundIsItsSlope) {
  const Result result =
      run("v1 a 0 dc 0.5 ac 1\nymemristor y a 0 m x0=1\n"
          ".model m memristor type=hp ron=100 roff=16k mu=1e-14 d=10n window=none\n"
          ".ac dec 1 10m 10m");
  EXPECT_NEAR(result.waveforms.phasor("i(v1)", 0).real(), -0.01, 1e-14);
  EXPECT_EQ(result.waveforms.phasor("i(v1)", 0).imag(), 0);
}

// A temperature with memory (0.23 ns) at 200 MHz, where it follows by half: half the difference of
// transients with a sine of +1 and -1 mV, in which the drift of the state cancels.
TEST(Ac, OfAHeatedMemristorIsTheResponseToASmallSine) {
  const double f = 2e8;
  const auto circuit = [f](double amplitude, const std::string& rest) {
    return run(
        fmt::format("v1 a 0 dc 0.3 ac 1m sin(0.3 {0} {1})\nymemristor y a 0 m x0=1.4n\n"
                    ".model m memristor type=reram thermal=dynamic\n"
                    ".options reltol=1e-7 vntol=1e-12 abstol=1e-18 maxdx=1e-3\n{2}",
                    amplitude, f, rest));
  };
  const Result ac = circuit(1e-3, fmt::format(".ac lin 1 {0} {0}", f));
  const std::string tran = fmt::format(".tran {0} {1} 0 {0}", 0.002 / f, 3 / f);
  const Result plus = circuit(1e-3, tran);
  const Result minus = circuit(-1e-3, tran);
  ASSERT_TRUE(ac.report.ok() && plus.report.ok() && minus.report.ok());
  std::vector<double> time(plus["time"].begin(), plus["time"].end());
  std::vector<double> half;
  for (const double t : time) {
    half.push_back((plus.waveforms.at("i(v1)", t) - minus.waveforms.at("i(v1)", t)) / 2);
  }
  const Harmonics h = find_harmonics(time, half, f, 2);
  const Complex phasor = ac.waveforms.phasor("i(v1)", 0);
  const Complex turned = std::polar(h.magnitude[1], h.phase[1] * kTurn / 360);
  EXPECT_LT(std::abs(turned - phasor), 3e-3 * std::abs(phasor)) << turned << phasor;
}

TEST(Ac, OfACrossbarIsThatOfItsConductancesAndCapacitances) {
  const std::string array =
      "v1 wl[0] 0 dc 0.1 ac 1\nvb bl[0] 0 0\n"
      ".crossbar xb rows=1 cols=1 memristor=m g=1e-4 r_wl=0 r_bl=0 rs_wl=100 rs_bl=100 c_bl=1p\n"
      ".model m memristor type=static\n";
  const Result result = run(array + ".ac lin 1 10meg 10meg\n.save i(vb)");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  // Divider of driver and cell, 10.1k in all, onto 1 pF in parallel with the other driver.
  const Complex line = 1.0 / (1.0 / 100 + Complex(0, kTurn * 1e7 * 1e-12));
  const Complex v = line / (line + 10100.0);
  EXPECT_LT(std::abs(result.waveforms.phasor("i(vb)", 0) - v / 100.0), 1e-15);
}

TEST(Ac, OfALosslessResonanceFailsWithItsFrequency) {
  const Result result =
      run("i1 0 a ac 1\nl1 a 0 1\nc1 a 0 1\nr1 b 0 1\n.ac lin 1 0.15915494309189535 1");
  if (result.report.ok()) {  // the rounding of omega leaves a little
    EXPECT_GT(std::abs(result.waveforms.phasor("v(a)", 0)), 1e12);
  } else {
    EXPECT_NE(result.report.message.find("at 0.159155 Hz"), std::string::npos);
  }
}

TEST(TransferFunction, OfADividerIsItsClosedForm) {
  const Result result = run("v1 in 0 10\nr1 in a 1k\nr2 a 0 3k\n.tf v(a) v1");
  EXPECT_DOUBLE_EQ(result["transfer_function"][0], 0.75);
  EXPECT_NEAR(result["output_impedance_at_v(a)"][0], 750, 1e-9);
  EXPECT_NEAR(result["v1#input_impedance"][0], 4000, 1e-9);
}

// States stay where they are, as in .dc.
TEST(TransferFunction, OfAMemristorIsTheSlopeOfItsCurrent) {
  const Result result =
      run("v1 a 0 dc 0.5\nymemristor y a 0 m x0=0.4\n"
          ".model m memristor type=hp ron=100 roff=16k\n.tf i(v1) v1");
  EXPECT_NEAR(result["transfer_function"][0], -1 / (100 * 0.4 + 16e3 * 0.6), 1e-15);
}

}  // namespace
}  // namespace wordline
