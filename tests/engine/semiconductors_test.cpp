// Diodes and transistors in circuits: what they start from, where they begin, and their noise.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <string>

#include "noise_sources.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline {
namespace {

using testing::noise_of;

constexpr double kCharge = 1.602176634e-19;
constexpr double kBoltzmannHere = 1.380649e-23;

Result run(const std::string& text) {
  Simulator simulator(parse(text));
  Result result = simulator.run(simulator.circuit().analyses.at(0));
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result;
}

// Without another path the charge that a device is given stays: so does the voltage.
TEST(Semiconductors, StartFromTheVoltagesTheyAreGiven) {
  const std::string end = ".tran 1n 10n uic\n.options reltol=1e-6 gmin=1e-18\n.end\n";
  Result result = run("d\nr1 a 0 1t\nd1 a 0 m ic=-2\n.model m d(is=1e-20 cjo=5p)\n" + end);
  EXPECT_NEAR(result["v(a)"].front(), -2, 1e-5);
  EXPECT_NEAR(result["v(a)"].back(), -2, 1e-5);
  result =
      run("q\nr1 b 0 1t\nr2 c 0 1t\nq1 c b 0 m ic=0.1,3\n"
          ".model m npn(is=1e-25 cje=2p cjc=1p)\n" +
          end);
  EXPECT_NEAR(result["v(b)"].back(), 0.1, 1e-5);
  EXPECT_NEAR(result["v(c)"].back(), 3, 1e-4);
  result =
      run("j\nr1 g 0 1t\nv1 d 0 2\nj1 d g 0 m ic=2,-3\n"
          ".model m njf(is=1e-25 vto=-1 cgs=2p cgd=1p)\n" +
          end);
  EXPECT_NEAR(result["v(g)"].back(), -3, 1e-4);
  result =
      run("m\nr1 g 0 1t\nv1 d 0 2\nm1 d g 0 0 m w=10u l=10u ic=2,0.3\n"
          ".model m nmos(vto=1 tox=20n cgso=1n)\n" +
          end);
  EXPECT_NEAR(result["v(g)"].back(), 0.3, 1e-4);
}

// Both sides of a flip-flop are alike but for `off`, which decides between its two states.
TEST(Semiconductors, BeginOffWhereTheyAreGivenAsOff) {
  constexpr const char* kDeck =
      "flip-flop\nvcc vcc 0 5\nr1 vcc c1 1k\nr2 vcc c2 1k\nr3 c1 b2 10k\nr4 c2 b1 10k\n"
      "q1 c1 b1 0 m {}\nq2 c2 b2 0 m {}\n.model m npn(is=1e-15 bf=80)\n.op\n.end\n";
  Result result = run(fmt::format(fmt::runtime(kDeck), "off", ""));
  EXPECT_GT(result["v(c1)"][0], 4);
  EXPECT_LT(result["v(c2)"][0], 0.3);
  result = run(fmt::format(fmt::runtime(kDeck), "", "off"));
  EXPECT_LT(result["v(c1)"][0], 0.3);
  EXPECT_GT(result["v(c2)"][0], 4);
}

// With the low-pass of second order that stands for it, a delay d turns the current by
// H = 1/(1 + s d + (s d)^2/3), and a real delay would by e^(-s d).
TEST(Semiconductors, ExcessPhaseTurnsTheCollectorsCurrent) {
  constexpr double kDelay = 1e-9 * 45 / 180 * std::numbers::pi;
  const std::string deck =
      "phase\nvb b 0 dc 0.7 ac 1\nvc c 0 2\nq1 c b 0 m\n"
      ".model m npn(is=1e-15 bf=100 tf=1n ptf={})\n.ac lin 1 {} {}\n.save i(vc)\n.end\n";
  for (const double hertz : {1e6, 1e8, 1e9}) {
    const auto current = [&](double phase) {
      return run(fmt::format(fmt::runtime(deck), phase, hertz, hertz))
          .waveforms.phasors("i(vc)")[0];
    };
    const std::complex<double> sd(0, 2 * std::numbers::pi * hertz * kDelay);
    const std::complex<double> expected = 1.0 / (1.0 + sd + sd * sd / 3.0);
    const std::complex<double> found = current(45) / current(0);
    EXPECT_NEAR(std::abs(found - expected), 0, 1e-6) << hertz;
  }
}

TEST(NoiseOfSemiconductors, IsThatOfTheirCurrents) {
  // Behind 1 kohm from 2 V.
  const auto diode = noise_of(parse(
      "d\nv1 in 0 2\nr1 in a 1k\nd1 a 0 m\n.model m d(is=1e-14 rs=20 kf=1e-15 af=1.5)\n.op\n"));
  const double id = diode.at("d1_id").white / (2 * kCharge);
  EXPECT_NEAR(id, 1.33e-3, 2e-5);
  EXPECT_NEAR(diode.at("d1_1overf").flicker, 1e-15 * std::pow(id, 1.5), 1e-12 * 1e-15);
  EXPECT_NEAR(diode.at("d1_rs").white, 4 * kBoltzmannHere * 300.15 / 20, 1e-30);

  const auto bipolar =
      noise_of(parse("q\nvc c 0 2\nib 0 b 10u\nq1 c b 0 m\n.model m npn(bf=100 rb=50 rc=10 re=1)\n"
                     ".options reltol=1e-9 gmin=1e-18\n.op\n"));
  EXPECT_NEAR(bipolar.at("q1_ib").white, 2 * kCharge * 1e-5, 1e-6 * 2 * kCharge * 1e-5);
  EXPECT_NEAR(bipolar.at("q1_ic").white, 2 * kCharge * 1e-3, 1e-5 * 2 * kCharge * 1e-3);
  EXPECT_NEAR(bipolar.at("q1_rb").white, 4 * kBoltzmannHere * 300.15 / 50, 1e-30);

  const auto mos =
      noise_of(parse("m\nvd d 0 3\nvg g 0 1.7\nm1 d g 0 0 m w=10u l=1u\n"
                     ".model m nmos(vto=0.7 kp=100u)\n.op\n"));
  EXPECT_NEAR(mos.at("m1_id").white, 8.0 / 3 * kBoltzmannHere * 300.15 * 1e-3, 1e-30);
}

}  // namespace
}  // namespace wordline
