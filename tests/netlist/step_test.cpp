// .step, .data and circuits that are read with other values
#include "decks.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

double ohms(const Circuit& circuit, const std::string& name) {
  return element(circuit.resistors, name).ohms;
}

std::vector<double> values_of(const std::string& statement, const std::string& others = "") {
  const Circuit circuit = read_lines(others + "R1 a 0 1k\n" + statement + "\n");
  return circuit.steps.at(0).values;
}

TEST(Step, HasTheSpacingsOfSweeps) {
  EXPECT_EQ(values_of(".step r1 1 2 0.5"), (std::vector<double>{1, 1.5, 2}));
  EXPECT_EQ(values_of(".step lin r1 1 2 1"), (std::vector<double>{1, 2}));
  EXPECT_EQ(values_of(".step r1 list 1k 2k {5*1k}"), (std::vector<double>{1e3, 2e3, 5e3}));
  EXPECT_EQ(values_of(".step oct r1 1 4 1"), (std::vector<double>{1, 2, 4}));
  EXPECT_EQ(values_of(".step r1 oct 1 4 1"), (std::vector<double>{1, 2, 4}));
  EXPECT_EQ(values_of(".step dec param p 1 100 1", ".param p=1\n").size(), 3);
}

TEST(Step, GivesParametersTheirValues) {
  const Circuit circuit =
      read_lines(".param r=1 twice={2*r}\nR1 a 0 {twice}\n.step param r list 3 4\n");
  ASSERT_EQ(step_count(circuit), 2);
  EXPECT_EQ(ohms(circuit, "r1"), 2);
  EXPECT_EQ(ohms(at_step(circuit, 0), "r1"), 6);
  EXPECT_EQ(ohms(at_step(circuit, 1), "r1"), 8);
  EXPECT_TRUE(at_step(circuit, 1).steps.empty());
}

TEST(Step, MayDefineItsParameter) {
  const Circuit circuit = read_lines("R1 a 0 {r}\n.step param r 5 7 1\n");
  EXPECT_EQ(ohms(circuit, "r1"), 5);
  EXPECT_EQ(ohms(at_step(circuit, 2), "r1"), 7);
}

TEST(Step, ReadsItsValuesFromAFile) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "values.txt", "* ohms\n1k 2k ; two of them\n\n{2*1.5k},4000\n");
  const auto deck = [&](const std::string& lines) {
    testing::write_text(folder / "deck.cir", "title\n" + lines + "\n");
    return load(folder / "deck.cir");
  };
  const std::vector<double> expected = {1e3, 2e3, 3e3, 4e3};
  EXPECT_EQ(deck("R1 a 0 1\n.step r1 file=values.txt").steps.at(0).values, expected);
  // A parameter that is defined nowhere else has the first.
  const Circuit circuit = deck("R1 a 0 {r}\n.step param r file=\"values.txt\"");
  EXPECT_EQ(ohms(circuit, "r1"), 1e3);
  EXPECT_EQ(ohms(at_step(circuit, 3), "r1"), 4e3);
}

TEST(Step, IsMadeOfSeveralTemperatures) {
  const Circuit circuit = read_lines("R1 a 0 1k tc1=1m\n.temp -40 27 85\n");
  EXPECT_EQ(circuit.options.temperature, -40);
  ASSERT_EQ(step_count(circuit), 3U);
  EXPECT_EQ(at_step(circuit, 2).options.temperature, 85);
  EXPECT_TRUE(read_lines("R1 a 0 1k\n.temp 85\n").steps.empty());
}

TEST(Step, HasTheTemperaturesOfAllLines) {
  const auto temperatures = [](const std::string& lines) {
    const Circuit circuit = read_lines("R1 a 0 1k\n" + lines);
    return circuit.steps.empty() ? std::vector{circuit.options.temperature}
                                 : circuit.steps.at(0).values;
  };
  EXPECT_EQ(temperatures(".temp -40 25\n.temp 125\n"), (std::vector<double>{-40, 25, 125}));
  EXPECT_EQ(temperatures(".temp 125\n.temp -40 25\n"), (std::vector<double>{125, -40, 25}));
  EXPECT_EQ(temperatures(".temp 25\n.temp 85\n"), (std::vector<double>{25, 85}));
  EXPECT_EQ(temperatures(".temp 85\n.temp 85\n"), (std::vector<double>{85}));
  // Settings are read again where branches may hold some.
  EXPECT_EQ(temperatures(".temp 25 50\n.if (1)\n.temp 85\n.endif\n"),
            (std::vector<double>{25, 50, 85}));
  // ngspice keeps the last.
  EXPECT_TRUE(has_warning(read_lines(".temp 25\n.temp 85\n"), "ngspice takes the last"));
  EXPECT_FALSE(has_warning(read_lines(".temp 25 85\n"), "ngspice takes the last"));
  const Circuit hspice = parse("title\n.temp 25\n.temp 85\n", "deck.cir", {Dialect::kHspice});
  EXPECT_TRUE(hspice.warnings.empty());
}

TEST(Step, ReachesIntoSubCircuits) {
  const Circuit circuit = read_lines(
      ".param w=1\n.subckt s a k=1\nR1 a 0 {k*w}\nR2 a 0 1k\n.ends\nX1 a s k=10\nX2 a s\n"
      ".step w list 2\n.step x2.r2 list 50\n");
  const Circuit one = at_step(circuit, 0);
  EXPECT_EQ(ohms(one, "x1.r1"), 20);
  EXPECT_EQ(ohms(one, "x1.r2"), 1000);
  EXPECT_EQ(ohms(one, "x2.r2"), 50);
}

TEST(Step, GivesElementsTheirMainValue) {
  const Circuit circuit = read_lines(
      "R1 a b 1k m=2\nR2 a b r={2*3}\nC1 a 0 1n ic=2\nL1 a c 1u\nL2 c 0 1u\nK1 L1 L2 0.5\n"
      "V1 a 0 1\nV2 b 0 SIN(0 1 1k)\nV3 d 0 DC 1 PULSE(0 1 0 1n 1n 1u 2u)\nI1 a 0 {3m}\n"
      "E1 e 0 a b 2\nF1 e 0 V1 3\n"
      ".step r1 list 10\n.step r2 list 11\n.step c1 list 12\n.step l1 list 13\n.step k1 list 0.14\n"
      ".step v1 list 15\n.step v2 list 16\n.step v3 list 17\n.step i1 list 18\n.step e1 list 19\n"
      ".step f1 list 20\n");
  const Circuit one = at_step(circuit, 0);
  EXPECT_EQ(ohms(one, "r1"), 5);  // two of ten ohm in parallel
  EXPECT_EQ(ohms(one, "r2"), 11);
  EXPECT_EQ(element(one.capacitors, "c1").farads, 12);
  EXPECT_EQ(element(one.capacitors, "c1").initial, 2);
  EXPECT_EQ(element(one.inductors, "l1").henries, 13);
  EXPECT_EQ(element(one.mutuals, "k1").coupling, 0.14);
  EXPECT_EQ(element(one.voltage_sources, "v1").function.dc, 15);
  EXPECT_EQ(element(one.voltage_sources, "v2").function.dc, 16);
  EXPECT_FALSE(element(one.voltage_sources, "v2").function.is_dc());
  EXPECT_EQ(element(one.voltage_sources, "v3").function.dc, 17);
  EXPECT_EQ(element(one.current_sources, "i1").function.dc, 18);
  EXPECT_EQ(element(one.vcvs, "e1").gain, 19);
  EXPECT_EQ(element(one.cccs, "f1").gain, 20);
}

TEST(Step, ReachesParametersOfModels) {
  for (const std::string target : {"n1(vto)", "nmos n1(vto)", "n1:vto"}) {
    const Circuit circuit =
        read_lines(".model n1 nmos (vto=1 kp=2e-5) ; a card\nM1 d g 0 0 n1\n.step " + target +
                   " list 0.5 0.7\n");
    const ModelCard card = at_step(circuit, 1).models.at(0);
    EXPECT_EQ(card.values.at(static_cast<std::size_t>(card.type->find("vto"))), 0.7) << target;
    EXPECT_EQ(card.values.at(static_cast<std::size_t>(card.type->find("kp"))), 2e-5) << target;
    EXPECT_EQ(step_values(circuit, 1)[0].target.label(), "n1(vto)");
  }
}

TEST(Step, SetsTheTemperature) {
  const Circuit circuit =
      read_lines(".temp 30\n.param t={temper}\nR1 a 0 {t}\n.step temp list -40 125\n");
  EXPECT_EQ(ohms(circuit, "r1"), 30);
  EXPECT_EQ(ohms(at_step(circuit, 1), "r1"), 125);
  EXPECT_EQ(at_step(circuit, 1).options.temperature, 125);
}

TEST(Step, DecidesConditions) {
  const Circuit circuit =
      read_lines(".param k=0\n.if (k)\nR1 a 0 1\n.else\nR2 a 0 1\n.endif\n.step k 0 1 1\n");
  EXPECT_TRUE(at_step(circuit, 0).resistors.names.find("r2").has_value());
  EXPECT_TRUE(at_step(circuit, 1).resistors.names.find("r1").has_value());
}

TEST(Step, NestsTheFirstInnermost) {
  const Circuit circuit = read_lines(
      "R1 a 0 1\nR2 a 0 1\nR3 a 0 1\n.step r1 list 1 2 r2 list 10 20\n.step r3 list 5 6 7\n");
  ASSERT_EQ(step_count(circuit), 12);
  const auto values = step_values(circuit, 7);  // 1 + 2*1 + 4*1
  EXPECT_EQ(values.at(0).value, 2);
  EXPECT_EQ(values.at(1).value, 20);
  EXPECT_EQ(values.at(2).value, 6);
}

TEST(Step, TakesTheRowsOfATable) {
  const Circuit circuit = read_lines(
      ".param r=1 w=1\nR1 a 0 {r}\nR2 a 0 {w}\n"
      ".data pairs r w temp\n1k 2k 10\n+ 3k {2*2k}\n20\n.enddata\n.step data=pairs\n");
  ASSERT_EQ(step_count(circuit), 2);
  const Circuit second = at_step(circuit, 1);
  EXPECT_EQ(ohms(second, "r1"), 3e3);
  EXPECT_EQ(ohms(second, "r2"), 4e3);
  EXPECT_EQ(second.options.temperature, 20);
}

TEST(Step, HasFaults) {
  const std::vector<FaultyLines> cases = {
      {".param rload=1\n.step rlod 1 2 1\n", 3, 7, "called 'rlod'", "did you mean 'rload'?"},
      {"D1 a 0 d1\n.model d1 d\n.step d1 1 2 1\n", 4, 7, "called 'd1'"},
      {"R1 a 0 1\n.step r1 1 2 -1\n", 3, 14, "does not lead from 1 to 2"},
      {"R1 a 0 1\n.step r1 list 1\n.step r1 list 2\n", 4, 7, "'r1' is stepped twice"},
      {".step nmos n2(vto) 1 2 1\n", 2, 12, "there is no model 'n2'"},
      {".step data=none\n", 2, 12, "there is no table 'none'"},
      {".data d r1\n1 2\n", 2, 7, "the table is not closed"},
      {"R1 a 0 1\n.data d r1 r2\n1 2 3\n.enddata\n", 3, 7, "3 values for rows of 2"},
      {"R1 a 0 1\n.model n1 nmos\n.step n1(nonsense) list 1\n", 3, 1, "'nonsense' is no parameter"},
      {".subckt s a\n.step r1 list 1\n.ends\n", 3, 1, "belongs outside of sub-circuits"},
      {".param x=1\nR1 a 0 {x}\n.step x 0 1e5 1\n.step temp 0 100 1\n", 5, 7, "combinations"},
  };
  for (const FaultyLines& c : cases) {
    const auto faults = faults_of(c.lines);
    if (c.message.find("nonsense") == std::string::npos) {
      expect_fault(c, faults);
    } else {
      ASSERT_FALSE(faults.empty());
      EXPECT_NE(faults.front().message.find(c.message), std::string::npos);
      EXPECT_EQ(faults.front().where.line, 3);
    }
  }
}

TEST(Variant, IsLoadedFromCode) {
  const std::string text = "title\n.param r=1\nR1 a 0 {r}\n.model n1 nmos\n";
  const Variant variant{{{{StepTarget::Kind::kParameter, "r"}, 5}}};
  EXPECT_EQ(ohms(parse(text, "deck.cir", {{}, variant}), "r1"), 5);
  const Variant wrong{{{{StepTarget::Kind::kElement, "r7"}, 5}}};
  EXPECT_THROW(parse(text, "deck.cir", {{}, wrong}), Error);
}

TEST(DcSweep, TakesWhateverHasAValue) {
  const Circuit circuit = read_lines(
      ".param k=1\nV1 a 0 1\nC1 a 0 1n\nR1 a 0 {k}\n.data d k c1\n1 2n\n3 4n\n.enddata\n"
      ".dc param k 1 3 1\n.dc data=d V1 0 1 1\n.dc c1 list 1n\n");
  const auto sweeps = [&](std::size_t k) {
    return std::get<DcAnalysis>(circuit.analyses.at(k).what).sweeps;
  };
  EXPECT_EQ(sweeps(0).at(0).target, Sweep::Target::kNetlist);
  EXPECT_EQ(sweeps(0).at(0).count(), 3);
  EXPECT_EQ(sweeps(1).at(0).netlist.targets.size(), 2);
  EXPECT_EQ(sweeps(1).at(1).target, Sweep::Target::kVoltageSource);
  EXPECT_EQ(sweeps(2).at(0).netlist.targets.at(0).name, "c1");
}

}  // namespace
}  // namespace wordline
