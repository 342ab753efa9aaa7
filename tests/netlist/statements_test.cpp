// Every statement and what it asks for.
#include <gtest/gtest.h>

#include "decks.hpp"

namespace wordline {
namespace {

const std::string kElements = "V1 a 0 1\nI1 0 b 1\nR1 a b 1k\nC1 b 0 1p\n";

template <class Kind>
Kind analysis_of(const std::string& line) {
  return std::get<Kind>(read_lines(kElements + line + "\n").analyses.at(0).what);
}

TEST(Analyses, KeepTheirOrderAndPlace) {
  const Circuit circuit = read_lines(".tran 1n 1u\n.op\n.dc V1 0 1 1\n" + kElements);
  ASSERT_EQ(circuit.analyses.size(), 3);
  EXPECT_TRUE(std::holds_alternative<TranAnalysis>(circuit.analyses[0].what));
  EXPECT_TRUE(std::holds_alternative<OpAnalysis>(circuit.analyses[1].what));
  EXPECT_EQ(circuit.analyses[2].where.line, 4);
}

TEST(Transient, TakesItsTimes) {
  const auto plain = analysis_of<TranAnalysis>(".tran 1n 2u");
  EXPECT_EQ(plain.step, 1e-9);
  EXPECT_EQ(plain.stop, 2e-6);
  EXPECT_EQ(plain.start, 0);
  EXPECT_FALSE(plain.use_initial_conditions);
  const auto full = analysis_of<TranAnalysis>(".TRAN {1n} 2u 1u 10n UIC");
  EXPECT_EQ(full.start, 1e-6);
  EXPECT_EQ(full.max_step, 1e-8);
  EXPECT_TRUE(full.use_initial_conditions);
  EXPECT_TRUE(analysis_of<TranAnalysis>(".tran 1n 2u uic").use_initial_conditions);
}

TEST(DcSweep, IsLinear) {
  const auto dc = analysis_of<DcAnalysis>(".dc V1 0 1 0.1");
  ASSERT_EQ(dc.sweeps.size(), 1);
  EXPECT_EQ(dc.sweeps[0].target, Sweep::Target::kVoltageSource);
  EXPECT_EQ(dc.sweeps[0].index, 0);
  EXPECT_EQ(dc.sweeps[0].name, "v1");
  ASSERT_EQ(dc.sweeps[0].values.size(), 11);
  EXPECT_DOUBLE_EQ(dc.sweeps[0].values[10], 1);
  EXPECT_EQ(analysis_of<DcAnalysis>(".dc lin v1 5 -5 -2.5").sweeps[0].values,
            (std::vector<double>{5, 2.5, 0, -2.5, -5}));
  EXPECT_EQ(analysis_of<DcAnalysis>(".dc V1 0 1 0.4").sweeps[0].values.size(), 3);
  EXPECT_EQ(analysis_of<DcAnalysis>(".dc V1 2 2 0.4").sweeps[0].values, std::vector<double>{2});
}

TEST(DcSweep, IsLogarithmicOrAList) {
  const auto decades = analysis_of<DcAnalysis>(".dc dec R1 1 1k 2").sweeps[0];
  EXPECT_EQ(decades.target, Sweep::Target::kResistor);
  ASSERT_EQ(decades.values.size(), 7);
  EXPECT_NEAR(decades.values[6], 1000, 1e-9);
  EXPECT_EQ(analysis_of<DcAnalysis>(".dc oct I1 1 8 1").sweeps[0].values,
            (std::vector<double>{1, 2, 4, 8}));
  const auto list = analysis_of<DcAnalysis>(".dc temp list -40 27 {100+25}").sweeps[0];
  EXPECT_EQ(list.target, Sweep::Target::kTemperature);
  EXPECT_EQ(list.values, (std::vector<double>{-40, 27, 125}));
}

TEST(DcSweep, Nests) {
  const auto dc = analysis_of<DcAnalysis>(".dc V1 0 1 1 I1 0 2 1 TEMP 0 100 50");
  ASSERT_EQ(dc.sweeps.size(), 3);
  EXPECT_EQ(dc.sweeps[0].name, "v1");
  EXPECT_EQ(dc.sweeps[1].target, Sweep::Target::kCurrentSource);
  EXPECT_EQ(dc.sweeps[2].values.size(), 3);
}

// The circuit is read anew for every temperature where a parameter depends on it.
TEST(DcSweep, ChangesParametersOfTheTemperature) {
  const auto target = [](const std::string& volts) {
    const Circuit circuit = read_lines("R1 a 0 1\nV1 a 0 " + volts + "\n.dc temp 0 1 1\n");
    return std::get<DcAnalysis>(circuit.analyses.at(0).what).sweeps.at(0).target;
  };
  EXPECT_EQ(target("{temper}"), Sweep::Target::kNetlist);
  EXPECT_EQ(target("1"), Sweep::Target::kTemperature);
}

TEST(InitialVoltages, AreOfNodes) {
  const Circuit circuit = read_lines(kElements + ".ic v(a)=1 V(b) = {1+1}\n.nodeset v(a)=3\n");
  EXPECT_EQ(circuit.initial_conditions.at(*circuit.nodes.find("a")), 1);
  EXPECT_EQ(circuit.initial_conditions.at(*circuit.nodes.find("b")), 2);
  EXPECT_EQ(circuit.node_sets.at(*circuit.nodes.find("a")), 3);
}

TEST(InitialVoltages, MayStandInASubcircuitOrNameItsNodes) {
  const Circuit circuit = read_lines(
      ".subckt s a\nR1 a m 1\nR2 m 0 1\n.ic v(m)=1 v(a)=4\n.ends\nX1 n s\nX2 n s\n"
      ".ic v(x2.m)=2\n");
  EXPECT_EQ(circuit.initial_conditions.at(*circuit.nodes.find("x1.m")), 1);
  EXPECT_EQ(circuit.initial_conditions.at(*circuit.nodes.find("x2.m")), 2);
  EXPECT_EQ(circuit.initial_conditions.at(*circuit.nodes.find("n")), 4);
}

TEST(OptionsStatement, SetsTolerancesAndMethods) {
  const Circuit circuit = read_lines(
      ".options reltol=1e-5 abstol={1p*2} VNTOL = 1u chgtol=1e-15 trtol=3 gmin=1e-13\n"
      "+ gshunt=1e-15 itl1=200 itl2=60 itl4=20 method=gear temp=50 tnom=25 maxdx=0.1\n"
      "+ solver=KLU numdgt=9 threads=3\n");
  const Options& o = circuit.options;
  EXPECT_EQ(o.reltol, 1e-5);
  EXPECT_EQ(o.abstol, 2e-12);
  EXPECT_EQ(o.vntol, 1e-6);
  EXPECT_EQ(o.chgtol, 1e-15);
  EXPECT_EQ(o.trtol, 3);
  EXPECT_EQ(o.gmin, 1e-13);
  EXPECT_EQ(o.gshunt, 1e-15);
  EXPECT_EQ(o.itl1, 200);
  EXPECT_EQ(o.itl2, 60);
  EXPECT_EQ(o.itl4, 20);
  EXPECT_EQ(o.method, Method::kGear);
  EXPECT_EQ(o.solver, SolverKind::kKlu);
  EXPECT_EQ(o.temperature, 50);
  EXPECT_EQ(o.nominal_temperature, 25);
  EXPECT_EQ(o.max_state_change, 0.1);
  EXPECT_EQ(o.digits, 9);
  EXPECT_EQ(o.threads, 3);
  EXPECT_TRUE(circuit.warnings.empty());
}

TEST(OptionsStatement, ScalesWhatIsGivenInLengths) {
  const Circuit circuit = read_lines(
      ".options scale=1u\n.model n nmos\n.model r r(rsh=100)\n"
      "M1 d g 0 0 n w=10 l=2 ad=20 as=21 pd=24 ps=25 nrd=3\nM2 d g 0 0 n\nR1 d 0 r l=6 w=2\n"
      ".model cell memristor type=vteam\n"
      ".crossbar xb rows=1 cols=1 cell=1t1r memristor=cell transistor=n w=3\n");
  const MosfetInstance& m = element(circuit.mosfets, "m1");
  EXPECT_DOUBLE_EQ(m.width, 10e-6);
  EXPECT_DOUBLE_EQ(m.length, 2e-6);
  EXPECT_DOUBLE_EQ(m.drain_area, 20e-12);
  EXPECT_DOUBLE_EQ(m.source_area, 21e-12);
  EXPECT_DOUBLE_EQ(m.drain_perimeter, 24e-6);
  EXPECT_DOUBLE_EQ(m.source_perimeter, 25e-6);
  EXPECT_EQ(m.drain_squares, 3);
  EXPECT_EQ(element(circuit.mosfets, "m2").width, 100e-6);
  EXPECT_DOUBLE_EQ(element(circuit.resistors, "r1").ohms, 300);
  EXPECT_DOUBLE_EQ(circuit.crossbars.at(0).width, 3e-6);
  EXPECT_EQ(circuit.crossbars.at(0).length, 1e-6);
}

TEST(OptionsStatement, SaysThatParametersAreLocal) {
  EXPECT_TRUE(read_lines(".options parhier=local\n").warnings.empty());
  EXPECT_TRUE(has_warning(read_lines(".options parhier=global\n"), "are local here"));
}

TEST(OptionsStatement, WarnsOfWhatHasNoEffect) {
  const Circuit circuit = read_lines(".option acct reltolx=1 foo\n");
  ASSERT_EQ(circuit.warnings.size(), 3);
  EXPECT_TRUE(has_warning(circuit, "'acct' has no effect here"));
  EXPECT_EQ(circuit.warnings[1].hint, "did you mean 'reltol'?");
}

TEST(Outputs, AreVoltagesCurrentsAndParameters) {
  const Circuit circuit =
      read_lines(kElements + ".print TRAN V(A) v(a,B) I(V1), @m1[X]\n.save b\n.plot dc v(a)\n");
  ASSERT_EQ(circuit.outputs.size(), 6);
  EXPECT_EQ(circuit.outputs[0].label, "v(a)");
  EXPECT_EQ(circuit.outputs[0].analysis, "tran");
  EXPECT_EQ(circuit.outputs[1].label, "v(a,b)");
  EXPECT_EQ(circuit.outputs[1].second, "b");
  EXPECT_EQ(circuit.outputs[2].kind, OutputRequest::Kind::kCurrent);
  EXPECT_EQ(circuit.outputs[2].first, "v1");
  EXPECT_EQ(circuit.outputs[3].kind, OutputRequest::Kind::kDeviceParameter);
  EXPECT_EQ(circuit.outputs[3].first, "m1");
  EXPECT_EQ(circuit.outputs[3].second, "x");
  EXPECT_EQ(circuit.outputs[4].label, "v(b)");
  EXPECT_EQ(circuit.outputs[4].analysis, "");
  EXPECT_EQ(circuit.outputs[5].analysis, "dc");
  EXPECT_EQ(circuit.outputs[5].where.line, 8);
}

TEST(Outputs, MayBeCallsOfFunctions) {
  const Circuit circuit = read_lines(kElements + ".print tran abs(v(a)-v(b)) max(v(a), 2)\n");
  ASSERT_EQ(circuit.outputs.size(), 2U);
  EXPECT_EQ(circuit.outputs[0].label, "{abs(v(a)-v(b))}");
  EXPECT_EQ(circuit.outputs[1].label, "{max(v(a),2)}");
}

TEST(Outputs, MayBeBareExpressions) {
  const Circuit circuit =
      read_lines(kElements + ".print tran v(a)-v(b) 2*v(a, b) v(a) b\n.save i(v1)\n");
  ASSERT_EQ(circuit.outputs.size(), 5U);
  EXPECT_EQ(circuit.outputs[0].label, "v(a)-v(b)");
  EXPECT_EQ(circuit.outputs[0].expression->operands.size(), 2U);
  EXPECT_EQ(circuit.outputs[1].label, "2*v(a,b)");
  EXPECT_EQ(circuit.outputs[2].kind, OutputRequest::Kind::kNodeVoltage);
  EXPECT_EQ(circuit.outputs[3].kind, OutputRequest::Kind::kNodeVoltage);
}

// In ngspice the ends of the axis that `.plot` draws.
TEST(Outputs, MayHaveLimitsInPlots) {
  const Circuit circuit =
      read_lines(kElements + ".plot tran v(a) (0,1) v(b) ( -1 {2*3} )\n.plot dc v(a) (0 5)\n");
  ASSERT_EQ(circuit.outputs.size(), 3U);
  EXPECT_EQ(circuit.outputs[1].label, "v(b)");
  EXPECT_EQ(circuit.outputs[2].analysis, "dc");
}

TEST(Spectra, AreOfASignalAndAWindow) {
  const Circuit circuit = read_lines(
      kElements +
      ".fft v(a) np=100, start=1u stop=2u window=HANN alfa=4 format=unorm\n.fft i(v1)\n");
  ASSERT_EQ(circuit.spectra.size(), 2U);
  const Spectrum& spectrum = circuit.spectra[0];
  EXPECT_EQ(spectrum.signal, "v(a)");
  EXPECT_EQ(spectrum.points, 128U);
  EXPECT_TRUE(has_warning(circuit, "128 points are taken, a power of two"));
  EXPECT_EQ(spectrum.start, 1e-6);
  EXPECT_EQ(spectrum.stop, 2e-6);
  EXPECT_EQ(spectrum.window, Spectrum::Window::kHann);
  EXPECT_EQ(spectrum.narrowness, 4);
  EXPECT_FALSE(spectrum.normalised);
  EXPECT_EQ(circuit.spectra[1].points, 1024U);
  EXPECT_TRUE(circuit.spectra[1].normalised);
}

TEST(Outputs, OfAllAreNodesAndBranches) {
  const Circuit circuit = read_lines(kElements + "L1 b 0 1\n.save all\n");
  std::string labels;
  for (const OutputRequest& output : circuit.outputs) labels += output.label + " ";
  EXPECT_EQ(labels, "v(a) v(b) i(v1) i(l1) ");
}

}  // namespace
}  // namespace wordline
