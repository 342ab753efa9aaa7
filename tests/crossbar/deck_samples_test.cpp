// `.mc`: samples of netlists.
#include "wordline/crossbar/deck_samples.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "shell.hpp"
#include "wordline/base/error.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::crossbar {
namespace {

Samples sample_lines(const std::string& lines, int threads = 0) {
  const Circuit circuit = parse("title\n" + lines, "deck.cir");
  Sampling sampling = sampling_of(circuit);
  sampling.threads = threads;
  return sample_circuit(circuit, sampling);
}

// Mean and deviation within 4 standard errors, of a distribution near a normal one.
void expect_moments(const Statistics& s, double mean, double deviation) {
  const double n = static_cast<double>(s.count());
  EXPECT_NEAR(s.mean(), mean, 4 * deviation / std::sqrt(n));
  EXPECT_NEAR(s.deviation(), deviation, 4 * deviation / std::sqrt(2 * n));
}

// v = R2/(R1+R2), R1 and R2 of 1 kohm with 1 % deviation each: the mean is 1/2 by symmetry, the
// deviation sqrt(2) 1 %/4 up to terms of the square of 1 %.
TEST(DeckSamples, AgreeWithThePropagationOfErrors) {
  const Samples samples = sample_lines(
      ".param r1=gauss(1k,0.01) r2=agauss(1k,30,3)\nV1 a 0 1\nR1 a b {r1}\nR2 b 0 {r2}\n.op\n"
      ".measure op vout find v(b)\n.mc 4000 seed=7 min(vout)=0.4965 max(vout)={0.5+3.5m}\n");
  const double deviation = std::sqrt(2.0) * 0.01 / 4;
  expect_moments(samples.statistics("vout"), 0.5, deviation);
  expect_moments(samples.statistics("v(b)"), 0.5, deviation);
  const ResultLimit limit{"vout", 0.4965, 0.5035};
  const double p = std::erf(0.0035 / deviation / std::sqrt(2.0));
  const Yield yield = samples.yield(std::span(&limit, 1));
  EXPECT_NEAR(yield.share(), p, 4 * std::sqrt(p * (1 - p) / 4000));
  EXPECT_LT(yield.low, p);
  EXPECT_GT(yield.high, p);
}

// Every device draws from its model's distribution, anew in every sample: a conductance of
// 1/gauss(1k, 10) S; two of them in parallel have half the deviation over sqrt(2) of the sum.
TEST(DeckSamples, DrawDevicesAnew) {
  const Samples samples = sample_lines(
      ".model m memristor type=hp ron=gauss(1k,10) roff=100k x0=1\nV1 a 0 1m\n"
      "YMEMRISTOR y1 a 0 m\nYMEMRISTOR y2 a 0 m\n.op\n.save i(v1) i(y1) i(y2)\n.mc 2000\n");
  const double relative = 0.01;
  expect_moments(samples.statistics("i(y1)"), 1e-6 * (1 + relative * relative), 1e-8);
  expect_moments(samples.statistics("i(v1)"), -2e-6 * (1 + relative * relative),
                 std::sqrt(2.0) * 1e-8);
}

// The corner of an RC low-pass is at 1/(2 pi R C), its step response at 1 - exp(-t/RC), and a
// divider's at R2/(R1+R2) of any sweep: all follow each sample's own resistance.
TEST(DeckSamples, MeasureAllAnalyses) {
  const Samples samples = sample_lines(
      ".options reltol=1e-6\nV1 a 0 AC 1 PULSE(0 1 0 1p 1p 1 2)\nR1 a b {agauss(1k,100)}\n"
      "C1 b 0 1n\nR2 b 0 1g\n.ac dec 50 1k 10meg\n.tran 10n 1u uic\n.dc V1 0 2 1\n.op\n"
      ".save v(a) i(v1)\n"
      ".measure ac corner when vm(b)={sqrt(0.5)}\n.measure tran late find v(b) at=1u\n"
      ".measure dc slope deriv v(b) at=1\n.mc 20 seed=5\n");
  ASSERT_EQ(samples.failed.size(), 0) << samples.failed[0].message;
  EXPECT_EQ(samples.names, (std::vector<std::string>{"corner", "late", "slope", "v(a)", "i(v1)"}));
  const auto corner = samples.column("corner");
  const auto late = samples.column("late");
  const Statistics spread(corner);
  EXPECT_GT(spread.deviation(), 0.05 * spread.mean());
  for (std::size_t k = 0; k < corner.size(); ++k) {
    // Straight lines between 50 points a decade: 1e-3 of the corner.
    const double rc = 1 / (2 * 3.14159265358979 * corner[k]);
    EXPECT_NEAR(late[k], 1 - std::exp(-1e-6 / rc), 2e-3) << k;
  }
}

TEST(DeckSamples, AreMadeAgainByTheirSeeds) {
  const std::string lines =
      ".model m memristor type=hp ron=lognormal(1k,0.2) roff=100k x0=1\nV1 a 0 1m\n"
      "YMEMRISTOR y1 a b m\nR1 b 0 {lognormal(1k,0.2)}\n.op\n.save v(b)\n";
  const Samples samples = sample_lines(lines + ".mc 5 seed=3\n");
  for (std::size_t k = 0; k < 5; ++k) {
    const Circuit alone =
        parse("title\n.options seed=" + std::to_string(samples.samples[k].seed) + "\n" + lines,
              "deck.cir");
    EXPECT_EQ(results_of(alone).at(0).second, samples.column("v(b)")[k]);
  }
}

TEST(DeckSamples, DoNotDependOnThreads) {
  const std::string lines =
      "V1 a 0 1\nR1 a b {unif(1k,0.1)}\nR2 b 0 {flat(100)+1k}\nC1 b 0 1n\n.tran 10n 1u\n"
      ".measure tran v rms v(b)\n.mc 40\n";
  const Samples one = sample_lines(lines, 1);
  EXPECT_EQ(sample_lines(lines, 2).values.values, one.values.values);
  EXPECT_EQ(sample_lines(lines, 4).values.values, one.values.values);
}

// A sweep reads the netlist at every point: with the numbers of its sample. 2 k at twice the
// parameter, so the voltages are 1/3 and 1/2 of what r alone gives.
TEST(DeckSamples, KeepTheirSeedInSweepsOfTheNetlist) {
  const Samples samples = sample_lines(
      ".param r=agauss(1k,100) k=1\nI1 0 a 1m\nR1 a 0 {k*r}\n.dc k 1 2 1\n"
      ".measure dc one find v(a) at=1\n.measure dc two find v(a) at=2\n.mc 10\n");
  const auto one = samples.column("one");
  const auto two = samples.column("two");
  for (std::size_t k = 0; k < one.size(); ++k) EXPECT_NEAR(two[k], 2 * one[k], 1e-9);
  EXPECT_GT(Statistics(one).deviation(), 0.02);
}

// The same samples in every step.
TEST(DeckSamples, AreThoseOfTheirStep) {
  const Circuit deck = parse(
      "title\n.param k=1\nI1 0 a 1m\nR1 a 0 {k*agauss(1k,100)}\n.step k list 1 3\n.op\n"
      ".save v(a)\n.mc 10\n",
      "deck.cir");
  const auto at = [&](std::size_t step) {
    return sample_circuit(at_step(deck, step), sampling_of(deck)).column("v(a)");
  };
  const auto one = at(0), three = at(1);
  for (std::size_t k = 0; k < one.size(); ++k) EXPECT_NEAR(three[k], 3 * one[k], 1e-9);
}

// 1 uS cells and ideal wires: a current is the sum of two conductances times 1 V. Each is
// 1/gauss(1meg, 1 %).
TEST(DeckSamples, MultiplyArrays) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "v.csv", "1,1\n1,0\n");
  const Samples samples = sample_lines(
      ".model m memristor type=hp ron=gauss(1meg,10k) roff=100meg x0=1\n"
      ".crossbar xb rows=2 cols=1 cell=1r memristor=m r_wl=0 r_bl=0\n"
      ".matmul xb inputs=\"" +
      (folder / "v.csv").string() + "\"\n.mc 1500\n");
  EXPECT_EQ(samples.names, (std::vector<std::string>{"i(bl[0])@0", "i(bl[0])@1"}));
  expect_moments(samples.statistics("i(bl[0])@0"), 2e-6 * 1.0001, std::sqrt(2.0) * 1e-8);
  expect_moments(samples.statistics("i(bl[0])@1"), 1e-6 * 1.0001, 1e-8);
}

TEST(DeckSamples, ReportWhatCannotBe) {
  // Every other resistance is 0 or less: R1 of 0 to 0 ohm is a short, a loop with V1.
  const Samples samples = sample_lines("V1 a 0 1\nR1 a 0 {limit(1k,1k)}\n.op\n.mc 100\n");
  EXPECT_GT(samples.failed.size(), 20);
  EXPECT_GT(samples.samples.size(), 20);
  EXPECT_THROW(sample_lines("V1 a 0 1\nR1 a 0 1k\n.tran 1n 1u\n.mc 10\n"), NetlistError);
  EXPECT_THROW(at_sample(Circuit(), 1), Error);
}

}  // namespace
}  // namespace wordline::crossbar
