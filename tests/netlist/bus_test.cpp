// Lines with ranges. What a line must stand for is written out by hand in docs/netlist.md, "Buses".
#include <gtest/gtest.h>

#include <variant>

#include "decks.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

double dc(const Circuit& circuit, const std::string& source) {
  return element(circuit.voltage_sources, source).function.dc;
}

std::string node_of(const Circuit& circuit, const std::string& source) {
  return circuit.nodes[element(circuit.voltage_sources, source).p];
}

TEST(Bus, ARangeStandsForOneElementAnIndex) {
  const Circuit circuit = read_lines("Vwl wl[0:15] 0 DC 0.5\nRl wl[0:15] out[0:15] 1k\n");
  ASSERT_EQ(circuit.voltage_sources.size(), 16u);
  ASSERT_EQ(circuit.resistors.size(), 16u);
  EXPECT_EQ(node_of(circuit, "vwl[0]"), "wl[0]");
  EXPECT_EQ(node_of(circuit, "vwl[15]"), "wl[15]");
  EXPECT_EQ(dc(circuit, "vwl[7]"), 0.5);
  const Resistor& r = element(circuit.resistors, "rl[9]");
  EXPECT_EQ(circuit.nodes[r.p], "wl[9]");
  EXPECT_EQ(circuit.nodes[r.n], "out[9]");
}

TEST(Bus, RangesMayStepDescendAndBeComputed) {
  const Circuit circuit = read_lines(
      ".param n=8\nVa a[1:7:3] 0 1\nVb b[2:0] c[0:2] 1\nVc d[0:n-1] 0 1\nVd e[0:{n/4}] 0 1\n");
  EXPECT_EQ(node_of(circuit, "va[1]"), "a[1]");
  EXPECT_EQ(node_of(circuit, "va[4]"), "a[4]");
  EXPECT_EQ(node_of(circuit, "va[7]"), "a[7]");
  EXPECT_EQ(node_of(circuit, "vb[2]"), "b[2]");
  EXPECT_EQ(circuit.nodes[element(circuit.voltage_sources, "vb[2]").n], "c[0]");
  EXPECT_EQ(circuit.voltage_sources.size(), 3u + 3u + 8u + 3u);
}

TEST(Bus, ValuesDifferFromLineToLine) {
  const Circuit circuit = read_lines(
      ".param a=0.25\nVa a[0:2] 0 DC values(0.1 {a} 300m)\nVb b[4:6] 0 {0.1*line}\n"
      "Rc c[0:1] 0 values(1k, 2k)\n");
  EXPECT_EQ(dc(circuit, "va[0]"), 0.1);
  EXPECT_EQ(dc(circuit, "va[1]"), 0.25);
  EXPECT_DOUBLE_EQ(dc(circuit, "va[2]"), 0.3);
  EXPECT_DOUBLE_EQ(dc(circuit, "vb[5]"), 0.5);
  EXPECT_EQ(element(circuit.resistors, "rc[1]").ohms, 2000);
}

TEST(Bus, ValuesMayComeFromAFileBesideTheDeck) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "in.csv", "0.1,0.2,0.3\n");
  testing::write_text(folder / "deck.cir", "title\nVa a[0:2] 0 DC values(\"in.csv\")\n");
  const Circuit circuit = load(folder / "deck.cir");
  EXPECT_EQ(dc(circuit, "va[2]"), 0.3);
  testing::write_text(folder / "deck.cir", "title\nVa a[0:3] 0 DC values(\"in.csv\")\n");
  try {
    load(folder / "deck.cir");
    FAIL();
  } catch (const NetlistError& error) {
    EXPECT_EQ(error.diagnostics()[0].message, "3 values for 4 lines");
    EXPECT_EQ(error.diagnostics()[0].where.column, 24);
  }
}

TEST(Bus, SelectedLinesHaveTheirOwnWaveform) {
  const Circuit circuit = read_lines(
      "Va a[0:9] 0 DC 0.1 line(3)=PULSE(0 1.8 1n 1n 1n 50n 100n)\n"
      "+ line(0:2, 7)=PWL(0 0 {10n*(line+1)} 1) line(8)=0.4 line(9)=SIN(0 {line} 1meg)\n");
  const auto& source = [&](const std::string& name) -> const SourceFunction& {
    return element(circuit.voltage_sources, name).function;
  };
  EXPECT_TRUE(std::holds_alternative<Pulse>(source("va[3]").shape));
  EXPECT_EQ(source("va[3]").dc, 0.1);
  for (const int k : {0, 1, 2, 7}) {
    const std::string name = "va[" + std::to_string(k) + "]";
    ASSERT_TRUE(std::holds_alternative<PiecewiseLinear>(source(name).shape)) << name;
    EXPECT_DOUBLE_EQ(std::get<PiecewiseLinear>(source(name).shape).time[1], 10e-9 * (k + 1));
  }
  EXPECT_TRUE(source("va[4]").is_dc());
  EXPECT_EQ(source("va[8]").dc, 0.4);
  EXPECT_EQ(std::get<Sine>(source("va[9]").shape).amplitude, 9);
}

TEST(Bus, ASelectedWaveformReplacesTheOneOfTheLine) {
  const Circuit circuit = read_lines(
      "Va a[0:2] 0 DC 0 PULSE(0 0.9 1n 1n 1n 50n 100n) line(1)=PULSE(0 1.8 1n 1n 1n 50n 100n)\n");
  const auto high = [&](const std::string& name) {
    return std::get<Pulse>(element(circuit.voltage_sources, name).function.shape).v2;
  };
  EXPECT_EQ(high("va[0]"), 0.9);
  EXPECT_EQ(high("va[1]"), 1.8);
  EXPECT_EQ(high("va[2]"), 0.9);
}

TEST(Bus, EveryElementMayHaveRanges) {
  const Circuit circuit = read_lines(
      ".subckt half a b\nR1 a b 1k\nR2 b 0 1k\n.ends\n.model m memristor type=vteam\n"
      "X1 in[0:3] out[0:3] half\nYMEMRISTOR cell out[0:3] 0 m\n"
      "B1 sum[0:3] 0 V={line*v(in[0:3])}\nVs in[0:3] 0 1\nF1 0 k[0:3] vs[0:3] 2\n");
  EXPECT_EQ(circuit.nodes[element(circuit.resistors, "x1[2].r2").p], "out[2]");
  EXPECT_EQ(circuit.nodes[element(circuit.memristors, "cell[3]").p], "out[3]");
  const BehaviouralSource& b = element(circuit.behavioural, "b1[3]");
  const std::vector<double> inputs = {0.5};
  EXPECT_EQ(b.value.evaluate(inputs, 0, 27, {}), 1.5);
  const CurrentControlled& f = element(circuit.cccs, "f1[2]");
  EXPECT_EQ(circuit.voltage_sources.names[f.control], "vs[2]");
}

TEST(Bus, OutputsMayHaveRanges) {
  const Circuit circuit = read_lines("Va a[0:3] 0 1\n.op\n.save v(a[0:3]) i(va[1:2])\n");
  std::vector<std::string> labels;
  for (const OutputRequest& request : circuit.outputs) labels.push_back(request.label);
  EXPECT_EQ(labels, (std::vector<std::string>{"v(a[0])", "v(a[1])", "v(a[2])", "v(a[3])",
                                              "i(va[1])", "i(va[2])"}));
  EXPECT_EQ(circuit.outputs[5].first, "va[2]");
  EXPECT_EQ(read_lines(".save @xb.m[3,0:1][x] v(xb.wl[0:1,2],0)\n").outputs[1].first, "xb.m[3,1]");
}

struct Case {
  std::string line;
  int column;
  std::string message;
};

TEST(Bus, FaultsPointIntoTheLineAsWritten) {
  const std::vector<Case> cases = {
      {"Va a[0:3] b[0:2] 1", 13, "[0:2] has 3 indices, the range before has 4"},
      {"Va a[0:3] 0 values(1 2)", 13, "2 values for 4 lines"},
      {"Va a[0:3] 0 values(1 2", 13, "the parenthesis of values is not closed"},
      {"Va a[0:3:0] 0 1", 6, "steps of 0 do not lead from 0 to 3"},
      {"Va a[0:3:-1] 0 1", 6, "steps of -1 do not lead from 0 to 3"},
      {"Va a[0:] 0 1", 8, "a range is written"},
      {"Va a[0:1:1:1] 0 1", 6, "a range is written"},
      {"Va a[-2:1] 0 1", 6, "an index is not negative"},
      {"Va a[0:1.5] 0 1", 8, "1.5 is no index"},
      {"Va a[0:n] 0 1", 8, "there is no parameter 'n'"},
      {"Va a[0:2e6] 0 1", 6, "a range has at most 1048576 indices"},
      {"Va a[0:3] 0 1 line(5)=2", 20, "the range of this line has no index 5"},
      {"Va a[0:3] 0 1 line(1)=2 line(0:1)=3", 30, "the index 1 is selected twice"},
      {"Va a[0:3] 0 1 line(1) 2", 15, "lines are selected by line(3)=..."},
      {"Va a[0:3] 0 1 line(1)=", 15, "nothing stands after '='"},
      {"Va a[0:3] 0 1 line(1)=PULSE(0)", 23, "pulse takes 2 to 8 values, not 1"},
      {"Va a[0:3] 0 {1+nope}", 17, "there is no parameter 'nope'"},
      {"Ra a[0:3] 0 1k line(2)={1/0}", 27, "division by zero"},
      {"Va a[0:1] 0 1\nVa a[0:1] 0 1", 1, "there is already an element of this name"},
      {"Da a[0:1] 0 d line(1)=2\n.model d d", 20, "line(...)= is for the elements"},
  };
  for (const Case& c : cases) {
    const std::vector<Diagnostic> faults = faults_of(c.line);
    ASSERT_EQ(faults.size(), 1u) << c.line;
    EXPECT_NE(faults[0].message.find(c.message), std::string::npos) << faults[0].format();
    EXPECT_EQ(faults[0].where.column, c.column) << faults[0].format();
    EXPECT_EQ(faults[0].where.file, "deck.cir");
  }
}

}  // namespace
}  // namespace wordline
