// Elements against closed forms and against circuits that must do the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

#include "deck_runs.hpp"

namespace wordline {
namespace {

using testing::at;
using testing::run;

// ---- instances in parallel ----

// One with m=3 is three of them, whatever is inside; only rounding may differ.
TEST(Parallel, InstancesEqualSeparateOnes) {
  const std::string cell =
      ".subckt cell p o\nvs p 1 0\nr1 1 0 1k\nf1 0 o vs 2\nb1 0 o i=3*i(vs)*i(vs)*1k\n"
      "h1 2 0 vs 500\nr2 2 0 1k\nb2 3 0 v=i(vs)*1k\ng1 0 o 3 0 1m\nr3 3 0 1k\n"
      "f2 0 o poly(1) vs 0 1 100\nr4 o 0 r='1k+1meg*i(vs)'\n"
      "w1 o 0 vs wm\ns1 p 0 p 0 sm\n.ends\n"
      ".model wm csw(it=1m ron=2k roff=9k)\n.model sm sw(vt=1 ron=3k roff=8k)\n"
      "v1 in 0 0\nr0 in a 100\nro b 0 500\n.dc v1 0 4 0.25\n.save v(a) v(b)\n";
  const Result one = run("x1 a b cell m=3\n" + cell);
  const Result three = run("x1 a b cell\nx2 a b cell\nx3 a b cell\n" + cell);
  for (const char* signal : {"v(a)", "v(b)"}) {
    ASSERT_EQ(one[signal].size(), 17);
    for (std::size_t k = 0; k < 17; ++k) {
      EXPECT_NEAR(one[signal][k], three[signal][k], 1e-6 * std::abs(three[signal][k]) + 1e-9);
    }
  }
}

// ---- expressions with memory ----

// q = C0 v + C1 v^3 driven by a known voltage: i = (C0 + 3 C1 v^2) dv/dt, and over whole periods no
// charge is left. The error is that of the time steps at reltol 1e-5.
TEST(Memory, AChargeIsConserved) {
  const Result result =
      run("v1 a 0 sin(0 2 1k)\nc1 a 0 q='1u*v(a)+0.1u*v(a)**3'\n.options reltol=1e-5\n"
          ".tran 1u 2m\n.save v(a) i(c1)\n");
  const auto t = result["time"];
  const auto i = result["i(c1)"];
  const double w = 2e3 * std::numbers::pi;
  double charge = 0;
  double worst = 0;
  for (std::size_t k = 1; k < t.size(); ++k) {
    // An operating point, the first, has no current.
    charge += 0.5 * (i[k] + i[k == 1 ? 1 : k - 1]) * (t[k] - t[k - 1]);
    const double v = 2 * std::sin(w * t[k]);
    const double exact = (1e-6 + 0.3e-6 * v * v) * 2 * w * std::cos(w * t[k]);
    worst = std::max(worst, std::abs(i[k] - exact));
  }
  EXPECT_LT(std::abs(charge), 1e-4 * 2.8e-6);
  EXPECT_LT(worst, 1e-3 * 2.8e-2);
}

// The integral of cos is sin, from the initial value on; sdt is another name.
TEST(Memory, AnIntegralFollowsItsArgument) {
  const Result result =
      run("v1 a 0 sin(0 1 1k 0 0 90)\nb1 b 0 v=idt(v(a)*6283.185307,0.5)\n"
          "b2 c 0 v=sdt(v(a)*6283.185307)\nr1 b 0 1k\nr2 c 0 1k\n.options reltol=1e-5\n"
          ".tran 2u 3m\n");
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    const double exact = std::sin(2e3 * std::numbers::pi * result["time"][k]);
    EXPECT_NEAR(result["v(c)"][k], exact, 1e-3);
    EXPECT_NEAR(result["v(b)"][k], exact + 0.5, 1e-3);
  }
}

// An oscillator of two integrals, x'' = -w^2 x: its amplitude and phase after three periods.
TEST(Memory, IntegralsInALoopOscillate) {
  const Result result =
      run("b1 x 0 v=idt(v(y)*6283.185307,1)\nb2 y 0 v=-idt(v(x)*6283.185307)\nr1 x 0 1k\n"
          "r2 y 0 1k\n.options reltol=1e-5\n.tran 2u 3m\n");
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    const double exact = std::cos(2e3 * std::numbers::pi * result["time"][k]);
    EXPECT_NEAR(result["v(x)"][k], exact, 2e-3);
  }
}

// A rate of a rate: v = t^3 has the second derivative 6 t. Steps are made for the charges, so that
// the second derivative is coarser.
TEST(Memory, RatesNest) {
  const Result result =
      run("b0 a 0 v=1e9*time*time*time\nr0 a 0 1k\nb1 b 0 v=1e-6*ddt(ddt(v(a)))\nr1 b 0 1k\n"
          ".options reltol=1e-6 method=gear\n.tran 1u 1m\n");
  for (std::size_t k = result["time"].size() / 4; k < result["time"].size(); ++k) {
    EXPECT_NEAR(result["v(b)"][k], 6e3 * result["time"][k], 0.06);
  }
}

// An inductance that depends on its own branch's neighbour keeps v = L di/dt: a constant voltage
// over L = 1m (1 + v(c)) with v(c) = 1 ramps the current at V/2mH.
TEST(Memory, AnInductanceIsAnExpression) {
  const Result result =
      run("v1 a 0 pwl(0 0 1u 1)\nv2 c 0 1\nl1 a b l='1m*(1+v(c))'\nr1 b 0 1m\n"
          ".options reltol=1e-5\n.tran 1u 1m\n.save i(l1)\n");
  for (const double time : {2e-4, 5e-4, 1e-3}) {
    EXPECT_NEAR(at(result, "i(l1)", time), (time - 0.5e-6) / 2e-3, 5e-4) << time;
  }
}

// ---- switches ----

// A triangle from 0 to 2 V in 1 ms and back: the switch turns on at 1.5 V, 0.75 ms, and off at
// 0.5 V, 1.75 ms. The time points beside these are within a ten-thousandth of a step of them.
TEST(Switches, TurnWhereTheirControlCrosses) {
  const Result result =
      run("v1 c 0 pwl(0 0 1m 2 2m 0)\ns1 d o c 0 sm\nvd d 0 1\nr1 o 0 1k\n"
          ".model sm sw(vt=1 vh=0.5 ron=1m roff=1g)\n.tran 0.1m 2m\n.save v(o)\n");
  for (const auto& [at, before, after] :
       std::vector<std::array<double, 3>>{{0.75e-3, 0, 1}, {1.75e-3, 1, 0}}) {
    const double time = at;
    const auto t = result["time"];
    const auto next = std::find_if(t.begin(), t.end(), [&](double x) { return x >= time; });
    const auto k = static_cast<std::size_t>(next - t.begin());
    EXPECT_NEAR(t[k], time, 1e-8) << time;
    EXPECT_NEAR(result["v(o)"][k], before, 1e-3) << time;
    EXPECT_NEAR(result["v(o)"][k + 1], after, 1e-3) << time;
    EXPECT_LT(t[k + 1] - t[k], 2e-5) << time;
  }
}

// The period of a relaxation oscillator: a capacitor between 1/3 and 2/3 of the supply, charged and
// discharged through R, T = 2 RC ln 2. The switch is what discharges; reltol 1e-5.
TEST(Switches, MakeARelaxationOscillator) {
  const Result result =
      run("vd d 0 3\nr1 d a 1k\nc1 a 0 1u ic=0\n"
          "s1 a 0 a 0 sm\n.model sm sw(vt=1.5 vh=0.5 ron=1 roff=1g)\n"
          ".options reltol=1e-5\n.tran 10u 10m uic\n.save v(a)\n");
  // Up from 1 V to 2 V towards 3 V: RC ln 2; down from 2 V to 1 V with tau = C (1k || 1).
  const double ron = 1000.0 / 1001;
  const double low = 3 * ron / 1000;
  const double up = 1e-3 * std::log(2.0);
  const double down = ron * 1e-6 * std::log((2 - low) / (1 - low));
  const auto t = result["time"];
  const auto v = result["v(a)"];
  std::vector<double> peaks;
  for (std::size_t k = 1; k + 1 < t.size(); ++k) {
    if (v[k] > v[k - 1] && v[k] > v[k + 1] && v[k] > 1.9) peaks.push_back(t[k]);
  }
  ASSERT_GT(peaks.size(), 10);
  const double period = (peaks.back() - peaks.front()) / static_cast<double>(peaks.size() - 1);
  EXPECT_NEAR(period, up + down, 1e-3 * up);
}

// In between the thresholds of a sweep the state is that of before: the way up and the way down.
TEST(Switches, RememberTheWayOfASweep) {
  const Result result =
      run("v1 c 0 0\nvd d 0 1\ns1 d o c 0 sm\nr1 o 0 1k\n.model sm sw(vt=1 vh=0.5 ron=1m roff=1g)\n"
          ".dc v1 list 0 1 2 1 0\n.save v(o)\n");
  const std::vector<double> expected = {0, 0, 1, 1, 0};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_NEAR(result["v(o)"][k], expected[k], 1e-5) << k;
  }
}

// The geometric mean half-way, and the closed form of PSpice's guide elsewhere.
TEST(Switches, SmoothOnesInterpolateLogarithms) {
  for (const char* model :
       {"vswitch(von=2 voff=1 ron=1 roff=1meg)", "sw(vt=1.5 vh=-0.5 ron=1 roff=1meg)"}) {
    const Result result = run(std::string("v1 c 0 0\ni1 0 a 1\ns1 a 0 c 0 sm\n.model sm ") + model +
                              "\n.dc v1 list 0.5 1 1.25 1.5 1.75 2 3\n.save v(a)\n");
    std::vector<double> expected;
    for (const double v : {-0.5, -0.5, -0.25, 0.0, 0.25, 0.5, 0.5}) {
      expected.push_back(std::exp(std::log(1e3) + std::log(1e-6) * (1.5 * v - 2 * v * v * v)));
    }
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_NEAR(result["v(a)"][k], expected[k], 1e-3 * expected[k]) << model << " " << k;
    }
  }
}

// No step goes over a short transition: the control rises through it within a hundredth of the
// longest step.
TEST(Switches, SmoothOnesAreNotSteppedOver) {
  const Result result =
      run("v1 c 0 pwl(0 0 1m 100)\nvd d 0 1\ns1 d o c 0 sm\nr1 o 0 1k\n"
          ".model sm vswitch(von=50.1 voff=50 ron=1 roff=1meg)\n.tran 20u 1m\n.save v(o) v(c)\n");
  int inside = 0;
  for (const double v : result["v(c)"]) inside += v > 50 && v < 50.1 ? 1 : 0;
  EXPECT_GE(inside, 4);
}

// ---- lines ----

// Reflections of a step between a source of 25 ohm and an open end, z0 = 50 ohm: the first wave is
// 2/3, the far end doubles it, and the source reflects -1/3 of what comes back.
TEST(Lines, ReflectAStepAtBothEnds) {
  const Result result =
      run("v1 s 0 pwl(0 0 1p 1)\nr1 s a 25\nt1 a 0 b 0 z0=50 td=1n\nr2 b 0 1g\n"
          ".tran 0.05n 9n\n.save v(a) v(b)\n");
  double wave = 2.0 / 3;
  double near = wave;
  double far = 0;
  for (int k = 0; k < 4; ++k) {
    EXPECT_NEAR(at(result, "v(a)", (2 * k + 0.5) * 1e-9), near, 1e-5) << k;
    EXPECT_NEAR(at(result, "v(b)", (2 * k + 0.5) * 1e-9), far, 1e-5) << k;
    far += 2 * wave;
    near += wave * (1 - 1.0 / 3);
    wave *= -1.0 / 3;
  }
}

// A matched line only delays: a sine of a period of four delays, and an edge, which stays as steep.
TEST(Lines, DelayExactly) {
  const Result result = run(
      "v1 s 0 sin(0 2 250meg)\nr1 s a 50\nt1 a 0 b 0 z0=50 td=1n\nr2 b 0 50\n"
      "v2 x 0 pulse(0 2 0.35n 1p 1p 2n 20n)\nr3 x c 75\nt2 c 0 d 0 z0=75 f=1g nl=0.25\nr4 d 0 75\n"
      ".tran 0.02n 8n\n.save v(b) v(d)\n");
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    const double t = result["time"][k] - 1e-9;
    const double exact = t > 0 ? std::sin(2 * std::numbers::pi * 250e6 * t) : 0;
    EXPECT_NEAR(result["v(b)"][k], exact, 1e-4);
  }
  for (const auto& [time, value] : std::vector<std::pair<double, double>>{
           {0.599e-9, 0}, {0.602e-9, 1}, {2.600e-9, 1}, {2.603e-9, 0}}) {
    EXPECT_NEAR(at(result, "v(d)", time), value, 1e-6) << time;
  }
}

// ---- small signals ----

constexpr double kTwoPi = 2 * std::numbers::pi;

// The transfer of a line with a load: v(b) = 2 z0/(z0 + rs) e^-st (1 + r2)/2 / (1 - r1 r2 e^-2st)
// with the reflections r1 and r2 at its ends.
TEST(SmallSignals, OfALineWithReflections) {
  const Result result =
      run("v1 s 0 ac 1\nr1 s a 20\nt1 a 0 b 0 z0=50 td=1n\nr2 b 0 200\n"
          ".ac lin 20 20meg 1g\n.save v(b)\n");
  const double r1 = (20.0 - 50) / 70;
  const double r2 = (200.0 - 50) / 250;
  for (std::size_t k = 0; k < 20; ++k) {
    const std::complex<double> s(0, kTwoPi * result["frequency"][k]);
    const auto late = std::exp(-s * 1e-9);
    const auto exact = 50.0 / 70 * late * (1 + r2) / (1.0 - r1 * r2 * late * late);
    EXPECT_LT(std::abs(result.waveforms.phasor("v(b)", k) - exact), 1e-9) << k;
  }
}

// Rates of rates, integrals and the frequency itself, about an operating point of 2 V.
TEST(SmallSignals, OfExpressionsWithMemory) {
  const Result result =
      run("v1 a 0 2 ac 1\nb1 b 0 v=1e-3*ddt(v(a)*v(a))\nb2 c 0 v=1e-6*ddt(ddt(v(a)))\n"
          "b3 d 0 v=1e3*idt(v(a))\nb4 e 0 v=v(a)*hertz\nb5 0 f i=1e-3*ddt(v(a))*v(a)\nrf f 0 1\n"
          "c1 a g c='1u*v(a)'\nrg g 0 1m\nl1 h 0 l='1m*v(a)'\nrh a h 1\n"
          ".ac dec 2 10 1k\n.save v(b) v(c) v(d) v(e) v(f) v(g) v(h)\n");
  for (std::size_t k = 0; k < result["frequency"].size(); ++k) {
    const double f = result["frequency"][k];
    const std::complex<double> s(0, kTwoPi * f);
    const auto phasor = [&](const char* name) { return result.waveforms.phasor(name, k); };
    const auto expect = [&](const char* name, std::complex<double> exact) {
      EXPECT_LT(std::abs(phasor(name) - exact), 1e-6 * std::abs(exact) + 1e-12) << name << " " << f;
    };
    expect("v(b)", 4e-3 * s);
    expect("v(c)", 1e-6 * s * s);
    expect("v(d)", 1e3 / s);
    expect("v(e)", f);
    expect("v(f)", 2e-3 * s);
    expect("v(g)", 2e-9 * s / (1.0 + 2e-9 * s));
    expect("v(h)", 2e-3 * s / (1.0 + 2e-3 * s));
  }
}

// A resistance of its own, in proportion to what temperature makes of both; a smooth switch also
// conducts from its control.
TEST(SmallSignals, OfAcResistancesAndSwitches) {
  const Result result =
      run("v1 a 0 1 ac 1\nr1 a b 1k ac=3k tc1=10m\nr2 b 0 1k\n.options temp=37\n"
          "v2 c 0 1.5 ac 1\nv3 d 0 1\ns1 d e c 0 sm\nr3 e 0 1m\n"
          ".model sm vswitch(von=2 voff=1 ron=1 roff=100)\n"
          ".ac lin 1 1k 1k\n.save v(b) v(e)\n");
  EXPECT_NEAR(result["v(b)"][0], 1 / (1 + 3 * 1.1), 1e-9);
  // At u = 0 the conductance is 0.1 S and its slope 1.5 ln(100) times that.
  EXPECT_NEAR(result["v(e)"][0], 1e-3 * 0.1 * 1.5 * std::log(100.0), 1e-6);
}

}  // namespace
}  // namespace wordline
