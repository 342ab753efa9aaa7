// Every element as it is written and what it becomes.
#include <gtest/gtest.h>

#include <cmath>

#include "decks.hpp"

namespace wordline {
namespace {

TEST(Resistor, TakesAValueInManyForms) {
  const Circuit circuit = read_lines(
      ".param p=2\nR1 a b 10kOhm\nR2 a b {p*3}\nR3 a b 'p'\nR4 a b p\nR5 a b r=5\n"
      "R6 a b -7\nR7 a b 2*max(p,4)+1\nR8 a b 12 m=4\n");
  const std::vector<double> expected = {1e4, 6, 2, 2, 5, -7, 9, 3};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_EQ(circuit.resistors.rows[k].ohms, expected[k])
        << circuit.resistors.names[static_cast<int>(k)];
  }
  EXPECT_EQ(circuit.nodes[circuit.resistors.rows[0].n], "b");
}

TEST(Resistor, OfZeroOhmIsAVoltageSource) {
  const Circuit circuit = read_lines("R1 a b 0\n");
  EXPECT_EQ(circuit.resistors.size(), 0);
  EXPECT_EQ(element(circuit.voltage_sources, "r1").function.dc, 0);
}

TEST(Resistor, WarnsOfMilli) {
  EXPECT_TRUE(has_warning(read_lines("R1 a 0 1M\n"), "the letter m is milli"));
  EXPECT_FALSE(has_warning(read_lines("R1 a 0 1m\n"), "milli"));
}

TEST(Capacitor, TakesValueAndInitialVoltage) {
  const Circuit circuit = read_lines("C1 a 0 1p ic=2\nC2 a 0 c=3p m=2\n");
  EXPECT_DOUBLE_EQ(circuit.capacitors.rows[0].farads, 1e-12);
  EXPECT_DOUBLE_EQ(circuit.capacitors.rows[0].initial, 2);
  EXPECT_DOUBLE_EQ(circuit.capacitors.rows[1].farads, 6e-12);
  EXPECT_TRUE(std::isnan(circuit.capacitors.rows[1].initial));
}

// ngspice 39 reads 1F as 1e-15.
TEST(Capacitor, WarnsOfFemto) {
  const Circuit circuit = read_lines("C1 a 0 1F\n");
  EXPECT_DOUBLE_EQ(circuit.capacitors.rows[0].farads, 1e-15);
  ASSERT_EQ(circuit.warnings.size(), 1);
  EXPECT_EQ(circuit.warnings[0].where.line, 2);
  EXPECT_EQ(circuit.warnings[0].where.column, 8);
  EXPECT_TRUE(read_lines("C1 a 0 1f\nC2 a 0 1pF\nC3 a 0 10fF\n").warnings.empty());
}

TEST(Inductor, TakesValueAndInitialCurrent) {
  const Circuit circuit = read_lines("L1 a 0 1u ic=3m\nL2 a 0 l=4 m=2 ic=1\n");
  EXPECT_DOUBLE_EQ(circuit.inductors.rows[0].henries, 1e-6);
  EXPECT_DOUBLE_EQ(circuit.inductors.rows[0].initial, 3e-3);
  EXPECT_DOUBLE_EQ(circuit.inductors.rows[1].henries, 2);
}

TEST(Coupling, JoinsEveryPairOfWindings) {
  const Circuit circuit =
      read_lines("K1 L1 L2 0.4\nK2 l1 l2 l3 0.5\nL1 a 0 1\nL2 b 0 1\nL3 c 0 1\n");
  ASSERT_EQ(circuit.mutuals.size(), 4);
  EXPECT_EQ(circuit.mutuals.rows[0].first, 0);
  EXPECT_EQ(circuit.mutuals.rows[0].second, 1);
  EXPECT_DOUBLE_EQ(circuit.mutuals.rows[0].coupling, 0.4);
  EXPECT_EQ(circuit.mutuals.rows[3].first, 1);
  EXPECT_EQ(circuit.mutuals.rows[3].second, 2);
}

// ---- independent sources ----

SourceFunction source_of(const std::string& value, const std::string& more = "") {
  return read_lines("V1 a 0 " + value + "\n" + more).voltage_sources.rows.at(0).function;
}

TEST(IndependentSource, TakesADcValue) {
  for (const char* value : {"3", "DC 3", "dc=3", "{1+2}", "DC '1+2'"}) {
    EXPECT_EQ(source_of(value).dc, 3) << value;
    EXPECT_TRUE(source_of(value).is_dc()) << value;
  }
  EXPECT_EQ(source_of("").dc, 0);
}

TEST(IndependentSource, KeepsAcValues) {
  struct Case {
    const char* value;
    double magnitude, phase;
  };
  for (const auto& [value, magnitude, phase] : {Case{"3 AC 1", 1, 0},
                                                {"AC 2 90 DC 3", 2, 90},
                                                {"DC 3 ac", 1, 0},
                                                {"AC {1+1},-45 DC 3", 2, -45},
                                                {"3 ac=4", 4, 0},
                                                {"DC 3 ac sin(0 1)", 1, 0}}) {
    const Circuit circuit = read_lines(std::string("V1 a 0 ") + value + "\n");
    const IndependentSource& source = circuit.voltage_sources.rows[0];
    EXPECT_EQ(source.ac_magnitude, magnitude) << value;
    EXPECT_EQ(source.ac_phase, phase) << value;
    EXPECT_EQ(source.function.dc, 3) << value;
  }
}

TEST(IndependentSource, ReadsPulse) {
  for (const char* value : {"PULSE(1 2 3n 4n 5n 6n 20n 7)", "pulse 1 2 3n 4n 5n 6n 20n 7",
                            "PULSE ( 1, 2, 3n, 4n, 5n, 6n, 20n, 7 )"}) {
    const auto pulse = std::get<Pulse>(source_of(value).shape);
    EXPECT_DOUBLE_EQ(pulse.v1, 1);
    EXPECT_DOUBLE_EQ(pulse.v2, 2);
    EXPECT_DOUBLE_EQ(pulse.delay, 3e-9);
    EXPECT_DOUBLE_EQ(pulse.rise, 4e-9);
    EXPECT_DOUBLE_EQ(pulse.fall, 5e-9);
    EXPECT_DOUBLE_EQ(pulse.width, 6e-9);
    EXPECT_DOUBLE_EQ(pulse.period, 20e-9);
    EXPECT_DOUBLE_EQ(pulse.repeats, 7);
    EXPECT_EQ(source_of(value).dc, 1);
  }
  EXPECT_EQ(source_of("DC 9 PULSE(1 2)").dc, 9);
  EXPECT_EQ(source_of("PULSE(1 2) 9").dc, 9);
}

// Run with ngspice 39: TR, TF and the EXP times default to the step, TD1 too; PW to the end. PER
// does as well, but there the first period holds its own end: the pulse never comes back.
TEST(IndependentSource, TakesDefaultsFromTheTransient) {
  const std::string tran = ".tran 2n 10u\n.tran 1 2\n";
  for (const char* value : {"PULSE(0 1)", "PULSE(0 1 0 0 0 0 0)"}) {
    const auto pulse = std::get<Pulse>(source_of(value, tran).shape);
    EXPECT_DOUBLE_EQ(pulse.rise, 2e-9);
    EXPECT_DOUBLE_EQ(pulse.fall, 2e-9);
    EXPECT_DOUBLE_EQ(pulse.width, 10e-6);
    EXPECT_EQ(pulse.period, std::numeric_limits<double>::infinity());
  }
  const auto sine = std::get<Sine>(source_of("SIN(0 1)", tran).shape);
  EXPECT_DOUBLE_EQ(sine.frequency, 1e5);
  const auto exponential = std::get<Exponential>(source_of("EXP(0 1)", tran).shape);
  EXPECT_DOUBLE_EQ(exponential.rise_delay, 2e-9);
  EXPECT_DOUBLE_EQ(exponential.rise_tau, 2e-9);
  EXPECT_DOUBLE_EQ(exponential.fall_delay, 4e-9);
  EXPECT_DOUBLE_EQ(exponential.fall_tau, 2e-9);
  // From the same run: EXP(0 1) with a step of 0.5u is 0.6321206 at 1u and 0.3151599 at 1.348u.
  const SourceFunction f = source_of("EXP(0 1)", ".tran 0.5u 10u\n");
  EXPECT_NEAR(f.value(1e-6), 0.6321206, 1e-7);
  EXPECT_NEAR(f.value(1.348e-6), 0.3151599, 1e-7);
}

TEST(IndependentSource, ReadsSineAndExponential) {
  const auto sine = std::get<Sine>(source_of("SIN(1 2 3k 4u 5 60)").shape);
  EXPECT_DOUBLE_EQ(sine.offset, 1);
  EXPECT_DOUBLE_EQ(sine.amplitude, 2);
  EXPECT_DOUBLE_EQ(sine.frequency, 3e3);
  EXPECT_DOUBLE_EQ(sine.delay, 4e-6);
  EXPECT_DOUBLE_EQ(sine.damping, 5);
  EXPECT_DOUBLE_EQ(sine.phase, 60);
  const auto e = std::get<Exponential>(source_of("EXP(1 2 3 4 5 6)").shape);
  EXPECT_DOUBLE_EQ(e.v1, 1);
  EXPECT_DOUBLE_EQ(e.v2, 2);
  EXPECT_DOUBLE_EQ(e.rise_delay, 3);
  EXPECT_DOUBLE_EQ(e.rise_tau, 4);
  EXPECT_DOUBLE_EQ(e.fall_delay, 5);
  EXPECT_DOUBLE_EQ(e.fall_tau, 6);
}

TEST(IndependentSource, ReadsPoints) {
  for (const char* value :
       {"PWL(0 1 1u 2 2u 3) r=1u td=5u", "PWL 0 1 1u 2 2u 3 td=5u r=1u",
        "PWL(0,1 1u,2 2u,3 r=1u td=5u)", "pwl (0, 1, 1u, 2, 2u, 3) R={1u} TD=5u"}) {
    const auto lines = std::get<PiecewiseLinear>(source_of(value).shape);
    EXPECT_EQ(lines.time, (std::vector<double>{0, 1e-6, 2 * 1e-6})) << value;
    EXPECT_EQ(lines.value, (std::vector<double>{1, 2, 3})) << value;
    EXPECT_DOUBLE_EQ(lines.repeat_from, 1e-6) << value;
    EXPECT_DOUBLE_EQ(lines.delay, 5e-6) << value;
  }
}

TEST(IndependentSource, WarnsOfACommaThatMayBeADecimalPoint) {
  EXPECT_TRUE(has_warning(read_lines("V1 a 0 PULSE(0 1,5 0 1n 1n 5n)\n"), "commas and blanks"));
  EXPECT_TRUE(read_lines("V1 a 0 PULSE(0, 1,0, 1n)\n").warnings.empty());
}

TEST(IndependentSource, OfCurrentIsMultiplied) {
  const Circuit circuit = read_lines("I1 a 0 1 PULSE(1 2) m=3\n");
  const SourceFunction& f = circuit.current_sources.rows[0].function;
  EXPECT_EQ(f.dc, 3);
  EXPECT_EQ(std::get<Pulse>(f.shape).v2, 6);
}

// ---- controlled sources ----

TEST(ControlledSources, AreLinear) {
  const Circuit circuit =
      read_lines("E1 a 0 c d 2\nG1 a 0 c d 3m m=2\nF1 a 0 V1 4\nH1 b 0 v1 5k\nV1 c d 0\n");
  EXPECT_DOUBLE_EQ(circuit.vcvs.rows[0].gain, 2);
  EXPECT_EQ(circuit.nodes[circuit.vcvs.rows[0].cn], "d");
  EXPECT_DOUBLE_EQ(circuit.vccs.rows[0].gain, 6e-3);
  EXPECT_DOUBLE_EQ(circuit.cccs.rows[0].gain, 4);
  EXPECT_EQ(circuit.cccs.rows[0].control, 0);
  EXPECT_DOUBLE_EQ(circuit.ccvs.rows[0].gain, 5e3);
}

TEST(ControlledSources, WithAnExpressionAreBehavioural) {
  const Circuit circuit = read_lines(
      "E1 a 0 VALUE={2*v(c)}\nG1 a 0 value = '3*v(c)'\nE2 b 0 vol='v(c)'\nG2 a 0 cur={v(c)}\n"
      "R1 c 0 1\n");
  ASSERT_EQ(circuit.behavioural.size(), 4);
  EXPECT_TRUE(element(circuit.behavioural, "e1").is_voltage);
  EXPECT_FALSE(element(circuit.behavioural, "g2").is_voltage);
  EXPECT_EQ(element(circuit.behavioural, "g1").value.text(), "3*v(c)");
}

TEST(BehaviouralSource, TakesBareExpressions) {
  const Circuit circuit = read_lines("B1 a 0 V = v(b) > 0 ? 1 : 2\nB2 b 0 I={v(a)*2}\n");
  EXPECT_EQ(circuit.behavioural.rows[0].value.text(), "(v(b)>0 ? 1 : 2)");
  EXPECT_TRUE(circuit.behavioural.rows[0].is_voltage);
  EXPECT_FALSE(circuit.behavioural.rows[1].is_voltage);
}

TEST(BehaviouralSource, InASubcircuitReadsItsOwnNodes) {
  const Circuit circuit =
      read_lines(".subckt s in\nB1 x 0 V=v(in)+v(x)+i(V1)\nV1 x 0 1\n.ends\nXa n s\n");
  EXPECT_EQ(circuit.behavioural.rows[0].value.text(), "v(n)+v(xa.x)+i(xa.v1)");
}

// ---- semiconductors and memristors ----

TEST(Diode, TakesAnArea) {
  const Circuit circuit =
      read_lines(".model dm d\nD1 a 0 dm\nD2 a 0 dm 2\nD3 a 0 dm area=3 m=2\nD4 a 0 DM {1+3}\n");
  const std::vector<double> expected = {1, 2, 3, 4};
  for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(circuit.diodes.rows[k].area, expected[k]);
  EXPECT_EQ(circuit.diodes.rows[2].multiplicity, 2);
}

TEST(Diode, TakesWhatAllDevicesHave) {
  const Circuit circuit =
      read_lines(".model dm d\nD1 a 0 dm 2 off ic=-0.5 temp=50\nD2 a 0 dm off=0 dtemp=10 pj=3\n");
  const DiodeInstance& d1 = circuit.diodes.rows[0];
  EXPECT_EQ(d1.area, 2);
  EXPECT_TRUE(d1.off);
  EXPECT_EQ(d1.initial[0], -0.5);
  EXPECT_EQ(d1.temperature.in(27), 50);
  const DiodeInstance& d2 = circuit.diodes.rows[1];
  EXPECT_FALSE(d2.off);
  EXPECT_TRUE(std::isnan(d2.initial[0]));
  EXPECT_EQ(d2.temperature.in(27), 37);
  EXPECT_EQ(d2.perimeter, 3);
}

TEST(Bipolar, TakesThreeOrFourNodes) {
  const Circuit circuit = read_lines(
      ".model qm npn\nQ1 c b e qm\nQ2 c b e s qm\nQ3 1 2 3 4 qm 2\nQ4 c b e qm 2 off\n"
      "Q5 c b e qm area=2 areac=3 m=4 ic=0.6,5\nQ6 c b e qm {1+2} off\n");
  const auto& rows = circuit.bipolars.rows;
  EXPECT_EQ(rows[0].substrate, 0);
  EXPECT_EQ(circuit.nodes[rows[1].substrate], "s");
  EXPECT_EQ(circuit.nodes[rows[2].substrate], "4");
  EXPECT_EQ(rows[2].area, 2);
  EXPECT_EQ(rows[2].base_area, 2);
  EXPECT_EQ(rows[3].area, 2);
  EXPECT_TRUE(rows[3].off);
  EXPECT_EQ(rows[4].base_area, 2);
  EXPECT_EQ(rows[4].collector_area, 3);
  EXPECT_EQ(rows[4].multiplicity, 4);
  EXPECT_EQ(rows[4].initial[0], 0.6);
  EXPECT_EQ(rows[4].initial[1], 5);
  EXPECT_EQ(rows[5].area, 3);
}

TEST(Jfet, TakesAnArea) {
  const Circuit circuit = read_lines(
      ".model jm pjf\nJ1 d g s jm\nJ2 d g s jm 2 off ic = 3 , -1 dtemp=5\nJ3 d g s jm ic=2 m=3\n");
  const auto& rows = circuit.jfets.rows;
  EXPECT_EQ(circuit.nodes[rows[0].gate], "g");
  EXPECT_EQ(rows[1].area, 2);
  EXPECT_EQ(rows[1].initial[1], -1);
  EXPECT_EQ(rows[1].temperature.warmer_by, 5);
  EXPECT_TRUE(std::isnan(rows[2].initial[1]));
  EXPECT_EQ(rows[2].multiplicity, 3);
}

TEST(Mosfet, TakesItsGeometry) {
  const Circuit circuit = read_lines(
      "M1 d g s b mm W=2u L=1u ad=1p AS=2p PD=3u PS=4u nrd=5 nrs=0 m=6\nM2 d g s b mm\n"
      ".model mm nmos\n");
  const MosfetInstance& m = circuit.mosfets.rows[0];
  EXPECT_EQ(circuit.nodes[m.drain] + circuit.nodes[m.gate] + circuit.nodes[m.source] +
                circuit.nodes[m.bulk],
            "dgsb");
  EXPECT_DOUBLE_EQ(m.width, 2e-6);
  EXPECT_DOUBLE_EQ(m.length, 1e-6);
  EXPECT_DOUBLE_EQ(m.drain_area, 1e-12);
  EXPECT_DOUBLE_EQ(m.source_area, 2e-12);
  EXPECT_DOUBLE_EQ(m.drain_perimeter, 3e-6);
  EXPECT_DOUBLE_EQ(m.source_perimeter, 4e-6);
  EXPECT_DOUBLE_EQ(m.drain_squares, 5);
  EXPECT_DOUBLE_EQ(m.source_squares, 0);
  EXPECT_DOUBLE_EQ(m.multiplicity, 6);
  EXPECT_DOUBLE_EQ(circuit.mosfets.rows[1].width, 100e-6);  // SPICE's DEFW
  EXPECT_DOUBLE_EQ(circuit.mosfets.rows[1].length, 100e-6);
}

TEST(Memristor, TakesAStateOrAConductance) {
  const Circuit circuit = read_lines(
      ".model mm memristor type=vteam\n"
      "YMEMRISTOR a1 p n mm x0=1n\nymemristor a2 p n mm xo={2n} flip=1 m=2\n"
      "YMEMRISTOR a3 p n mm g=1m v_read=0.1\nYMEMRISTOR a4 p n mm rinit=500\n"
      "YMEMRISTOR a5 p n mm\n");
  const auto& rows = circuit.memristors.rows;
  EXPECT_DOUBLE_EQ(rows[0].state, 1e-9);
  EXPECT_DOUBLE_EQ(rows[1].state, 2e-9);
  EXPECT_TRUE(rows[1].flip);
  EXPECT_DOUBLE_EQ(rows[1].multiplicity, 2);
  EXPECT_DOUBLE_EQ(rows[2].conductance, 1e-3);
  EXPECT_DOUBLE_EQ(rows[2].v_read, 0.1);
  EXPECT_TRUE(std::isnan(rows[2].state));
  EXPECT_DOUBLE_EQ(rows[3].conductance, 1.0 / 500);
  EXPECT_TRUE(std::isnan(rows[4].state));
  EXPECT_DOUBLE_EQ(rows[4].conductance, 0);
  EXPECT_EQ(circuit.memristors.names[0], "a1");
}

}  // namespace
}  // namespace wordline
