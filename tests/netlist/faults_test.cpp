// What is wrong in a netlist, and the place and words it is reported with.
#include <gtest/gtest.h>

#include <array>

#include "decks.hpp"

namespace wordline {
namespace {

// Below a title, so that the first line is line 2.
const std::vector<FaultyLines> kCases = {
    // numbers and expressions
    {"R1 a 0 4k7", 2, 8, "'4k7' is no number", "write 4.7k"},
    {"R1 a 0 1d3", 2, 8, "'1d3' is no number", "write 1e3"},
    {"R1 a 0 1e400", 2, 8, "'1e400' is no number",
     "numbers are 0, or from 4.9e-324 to 1.8e308 in magnitude"},
    {"R1 a 0 {2*1e-400k}", 2, 11, "'1e-400k' is no number",
     "numbers are 0, or from 4.9e-324 to 1.8e308 in magnitude"},
    {"R1 a 0 1,5", 2, 9, "',' is not expected here", "a comma is no decimal point: write 1.5"},
    {".param a=1,5", 2, 11, "a parameter's name is expected here",
     "a comma is no decimal point: write 1.5"},
    {"R1 a 0 {1+}", 2, 11, "the expression ends where a value is expected"},
    {"R1 a 0 {1+*2}", 2, 11, "'*' is not expected here"},
    {"R1 a 0 {(1+2}", 2, 13, "the expression ends where ')' is expected"},
    {"R1 a 0 {1 2}", 2, 11, "'2' is not expected here"},
    {"R1 a 0 {}", 2, 9, "an expression is expected here"},
    {"R1 a 0 {1/0}", 2, 10, "division by zero"},
    {"R1 a 0 {1+sqrt(-1)}", 2, 11, "'sqrt' has no value"},
    {"R1 a 0 {exp(1000)}", 2, 9, "too large"},
    {"R1 a 0 {1/0 > 1 ? 1 : 2}", 2, 10, "division by zero"},
    {"R1 a 0 {min(1)}", 2, 9, "min takes at least 2 arguments, not 1"},
    {"R1 a 0 {sin(1,2)}", 2, 9, "sin takes 1 argument, not 2"},
    {"R1 a 0 {sine(1)}", 2, 9, "the function 'sine' is not supported", "did you mean 'sin'?"},
    {"R1 a 0 {table(1,2,3,4)}", 2, 9, "pairs of points"},
    {"R1 a 0 {table(1,2,3,1,4)}", 2, 9, "must ascend: 2 is followed by 1"},
    {".param width=1\nR1 a 0 {widh*2}", 3, 9, "there is no parameter 'widh'",
     "did you mean 'width'?"},
    {"V1 a 0 {time}", 2, 9, "time has no value before the simulation"},
    {"V1 a 0 {v(a)}", 2, 11, "voltages and currents have no value"},
    {"R1 a 0 {1", 2, 8, "the brace is not closed"},
    {"R1 a 0 'x", 2, 8, "the quote is not closed"},
    // parameters
    {".param a={b}\n.param b={c*2} c={a}", 2, 8,
     "parameter 'a' depends on itself: a -> b -> c -> a"},
    {".param 1a=2", 2, 8, "a parameter's name begins with a letter"},
    {".param time=2", 2, 8, "'time' is a word of the language"},
    {".param f(x={x}", 2, 11, "',' is expected here, not '='"},
    {".param a", 2, 9, "the line ends where '=' is expected"},
    {".param a=", 2, 10, "the line ends where the value of the parameter is expected"},
    // lines
    {"+ continued", 2, 1, "there is no line that this one continues"},
    {"R1 a 0 1 2", 2, 10, "'2' is not expected here"},
    {"P1 a b c mod", 2, 1, "elements that begin with 'P' are not supported"},
    {"1 a b", 2, 1, "a line begins with the letter of an element"},
    {".foo", 2, 1, "'.foo' is not supported"},
    {".trn 1n 1u", 2, 1, "'.trn' is not supported", "did you mean '.tran'?"},
    {".alter x tt", 2, 1, "'.alter' is not supported"},
    {".control\nrun\nplot v(a)\n.endc\nR1 a 0", 6, 7, "the line ends where a value is expected"},
    // elements
    {"R1 a 0", 2, 7, "the line ends where a value is expected"},
    {"R1 a", 2, 5, "the line ends where a node is expected"},
    {"R1 a 0 1 tcx=1m", 2, 10, "'tcx' is no parameter of this element"},
    {"R1 a 0 1 m=0", 2, 12, "m = 0 is no number of parallel devices"},
    {"R1 a 0 1\nr1 a 0 1", 3, 1, "there is already an element of this name"},
    {"C1 a 0 1p ci=1", 2, 11, "'ci' is no parameter", "did you mean 'c'?"},
    {"L1 a 0 0", 2, 1, "an inductance of zero"},
    {"L1 a 0 1\nK1 L1 L7 0.5", 3, 7, "there is no inductor 'L7'", "did you mean 'l1'?"},
    {"L1 a 0 1\nK1 L1 L1 0.5", 3, 7, "coupled to itself"},
    {"L1 a 0 1\nL2 a 0 1\nK1 L1 L2 1.01", 4, 10, "outside of [-1, 1]"},
    {"L1 a 0 1\nL2 a 0 1\nL3 a 0 1\nK1 L1 L2 L3 -0.6", 5, 13, "outside of [-0.5, 1]"},
    {"V1 a 0 1 2", 2, 10, "the source has two DC values"},
    {"V1 a 0 SIN(0 1) SIN(0 1)", 2, 17, "two time functions"},
    {"V1 a 0 SIN(0)", 2, 8, "sin takes 2 to 6 values, not 1"},
    {"V1 a 0 PULSE(0 1 0 -1n)", 2, 20, "is negative"},
    {"V1 a 0 PULSE(0 1 0 1n 1n 1n 9n 1.5)", 2, 32, "1.5 is no number of pulses"},
    {"V1 a 0 PULSE(0 1", 2, 17, "the line ends where ')' is expected"},
    {"V1 a 0 PWL(0 0 1n)", 2, 8, "pairs of time and value, not 3 values"},
    {"V1 a 0 PWL(0 0 2n 1 1n 0)", 2, 21, "time 1e-09 s of point 3 is not after 2e-09 s of point 2"},
    {"V1 a 0 PWL(0 0 2n 1) r=2n", 2, 24, "begins after the last point"},
    {"V1 a 0 PWL FILE \"none.csv\"", 2, 18, "none.csv"},
    {"V1 a 0 PULS(0 1)", 2, 8, "'PULS' is not supported", "did you mean 'pulse'?"},
    {"F1 a 0 V7 2\nV1 a 0 1", 2, 8, "there is no voltage source 'V7'", "did you mean 'v1'?"},
    {"E1 a 0 LAPLACE {v(b)} {1/s}", 2, 8, "the form 'LAPLACE' are not supported"},
    {"B1 a 0 Q=1", 2, 8, "V= or I= is expected here"},
    {"B1 a 0 V=v(b)+i(V9)", 2, 17, "there is no voltage source 'V9'"},
    {"B1 a 0 V=v(b)+foo", 2, 15, "there is no parameter 'foo'"},
    {"V1 a 0 {ddt(1)}", 2, 9, "'ddt' has no value before the simulation"},
    {"D1 a 0 dx\n.model dm d", 2, 8, "there is no model 'dx'", "did you mean 'dm'?"},
    {"M1 a b c d dm\n.model dm d", 2, 12, "the model 'dm' is of kind d, not nmos or pmos"},
    {"Q1 c b e qm\n.model qn npn", 2, 10, "there is no model 'qm'", "did you mean 'qn'?"},
    {"Q1 c b e qm area=2\n.model qn npn", 2, 10, "there is no model 'qm'"},
    {"Q1 c b e qm 2\n.model qn npn", 2, 10, "there is no model 'qm'"},
    {"Q1 c b e s qm\n.model qn npn", 2, 12, "there is no model 'qm'"},
    {"Q1 c b e", 2, 9, "the line ends where the substrate or the model is expected"},
    {"Q1 c b e m\n.model m nmos", 2, 10, "the model 'm' is of kind nmos, not npn or pnp"},
    {"Q1 c b e m ares=2\n.model m npn", 2, 12, "'ares' is no parameter", "did you mean 'area'?"},
    {"Q1 c b e m 0\n.model m npn", 2, 12, "area = 0 must be positive"},
    {"Q1 c b e m ic=1,2,3\n.model m npn", 2, 19, "ic takes at most 2 voltages"},
    {"D1 a 0 m ic=1,2\n.model m d", 2, 15, "ic takes at most 1 voltage"},
    {"D1 a 0 m temp=-300\n.model m d", 2, 15, "-300 C is below absolute zero"},
    {"D1 a 0 m pj=-1\n.model m d", 2, 13, "pj = -1 must be zero or more"},
    {"D1 a 0 m of\n.model m d", 2, 10, "there is no parameter 'of'"},
    {"J1 d g s m w=2\n.model m njf", 2, 12, "'w' is no parameter of this element"},
    {"J1 d g s m\n.model m d", 2, 10, "the model 'm' is of kind d, not njf or pjf"},
    {".model m npn rb=1 rbm=2", 2, 8, "rbm must not exceed rb"},
    {".model m npn subs=0", 2, 8, "subs is 1 or -1"},
    {".model m npn level=4", 2, 20, "there is no npn of level 4"},
    {".model m njf bex=1 betatce=1", 2, 8, "bex and betatce exclude each other"},
    {"M1 a b c d m w=-1\n.model m nmos", 2, 16, "w = -1 must be positive"},
    {"YMEMRISTOR y a b m x0=1\n.model m memristor type=vteam", 2, 23,
     "the state 1 m is outside of [0, 3e-09] m of model m"},
    {"YMEMRISTOR y a b m x0=30\n.model m memristor type=jart_v1b", 2, 23,
     "the state 30 1e26/m3 is outside of [0.008, 20] 1e26/m3 of model m"},
    {".model m memristor type=reram thermal=slow", 2, 39, "'slow' is no value of thermal"},
    {".model m memristor type=stanford gmin=2n", 2, 8, "gmax must exceed gmin"},
    {"YMEMRISTOR y a b m x0=1n g=1\n.model m memristor type=vteam", 2, 12,
     "both a state and a conductance"},
    {"YMEMRISTOR r1 a b m\nR1 a 0 1\n.model m memristor type=vteam", 2, 12, "already an element"},
    {"YPDE y a b m", 2, 1, "devices of type 'YPDE' are not supported"},
    // models
    {".model foo", 2, 11, "the line ends where the kind of the model is expected"},
    {".model", 2, 7, "the line ends where the model's name is expected"},
    {".model m npx", 2, 10, "models of kind 'npx' are not supported"},
    {".model m memristor", 2, 10, "needs its level or type"},
    {".model m memristor type=vtem", 2, 25, "there is no memristor of type 'vtem'",
     "did you mean 'vteam'?"},
    {".model m memristor level=99", 2, 26, "there is no memristor of level 99"},
    {".model m nmos level=54", 2, 21, "there is no nmos of level 54"},
    {".model m memristor type=vteam rn=1", 2, 31, "'rn' is no parameter of a vteam",
     "did you mean 'ron'?"},
    {".model m memristor type=vteam ron=-5", 2, 35, "ron = -5 ohm of a vteam is outside of"},
    {".model m memristor type=vteam window=bar", 2, 38, "'bar' is no value of window",
     "it is one of none, team"},
    {".model m memristor type=vteam window=2", 2, 38, "'2' is no value of window"},
    {".model m memristor type=vteam window=0.5", 2, 38, "'0.5' is no value of window"},
    {".model m memristor type=vteam xon=2 xoff=1", 2, 8, "xoff must exceed xon"},
    {".model m d\n.model M d", 3, 8, "there is already a model 'M'"},
    // sub-circuits
    {"X1 a b none", 2, 8, "there is no sub-circuit 'none'"},
    {".subckt s a b\n.ends\nX1 a s", 4, 6, "sub-circuit 's' has 2 nodes, not 1"},
    {".subckt s a r=1\n.ends\nX1 a s rr=2", 4, 8, "'rr' is no parameter of sub-circuit 's'",
     "did you mean 'r'?"},
    {".subckt s a\nX1 a s\n.ends\nX1 a s", 3, 6, "the sub-circuit contains itself: s -> s"},
    {".subckt s a\nX1 a t\n.ends\n.subckt t a\nX1 a s\n.ends\nX1 a s", 6, 6,
     "the sub-circuit contains itself: s -> t -> s"},
    {".subckt s a\nR1 a 0 {q}\n.ends\nXfoo a s", 3, 9,
     "there is no parameter 'q' (in instance xfoo)"},
    {".subckt s a a\n.ends", 2, 13, "the node 'a' is listed twice"},
    {".ends", 2, 1, "there is no .subckt that this closes"},
    {".subckt s a\nR1 a 0 1", 2, 9, "'.subckt s' is not closed"},
    {".subckt s a\n.tran 1n 1u\n.ends", 3, 1, ".tran belongs outside of sub-circuits"},
    {".subckt s a\n.ends\n.subckt S b\n.ends", 4, 9, "there is already a sub-circuit 'S'"},
    {"X1", 2, 3, "the name of a sub-circuit is missing"},
    {"X1 r=1", 2, 4, "the name of a sub-circuit is missing"},
    // statements
    {".tran 0 1u", 2, 7, "the step 0 s is not positive"},
    {".tran 1n 1u 2u", 2, 10, "the end 1e-06 s is not after 2e-06 s"},
    {".tran 1n", 2, 9, "the line ends where the end of the simulation is expected"},
    {".dc V9 0 1 1\nV1 a 0 1", 2, 5, "there is no parameter, value or 'temp' called 'V9'",
     "did you mean 'v1'?"},
    {".dc V1 0 1 -1\nV1 a 0 1", 2, 12, "a step of -1 does not lead from 0 to 1"},
    {".dc V1 0 1 0\nV1 a 0 1", 2, 12, "a step of 0 does not lead from 0 to 1"},
    {".dc V1 0 1 1e-9\nV1 a 0 1", 2, 12, "the sweep has 1e+09 points"},
    {".dc dec V1 0 1 1\nV1 a 0 1", 2, 12, "a logarithmic sweep cannot lead from 0 to 1"},
    {".ic v(q)=1\nR1 a 0 1", 2, 7, "there is no node 'q'"},
    {".ic v(0)=1", 2, 7, "the voltage of ground is 0"},
    {".ic a=1", 2, 5, "v(node)=value is expected here"},
    {".options reltol", 2, 10, "the option 'reltol' needs a value"},
    {".options reltol=2", 2, 17, "reltol = 2 is outside of"},
    {".options method=rk4", 2, 17, "there is no integration method 'rk4'"},
    {".options solver=krylow", 2, 17, "there is no solver 'krylow'", "did you mean 'krylov'?"},
    {".options solver=x", 2, 17, "there is no solver 'x'",
     "there are auto, klu, krylov, multifrontal, cuda"},
    {".options solver", 2, 10, "the option 'solver' needs a value"},
    {".options itl1=1.5", 2, 15, "itl1 = 1.5 is no whole number from 1 to 1000000"},
    {".options gminsteps=-1", 2, 20, "gminsteps = -1 is no whole number from 0 to 1000000"},
    {".options maxord=0", 2, 17, "maxord = 0 is no whole number from 1 to 6"},
    {".options xmu=0.7", 2, 14, "xmu = 0.7 is outside of"},
    {".options rshunt=0", 2, 17, "rshunt = 0 must be positive"},
    {".options cshunt=-1p", 2, 17, "cshunt = -1e-12 is outside of"},
    {".options pivrel=2", 2, 17, "pivrel = 2 is outside of"},
    {".temp -300", 2, 7, "-300 C is below absolute zero"},
    {".print vx(a)", 2, 8, "'vx(...)' is not supported as an output"},
    {".print ac v(a) {time}", 2, 17, ".ac has no time", "its points have a frequency"},
    {".print tran {2*frequency}", 2, 14, ".tran has no frequency", "its points have a time"},
    {".save op {time}", 2, 11, ".op has no time"},
    {".print noise time", 2, 14, ".noise has no time", "its points have a frequency"},
    {".print @m1", 2, 8, "not of the form @device[parameter]"},
    {".include none.inc", 2, 10, "there is no file 'none.inc'"},
};

TEST(Faults, AreReportedWithTheirPlace) {
  for (const FaultyLines& c : kCases) expect_fault(c, faults_of(c.lines));
}

TEST(Faults, AreCollectedInTheOrderOfTheText) {
  const std::vector<Diagnostic> faults =
      faults_of("R1 a 0 4k7\nR2 a 0 1k\nQ1 a b c\n.foo\nR3 a 0 {q}\n");
  ASSERT_EQ(faults.size(), 4);
  const std::array<int, 4> lines = {2, 4, 5, 6};
  for (std::size_t k = 0; k < lines.size(); ++k) EXPECT_EQ(faults[k].where.line, lines[k]);
}

TEST(Faults, AreCountedBeyondTwenty) {
  std::string lines;
  for (int k = 0; k < 50; ++k) lines += "R" + std::to_string(k) + " a 0 4k7\n";
  const std::vector<Diagnostic> faults = faults_of(lines);
  ASSERT_EQ(faults.size(), 21);
  EXPECT_EQ(faults.back().message, "30 more errors are not shown");
}

TEST(Faults, OfASubcircuitAreReportedOnce) {
  const std::vector<Diagnostic> faults =
      faults_of(".subckt s a\nR1 a 0 4k7\n.ends\nX1 a s\nX2 a s\nX3 a s\n");
  ASSERT_EQ(faults.size(), 1);
  EXPECT_EQ(faults[0].message, "'4k7' is no number (in instance x1)");
}

TEST(Faults, PointIntoContinuedLines) {
  const std::vector<Diagnostic> faults = faults_of("R1 a\n* comment\n+ 0\n+   4k7\n");
  ASSERT_EQ(faults.size(), 1);
  EXPECT_EQ(faults[0].where.line, 5);
  EXPECT_EQ(faults[0].where.column, 5);
  EXPECT_EQ(faults[0].where.text, "+   4k7");
}

TEST(Faults, HaveACaretUnderTheirColumn) {
  const std::vector<Diagnostic> faults = faults_of("R1 a 0 4k7\n");
  EXPECT_EQ(faults[0].format(),
            "deck.cir:2:8: error: '4k7' is no number\n"
            "    R1 a 0 4k7\n"
            "           ^\n"
            "    write 4.7k");
}

}  // namespace
}  // namespace wordline
