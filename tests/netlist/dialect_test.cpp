// What a netlist means to Xyce, LTspice and HSPICE, where they differ.
#include "decks.hpp"

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
      "B1 b 0 V={v(x1:n)}\nR3 b 0 1\n.tran 1n 4u\n.print tran v(X1:n)\n";
  const Circuit xyce = read_as(Dialect::kXyce, lines);
  EXPECT_EQ(xyce.outputs.at(0).first, "x1.n");
  EXPECT_FALSE(xyce.nodes.find("x1:n").has_value());
  const auto rise = [](const Circuit& circuit) {
    return std::get<Pulse>(circuit.voltage_sources.rows.at(0).function.shape).rise;
  };
  EXPECT_LE(rise(xyce), 1e-15);
  EXPECT_DOUBLE_EQ(rise(read_as(Dialect::kNgspice, lines)), 1e-9);
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
