// `.sens` against closed forms and against differences of whole analyses.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

using Complex = std::complex<double>;

Result run(const std::string& lines) {
  Simulator simulator(parse("sensitivity\n" + lines + "\n.end\n"));
  return simulator.run(simulator.circuit().analyses.at(0));
}

// v = V R2/(R1 + R2); central differences of 1e-5 are good to 1e-10, their rounding to 1e-9.
TEST(Sensitivity, OfADividerIsItsClosedForm) {
  const Result result = run("v1 in 0 10\nr1 in a 1k\nr2 a 0 3k\ni1 0 a 1m\n.sens v(a)");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  // The current source adds 0.75 V; a change of R1 meets the current through it.
  const double v = 8.25;
  EXPECT_NEAR(result["v1"][0], 0.75, 1e-8);
  EXPECT_NEAR(result["i1"][0], 750, 1e-5);
  EXPECT_NEAR(result["r1"][0], -(10 - v) / 1e6 * 750, 1e-10);
  EXPECT_NEAR(result["r2"][0], v / 9e6 * 750, 1e-10);
  ASSERT_EQ(result.tables.size(), 1U);
  EXPECT_NEAR(result.tables[0]["r2"][0], v / 9e6 * 750 * 30, 1e-8);
}

// Against operating points with each value moved by 1e-4 up and down.
TEST(Sensitivity, OfNonlinearCircuitsIsTheDifferenceOfOperatingPoints) {
  const auto circuit = [](double w, double vto, double is, double rd, const char* what) {
    return run(fmt::format(
        "vdd vdd 0 5\nv1 in 0 1.4\nm1 d in s 0 n w={} l=2u\nrs s 0 1k\nrd vdd d {}\nd1 d o dm\n"
        "ro o 0 20k\n.model n nmos(vto={} kp=100u gamma=0.5 lambda=0.02)\n"
        ".model dm d(is={} rs=10)\n.options reltol=1e-10 abstol=1e-16 vntol=1e-12\n{}",
        w, rd, vto, is, what));
  };
  const Result sens = circuit(20e-6, 0.8, 1e-14, 1e4, ".sens v(o)");
  ASSERT_TRUE(sens.report.ok()) << sens.report.message;
  const auto difference = [&](int which, double value) {
    const auto at = [&](double part) {
      double p[] = {20e-6, 0.8, 1e-14, 1e4};
      p[which] *= 1 + part;
      return circuit(p[0], p[1], p[2], p[3], ".op\n.save v(o)")["v(o)"][0];
    };
    return (at(1e-4) - at(-1e-4)) / (2e-4 * value);
  };
  const auto expect = [&](const char* name, int which, double value) {
    const double expected = difference(which, value);
    EXPECT_NEAR(sens[name][0], expected, 1e-5 * std::abs(expected)) << name;
  };
  expect("m1_w", 0, 20e-6);
  expect("n:vto", 1, 0.8);
  expect("dm:is", 2, 1e-14);
  expect("rd", 3, 1e4);
}

TEST(Sensitivity, OfAMemristorsConductanceIsThatOfAResistor) {
  const Result result =
      run("v1 in 0 1\nr1 in a 10k\nymemristor y a 0 m g=1e-4\n.model m memristor type=static\n"
          ".sens v(a)");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  // v = 1/(1 + G R), dv/dG = -R v^2
  EXPECT_NEAR(result["y_g"][0], -1e4 * 0.25, 1e-4);
}

// Of a node with the conductance G, into which V/R1 + 2 I + 4 g V flow; R1 is 1.5 times what stands
// on its line, R2 in two instances a sixth of it.
TEST(Sensitivity, IsByTheValuesThatStandOnTheLines) {
  const Result result =
      run("v1 in 0 10\nr1 in a 1k m=2 scale=3\nx1 a 0 part m=2\ni1 0 a 1m m=2\ng1 0 a in 0 1u m=4\n"
          ".subckt part p n\nr2 p n 12k m=3\n.ends\n.sens v(a)");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const double r1 = 1500, r2 = 2000, conductance = 1 / r1 + 1 / r2;
  const double v = (10 / r1 + 2e-3 + 40e-6) / conductance;
  EXPECT_NEAR(result["r1"][0], -(10 - v) / (r1 * r1) / conductance * 1.5, 1e-10);
  EXPECT_NEAR(result["x1.r2"][0], v / (r2 * r2) / conductance / 6, 1e-10);
  EXPECT_NEAR(result["i1"][0], 2 / conductance, 1e-5);
  EXPECT_NEAR(result["g1"][0], 40 / conductance, 1e-4);
  EXPECT_NEAR(result.tables.at(0)["x1.r2"][0], v / r2 / conductance / 100, 1e-8);
}

// The numbers are those that ngspice 39 prints, whose differences are good to 1e-6; what it leaves
// out in `.sens` is m alone.
TEST(Sensitivity, IsByTheSameValuesAsInNgspice) {
  const std::string lines =
      "v1 in 0 10 ac 1\nr1 in a 1k scale=3\nr2 a 0 12k\ni1 0 a 1m\nc1 a b 1n\nl1 b 0 1m\n";
  const Result direct = run(lines + ".sens v(a)");
  ASSERT_TRUE(direct.report.ok()) << direct.report.message;
  constexpr double kPrinted = 5e-6;
  EXPECT_NEAR(direct["r1"][0], 3.199997e-4, kPrinted * 3.2e-4);
  EXPECT_NEAR(direct["r2"][0], 1.733332e-4, kPrinted * 1.7e-4);
  EXPECT_NEAR(direct["i1"][0], 2400, kPrinted * 2400);
  const Result phasors = run(lines + ".sens v(a) ac lin 1 10k 10k");
  ASSERT_TRUE(phasors.report.ok()) << phasors.report.message;
  const auto expect = [&](const char* name, Complex expected) {
    EXPECT_LT(std::abs(phasors.waveforms.phasor(name, 0) - expected), kPrinted * std::abs(expected))
        << name;
  };
  expect("r1", {-1.84453e-4, -6.67961e-5});
  expect("r2", {1.245044e-5, -3.85828e-6});
  expect("c1", {-3.51862e7, -1.13544e8});
  expect("l1", {-1.38910e-1, -4.48253e-1});
}

// v = 1/(1 + s R C): by C it is -s R v^2, by R -s C v^2.
TEST(Sensitivity, OfPhasorsOfALowPassIsItsClosedForm) {
  const Result result =
      run("v1 in 0 ac 1\nr1 in out 1k\nc1 out 0 1n\n.sens v(out) ac dec 2 1k 10meg");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  for (std::size_t k = 0; k < result.waveforms.points(); ++k) {
    const Complex s(0, 2 * std::numbers::pi * result["frequency"][k]);
    const Complex v = 1.0 / (1.0 + s * 1e-6);
    const Complex by_c = -s * 1e3 * v * v;
    const Complex by_r = -s * 1e-9 * v * v;
    EXPECT_LT(std::abs(result.waveforms.phasor("c1", k) - by_c), 1e-8 * std::abs(by_c));
    EXPECT_LT(std::abs(result.waveforms.phasor("r1", k) - by_r), 1e-8 * std::abs(by_r));
    EXPECT_LT(std::abs(result.waveforms.phasor("v1_acmag", k) - v), 1e-8);
  }
}

// A bias resistor changes the gain through the operating point alone.
TEST(Sensitivity, OfPhasorsFollowsTheOperatingPoint) {
  const auto circuit = [](double rb, const char* what) {
    return run(
        fmt::format("vb b 0 2\nrb b a {}\nd1 a 0 dm\nv1 in 0 ac 1\nc1 in a 1u\n"
                    ".model dm d(is=1e-14 cjo=10p)\n"
                    ".options reltol=1e-10 abstol=1e-16 vntol=1e-12\n{}",
                    rb, what));
  };
  const Result sens = circuit(10e3, ".sens i(v1) ac lin 1 1meg 1meg");
  ASSERT_TRUE(sens.report.ok()) << sens.report.message;
  const auto at = [&](double rb) {
    return circuit(rb, ".ac lin 1 1meg 1meg").waveforms.phasor("i(v1)", 0);
  };
  const Complex expected = (at(10001) - at(9999)) / 2.0;
  EXPECT_LT(std::abs(sens.waveforms.phasor("rb", 0) - expected), 1e-5 * std::abs(expected));
}

// A value of every kind of element, with temperatures of their own, and one of a model; against
// whole analyses with the value moved by a part of 1e-4 up and down, whose square is what
// differences lose.
TEST(Sensitivity, OfEveryElementIsTheDifferenceOfWholeCircuits) {
  const std::string lines =
      "v1 in 0 dc 1 ac 1\ni1 0 b dc 10u ac 1u\nr1 in a 1k tc1=1m temp=60\nc1 a 0 10p tc1=1m\n"
      "l1 a b 1u\nl2 b c 2u\nk1 l1 l2 0.4\nr2 c 0 2k\ne1 d 0 a c 0.7\nr3 d f 1k\ng1 0 f b 0 0.1m\n"
      "f1 0 f v1 0.2\nr4 f 0 3k\nh1 h 0 v1 50\nr5 h m 1k\nr8 m f 2k\nd1 m 0 dm 2\n"
      "ymemristor y m 0 mm x0=0.4\nm1 q in 0 0 nm w=10u l=2u\nr6 in q 10k\nr7 q b 5k\n"
      ".model dm d(is=1e-13 cjo=2p rs=3)\n.model nm nmos(vto=0.3 kp=100u lambda=0.02 cgso=0.1n)\n"
      ".model mm memristor level=3 a1=0.16m a2=0.16m b=2.5 ap=0 an=0\n"
      ".options reltol=1e-10 abstol=1e-16 vntol=1e-13 temp=40\n";
  using Change = std::function<void(Circuit&, double)>;
  const auto all = [](auto table, auto number) {
    return
        [table, number](Circuit& circuit, double by) { (circuit.*table).rows.at(0).*number *= by; };
  };
  struct Case {
    std::string name;
    double value;
    Change change;
  };
  const std::vector<Case> cases = {
      {"v1", 1, [](Circuit& c, double by) { c.voltage_sources.rows[0].function.dc *= by; }},
      {"i1", 10e-6, [](Circuit& c, double by) { c.current_sources.rows[0].function.dc *= by; }},
      {"i1_acmag", 1e-6, all(&Circuit::current_sources, &IndependentSource::ac_magnitude)},
      {"r1", 1e3, all(&Circuit::resistors, &Resistor::ohms)},
      {"c1", 10e-12, all(&Circuit::capacitors, &Capacitor::farads)},
      {"l1", 1e-6, all(&Circuit::inductors, &Inductor::henries)},
      {"k1", 0.4, all(&Circuit::mutuals, &MutualInductance::coupling)},
      {"e1", 0.7, all(&Circuit::vcvs, &VoltageControlled::gain)},
      {"g1", 0.1e-3, all(&Circuit::vccs, &VoltageControlled::gain)},
      {"f1", 0.2, all(&Circuit::cccs, &CurrentControlled::gain)},
      {"h1", 50, all(&Circuit::ccvs, &CurrentControlled::gain)},
      {"d1_area", 2, all(&Circuit::diodes, &DiodeInstance::area)},
      {"y_x", 0.4, all(&Circuit::memristors, &MemristorElement::state)},
      {"m1_w", 10e-6, all(&Circuit::mosfets, &MosfetInstance::width)},
      {"m1_l", 2e-6, all(&Circuit::mosfets, &MosfetInstance::length)}};
  const Result direct = run(lines + ".sens v(f)");
  const Result phasors = run(lines + ".sens v(f) ac lin 1 30meg 30meg");
  ASSERT_TRUE(direct.report.ok() && phasors.report.ok());
  const auto whole = [&](const char* what, const Change& change, double by) {
    Circuit circuit = parse("changed\n" + lines + what + "\n.save v(f)\n.end\n");
    change(circuit, by);
    Simulator simulator(circuit);
    return simulator.run(circuit.analyses[0]).waveforms;
  };
  constexpr double kBy = 1e-4;
  constexpr double kResolution = 1e-10;  // solutions are good to 1e-13 of their volts, over 2 kBy
  for (const auto& [name, value, change] : cases) {
    const auto slope = [&, &by = change](const char* what, auto output) {
      return (output(whole(what, by, 1 + kBy)) - output(whole(what, by, 1 - kBy))) / (2 * kBy);
    };
    const Complex ac =
        slope(".ac lin 1 30meg 30meg", [](const Waveforms& w) { return w.phasor("v(f)", 0); });
    const double dc = slope(".op", [](const Waveforms& w) { return w["v(f)"][0]; });
    EXPECT_NEAR(value * direct[name][0], dc, 1e-6 * std::abs(dc) + kResolution) << name;
    EXPECT_LT(std::abs(value * phasors.waveforms.phasor(name, 0) - ac),
              1e-5 * std::abs(ac) + kResolution)
        << name;
    EXPECT_GT(std::abs(ac), 100 * kResolution) << name << " is not tested";
  }
}

}  // namespace
}  // namespace wordline
