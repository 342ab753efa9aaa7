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
  const std::vector<Signal>& columns = expected.plot.header().signals;
  const std::size_t outputs = simulator.circuit().outputs.size();
  const std::size_t parts = std::holds_alternative<AcAnalysis>(analysis.what) ? 2 : 1;
  if (outputs > 0) {
    ASSERT_EQ(columns.size(), parts * outputs + 1);
  }
  const bool is_sweep = !std::holds_alternative<TransferAnalysis>(analysis.what);
  for (std::size_t s = is_sweep ? 1 : 0; s < columns.size(); ++s) {
    const std::string name = testing::our_name(columns[s].name);
    if (testing::is_unlike_ngspice(name, expected.plot.column(s))) continue;
    EXPECT_LT(testing::metric(result.waveforms, expected, s, corners), testing::kLargestMetric)
        << columns[s].name;
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
