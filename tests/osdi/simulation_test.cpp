// Circuits with compiled models, against the same circuits of built-in elements, against closed
// forms, and against balances of current and charge.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <thread>

#include "command_fixture.hpp"
#include "decks.hpp"
#include "models.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

using testing::load_line;

Result run(const std::string& lines) {
  Simulator simulator(read_lines(lines));
  return simulator.run(simulator.circuit().analyses.at(0));
}

// The value of a signal at a time, on the line between its neighbours.
double at(const Result& result, const std::string& signal, double time) {
  const auto t = result["time"];
  const auto y = result[signal];
  const auto above = std::lower_bound(t.begin(), t.end(), time) - t.begin();
  const auto k = static_cast<std::size_t>(std::max<std::ptrdiff_t>(above, 1));
  const double part = (time - t[k - 1]) / (t[k] - t[k - 1]);
  return y[k - 1] + part * (y[k] - y[k - 1]);
}

class OsdiCircuit : public ::testing::TestWithParam<const char*> {
 protected:
  static std::string load(const std::string& model) { return load_line(model + GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Minor, OsdiCircuit, ::testing::Values("_3", "_4"));

// Both are solved until currents are within reltol = 1e-9.
constexpr const char* kTight = ".options reltol=1e-9 abstol=1e-16 vntol=1e-12\n";

// The built-in diode with a series resistance, and a conductance across.
TEST_P(OsdiCircuit, SweepIsThatOfTheBuiltInDiode) {
  const std::string sweep = std::string(kTight) + "V1 a 0 0\n.dc V1 -0.5 1 0.05\n.save i(v1)\n";
  const Result compiled = run(load("junction") +
                              ".model jj junction_va is=2e-14 nf=1.2 rs=5 g=1e-6\n"
                              "N1 a 0 jj area=3\n" +
                              sweep);
  const Result own =
      run(".model dd d is=2e-14 n=1.2 rs=5\nD1 a 0 dd area=3\nR1 a 0 {1e6/3}\n"
          "* gmin is not multiplied there\nR2 a 0 {1e12/2}\n" +
          sweep);
  ASSERT_TRUE(compiled.report.ok()) << compiled.report.message;
  ASSERT_EQ(compiled["i(v1)"].size(), own["i(v1)"].size());
  for (std::size_t k = 0; k < own["i(v1)"].size(); ++k) {
    // The second gmin lies outside of the series resistance: 1e-11 of a milliampere.
    const double expected = own["i(v1)"][k];
    EXPECT_NEAR(compiled["i(v1)"][k], expected, 2e-9 * std::abs(expected) + 1e-15) << k;
  }
}

// Seen at a current source, a junction's noise is its own: 2 q I.
TEST_P(OsdiCircuit, NoiseIsThatOfItsSources) {
  const Result noise = run(load("junction") + kTight +
                           ".model jj junction_va g=0\nI1 0 a 1m\nN1 a 0 jj\n"
                           ".noise v(a) I1 lin 1 1k 1k 1\n");
  ASSERT_TRUE(noise.report.ok()) << noise.report.message;
  const double density = std::sqrt(2 * kElementaryCharge * 1e-3);
  EXPECT_NEAR(noise["inoise_spectrum"][0], density, 1e-6 * density);
  EXPECT_GT(noise["onoise_n1_shot"][0], 0);
}

TEST_P(OsdiCircuit, PhasorsAreThoseOfBuiltInElements) {
  const std::string rest = std::string(kTight) +
                           "V1 in 0 dc 0.7 AC 1\nR1 in a 50\nRl out 0 10k\nCl out 0 1p\n"
                           ".ac dec 5 1meg 10g\n.save v(out) i(v1)";
  const Result compiled =
      run(load("junction") + ".model jj junction_va is=1e-12 rs=20 cj=2p\nN1 a out jj\n" + rest +
          " i(n1) @n1[i_n]\n");
  const Result own =
      run(".model dd d is=1e-12\nR2 a i 20\nD1 i out dd\nC1 i out 2p\n" + rest + "\n");
  ASSERT_TRUE(compiled.report.ok()) << compiled.report.message;
  for (const char* name : {"v(out)", "i(v1)"}) {
    for (std::size_t k = 0; k < own.waveforms.points(); ++k) {
      const std::complex<double> expected = own.waveforms.phasor(name, k);
      EXPECT_LT(std::abs(compiled.waveforms.phasor(name, k) - expected), 1e-6 * std::abs(expected));
    }
  }
  // All of the current through R1 goes into the device's first terminal and comes out of the other.
  for (std::size_t k = 0; k < own.waveforms.points(); ++k) {
    const std::complex<double> expected = -compiled.waveforms.phasor("i(v1)", k);
    EXPECT_LT(std::abs(compiled.waveforms.phasor("i(n1)", k) - expected),
              1e-9 * std::abs(expected));
    EXPECT_LT(std::abs(compiled.waveforms.phasor("@n1[i_n]", k) + expected),
              1e-9 * std::abs(expected));
  }
}

TEST_P(OsdiCircuit, CollapsedNodesVanish) {
  const auto unknown_currents = [&](const std::string& rs) {
    return run(load("junction") + ".model jj junction_va rs=" + rs +
               "\nV1 a 0 0.7\nN1 a 0 jj\n.op\n.save i(v1) @n1[vd]\n");
  };
  const Result none = unknown_currents("0");
  const Result tiny = unknown_currents("1u");
  EXPECT_EQ(none["@n1[vd]"][0], 0.7);
  EXPECT_NEAR(none["i(v1)"][0], tiny["i(v1)"][0], 1e-5 * std::abs(tiny["i(v1)"][0]));
}

TEST_P(OsdiCircuit, OutputsAndTerminalCurrentsAreSignals) {
  const Result result = run(load("junction") + kTight +
                            ".model jj junction_va rs=10 g=1e-5\nI1 0 a 1m\nN1 a 0 jj\n.op\n"
                            ".save v(a) i(n1) @n1[i_p] @n1[i_n] @n1[vd] @n1[id] @n1[forward]\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  EXPECT_NEAR(result["i(n1)"][0], 1e-3, 1e-11);
  EXPECT_EQ(result["@n1[i_p]"][0], result["i(n1)"][0]);
  EXPECT_NEAR(result["@n1[i_n]"][0], -1e-3, 1e-11);
  EXPECT_NEAR(result["@n1[id]"][0] + 1e-5 * result["v(a)"][0], 1e-3, 1e-11);
  EXPECT_NEAR(result["v(a)"][0], result["@n1[vd]"][0] + 10 * result["@n1[id]"][0], 1e-9);
  EXPECT_EQ(result["@n1[forward]"][0], 1);
}

TEST_P(OsdiCircuit, UnknownOutputsAreNamed) {
  try {
    run(load("junction") + ".model jj junction_va\nV1 a 0 1\nN1 a 0 jj\n.op\n.save @n1[vdd]\n");
    FAIL();
  } catch (const NetlistError& error) {
    EXPECT_EQ(error.diagnostics().front().hint, "it has: vd, id, gd, forward, i, i_p, i_n");
  }
}

TEST_P(OsdiCircuit, MultiplicityIsDevicesInParallel) {
  const Result result = run(load("junction") + kTight +
                            ".model jj junction_va rs=5 g=1m\n.subckt six p\n"
                            "N1 p 0 jj\n.ends\nV1 a 0 0.8\nN1 a 0 jj\nN6 a 0 jj m=6\n"
                            "V2 b 0 0.8\nX1 b six m=6\n.op\n.save i(n1) i(n6) i(v2)\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const double six = 6 * result["i(n1)"][0];
  EXPECT_NEAR(result["i(n6)"][0], six, 1e-9 * six);
  EXPECT_NEAR(result["i(v2)"][0], -six, 1e-9 * six);
}

// kT/q of the junction follows the circuit's temperature, the instance's and a sweep's.
TEST_P(OsdiCircuit, TemperatureIsThatOfTheCircuitOrTheInstance) {
  const std::string model = load("junction") + kTight + ".model jj junction_va\nI1 0 a 1m\n";
  const auto voltage = [](const Result& r, std::size_t k) { return r["v(a)"][k]; };
  const auto expected = [](double celsius) {
    const double vt = 1.380649e-23 / 1.602176634e-19 * (celsius + 273.15);
    return vt * std::log1p(1e-3 / 1e-14);  // gmin takes a part of 1e-9
  };
  const Result sweep = run(model + "N1 a 0 jj\n.dc temp 0 100 50\n.save v(a)\n");
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(voltage(sweep, k), expected(50.0 * static_cast<double>(k)), 1e-9);
  }
  const Result own = run(model + "N1 a 0 jj temp=60 dtemp=10\n.op\n.save v(a)\n");
  EXPECT_NEAR(voltage(own, 0), expected(70), 1e-9);
}

// 40 V behind 1 ohm: without limiting exp() overflows.
TEST_P(OsdiCircuit, LimitingFindsHardOperatingPoints) {
  const Result result =
      run(load("junction") +
          ".model jj junction_va is=1e-16\nV1 a 0 40\nR1 a b 1\nN1 b c jj\nN2 c d jj\nN3 d 0 jj\n"
          ".op\n.save v(b) v(c) v(d)\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  EXPECT_TRUE(result.report.homotopy.empty());
  EXPECT_LT(result.report.iterations, 40);
  EXPECT_NEAR(result["v(b)"][0], 3 * result["v(d)"][0], 1e-4);
}

// Rectifier with charge: the same as a built-in diode with a linear capacitor at the same place,
// both with errors of reltol = 1e-5 of the full scale of a volt.
TEST_P(OsdiCircuit, TransientIsThatOfBuiltInElements) {
  const std::string rest =
      ".options reltol=1e-6\nV1 in 0 SIN(0 1 1meg)\nR1 in a 50\nRl out 0 10k\nCl out 0 1p\n"
      ".tran 2n 3u 0 2n\n.save v(out) i(v1)\n";
  const Result compiled =
      run(load("junction") + ".model jj junction_va is=1e-12 rs=20 cj=2p\nN1 a out jj\n" + rest);
  const Result own = run(".model dd d is=1e-12\nR2 a i 20\nD1 i out dd\nC1 i out 2p\n" + rest);
  ASSERT_TRUE(compiled.report.ok()) << compiled.report.message;
  for (double t = 0.1e-6; t < 3e-6; t += 0.0437e-6) {
    EXPECT_NEAR(at(compiled, "v(out)", t), at(own, "v(out)", t), 1e-4) << t;
    EXPECT_NEAR(at(compiled, "i(v1)", t), at(own, "i(v1)", t), 2e-7) << t;
  }
}

// What flows through a source into a junction behind nothing but its charge is the charge that it
// holds: two equal pulses of current up and down leave it as it was.
TEST_P(OsdiCircuit, ChargeIsConserved) {
  const Result result =
      run(load("junction") +
          ".options reltol=1e-6 gmin=1e-18\n.model jj junction_va is=1e-30 cj=1n\n"
          "I1 0 a PWL(0 0 1n 1m 101n 1m 102n 0 200n 0 201n -1m 301n -1m 302n 0)\n"
          "N1 a b jj\nR1 b 0 1\n.tran 1n 400n\n.save v(a) i(n1) @n1[i_n]\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  // 1 mA for 101 ns (the ramps count half) into 1 nF.
  EXPECT_NEAR(at(result, "v(a)", 150e-9), 0.101, 1e-6);
  EXPECT_NEAR(result["v(a)"].back(), 0, 1e-7);
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    EXPECT_NEAR(result["i(n1)"][k], -result["@n1[i_n]"][k], 1e-15);
  }
}

// w(t) = w0 + mobility amplitude/omega (1 - cos(omega t)), an inner unknown of the model.
TEST_P(OsdiCircuit, StateOfAMemristorIsItsIntegral) {
  for (const char* method : {"trap", "gear"}) {
    const Result result = run(load("drift") + ".options reltol=1e-5 method=" + method +
                              "\n.model mm drift_va mobility=2e5 w0=0.2\n"
                              "V1 a 0 SIN(0 1 100k)\nN1 a 0 mm\n.tran 20n 20u 0 20n\n"
                              ".save @n1[w] i(n1) v(a)\n");
    ASSERT_TRUE(result.report.ok()) << result.report.message;
    const double omega = 2 * std::numbers::pi * 1e5;
    for (std::size_t k = 0; k < result["time"].size(); ++k) {
      const double w = 0.2 + 2e5 / omega * (1 - std::cos(omega * result["time"][k]));
      // 1000 steps in two periods: h^2/12 omega^2 = 1.3e-5 of the swing for the trapezoidal rule,
      // four times that for BDF2.
      EXPECT_NEAR(result["@n1[w]"][k], w, 1e-4) << result["time"][k] << " " << method;
      const double g = 1e-5 + (1e-3 - 1e-5) * result["@n1[w]"][k];
      EXPECT_NEAR(result["i(n1)"][k], g * result["v(a)"][k], 1e-9);
    }
  }
}

TEST_P(OsdiCircuit, ModelsMayBoundTheStep) {
  const auto longest = [&](const std::string& parameters) {
    const Result result = run(load("drift") + ".model mm drift_va " + parameters +
                              "\nV1 a 0 1m\nN1 a 0 mm\n.tran 100n 5u\n.save v(a)\n");
    double step = 0;
    const auto t = result["time"];
    for (std::size_t k = 1; k < t.size(); ++k) step = std::max(step, t[k] - t[k - 1]);
    return step;
  };
  EXPECT_NEAR(longest(""), 100e-9, 1e-12);
  EXPECT_NEAR(longest("step=10n"), 10e-9, 1e-14);
}

// With uic the inner unknown starts at the value that it has at rest.
TEST_P(OsdiCircuit, StatesStartAtRestWithInitialConditions) {
  const Result result =
      run(load("drift") +
          ".model mm drift_va mobility=2e5 w0=0.2\nI1 0 a 0\nR1 a 0 1k\nC1 a 0 1n\n"
          "N1 a 0 mm\n.ic v(a)=0.5\n.tran 1n 100n uic\n.save @n1[w] v(a)\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  EXPECT_NEAR(result["@n1[w]"].front(), 0.2, 1e-6);
  EXPECT_NEAR(result["v(a)"].front(), 0.5, 1e-6);
  EXPECT_GT(result["@n1[w]"].back(), 0.2 + 2e5 * 100e-9 * 0.4);  // v(a) stays above 0.4 V
}

TEST_P(OsdiCircuit, StateOfAnInstanceMayDiffer) {
  const Result result = run(load("drift") +
                            ".model mm drift_va\nV1 a 0 1\nN1 a 0 mm\nN2 a 0 mm w0=0.5\n.op\n"
                            ".save i(n1) i(n2)\n");
  EXPECT_NEAR(result["i(n1)"][0], 1e-5 + 0.1 * 0.99e-3, 1e-9);
  EXPECT_NEAR(result["i(n2)"][0], 1e-5 + 0.5 * 0.99e-3, 1e-9);
}

// i = 1 V/1 kohm (1 - exp(-t/1 us)): a current that is an unknown of the model, whose equation is a
// voltage. reltol = 1e-5 of the largest current.
TEST_P(OsdiCircuit, FlowsOfBranchesAreUnknowns) {
  const Result result = run(load("coil") +
                            ".options reltol=1e-5\n.model ll coil_va l=1m\n"
                            "V1 a 0 PULSE(0 1 0 1p 1p 1 2)\nR1 a b 1k\nN1 b 0 t ll\nR2 t 0 1k\n"
                            ".tran 5n 3u 0 5n\n.save i(n1) v(t)\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  for (std::size_t k = 0; k < result["time"].size(); ++k) {
    const double i = -1e-3 * std::expm1(-result["time"][k] / 1e-6);
    EXPECT_NEAR(result["i(n1)"][k], i, 1e-7) << result["time"][k];
    EXPECT_NEAR(result["v(t)"][k], 500 * result["i(n1)"][k], 1e-6);  // into 1 kohm twice
  }
}

TEST_P(OsdiCircuit, TerminalsMayBeLeftOut) {
  const Result result = run(load("coil") +
                            ".model ll coil_va\nV1 a 0 1\nR1 a b 1k\nN1 b 0 ll\n.op\n"
                            ".save i(n1) @n1[i_t] v(b)\n");
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  EXPECT_NEAR(result["i(n1)"][0], 1e-3, 1e-12);
  EXPECT_NEAR(result["v(b)"][0], 0, 1e-12);
}

TEST_P(OsdiCircuit, ModelsThatConductTieTheirNodesToGround) {
  EXPECT_NO_THROW(
      run(load("junction") + ".model jj junction_va\nI1 0 a 1u\nN1 a 0 jj\n.op\n.save v(a)\n"));
  EXPECT_THROW(run(load("junction") +
                   ".model jj junction_va\nV1 c 0 1\nI1 b a 1u\nN1 a b jj\n.op\n.save v(a)\n"),
               NetlistError);
}

TEST_P(OsdiCircuit, FatalEndsTheRunWithItsReason) {
  const Result result =
      run(load("junction") +
          ".model jj junction_va vmax=0.5\nI1 0 a PULSE(0 1m 5n 1n)\nC1 a 0 1p\nN1 a 0 jj\n"
          ".tran 0.1n 20n\n.save v(a)\n");
  EXPECT_EQ(result.report.outcome, Outcome::kFailed);
  EXPECT_NE(result.report.message.find("'n1' gives up: the junction breaks at 0.5"),
            std::string::npos)
      << result.report.message;
  // The ramp from 5 ns to 6 ns brings half a picocoulomb into 1 pF.
  EXPECT_NEAR(result["time"].back(), 6e-9, 1e-11);
  EXPECT_NEAR(result["v(a)"].back(), 0.5, 0.01);
}

TEST_P(OsdiCircuit, FatalInAnOperatingPointFailsIt) {
  const Result result =
      run(load("junction") + ".model jj junction_va vmax=0.5\nI1 0 a 1m\nN1 a 0 jj\n.op\n");
  EXPECT_EQ(result.report.outcome, Outcome::kFailed);
  EXPECT_NE(result.report.message.find("'n1' gives up: the junction breaks at"), std::string::npos)
      << result.report.message;
}

// Instances share nothing but their library's code.
TEST_P(OsdiCircuit, GivesTheSameResultTwiceAndInTwoThreads) {
  Simulator simulator(read_lines(load("junction") +
                                 ".model jj junction_va rs=5 cj=1p\nV1 a 0 SIN(0 1 1meg)\n"
                                 "N1 a b jj\nR1 b 0 1k\n.tran 10n 1u\n.save v(b)\n"));
  const Result first = simulator.run(simulator.circuit().analyses[0]);
  Result second, third;
  {
    const std::jthread again([&] { second = simulator.run(simulator.circuit().analyses[0]); });
    Simulator other(simulator.circuit());
    third = other.run(other.circuit().analyses[0]);
  }
  ASSERT_EQ(first["v(b)"].size(), third["v(b)"].size());
  EXPECT_TRUE(std::equal(first["v(b)"].begin(), first["v(b)"].end(), third["v(b)"].begin()));
  ASSERT_EQ(first["v(b)"].size(), second["v(b)"].size());
  for (std::size_t k = 0; k < first["v(b)"].size(); ++k) {
    EXPECT_EQ(first["v(b)"][k], second["v(b)"][k]);
  }
}

}  // namespace
}  // namespace wordline
