// Small decks, one feature each, against Debian's ngspice on the very same text, both at
// reltol=1e-5.

#include <gtest/gtest.h>

#include "compare.hpp"

namespace wordline {
namespace {

using testing::conformance_decks;

class Conformance : public ::testing::TestWithParam<std::string> {};

TEST_P(Conformance, AgreesWithNgspice) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  const auto deck = conformance_decks() / (GetParam() + ".cir");
  const Waveforms theirs = testing::run_ngspice(deck).at(0);
  Simulator simulator(load(deck));
  ASSERT_EQ(simulator.circuit().analyses.size(), 1u);
  ASSERT_EQ(simulator.circuit().options.reltol, 1e-5);
  const Result result = simulator.run(simulator.circuit().analyses[0]);
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  // The first column is time, or the sweep's under ngspice's own name.
  ASSERT_EQ(theirs.header().signals.size(), simulator.circuit().outputs.size() + 1);
  for (std::size_t k = 1; k < theirs.header().signals.size(); ++k) {
    const std::string name = testing::name_here(theirs.header().signals[k].name);
    EXPECT_LT(testing::difference(result.waveforms, name, theirs, theirs.column(k), {}),
              testing::kTolerance)
        << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Decks, Conformance,
                         ::testing::ValuesIn(testing::deck_names(conformance_decks())),
                         [](const auto& deck) { return deck.param; });

}  // namespace
}  // namespace wordline
