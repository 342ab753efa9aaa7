// Currents of elements in expressions: what an expression reads is what the element shows of
// itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "deck_runs.hpp"

namespace wordline {
namespace {

using testing::at;
using testing::run;

// Every kind of element of two terminals between a source and a load: i(x) as an output, which the
// element computes, and 1 ohm times i(x) in an expression, which stands before the element. The
// tolerance is Newton's, that of a step's charges included.
TEST(Ammeters, ReadWhatEveryElementShows) {
  for (const std::string element :
       {"rx a b 1k", "cx a b 1n", "lx a b 1m", "ix a b 1m", "ex a b a 0 0.5", "gx a b a 0 1m",
        "fx a b vm 0.5", "hx a b v1 1k", "bx a b i=v(a)*1m", "bx a b v=v(a)/2",
        "rx a b r='1k+v(a)'", "sx a b a 0 sm", "wx a b v1 wm", "dx a b dm",
        "ymemristor yx a b mm"}) {
    SCOPED_TRACE(element);
    const std::string name = element.starts_with("ymem") ? "yx" : element.substr(0, 2);
    std::string deck = "v1 a 0 sin(0.5 1 10k)\nvm m 0 1\nrm m 0 1k\nrb b 0 2k\nb1 c 0 v=i(";
    deck.append(name).append(")\nrc c 0 1\n").append(element);
    deck.append(
        "\n.model sm sw(vt=0.5 vh=0 ron=1k roff=1meg)\n"
        ".model wm csw(it=1u ron=1k roff=1meg)\n.model dm d(cjo=1p)\n"
        ".model mm memristor type=yakopcic\n.options reltol=1e-6\n"
        ".tran 1u 200u\n.save i(");
    const Result result = run(deck.append(name).append(") v(c)\n"));
    const auto shown = result["i(" + name + ")"];
    const auto read = result["v(c)"];
    double largest = 0;
    for (const double current : shown) largest = std::max(largest, std::abs(current));
    EXPECT_GT(largest, 1e-6);
    for (std::size_t k = 1; k < shown.size(); ++k) {
      ASSERT_NEAR(read[k], shown[k], 1e-4 * largest) << k;
    }
  }
}

// The usual macromodel of a memristor: a current that drives a state reads that of another element,
// further down. x' = k i(gmem), i(gmem) = v x: x = x0 exp(k V t) for a constant voltage V.
TEST(Ammeters, DriveTheStateOfAMacromodel) {
  const Result result = run(
      ".subckt mem te be xsv\n.params k=1k x0=0.1\n.func g(x) {x*1m}\n"
      "gx 0 xsv value={k*I(Gmem)*1k}\ncx xsv 0 {1} ic={x0}\ngmem te be value={g(v(xsv))*v(te,be)}\n"
      ".ends\nv1 a 0 2\nx1 a 0 s mem\nrs s 0 1e12\n.options reltol=1e-6\n.tran 1u 1m uic\n.save "
      "v(s)\n");
  EXPECT_NEAR(at(result, "v(s)", 1e-3), 0.1 * std::exp(2), 0.1 * std::exp(2) * 1e-4);
}

// An element inside an instance, by its path from outside and in parallel with another.
TEST(Ammeters, ReachIntoInstances) {
  const Result result =
      run(".subckt s a b\nr1 a b 1k\nb1 c 0 v=i(r1)*1k\nrc c 0 1k\n.ends\n"
          "v1 a 0 1\nx1 a 0 s m=3\nb2 d 0 v=i(x1.r1)*1k\nrd d 0 1k\n.op\n.save v(x1.c) v(d)\n");
  EXPECT_NEAR(result["v(x1.c)"][0], 1, 1e-9);  // that of one of the instances
  EXPECT_NEAR(result["v(d)"][0], 3, 1e-9);     // of all of them
}

// LTspice calls the voltage of a charge and the current of a flux x. With q = 1u x + 0.1u x^3 and a
// known voltage the current is (1u + 0.3u v^2) dv/dt; a flux likewise gives the voltage.
TEST(Memory, ChargesAndFluxesAreFunctionsOfX) {
  const Result result =
      run("v1 a 0 sin(0 2 1k)\nc1 a 0 q=1u*x+0.1u*x**3\ni1 0 b sin(0 2 1k)\nl1 b 0 "
          "flux=1m*x+0.1m*x**3\n"
          ".options reltol=1e-5\n.tran 1u 1m\n.save i(c1) v(b)\n");
  const double w = 2e3 * std::numbers::pi;
  for (const double t : {0.1e-3, 0.3e-3, 0.62e-3, 0.9e-3}) {
    const double x = 2 * std::sin(w * t);
    const double rate = 2 * w * std::cos(w * t) * (1 + 0.3 * x * x);
    EXPECT_NEAR(at(result, "i(c1)", t), 1e-6 * rate, 1e-6 * 2 * w * 2.2 * 2e-3) << t;
    EXPECT_NEAR(at(result, "v(b)", t), 1e-3 * rate, 1e-3 * 2 * w * 2.2 * 2e-3) << t;
  }
}

// In a parallel of two windings that are coupled by 1, and 1 to 2 in turns, voltages are as the
// turns and a load is seen as a quarter of it, beside the inductance: i = V/(R/4) + V t/L.
TEST(Transformers, OfCouplingOneAreIdealBesideTheirInductance) {
  const Result result =
      run("v1 a 0 2\nl1 a 0 1m\nl2 b 0 4m\nk1 l1 l2 1\nr1 b 0 100\n.options reltol=1e-6\n"
          ".tran 10n 50u uic\n.save v(b) i(v1)\n");
  for (const double t : {1e-6, 1e-5, 4e-5}) {
    EXPECT_NEAR(at(result, "v(b)", t), 4, 4e-4);
    EXPECT_NEAR(at(result, "i(v1)", t), -(2 / 25.0 + 2 * t / 1e-3), 1e-5);
  }
}

// Three lines that meet at -vrev roff/(roff - rrev) and vfwd roff/(roff - ron), or nearly so.
TEST(Diodes, OfStraightLinesAreExact) {
  const Result result =
      run(".options dialect=ltspice\n.param forward=0.6\nv1 a 0 0\nd1 a 0 di 2\n"
          ".model di d(ron=0.5 roff=1meg vfwd={forward} vrev=5 rrev=2 epsilon=10m type=any)\n"
          ".dc v1 -8 2 0.5\n.save v(a) i(d1)\n");
  const auto v = result["v(a)"];
  const auto i = result["i(d1)"];
  for (std::size_t k = 0; k < v.size(); ++k) {
    const double forward = std::max(v[k] / 1e6, (v[k] - 0.6) / 0.5);
    EXPECT_NEAR(i[k], 2 * std::min(forward, (v[k] + 5) / 2), 1e-12) << v[k];
  }
}

// A buck converter with such a diode and a switch is linear in pieces: the output is the duty cycle
// of what the two let through, the current's mean that of the load.
TEST(Diodes, OfStraightLinesSwitch) {
  const Result result =
      run(".options dialect=ltspice\nv1 in 0 12\nv2 g 0 pulse(0 10 0 10n 10n 3.99u 10u)\n"
          "s1 in sw g 0 ms\nd1 0 sw di\nl1 sw out 47u ic=0.92\nc1 out 0 100u ic=4.6\nr1 out 0 5\n"
          ".model ms sw(ron=1m roff=1g vt=5)\n.model di d(ron=1m roff=1g vfwd=0.4)\n"
          ".tran 100n 20m uic\n.save v(out)\n");
  const auto t = result["time"];
  const auto v = result["v(out)"];
  double mean = 0;  // over the last ten periods
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double begin = std::max(t[k - 1], 20e-3 - 1e-4);
    if (t[k] > begin) mean += 0.5 * (v[k] + v[k - 1]) * (t[k] - begin) / 1e-4;
  }
  EXPECT_NEAR(mean, 12 * 0.4 - 0.4 * 0.6, 0.01);
}

}  // namespace
}  // namespace wordline
