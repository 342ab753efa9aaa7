// .mc
#include "decks.hpp"

namespace wordline {
namespace {

MonteCarlo read_mc(const std::string& statement) {
  return read_lines(".param n=10\nR1 a 0 1k\n" + statement + "\n").monte_carlo.value();
}

TEST(MonteCarloStatement, HasACountASeedAndLimits) {
  const MonteCarlo mc =
      read_mc(".mc {2*n} seed=5 min(vout)=0.9 max(V(a,b))={n} max(vout)=1.1 ; comment");
  EXPECT_EQ(mc.samples, 20);
  EXPECT_EQ(mc.seed, 5);
  ASSERT_EQ(mc.limits.size(), 2);
  EXPECT_EQ(mc.limits[0].name, "vout");
  EXPECT_EQ(mc.limits[0].low, 0.9);
  EXPECT_EQ(mc.limits[0].high, 1.1);
  EXPECT_EQ(mc.limits[1].name, "v(a,b)");
  EXPECT_EQ(mc.limits[1].high, 10);
  EXPECT_FALSE(std::isfinite(mc.limits[1].low));
  EXPECT_EQ(mc.where.line, 4);
  EXPECT_FALSE(read_mc(".mc 3").seed);
}

TEST(MonteCarloStatement, KeepsTheNetlistForSamples) {
  const Circuit circuit = read_lines("R1 a 0 {agauss(1k,100)}\n.mc 3\n");
  const auto ohms = [](const Circuit& one) { return element(one.resistors, "r1").ohms; };
  const Circuit sample = at_sample(circuit, 7);
  EXPECT_EQ(sample.options.seed, 7);
  EXPECT_FALSE(sample.monte_carlo);
  EXPECT_NE(ohms(sample), ohms(circuit));
  EXPECT_EQ(ohms(at_sample(circuit, 7)), ohms(sample));
  EXPECT_EQ(ohms(read_lines("R1 a 0 {agauss(1k,100)}\n.options seed=7\n")), ohms(sample));
  EXPECT_EQ(ohms(at_sample(circuit, 1)), ohms(circuit));
  EXPECT_EQ(read_lines("R1 a 0 1k\n").source, nullptr);
  EXPECT_NE(parse("t\nR1 a 0 1k\n", "d", {.keep_source = true}).source, nullptr);
}

TEST(MonteCarloStatement, ReportsFaults) {
  const std::vector<FaultyLines> cases = {
      {"R1 a 0 1\n.mc\n", 3, 4, "the number of samples"},
      {"R1 a 0 1\n.mc 0\n", 3, 5, "samples = 0 is no whole number from 1 to 100000000"},
      {"R1 a 0 1\n.mc 2.5\n", 3, 5, "samples = 2.5 is no whole number"},
      {"R1 a 0 1\n.mc 5 seed=-1\n", 3, 12, "seed = -1 is no whole number"},
      {"R1 a 0 1\n.mc 5 sede=1\n", 3, 7, "'sede' is not understood here",
       "after the number of samples: seed=, min(result)= and max(result)="},
      {"R1 a 0 1\n.mc 5 mean(v)=1\n", 3, 7, "'mean' is not understood here"},
      {"R1 a 0 1\n.mc 5 min(v=1\n", 3, 14, "')' is missing after the name of a result"},
      {"R1 a 0 1\n.mc 5 min(v)\n", 3, 13, "'='"},
      {"R1 a 0 1\n.mc 5 min(v)=2 max(v)=1\n", 3, 23, "no v is at least 2 and at most 1"},
      {"R1 a 0 1\n.mc 5 min(v)=2 min(V)=1\n", 3, 16, "min(v) is given twice"},
      {"R1 a 0 1\n.mc 5\n.mc 6\n", 4, 1, "a second .mc: a netlist is sampled one way"},
  };
  for (const FaultyLines& c : cases) expect_fault(c, faults_of(c.lines));
}

}  // namespace
}  // namespace wordline
