// `.crossbar`: what it reads, what it reports.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "decks.hpp"
#include "shell.hpp"

namespace wordline {
namespace {

const std::string kModels =
    ".model cell memristor type=vteam ron=1k roff=100k xon=0 xoff=3n\n"
    ".model sel nmos level=1\n"
    ".param n=4\n";

Circuit read_array(const std::string& arguments) {
  return read_lines(kModels + ".crossbar xb " + arguments + "\n");
}

TEST(CrossbarStatement, DefaultsAreThoseOfTheManual) {
  const Circuit circuit = read_array("rows={n} cols=3 cell=1r memristor=cell");
  ASSERT_EQ(circuit.crossbars.size(), 1u);
  const Crossbar& xb = circuit.crossbars[0];
  EXPECT_EQ(xb.name, "xb");
  EXPECT_EQ(xb.rows, 4);
  EXPECT_EQ(xb.cols, 3);
  EXPECT_EQ(xb.cell, CellKind::k1R);
  for (const ArrayLine* line : {&xb.word, &xb.bit}) {
    EXPECT_EQ(line->segment, 1);
    EXPECT_EQ(line->driver, 0);
    EXPECT_EQ(line->capacitance, 0);
    EXPECT_EQ(line->driven, DrivenEnds::kFirst);
  }
  EXPECT_EQ(xb.word.bus.size(), 4u);
  EXPECT_EQ(circuit.nodes[xb.word.bus[3]], "wl[3]");
  EXPECT_EQ(circuit.nodes[xb.bit.bus[2]], "bl[2]");
  EXPECT_TRUE(xb.values.empty());
}

TEST(CrossbarStatement, EveryKeyHasItsPlace) {
  const Circuit circuit = read_array(
      "rows=2 cols=3 cell=1T1R memristor=cell transistor=sel w=2u l=0.2u bulk=well flip=1\n"
      "+ wl=a bl=b sl=c r_wl=2 r_bl=3 r_sl=4 rs_wl=20 rs_bl=30 rs_sl=40 c_wl=1f c_bl=2f c_sl=3f\n"
      "+ ends_wl=last ends_bl=both ends_sl=first sl_along=columns v_read=0.2 x0=1n");
  const Crossbar& xb = circuit.crossbars.at(0);
  EXPECT_EQ(xb.cell, CellKind::k1T1R);
  EXPECT_EQ(xb.width, 2e-6);
  EXPECT_DOUBLE_EQ(xb.length, 0.2e-6);
  EXPECT_EQ(circuit.nodes[xb.bulk], "well");
  EXPECT_TRUE(xb.flip);
  EXPECT_EQ(circuit.nodes[xb.word.bus[1]], "a[1]");
  EXPECT_EQ(circuit.nodes[xb.bit.bus[2]], "b[2]");
  EXPECT_TRUE(xb.source_along_columns);
  ASSERT_EQ(xb.source.bus.size(), 3u);
  EXPECT_EQ(circuit.nodes[xb.source.bus[2]], "c[2]");
  EXPECT_EQ(xb.word.segment, 2);
  EXPECT_EQ(xb.bit.segment, 3);
  EXPECT_EQ(xb.source.segment, 4);
  EXPECT_EQ(xb.word.driver, 20);
  EXPECT_EQ(xb.bit.driver, 30);
  EXPECT_EQ(xb.source.driver, 40);
  EXPECT_DOUBLE_EQ(xb.source.capacitance, 3e-15);
  EXPECT_EQ(xb.word.driven, DrivenEnds::kLast);
  EXPECT_EQ(xb.bit.driven, DrivenEnds::kBoth);
  EXPECT_EQ(xb.source.driven, DrivenEnds::kFirst);
  EXPECT_EQ(xb.v_read, 0.2);
  EXPECT_EQ(xb.values, std::vector<double>{1e-9});
  EXPECT_FALSE(xb.values_are_conductances);
}

TEST(CrossbarStatement, SelectorsStandBehindMemristors) {
  const Circuit circuit =
      compile_crossbars(read_array("rows=2 cols=3 memristor=cell selector=cell r_wl=0 r_bl=0"));
  const MemristorElement& memristor = element(circuit.memristors, "xb.m[1,2]");
  const MemristorElement& selector = element(circuit.memristors, "xb.s[1,2]");
  EXPECT_EQ(circuit.memristors.size(), 12u);
  EXPECT_EQ(circuit.nodes[memristor.p], "wl[1]");
  EXPECT_EQ(circuit.nodes[memristor.n], "xb.n[1,2]");
  EXPECT_EQ(selector.p, memristor.n);
  EXPECT_EQ(circuit.nodes[selector.n], "bl[2]");
  EXPECT_TRUE(std::isnan(selector.state));
}

TEST(CrossbarStatement, ValuesMayDependOnRowAndColumn) {
  const Circuit circuit =
      read_array("rows=2 cols=3 cell=1r memristor=cell g={20u + 10u*row + 1u*col}");
  const Crossbar& xb = circuit.crossbars.at(0);
  EXPECT_TRUE(xb.values_are_conductances);
  ASSERT_EQ(xb.values.size(), 6u);
  const std::vector<double> expected = {20e-6, 21e-6, 22e-6, 30e-6, 31e-6, 32e-6};
  for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(xb.values[k], expected[k], 1e-18);
}

TEST(CrossbarStatement, ValuesMayComeFromAFileBesideTheDeck) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "g.csv", "1e-5, 2e-5\n3e-5, 4e-5\n5e-5, 6e-5\n");
  testing::write_text(
      folder / "deck.cir",
      "title\n" + kModels +
          ".crossbar xb rows=3 cols=2 cell=1r memristor=cell g=\"g.csv\"\n"
          ".crossbar yb rows=3 cols=3 cell=1r memristor=cell g=\"g.csv\" wl=r bl=c\n");
  try {
    load(folder / "deck.cir");
    FAIL() << "the second array does not fit";
  } catch (const NetlistError& error) {
    ASSERT_EQ(error.diagnostics().size(), 1u);
    const Diagnostic& fault = error.diagnostics()[0];
    EXPECT_EQ(fault.message, "g.csv holds 3 x 2 numbers for an array of 3 x 3 cells");
    EXPECT_EQ(fault.where.line, 6);
  }
  testing::write_text(
      folder / "deck.cir",
      "title\n" + kModels + ".crossbar xb rows=3 cols=2 cell=1r memristor=cell g=\"g.csv\"\n");
  EXPECT_EQ(load(folder / "deck.cir").crossbars.at(0).values,
            (std::vector<double>{1e-5, 2e-5, 3e-5, 4e-5, 5e-5, 6e-5}));
}

TEST(CrossbarStatement, NodesInsideTheArrayCanBeUsedByOtherElements) {
  const Circuit circuit = read_array(
      "rows=2 cols=2 cell=1t1r memristor=cell transistor=sel\n"
      "Rleak xb.n[1,1] 0 1meg\nBcopy out 0 V=v(xb.wl[1,1])");
  const Circuit compiled = compile_crossbars(circuit);
  EXPECT_EQ(compiled.nodes.size(), circuit.nodes.size());
  const MosfetInstance& t =
      compiled.mosfets.rows[static_cast<std::size_t>(*compiled.mosfets.names.find("xb.t[1,1]"))];
  EXPECT_EQ(element(compiled.resistors, "rleak").p, t.drain);
  EXPECT_EQ(compiled.behavioural.rows[0].value.inputs()[0].p, t.gate);
}

TEST(CrossbarStatement, MayStandInASubcircuit) {
  const Circuit circuit =
      read_lines(kModels +
                 ".subckt tile in out\n.crossbar xb rows=2 cols=1 cell=1r memristor=cell x0={h}\n"
                 ".param h=1n\nR0 wl[0] in 1\nR1 wl[1] in 1\nRb bl[0] out 1\n.ends\n"
                 "X1 a b tile\nX2 b c tile\n");
  ASSERT_EQ(circuit.crossbars.size(), 2u);
  EXPECT_EQ(circuit.crossbars[1].name, "x2.xb");
  EXPECT_EQ(circuit.nodes[circuit.crossbars[1].word.bus[1]], "x2.wl[1]");
  EXPECT_EQ(element(circuit.resistors, "x2.r1").p, circuit.crossbars[1].word.bus[1]);
  EXPECT_EQ(compile_crossbars(circuit).memristors.size(), 4u);
}

TEST(CrossbarStatement, ABusCanBeSharedByName) {
  const Circuit circuit =
      read_lines(kModels +
                 ".crossbar a rows=2 cols=2 cell=1r memristor=cell bl=ba\n"
                 ".crossbar b rows=2 cols=2 cell=1r memristor=cell wl=wl bl=bb\n");
  EXPECT_EQ(circuit.crossbars.at(0).word.bus, circuit.crossbars.at(1).word.bus);
}

struct Case {
  std::string arguments;
  std::string message;  // a part of it
  std::string hint = {};
};

TEST(CrossbarStatement, FaultsAreLocatedAndSayWhatWouldBeRight) {
  const std::string good = "rows=2 cols=2 cell=1r memristor=cell ";
  const std::string with_transistor = "rows=2 cols=2 cell=1t1r memristor=cell transistor=sel ";
  const std::vector<Case> cases = {
      {good + "r_wll=1", "an array has no 'r_wll'", "did you mean 'r_wl'?"},
      {good + "rows=3", "'rows' is given twice"},
      {"rows=0 cols=2 memristor=cell", "rows must be a whole number from 1 on, not 0"},
      {"rows=2.5 cols=2 memristor=cell", "rows must be a whole number from 1 on, not 2.5"},
      {"rows=-1 cols=2 memristor=cell", "rows must be a whole number from 1 on"},
      {"rows=1e9 cols=2 memristor=cell", "at most 16777216 cells, and rows = 1000000000"},
      {"rows=1e5 cols=1e5 memristor=cell", "an array has at most 16777216 cells"},
      {"cols=2 memristor=cell", "the array xb needs rows="},
      {"rows=2 cols=2", "the array xb needs memristor="},
      {"rows=2 cols=2 memristor=sel", "the model 'sel' is of kind nmos, not memristor"},
      {"rows=2 cols=2 memristor=celll", "there is no model 'celll'", "did you mean 'cell'?"},
      {"rows=2 cols=2 cell=2t1r memristor=cell", "'2t1r' is no choice for cell",
       "one of: 1r, 1t1r"},
      {"rows=2 cols=2 cell=1t1r memristor=cell", "the array xb needs transistor="},
      {good + "transistor=sel", "'transistor' is for cells with a transistor"},
      {good + "rs_sl=1", "'rs_sl' is for cells with a transistor"},
      {with_transistor + "w=0", "w must be positive"},
      {with_transistor + "selector=cell", "1t1r cells have a transistor in place of a selector"},
      {good + "selector=sel", "is of kind nmos, not memristor"},
      {with_transistor + "sl_along=diagonals", "'diagonals' is no choice for sl_along",
       "one of: rows, columns"},
      {good + "ends_wl=none", "'none' is no choice for ends_wl", "one of: first, last, both"},
      {good + "rs_bl=-1", "rs_bl must not be negative"},
      {good + "x0=1n g=1u", "x0 and g cannot both be given"},
      {good + "x0=5n", "the cells cannot have x0 = 5e-09: model cell has states from 0 to 3e-09 m"},
      {good + "x0={row*4n}", "cell [1,0] cannot have x0 = 4e-09"},
      {good + "g=1", "the cells cannot have g = 1: model cell conducts 1e-05 to 0.001 S at v_read"},
      {good + "g={row == 1 && col == 1 ? 1 : 20u}", "cell [1,1] cannot have g = 1"},
      {good + "x0={roww}", "there is no parameter 'roww'"},
      {good + "x0=\"no_such.csv\"", "there is no file 'no_such.csv'"},
      {good + "extra", "'extra' is not expected here"},
      {good + "\n.crossbar xb " + good + "wl=u bl=v", "there is already an array of this name"},
      {good + "\n.crossbar yb " + good, "the arrays xb and yb would share the bus wl",
       "name the buses of both: wl=...; with wl=wl they share it"},
  };
  for (const Case& c : cases) {
    const std::vector<Diagnostic> faults = faults_of(kModels + ".crossbar xb " + c.arguments);
    ASSERT_EQ(faults.size(), 1u) << c.arguments;
    EXPECT_NE(faults[0].message.find(c.message), std::string::npos) << faults[0].format();
    EXPECT_EQ(faults[0].hint.find(c.hint), 0u) << faults[0].format();
    EXPECT_GE(faults[0].where.line, 5) << faults[0].format();
    EXPECT_GT(faults[0].where.column, 0) << faults[0].format();
  }
}

TEST(CrossbarStatement, CannotStandInParallelInstances) {
  const auto faults = faults_of(kModels +
                                ".subckt t a\n.crossbar xb rows=2 cols=2 memristor=cell\n.ends\n"
                                "X1 a t m=2\n");
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_NE(faults[0].message.find("with m other than 1"), std::string::npos);
}

}  // namespace
}  // namespace wordline
