// Models, temperatures and expressions of R, C and L, controlled sources, time functions, switches
// and lines: what becomes of them, and what is wrong with them.
#include <gtest/gtest.h>

#include <cmath>

#include "decks.hpp"

namespace wordline {
namespace {

// Below a title, so that the first line is line 2.
const std::vector<FaultyLines> kCases = {
    {"R1 a 0 1k 2k", 2, 11, "'2k' is not expected here"},
    {"R1 a 0 rm\n.model rm r()", 2, 1, "the resistance is given neither on this line nor by"},
    {"R1 a 0 cm\n.model cm c(cap=1)", 2, 8, "the model 'cm' is of kind c, not r"},
    {"R1 a 0 rm l=-1\n.model rm r(rsh=1)", 2, 13, "l = -1 must be positive"},
    {"R1 a 0 {v(a)*x}", 2, 14, "there is no parameter 'x'"},
    {"R1 a 0 {v(a)} ac=1", 2, 1, "takes no model, ic or ac"},
    {"C1 a 0 c='v(a)' ic=1", 2, 1, "takes no model, ic or ac"},
    {"C1 a 0 1n q='v(a)'", 2, 14, "both a capacitance and a charge"},
    {"L1 a 0 lm\n.model lm l()", 2, 1, "an inductance of zero"},
    {".model rm r(rshh=1)", 2, 13, "'rshh' is no parameter of a resistor", "did you mean 'rsh'?"},
    {"L1 a 0 1\nL2 b 0 1\nL3 c 0 1\nK1 L1 L2 0.9\nK2 L2 L3 0.9\nK3 L3 L1 0.1", 7, 1,
     "the couplings of l1, l2, l3 do not fit together"},
    {"L1 a 0 1\nL2 b 0 1\nL3 c 0 1\nK1 L1 L2 1\nK2 L2 L3 0.9\nK3 L3 L1 0.8", 7, 1,
     "the couplings of l1, l2, l3 do not fit together"},
    {"L1 a 0 1\nL2 b 0 1\nK1 L1 L2 0.6\nK2 L1 L2 0.6", 5, 1, "of l1, l2 do not fit together"},
    // controlled sources
    {"E1 a 0 POLY(0) b 0 1", 2, 13, "0 is no number of controls"},
    {"E1 a 0 POLY(2) b 0 c", 2, 21, "the line ends where a controlling node is expected"},
    {"E1 a 0 POLY(1) b 0", 2, 19, "the line ends where a coefficient is expected"},
    {"F1 a 0 POLY(2) V1 V2 1 2\nV1 b 0 1", 2, 19, "there is no voltage source 'V2'"},
    {"E1 a 0 TABLE {v(b)} = (0,1) (0,2)", 2, 30, "point 2 of the table, at 0, is not after 0"},
    {"E1 a 0 TABLE {v(b)}", 2, 20, "a table needs at least one point"},
    {"E1 a 0 TABLE {v(b)} = (0,1", 2, 27, "the line ends where ')' is expected"},
    {"E1 a 0 b 0 2 m=2", 2, 14, "'m' is no parameter of this element"},
    {"B1 a 0 V=idt(v(b),v(c))", 2, 10, "the initial value of idt is no constant"},
    // time functions
    {"V1 a 0 AM(1 2 3)", 2, 8, "am takes 4 to 7 values, not 3"},
    {"V1 a 0 TRNOISE(1 0)", 2, 18, "the time between the samples of noise must be positive"},
    {"V1 a 0 TRNOISE(0 1n 3 1)", 2, 21, "the exponent is outside of (0, 2]"},
    {"V1 a 0 TRNOISE(0 0 0 0 1 1n)", 2, 24, "needs mean times of capture and emission"},
    {"V1 a 0 TRRANDOM(5 1n)", 2, 17, "trrandom has no type 5",
     "1 is uniform, 2 normal, 3 exponential, 4 of Poisson"},
    {"V1 a 0 PAT(1 0 0 1n 1n 9n b012)", 2, 27, "'b012' is no pattern"},
    {"V1 a 0 PAT(1 0 0 1n 9n 9n b01)", 2, 24, "the edges of a pattern"},
    {"V1 a 0 PAT(1 0 0 1n 1n 9n b01 r=-2)", 2, 33, "-2 is no number of repetitions"},
    // switches and lines
    {"S1 a 0 b 0 sm maybe\n.model sm sw()", 2, 15, "'maybe' is not expected here"},
    {"S1 a 0 b 0 sm\n.model sm csw()", 2, 12, "the model 'sm' is of kind csw, not sw or vswitch"},
    {"W1 a 0 V9 wm\n.model wm csw()\nV1 a 0 1", 2, 8, "there is no voltage source 'V9'"},
    {".model sm sw(ron=0)", 2, 18, "ron = 0 ohm of a switch is outside of (0, inf)"},
    {".model sm vswitch(von=1 voff=1)", 2, 8, "von and voff are the same"},
    {"T1 a 0 b 0 td=1n", 2, 1, "a transmission line needs its impedance z0="},
    {"T1 a 0 b 0 z0=50", 2, 1, "a transmission line needs its delay td=, or f= and nl="},
    {"T1 a 0 b 0 z0=-50 td=1n", 2, 15, "z0 = -50 must be positive"},
};

TEST(ElementForms, FaultsAreReportedWhereTheyAre) {
  for (const FaultyLines& c : kCases) expect_fault(c, faults_of(c.lines + "\n"));
}

// ---- R, C, L ----

// Values and rules as ngspice 39 prints them for these lines.
TEST(ElementForms, ValuesFollowFromDimensions) {
  const Circuit circuit = read_lines(
      "R1 a 0 rm l=20u w=4u\nR2 a 0 rm\nR3 a 0 rm 7\nR4 a 0 r=8 rm scale=2 m=4\n"
      "C1 a 0 cm l=20u w=4u\nC2 a 0 ct l=20u w=4u\n"
      "L1 a 0 lm nt=10\nL2 a 0 ls\n"
      ".model rm r(rsh=10 narrow=0.5u short=0.1u defw=2u l=30u)\n"
      ".model cm c(cj=1m cjsw=1n narrow=0.5u short=0.1u)\n.model ct c(thick=1u)\n"
      ".model lm l(csect=1e-4 length=0.1 mu=1000)\n.model ls l(dia=0.1 length=0.01 nt=10)\n");
  EXPECT_NEAR(circuit.resistors.rows[0].ohms, 66, 1e-9);
  EXPECT_NEAR(circuit.resistors.rows[1].ohms, 298, 1e-9);
  EXPECT_NEAR(circuit.resistors.rows[2].ohms, 7, 1e-12);
  EXPECT_NEAR(circuit.resistors.rows[3].ohms, 4, 1e-12);
  EXPECT_NEAR(circuit.capacitors.rows[0].farads, 1.1645e-13, 1e-18);
  EXPECT_NEAR(circuit.capacitors.rows[1].farads, 2.76251e-15, 1e-20);
  EXPECT_NEAR(circuit.inductors.rows[0].henries, 1.22602e-4 / 1.023, 1e-9);
  EXPECT_NEAR(circuit.inductors.rows[1].henries, 2.00672e-5, 1e-10);
}

TEST(ElementForms, CoefficientsOfTheLineComeBeforeThoseOfTheModel) {
  const Circuit circuit = read_lines(
      "R1 a 0 1 rm tc1=2m dtemp=5\nR2 a 0 1 tc=3m,4u\nR3 a 0 1 tc=3m 4u temp=50\nR4 a 0 1\n"
      ".model rm r(tc1=1m tc2=7u tnom=40)\n.options tnom=25\n");
  ASSERT_EQ(circuit.resistor_laws.size(), 3);
  const TemperatureLaw& own = circuit.resistor_laws.at(0);
  EXPECT_DOUBLE_EQ(own.factor(60), 1 + 2e-3 * 25 + 7e-6 * 625);
  EXPECT_DOUBLE_EQ(circuit.resistor_laws.at(1).factor(35), 1 + 3e-3 * 10 + 4e-6 * 100);
  EXPECT_DOUBLE_EQ(circuit.resistor_laws.at(2).factor(-99), 1 + 3e-3 * 25 + 4e-6 * 625);
}

TEST(ElementForms, AcResistanceIsKept) {
  const Circuit circuit = read_lines("R1 a 0 1k\nR2 a 0 1k ac=500 m=2\n");
  ASSERT_EQ(circuit.ac_resistances.size(), 1);
  EXPECT_DOUBLE_EQ(circuit.ac_resistances.at(1), 250);
}

TEST(ElementForms, AnExpressionMakesABehaviouralElement) {
  const Circuit circuit = read_lines(
      "R1 a 0 {2*v(b)}\nR2 a 0 r='i(V1)+time'\nR3 a 0 {temper}\nR4 a 0 {1+1}\n"
      "C1 a 0 c='v(b)'\nC2 a 0 q='v(b)'\nL1 a 0 l='1+v(b)'\nV1 b 0 1\n");
  EXPECT_EQ(circuit.resistors.size(), 1);
  ASSERT_EQ(circuit.behavioural.size(), 6);
  EXPECT_TRUE(element(circuit.behavioural, "r2").value.depends_on_time());
  EXPECT_TRUE(element(circuit.behavioural, "r3").value.depends_on_temperature());
  EXPECT_EQ(element(circuit.behavioural, "c1").memory.size(), 1);
  EXPECT_TRUE(element(circuit.behavioural, "l1").is_voltage);
}

// ---- instances in parallel ----

// The current of a source inside them is that of all; each of them controls with its part.
TEST(ElementForms, InstancesInParallelShareACurrent) {
  const Circuit circuit = read_lines(
      "X1 a s m=4\n.subckt s a\nV1 a b 0\nR1 b 0 1\nF1 0 a V1 2\nH1 c 0 V1 2\n"
      "S1 a 0 b 0 sm\nW1 a 0 V1 wm\nT1 a 0 c 0 z0=40 td=1n\n.ends\n"
      ".model sm sw()\n.model wm csw()\n");
  EXPECT_DOUBLE_EQ(circuit.cccs.rows[0].gain, 2);
  EXPECT_DOUBLE_EQ(circuit.ccvs.rows[0].gain, 0.5);
  EXPECT_DOUBLE_EQ(element(circuit.switches, "x1.s1").multiplicity, 4);
  EXPECT_DOUBLE_EQ(element(circuit.switches, "x1.w1").control_scale, 0.25);
  EXPECT_DOUBLE_EQ(circuit.lines.rows[0].impedance, 10);
}

// ---- time functions ----

TEST(ElementForms, PatternsBecomeLines) {
  const Circuit circuit = read_lines("V1 a 0 PAT(5 1 2n 1n 2n 10n b0110)\n");
  const SourceFunction& f = circuit.voltage_sources.rows[0].function;
  for (const auto& [time, value] : std::vector<std::pair<double, double>>{{0, 1},
                                                                          {11.9e-9, 1},
                                                                          {12.5e-9, 3},
                                                                          {13e-9, 5},
                                                                          {31.9e-9, 5},
                                                                          {33e-9, 3},
                                                                          {34e-9, 1},
                                                                          {99e-9, 1}}) {
    EXPECT_NEAR(f.value(time), value, 1e-9) << time;
  }
}

TEST(ElementForms, PatternsRepeat) {
  const Circuit circuit =
      read_lines("V1 a 0 PAT(1 0 0 1n 1n 10n b01 r=-1)\nV2 a 0 PAT 1 0 0 1n 1n 10n b01 r=1\n");
  const SourceFunction& endless = circuit.voltage_sources.rows[0].function;
  const SourceFunction& once = circuit.voltage_sources.rows[1].function;
  for (int k = 0; k < 10; ++k) {
    const double middle = (k + 0.5) * 10e-9;
    EXPECT_EQ(endless.value(middle), k % 2) << k;
    EXPECT_EQ(once.value(middle), k < 4 ? k % 2 : 1) << k;
  }
  EXPECT_NEAR(endless.next_corner(41e-9), 50e-9, 1e-20);
}

// The values are ngspice 39's.
TEST(ElementForms, ModulatedSinesAgreeWithNgspice) {
  const Circuit circuit = read_lines(
      "V1 a 0 SFFM(0.5 1 20k 5 1k 30 60)\nV2 b 0 AM(2 0.7 1k 20k 0.1m)\n"
      "V3 c 0 SFFM(0.5 1)\n.tran 1u 1m\n");
  const auto value = [&](std::size_t k, double time) {
    return circuit.voltage_sources.rows[k].function.value(time);
  };
  EXPECT_NEAR(value(0, 0), -0.490029, 1e-6);
  EXPECT_NEAR(value(0, 2.07e-5), 1.493807, 1e-6);
  EXPECT_NEAR(value(0, 1.501e-4), -0.424824, 1e-6);
  EXPECT_EQ(value(1, 0.9e-4), 0);
  EXPECT_NEAR(value(1, 1.107e-4), 1.495274, 1e-6);
  EXPECT_NEAR(value(1, 1.501e-4), 0.02537371, 1e-7);
  EXPECT_NEAR(value(2, 3.28e-6), 0.5206074, 1e-7);
}

}  // namespace
}  // namespace wordline
