// The small decks against what ngspice computed of them when make_expected was last run: no
// ngspice is needed. That it still computes so is conformance_test.cpp's.

#include <gtest/gtest.h>

#include "expected.hpp"

namespace wordline {
namespace {

using testing::conformance_decks;

// The decks with stored values: real waveforms of one plot, without jumps that are no corners of
// sources. All others are compared with ngspice itself alone.
std::vector<std::string> stored_decks() {
  std::vector<std::string> names = testing::deck_names(conformance_decks());
  std::erase_if(names, [](const std::string& name) {
    return !std::filesystem::exists(conformance_decks() / "expected" / (name + ".csv"));
  });
  return names;
}

class StoredValues : public ::testing::TestWithParam<std::string> {};

double end_of(const Analysis& analysis) {
  const auto* const transient = std::get_if<TranAnalysis>(&analysis.what);
  return transient == nullptr ? 0 : transient->stop;
}

TEST_P(StoredValues, AreMet) {
  const auto path = conformance_decks() / "expected" / (GetParam() + ".csv");
  const testing::Expected expected = testing::read_expected(path);
  Simulator simulator(load(conformance_decks() / (GetParam() + ".cir")));
  const Analysis& analysis = simulator.circuit().analyses.at(0);
  const Result result = simulator.run(testing::finer(analysis));
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const auto corners = testing::corners_of(simulator.circuit(), end_of(analysis));
  ASSERT_EQ(expected.plot.header().signals.size(), simulator.circuit().outputs.size() + 1);
  for (std::size_t s = 1; s < expected.plot.header().signals.size(); ++s) {
    EXPECT_LT(testing::metric(result.waveforms, expected, s, corners), testing::kLargestMetric)
        << expected.plot.header().signals[s].name;
  }
}

INSTANTIATE_TEST_SUITE_P(Decks, StoredValues, ::testing::ValuesIn(stored_decks()),
                         [](const auto& deck) { return deck.param; });

TEST(ExpectedFiles, AreThoseOfDecks) {
  for (const auto& entry : std::filesystem::directory_iterator(conformance_decks() / "expected")) {
    const std::string name = entry.path().stem();
    EXPECT_TRUE(std::filesystem::exists(conformance_decks() / (name + ".cir"))) << name;
  }
}

}  // namespace
}  // namespace wordline
