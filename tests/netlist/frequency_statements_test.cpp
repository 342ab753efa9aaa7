// .ac, .noise, .tf, .sens and .four: what is read, and what is wrong with them.
#include <gtest/gtest.h>

#include <sstream>
#include <variant>

#include "decks.hpp"
#include "wordline/netlist/export_ngspice.hpp"

namespace wordline {
namespace {

const std::vector<FaultyLines> kCases = {
    {"R1 a 0 1\n.ac", 3, 4, "the line ends where dec, oct or lin is expected"},
    {"R1 a 0 1\n.ac log 10 1 1k", 3, 5, "'log' should be dec, oct or lin"},
    {"R1 a 0 1\n.ac dec 0 1 1k", 3, 9, "0 is no number of points"},
    {"R1 a 0 1\n.ac dec 10 0 1k", 3, 12, "the frequency 0 Hz is not positive",
     "a logarithmic sweep cannot begin at 0; take lin"},
    {"R1 a 0 1\n.ac lin 10 -1 1k", 3, 12, "the frequency -1 Hz is not positive"},
    {"R1 a 0 1\n.ac dec 10 1k 1", 3, 15, "the last frequency 1 Hz is below the first, 1000 Hz"},
    {"R1 a 0 1\n.ac dec 10 1 1k 5", 3, 17, "'5' is not expected here"},
    {"R1 a 0 1\n.noise v(b) v1 dec 1 1 10", 3, 10, "there is no node 'b'"},
    {"V1 a 0 1\nR1 a 0 1\n.noise i(v1) v1 dec 1 1 10", 4, 8, "the output of .noise is a voltage"},
    {"V1 a 0 1\nR1 a 0 1\n.noise v(a) v2 dec 1 1 10", 4, 13,
     "there is no independent source called 'v2'", "did you mean 'v1'?"},
    {"V1 a 0 1\nR1 a 0 1\n.noise v(a) v1 dec 1 1 10 1.5", 4, 27, "1.5 is no number of points"},
    {"V1 a 0 1\nR1 a 0 1\n.tf q(a) v1", 4, 5, "'q' is no output of this analysis",
     "there are v(node), v(node,node) and i(voltage source)"},
    {"V1 a 0 1\nR1 a 0 1\n.tf i(r1) v1", 4, 7, "'r1'"},
    {"V1 a 0 1\nR1 a 0 1\n.tf v(a)", 4, 9, "the line ends where an independent source"},
    {"V1 a 0 1\nR1 a 0 1\n.sens v(a) tran", 4, 12, "'tran' is not expected here"},
    {"V1 a 0 1\nR1 a 0 1\n.four 0 v(a)", 4, 7, "the frequency 0 Hz is not positive"},
    {"V1 a 0 1\nR1 a 0 1\n.four 1k", 4, 9, "the line ends where an output is expected"},
};

TEST(FrequencyStatements, FaultsHaveTheirPlace) {
  for (const FaultyLines& c : kCases) expect_fault(c, faults_of(c.lines));
}

TEST(FrequencyStatements, AreRead) {
  const Circuit c = read_lines(
      "V1 a 0 AC\nV2 b 0 1 AC 2 -90\nI1 0 b AC 3m m=2\nR1 a b 1k\nR2 b 0 1k\n"
      ".ac oct 5 1k 1meg\n.noise v(a,b) I1 lin 3 0 10 2\n.tf i(V2) V1\n"
      ".sens v(b) ac dec 2 1 10\n.sens v(b)\n.four 1k v(a) i(V1)\n");
  EXPECT_EQ(element(c.voltage_sources, "v1").ac_magnitude, 1);
  EXPECT_EQ(element(c.voltage_sources, "v2").ac_magnitude, 2);
  EXPECT_EQ(element(c.voltage_sources, "v2").ac_phase, -90);
  EXPECT_EQ(element(c.current_sources, "i1").ac_magnitude, 6e-3);
  ASSERT_EQ(c.analyses.size(), 5U);
  const auto& ac = std::get<AcAnalysis>(c.analyses[0].what).frequencies;
  EXPECT_EQ(ac.spacing, FrequencySweep::Spacing::kOctave);
  EXPECT_EQ(ac.points, 5);
  EXPECT_EQ(ac.stop, 1e6);
  const auto& noise = std::get<NoiseAnalysis>(c.analyses[1].what);
  EXPECT_EQ(noise.output.label, "v(a,b)");
  EXPECT_FALSE(noise.input.is_voltage);
  EXPECT_EQ(noise.points_per_summary, 2);
  EXPECT_EQ(std::get<TransferAnalysis>(c.analyses[2].what).output.current_of, 1);
  EXPECT_TRUE(std::get<SensitivityAnalysis>(c.analyses[3].what).frequencies.has_value());
  EXPECT_FALSE(std::get<SensitivityAnalysis>(c.analyses[4].what).frequencies.has_value());
  ASSERT_EQ(c.fouriers.size(), 1U);
  EXPECT_EQ(c.fouriers[0].signals, (std::vector<std::string>{"v(a)", "i(v1)"}));
}

TEST(FrequencyStatements, AreExported) {
  const Circuit c = read_lines(
      "V1 a 0 AC 2 45\nR1 a b 1k\nR2 b 0 1k\n.ac oct 5 1k 1meg\n.noise v(a,b) V1 lin 3 1 10 2\n"
      ".tf i(V1) V1\n.sens v(b) ac dec 2 1 10\n.tran 1u 1m\n.four 1k v(a)\n");
  std::ostringstream out;
  export_ngspice(c, out);
  const std::string text = out.str();
  for (const char* line :
       {" ac 2 45\n", "\n.ac oct 5 1000 1000000\n", "\n.noise v(a,b) v1 lin 3 1 10 2\n",
        "\n.tf i(v1) v1\n", "\n.sens v(b) ac dec 2 1 10\n", "\n.four 1000 v(a)\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

}  // namespace
}  // namespace wordline
