// Small decks, one feature each, against Debian's ngspice on the very same text, both at
// reltol=1e-5.

#include <gtest/gtest.h>

#include "compare.hpp"

namespace wordline {
namespace {

using testing::conformance_decks;

class Conformance : public ::testing::TestWithParam<std::string> {};

// ngspice multiplies its frequencies on, with a rounding at every step.
constexpr double kSameFrequency = 1e-9;

void compare(const Waveforms& ours, const Waveforms& theirs, std::size_t first) {
  for (std::size_t k = first; k < theirs.header().signals.size(); ++k) {
    const std::string name = testing::our_name(theirs.header().signals[k].name);
    EXPECT_LT(testing::difference(ours, name, theirs, theirs.column(k), {}), testing::kTolerance)
        << name;
  }
}

TEST_P(Conformance, AgreesWithNgspice) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  const auto deck = conformance_decks() / (GetParam() + ".cir");
  const std::vector<Waveforms> plots = testing::run_ngspice(deck);
  const Waveforms& theirs = plots.at(0);
  Simulator simulator(load(deck));
  ASSERT_EQ(simulator.circuit().analyses.size(), 1u);
  ASSERT_EQ(simulator.circuit().options.reltol, 1e-5);
  const Result result = simulator.run(simulator.circuit().analyses[0]);
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  // The first column is time, frequency, or the sweep's under ngspice's own name.
  const bool is_sweep = theirs.header().plotname != "Transfer Function";
  if (!simulator.circuit().outputs.empty()) {
    ASSERT_EQ(theirs.header().signals.size(), simulator.circuit().outputs.size() + 1);
  }
  if (theirs.header().complex) {
    ASSERT_LT(testing::difference_of_phasors(result.waveforms, theirs, 0), kSameFrequency);
    for (std::size_t k = 1; k < theirs.header().signals.size(); ++k) {
      EXPECT_LT(testing::difference_of_phasors(result.waveforms, theirs, k), testing::kTolerance)
          << theirs.header().signals[k].name;
    }
    return;
  }
  compare(result.waveforms, theirs, is_sweep ? 1 : 0);
  ASSERT_EQ(result.tables.size() + 1, plots.size());
  for (std::size_t k = 1; k < plots.size(); ++k) compare(result.tables[k - 1], plots[k], 0);
}

INSTANTIATE_TEST_SUITE_P(Decks, Conformance,
                         ::testing::ValuesIn(testing::deck_names(conformance_decks())),
                         [](const auto& deck) { return deck.param; });

}  // namespace
}  // namespace wordline
