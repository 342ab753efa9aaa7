// What a netlist means to Xyce, LTspice and HSPICE, where they differ.
#include "decks.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

Circuit read_as(Dialect dialect, const std::string& lines) {
  return parse("title\n" + lines, "deck.cir", {dialect, {}});
}

double value_as(Dialect dialect, const std::string& expression) {
  return read_as(dialect, "V1 a 0 " + expression + "\n").voltage_sources.rows.at(0).function.dc;
}

TEST(Dialects, DifferInLogarithmAndCaret) {
  EXPECT_NEAR(value_as(Dialect::kNgspice, "{log(100)}"), 4.605170185988092, 1e-12);
  EXPECT_NEAR(value_as(Dialect::kXyce, "{log(100)}"), 2, 1e-12);
  EXPECT_NEAR(value_as(Dialect::kXyce, "{ln(100)}"), 4.605170185988092, 1e-12);
  EXPECT_EQ(value_as(Dialect::kNgspice, "{2^3}"), 8);
  EXPECT_EQ(value_as(Dialect::kHspice, "{2^3}"), 8);
  EXPECT_EQ(value_as(Dialect::kXyce, "{(1^0) + (1^1)}"), 1);
  EXPECT_EQ(value_as(Dialect::kLtspice, "{2**3 + (0^1)}"), 9);
}

TEST(Dialects, DifferInScaleFactors) {
  EXPECT_EQ(value_as(Dialect::kNgspice, "1x"), 1);
  EXPECT_EQ(value_as(Dialect::kXyce, "1x"), 1e6);
  EXPECT_EQ(value_as(Dialect::kHspice, "{2*1.5X}"), 3e6);
  EXPECT_EQ(value_as(Dialect::kXyce, "1a"), 1);
  EXPECT_DOUBLE_EQ(value_as(Dialect::kHspice, "3a"), 3e-18);
  EXPECT_EQ(value_as(Dialect::kLtspice, "4k7"), 4700);
  EXPECT_EQ(value_as(Dialect::kLtspice, "4R7"), 4.7);
  EXPECT_EQ(value_as(Dialect::kLtspice, "2u2"), 2.2e-6);
  EXPECT_EQ(value_as(Dialect::kLtspice, "4.7k"), 4700);
  EXPECT_EQ(value_as(Dialect::kNgspice, "10\xc2\xb5"), 1e-5);
  EXPECT_EQ(value_as(Dialect::kNgspice, "10\xb5V"), 1e-5);
  EXPECT_THROW(value_as(Dialect::kHspice, "4k7"), NetlistError);
}

TEST(Dialects, WarnOfAFactorThatIsNone) {
  EXPECT_TRUE(has_warning(read_as(Dialect::kNgspice, "V1 a 0 1x\n"), "x is no scale factor here"));
  EXPECT_TRUE(read_as(Dialect::kXyce, "V1 a 0 1x\n").warnings.empty());
  EXPECT_TRUE(read_as(Dialect::kNgspice, "V1 a 0 1V\n").warnings.empty());
}

TEST(Dialects, DifferInComments) {
  EXPECT_EQ(read_as(Dialect::kXyce, "R1 a 0\n R2 a 0 2\n + 3\n").resistors.rows.at(0).ohms, 3);
  EXPECT_EQ(read_as(Dialect::kNgspice, "R1 a 0 1\n R2 a 0 2\n").resistors.size(), 2);
  EXPECT_EQ(read_as(Dialect::kNgspice, "R1 a 0 1 $ comment\n").resistors.size(), 1);
  EXPECT_EQ(read_as(Dialect::kHspice, "R1 a 0 1 $comment\n").resistors.size(), 1);
  EXPECT_THROW(read_as(Dialect::kXyce, "R1 a 0 1 $ comment\n"), NetlistError);
}

TEST(Dialects, DifferInTransients) {
  const auto tran = [](Dialect dialect, const std::string& line) {
    return std::get<TranAnalysis>(read_as(dialect, line + "\nV1 a 0 1\n").analyses.at(0).what);
  };
  EXPECT_EQ(tran(Dialect::kNgspice, ".tran 1u 1m").max_step, 0);
  EXPECT_DOUBLE_EQ(tran(Dialect::kXyce, ".tran 1u 1m").max_step, 1e-4);
  EXPECT_DOUBLE_EQ(tran(Dialect::kXyce, ".tran 1u 1m 0 2u").max_step, 2e-6);
  EXPECT_DOUBLE_EQ(tran(Dialect::kLtspice, ".tran 1m").stop, 1e-3);
  EXPECT_DOUBLE_EQ(tran(Dialect::kLtspice, ".tran 1m uic").stop, 1e-3);
  EXPECT_TRUE(tran(Dialect::kLtspice, ".tran 1m uic").use_initial_conditions);
  EXPECT_DOUBLE_EQ(tran(Dialect::kLtspice, ".tran 0 1m 0 1u").step, 2e-5);
  EXPECT_THROW(tran(Dialect::kNgspice, ".tran 1m"), NetlistError);
}

TEST(Dialects, DifferInPathsAndSteepPulses) {
  const std::string lines =
      ".subckt s a\nR1 a n 1\nR2 n 0 1\n.ends\nX1 in s\nV1 in 0 PULSE(0 1 0 0 0 1u 2u)\n"
      "B1 b 0 V={v(x1:n)}\nR3 b 0 1\n.tran 1n 4u\n.print tran v(X1:n) X1:n\n";
  const Circuit xyce = read_as(Dialect::kXyce, lines);
  EXPECT_EQ(xyce.outputs.at(0).first, "x1.n");
  EXPECT_EQ(xyce.outputs.at(1).first, "x1.n");
  EXPECT_FALSE(xyce.nodes.find("x1:n").has_value());
  const auto rise = [](const Circuit& circuit) {
    return std::get<Pulse>(circuit.voltage_sources.rows.at(0).function.shape).rise;
  };
  EXPECT_LE(rise(xyce), 1e-15);
  EXPECT_DOUBLE_EQ(rise(read_as(Dialect::kNgspice, lines)), 1e-9);
}

TEST(Dialects, DifferInWhatStandsAfterTheNumbersOfATransient) {
  const auto tran = [](Dialect dialect, const std::string& line) {
    return std::get<TranAnalysis>(read_as(dialect, line + "\nV1 a 0 1\n").analyses.at(0).what);
  };
  EXPECT_DOUBLE_EQ(tran(Dialect::kXyce, ".tran 0 1m").step, 2e-5);
  EXPECT_DOUBLE_EQ(tran(Dialect::kXyce, ".tran 0 1m").max_step, 1e-4);
  EXPECT_TRUE(tran(Dialect::kXyce, ".tran 1u 1m NOOP").use_initial_conditions);
  EXPECT_DOUBLE_EQ(tran(Dialect::kLtspice, ".tran 1m nodiscard").stop, 1e-3);
  EXPECT_DOUBLE_EQ(tran(Dialect::kHspice, ".tran 1u 1m start=0.2m").start, 2e-4);
  EXPECT_DOUBLE_EQ(tran(Dialect::kNgspice, ".param start=0.1m\n.tran 1u 1m start").start, 1e-4);
  EXPECT_THROW(tran(Dialect::kNgspice, ".tran 0 1m"), NetlistError);
  EXPECT_THROW(tran(Dialect::kLtspice, ".tran 1m startup"), NetlistError);
}

TEST(Dialects, DifferInUnknownParametersOfModels) {
  const std::string lines = "D1 a 0 dm\n.model dm d(is=1e-14 bvv=3)\n";
  EXPECT_THROW(read_as(Dialect::kNgspice, lines), NetlistError);
  for (const Dialect dialect : {Dialect::kXyce, Dialect::kLtspice, Dialect::kHspice}) {
    EXPECT_TRUE(has_warning(read_as(dialect, lines), "'bvv' has no effect: a diode does not know"));
  }
  // What a memristor does not know is always a mistake.
  EXPECT_THROW(read_as(Dialect::kLtspice, ".model m memristor type=vteam rn=1\n"), NetlistError);
}

TEST(Dialects, HaveXycesPackagesOfOptions) {
  const Circuit circuit = read_lines(
      ".options timeint reltol=1e-4 abstol=1e-9 method=8\n.options nonlin maxstep=30\n"
      ".options nonlin-tran maxstep=7\n.options device temp=50, gmin=1e-13\n"
      ".options output initial_interval=1u\nR1 a 0 1\n");
  const Options& options = circuit.options;
  EXPECT_EQ(options.reltol, 1e-4);
  EXPECT_EQ(options.abstol, 1e-12);  // Xyce's is of another quantity
  EXPECT_EQ(options.method, Method::kGear);
  EXPECT_EQ(options.itl1, 30);
  EXPECT_EQ(options.itl4, 7);
  EXPECT_EQ(options.temperature, 50);
  EXPECT_EQ(options.gmin, 1e-13);
  EXPECT_TRUE(has_warning(circuit, "the option 'abstol' of timeint has no effect here"));
  EXPECT_TRUE(has_warning(circuit, "the option 'initial_interval' of output has no effect here"));
  EXPECT_EQ(circuit.warnings.size(), 2U);
}

// Xyce prints the axis where it is asked for; here it is always there, and first.
TEST(Dialects, TakeTheAxisForNoNode) {
  const Circuit circuit = read_lines("V1 a 0 1\n.print tran TIME v(a)\n.print ac frequency v(a)\n");
  ASSERT_EQ(circuit.outputs.size(), 2U);
  EXPECT_EQ(circuit.outputs[0].label, "v(a)");
  EXPECT_EQ(circuit.outputs[1].label, "v(a)");
  EXPECT_EQ(read_lines("V1 time 0 1\n.print tran time\n").outputs.at(0).label, "v(time)");
}

// HSPICE's bare r and LTspice's repeat forever play all points again: what r=0 does.
TEST(Dialects, RepeatPointsForever) {
  const auto repeated = [](Dialect dialect, const std::string& waveform) {
    const Circuit circuit = read_as(dialect, "V1 a 0 " + waveform + "\n");
    const SourceFunction& source = element(circuit.voltage_sources, "v1").function;
    EXPECT_DOUBLE_EQ(source.value(0.5), 0.5) << waveform;
    EXPECT_DOUBLE_EQ(source.value(2.5), 0.5) << waveform;
    EXPECT_DOUBLE_EQ(source.value(7.25), 0.75) << waveform;
    EXPECT_EQ(std::get<PiecewiseLinear>(source.shape).delay, 0);
  };
  repeated(Dialect::kNgspice, "PWL(0 0 1 1 2 0) r=0");
  repeated(Dialect::kHspice, "PWL(0 0 1 1 2 0 R)");
  repeated(Dialect::kHspice, "PWL 0 0 1 1 2 0 r td=0");
  repeated(Dialect::kLtspice, "PWL REPEAT FOREVER (0 0 +1 1 +1 0) ENDREPEAT");
  const auto fault = [](Dialect dialect, const std::string& waveform) {
    try {
      read_as(dialect, "V1 a 0 " + waveform + "\n");
    } catch (const NetlistError& error) {
      return error.diagnostics();
    }
    return std::vector<Diagnostic>();
  };
  const std::string hint = "write r=0 to repeat all of them";
  expect_fault({"", 2, 20, "'r' does not say from when on", hint},
               fault(Dialect::kNgspice, "PWL(0 0 1 1 r)"));
  expect_fault({"", 2, 20, "'repeat' does not say from when on", hint},
               fault(Dialect::kLtspice, "PWL(0 0 1 1 repeat)"));
  expect_fault({"", 2, 19, "only 'repeat forever'"},
               fault(Dialect::kLtspice, "PWL REPEAT FOR 3 (0 0 1 1) ENDREPEAT"));
  expect_fault({"", 2, 36, "'endrepeat' is expected here"},
               fault(Dialect::kLtspice, "PWL REPEAT FOREVER (0 0 1 1)"));
  expect_fault({"", 2, 16, "begins after the last point"}, fault(Dialect::kHspice, "PWL(0 0 r)"));
}

// HSPICE sweeps whole analyses, with the number of points before the ends.
TEST(Dialects, HaveSweepsOfWholeAnalyses) {
  const auto steps = [](const std::string& sweep) {
    const Circuit circuit =
        read_lines(".param p=1\nR1 a 0 {p}\n.data t p\n3\n5\n.enddata\n" + sweep);
    EXPECT_TRUE(has_warning(circuit, "a sweep is of all analyses here"));
    EXPECT_EQ(circuit.steps.at(0).targets.at(0).name, "p");
    return circuit.steps.at(0).values;
  };
  EXPECT_EQ(steps(".tran 1u 1m sweep p 1 2 0.5\n"), (std::vector<double>{1, 1.5, 2}));
  EXPECT_EQ(steps(".tran 1u 1m uic sweep p lin 3 1 2\n"), (std::vector<double>{1, 1.5, 2}));
  EXPECT_EQ(steps(".ac dec 1 1 10 sweep p dec 1 1 100\n").size(), 3U);
  EXPECT_EQ(steps(".dc r1 1 2 1 sweep p poi 2 7 9\n"), (std::vector<double>{7, 9}));
  EXPECT_EQ(steps(".tran 1u 1m sweep data=t\n"), (std::vector<double>{3, 5}));
  expect_fault({"", 3, 19, "'monte' is not supported here", "there is .mc"},
               faults_of("R1 a 0 1\n.tran 1u 1m sweep monte=10\n"));
  expect_fault({"", 3, 26, "poi 3 is followed by 2 values"},
               faults_of("R1 a 0 1\n.tran 1u 1m sweep r1 poi 3 1 2\n"));
  expect_fault({"", 3, 26, "poi 2 is followed by 3 values"},
               faults_of("R1 a 0 1\n.tran 1u 1m sweep r1 poi 2 1 1.2 1.4\n"));
}

TEST(Dialects, HaveSweepsOfCountedValues) {
  const Circuit circuit = read_lines(
      "V1 a 0 1\nV2 b 0 1\nR1 a b 1\n.dc v1 poi 3 0 1 5 v2 poi 2 7 9 sweep r1 poi 2 1 2\n"
      ".step v2 poi 1 4\n");
  const auto& dc = std::get<DcAnalysis>(circuit.analyses.at(0).what);
  EXPECT_EQ(dc.sweeps.at(0).values, (std::vector<double>{0, 1, 5}));
  EXPECT_EQ(dc.sweeps.at(1).values, (std::vector<double>{7, 9}));
  EXPECT_EQ(circuit.steps.at(0).values, (std::vector<double>{1, 2}));
  EXPECT_EQ(circuit.steps.at(1).values, (std::vector<double>{4}));
}

TEST(Dialects, HaveHspicesNamesOfControlledSources) {
  const Circuit circuit = read_as(Dialect::kHspice,
                                  "V1 a 0 1\nE1 b 0 VCVS a 0 2\nE2 c 0 a 0 gain=3\n"
                                  "G1 d 0 VCCS a 0 4\nF1 e 0 CCCS V1 5\nH1 f 0 CCVS V1 6\n");
  EXPECT_EQ(element(circuit.vcvs, "e1").gain, 2);
  EXPECT_EQ(element(circuit.vcvs, "e2").gain, 3);
  EXPECT_EQ(element(circuit.vccs, "g1").gain, 4);
  EXPECT_EQ(element(circuit.cccs, "f1").gain, 5);
  EXPECT_EQ(element(circuit.ccvs, "h1").gain, 6);
}

// A capacitor or inductor that is a whole part, as LTspice writes it.
TEST(Dialects, HavePartsWithParasitics) {
  const Circuit circuit = read_lines(
      "C1 a 0 1u Rser=2 Lser=3n Rpar=4meg Cpar=5p m=2 tol=10\nL1 a b 6u Rser=7 Rpar=8k Cpar=9p\n"
      "V1 a 0 1 Rser=10 Cpar=11p\n");
  const NodeId a = *circuit.nodes.find("a");
  const Capacitor& c = element(circuit.capacitors, "c1");
  const Resistor& c_series = element(circuit.resistors, "c1.rser");
  const Inductor& c_inductance = element(circuit.inductors, "c1.lser");
  EXPECT_DOUBLE_EQ(c.farads, 2e-6);
  EXPECT_EQ(c_series.p, a);
  EXPECT_EQ(c_series.n, c_inductance.p);
  EXPECT_EQ(c_inductance.n, c.p);
  EXPECT_EQ(c.n, 0);
  EXPECT_DOUBLE_EQ(c_series.ohms, 1);  // of two in parallel
  EXPECT_DOUBLE_EQ(c_inductance.henries, 1.5e-9);
  EXPECT_DOUBLE_EQ(element(circuit.resistors, "c1.rpar").ohms, 2e6);
  EXPECT_EQ(element(circuit.resistors, "c1.rpar").p, a);
  EXPECT_DOUBLE_EQ(element(circuit.capacitors, "c1.cpar").farads, 10e-12);
  const Inductor& l = element(circuit.inductors, "l1");
  EXPECT_EQ(element(circuit.resistors, "l1.rser").n, l.p);
  EXPECT_EQ(element(circuit.resistors, "l1.rpar").p, a);
  EXPECT_EQ(element(circuit.capacitors, "l1.cpar").n, *circuit.nodes.find("b"));
  const IndependentSource& v = element(circuit.voltage_sources, "v1");
  EXPECT_EQ(element(circuit.resistors, "v1.rser").n, v.p);
  EXPECT_EQ(element(circuit.capacitors, "v1.cpar").p, a);
  EXPECT_TRUE(has_warning(circuit, "'tol' has no effect here"));
  expect_fault({"", 2, 16, "rser is negative"}, faults_of("C1 a 0 1u Rser=-1\n"));
}

TEST(Dialects, HaveLibrariesWithoutSections) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "parts.lib", "* parts\n.model dm d(is=1e-14)\n");
  testing::write_text(folder / "deck.cir",
                      "title\n.lib parts.lib\n.lib C:\\LTspice\\lib\\standard.dio\n"
                      "D1 a 0 dm\nV1 a 0 SINE(0 1 1k)\n.backanno\n");
  const Circuit circuit = load(folder / "deck.cir", {Dialect::kLtspice, {}});
  EXPECT_EQ(circuit.diodes.size(), 1U);
  EXPECT_TRUE(has_warning(circuit, "this library comes with LTspice"));
  EXPECT_TRUE(std::holds_alternative<Sine>(circuit.voltage_sources.rows.at(0).function.shape));
  EXPECT_THROW(load(folder / "deck.cir"), NetlistError);
  testing::write_text(folder / "deck.cir", "title\n.lib amplifier.sub\n");
  try {
    load(folder / "deck.cir", {Dialect::kLtspice, {}});
    FAIL();
  } catch (const NetlistError& error) {
    EXPECT_EQ(error.diagnostics().at(0).message, "there is no file 'amplifier.sub'");
  }
}

TEST(Dialects, DifferInInitialVoltagesOfCapacitors) {
  const std::string lines = "C1 a 0 1n ic=2\nC2 0 b 1n ic=3\nC3 a b 1n ic=1\nR1 a b 1k\n";
  const Circuit xyce = read_as(Dialect::kXyce, lines);
  EXPECT_EQ(xyce.initial_conditions.at(*xyce.nodes.find("a")), 2);
  EXPECT_EQ(xyce.initial_conditions.at(*xyce.nodes.find("b")), -3);
  EXPECT_TRUE(has_warning(xyce, "neither node is ground"));
  EXPECT_TRUE(read_as(Dialect::kNgspice, lines).initial_conditions.empty());
}

TEST(Dialects, HaveXycesGlobalNodesAndPreprocessing) {
  const std::string lines =
      "V1 $G_vdd 0 1\nX1 a s\n.subckt s n\nR1 $G_vdd n 1k\n.ends\n"
      ".preprocess replaceground true\n.preprocess removeunused r,c\n";
  const Circuit xyce = read_as(Dialect::kXyce, lines);
  EXPECT_EQ(element(xyce.resistors, "x1.r1").p, xyce.nodes.find("$g_vdd"));
  ASSERT_EQ(xyce.warnings.size(), 1U);
  EXPECT_TRUE(has_warning(xyce, ".preprocess removeunused has no effect here"));
  const Circuit ngspice = read_as(Dialect::kNgspice, lines);
  EXPECT_NE(element(ngspice.resistors, "x1.r1").p, ngspice.nodes.find("$g_vdd"));
}

TEST(Dialects, DifferInTimesWithASign) {
  const Circuit circuit = read_as(Dialect::kLtspice, "V1 a 0 PWL(0 0 +1n 1 +2n 2 4n 3)\n");
  const auto& shape = std::get<PiecewiseLinear>(circuit.voltage_sources.rows.at(0).function.shape);
  ASSERT_EQ(shape.time.size(), 4U);
  EXPECT_DOUBLE_EQ(shape.time[1], 1e-9);
  EXPECT_DOUBLE_EQ(shape.time[2], 3e-9);
  EXPECT_DOUBLE_EQ(shape.time[3], 4e-9);
  EXPECT_THROW(read_as(Dialect::kNgspice, "V1 a 0 PWL(0 0 +1n 1 +1n 2)\n"), NetlistError);
}

TEST(Dialects, HavePathsOfWindows) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "parts");
  testing::write_text(folder / "parts" / "r.inc", "R1 a 0 2k\n");
  testing::write_text(folder / "deck.cir", "title\n.include parts\\r.inc\n");
  EXPECT_EQ(load(folder / "deck.cir").resistors.size(), 1U);
}

TEST(Dialects, AreChosenByAnOption) {
  const std::string lines = "V1 a 0 {log(100)}\n.options reltol=1e-4 dialect=xyce\n";
  EXPECT_NEAR(read_lines(lines).voltage_sources.rows[0].function.dc, 2, 1e-12);
  // What the caller says prevails.
  EXPECT_NEAR(read_as(Dialect::kHspice, lines).voltage_sources.rows[0].function.dc, 4.6, 0.01);
  expect_fault({"", 2, 18, "there is no dialect 'pspice'"}, faults_of(".options dialect=pspice\n"));
}

}  // namespace
}  // namespace wordline
