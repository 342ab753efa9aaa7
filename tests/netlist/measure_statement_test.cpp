// What .measure and the outputs refuse, with its place.

#include <vector>

#include "decks.hpp"

namespace wordline {
namespace {

const std::vector<FaultyLines> kCases = {
    {".meas tran", 2, 11, "the line ends where the name of the measure is expected"},
    {".meas tran x", 2, 13, "the line ends where what is measured is expected"},
    {".meas tran x mx v(a)", 2, 14, "'mx' is nothing that can be measured", "did you mean 'max'?"},
    {".meas tran x max", 2, 17, "the line ends where a signal or a number is expected"},
    {".meas tran x max v(a) frim=1", 2, 23, "'frim' is not expected here", "did you mean 'from'?"},
    {".meas tran x max vx(a)", 2, 18, "the function 'vx' is not supported"},
    {".meas tran x max v(a) from=v(a)", 2, 28, "from is a number, not a signal"},
    {".meas tran x max v(a) from={q}", 2, 29, "there is no parameter 'q'"},
    {".meas tran x when v(a)", 2, 23, "the line ends where '=' is expected"},
    {".meas tran x when v(a)=1 rise=0", 2, 31, "rise = 0 is no number of a crossing"},
    {".meas tran x when v(a)=1 rise=1.5", 2, 31, "rise = 1.5 is no number of a crossing"},
    {".meas tran x find v(a)", 2, 23, "WHEN or AT= is expected here"},
    {".meas tran x trig v(a) val=1", 2, 29, "TARG is expected here"},
    {".meas tran x trig v(a) rise=1 targ v(a) val=1", 2, 31, "trig needs VAL= or AT="},
    {".meas tran x param='v(a)'", 2, 21, "param is of measures and parameters alone"},
    {".meas tran x param='y+1'", 2, 21, "there is no parameter 'y'"},
    {".meas tran x max v(a)\n.meas tran X min v(a)", 3, 12, "there is already a measure 'X'"},
    {".meas dc x max v(a)\n.meas tran y param='x'", 3, 21, "there is no parameter 'x'"},
    {".print op {v(*)}", 2, 12, "an expression takes no wildcards"},
    {".print op vx(a)", 2, 11, "'vx(...)' is not supported as an output"},
    {".print op n(m1)", 2, 13, "'m1' is not of the form device:state"},
    {".print op v()", 2, 13, "a node is expected here"},
    {".print op v(a b)", 2, 14, "'a b' is no name of a node"},
    {".print op x=v(a)", 2, 13, "an expression is expected here", "write {expression}"},
    {".print op {v(a}", 2, 15, "the expression ends where ')' is expected"},
};

TEST(MeasureStatement, RefusesWhatItDoesNotUnderstand) {
  for (const FaultyLines& c : kCases) expect_fault(c, faults_of(c.lines));
}

// One without an analysis is of the deck's, if there is a single one, and knows its measures.
TEST(MeasureStatement, IsOfTheOnlyAnalysis) {
  const std::string lines =
      "v1 a 0 1\n.op\n.meas tran x max v(a)\n.meas y param='2*x'\n.tran 1n 1u\n";
  EXPECT_EQ(read_lines(lines).measures.at(1).analysis, "tran");
  expect_fault({lines, 5, 18, "there is no parameter 'x'"}, faults_of(lines + ".ac dec 1 1 10\n"));
}

TEST(PrintStatement, KnowsStatesUnderXycesNames) {
  const Circuit circuit = read_lines(".print tran n(ymemristor!mr1_x) n(ymemristor!mr_2:x)\n");
  EXPECT_EQ(circuit.outputs.at(0).first, "mr1");
  EXPECT_EQ(circuit.outputs.at(0).second, "x");
  EXPECT_EQ(circuit.outputs.at(1).first, "mr_2");
}

TEST(PrintStatement, WarnsOfAnOutputThatMayBeMeantAsADifference) {
  const std::string elements = "v1 a 0 1\nr1 a b 1\nr2 b 0 1\n";
  EXPECT_TRUE(
      has_warning(read_lines(elements + ".print tran v(a) -v(b)\n"), "an output of its own"));
  EXPECT_TRUE(read_lines(elements + ".print tran v(a)-v(b)\n").warnings.empty());
  EXPECT_TRUE(read_lines(elements + ".print tran -v(b) v(a)\n").warnings.empty());
}

TEST(PrintStatement, WarnsOfSettingsOfOtherSimulators) {
  const Circuit circuit = read_lines("v1 a 0 1\n.print tran format=csv file=x.csv v(a)\n");
  EXPECT_EQ(circuit.outputs.size(), 1u);
  EXPECT_TRUE(has_warning(circuit, "'format' has no effect here"));
}

}  // namespace
}  // namespace wordline
