#include <gtest/gtest.h>

#include "circuit_builder.hpp"

namespace wordline {
namespace {

using testing::CircuitBuilder;

double solved(const Result& result, const std::string& signal) {
  EXPECT_TRUE(result.report.ok()) << result.report.message;
  return result[signal].back();
}

// Closed forms of linear networks hold to rounding, since Newton's method is exact on them.
constexpr double kRounding = 1e-12;

TEST(OperatingPoint, DividesAVoltage) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 10.0).r("r1", "in", "out", 3e3).r("r2", "out", "0", 1e3);
  const Result result = Simulator(b.circuit).run_op();
  EXPECT_NEAR(solved(result, "v(out)"), 2.5, kRounding);
  EXPECT_NEAR(solved(result, "i(v1)"), -2.5e-3,
              kRounding);  // a source delivers: current into p < 0
}

TEST(OperatingPoint, ShortsInductorsAndOpensCapacitors) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0)
      .l("l1", "in", "a", 1e-3)
      .r("r1", "a", "b", 1e3)
      .c("c1", "b", "0", 1e-6)
      .r("r2", "b", "0", 1e3);
  const Result result = Simulator(b.circuit).run_op();
  EXPECT_NEAR(solved(result, "v(a)"), 1, kRounding);
  EXPECT_NEAR(solved(result, "v(b)"), 0.5, kRounding);
  EXPECT_NEAR(solved(result, "i(l1)"), 0.5e-3, kRounding);
}

// Four stages, one of each controlled source: v -> E (x2) -> G (1 mS into 1k) -> F (x3 of the
// current in a 0 V probe) -> H (500 ohm).
TEST(OperatingPoint, FollowsControlledSources) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0).r("rin", "in", "0", 1e3);
  b.circuit.vcvs.add("e1", {b.node("e"), 0, b.node("in"), 0, 2.0});
  b.r("re", "e", "p", 1e3).v("probe", "p", "0", 0.0);  // 2 mA through the probe
  b.circuit.vccs.add("g1", {0, b.node("g"), b.node("e"), 0, 1e-3});
  b.r("rg", "g", "0", 1e3);
  b.circuit.cccs.add("f1", {0, b.node("f"), 1, 3.0});
  b.r("rf", "f", "0", 1e3);
  b.circuit.ccvs.add("h1", {b.node("h"), 0, 1, 500.0});
  b.r("rh", "h", "0", 1e3);
  const Result result = Simulator(b.circuit).run_op();
  EXPECT_NEAR(solved(result, "v(e)"), 2, kRounding);
  EXPECT_NEAR(solved(result, "v(g)"), 2, kRounding);
  EXPECT_NEAR(solved(result, "v(f)"), 6, kRounding);
  EXPECT_NEAR(solved(result, "v(h)"), 1, kRounding);
}

// A ladder of 200 sections: reciprocity (the transfer resistance is the same both ways) and
// Tellegen's theorem (powers sum to zero) hold for any network of resistors.
TEST(OperatingPoint, IsReciprocalAndConservesPower) {
  const auto ladder = [](const std::string& driven) {
    CircuitBuilder b;
    for (int k = 0; k < 200; ++k) {
      const std::string here = "n" + std::to_string(k);
      b.r("rs" + here, here, "n" + std::to_string(k + 1), 1.0 + k % 7);
      b.r("rp" + here, here, "0", 1e3 + 10 * (k % 13));
    }
    b.r("rend", "n200", "0", 50).i("i1", "0", driven, 1e-3);
    return b;
  };
  const double forward = solved(Simulator(ladder("n0").circuit).run_op(), "v(n200)");
  const double backward = solved(Simulator(ladder("n200").circuit).run_op(), "v(n0)");
  EXPECT_NEAR(forward, backward, 1e-12 * forward);

  CircuitBuilder b = ladder("n0");
  for (const std::string& name : b.circuit.resistors.names.stored()) b.save(name, "p");
  b.save("i1", "p");
  const Result result = Simulator(b.circuit).run_op();
  double power = 0;
  for (std::size_t k = 0; k < result.waveforms.header().signals.size(); ++k) {
    power += result.waveforms.column(k)[0];
  }
  EXPECT_NEAR(power, 0, 1e-12 * std::abs(result["@i1[p]"][0]));
}

TEST(OperatingPoint, SweepsASourceInsideAResistor) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 0.0).r("r1", "in", "out", 1e3).r("r2", "out", "0", 1e3);
  DcAnalysis dc;
  dc.sweeps = {{Sweep::Target::kVoltageSource, 0, "v1", {1, 2, 3}},
               {Sweep::Target::kResistor, 1, "r2", {1e3, 3e3}}};
  const Result result = Simulator(b.circuit).run_dc(dc);
  ASSERT_EQ(result["v(out)"].size(), 6u);
  for (std::size_t k = 0; k < 6; ++k) {
    const double r2 = result["r2"][k];
    EXPECT_NEAR(result["v(out)"][k], result["v1"][k] * r2 / (r2 + 1e3), kRounding);
  }
  EXPECT_DOUBLE_EQ(result["v1"][1], 2);
  EXPECT_DOUBLE_EQ(result["r2"][3], 3e3);
}

TEST(OperatingPoint, ReportsAResidualWithinTolerance) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 10.0).r("r1", "in", "0", 3e3);
  const Result result = Simulator(b.circuit).run_op();
  EXPECT_LE(result.report.residual, 1);
  EXPECT_EQ(result.report.solver, "klu");
}

std::string fault(const Circuit& circuit) {
  try {
    Simulator(circuit).run_op();
  } catch (const NetlistError& e) {
    return e.what();
  }
  return "";
}

TEST(Topology, NamesTheFloatingNodes) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0).r("r1", "in", "0", 1e3).r("r2", "x", "y", 1e3).c("c1", "in", "x", 1e-9);
  const std::string message = fault(b.circuit);
  EXPECT_NE(message.find("'x', 'y'"), std::string::npos) << message;
  EXPECT_NE(message.find("gshunt"), std::string::npos) << message;
}

TEST(Topology, ShuntsAreAnAnswerToFloatingNodes) {
  CircuitBuilder b;
  b.v("v1", "in", "0", 1.0).r("r1", "in", "0", 1e3).c("c1", "in", "x", 1e-9);
  b.circuit.options.gshunt = 1e-12;
  EXPECT_NEAR(solved(Simulator(b.circuit).run_op(), "v(x)"), 0, 1e-9);
}

TEST(Topology, NamesTheLoopOfVoltageSources) {
  CircuitBuilder b;
  b.v("v1", "a", "0", 1.0)
      .v("v2", "b", "a", 1.0)
      .l("l1", "b", "c", 1e-3)
      .v("v3", "c", "0", 2.0)
      .r("r1", "a", "0", 1e3);
  const std::string message = fault(b.circuit);
  for (const char* name : {"v1", "v2", "v3", "l1"}) {
    EXPECT_NE(message.find(name), std::string::npos) << message;
  }
  EXPECT_EQ(message.find("r1"), std::string::npos) << message;
}

}  // namespace
}  // namespace wordline
