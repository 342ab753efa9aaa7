// Small decks, one feature each, against Debian's ngspice on the very same text.
//
// Both run at reltol=1e-5. Metric: at every point that ngspice computed, the difference from our
// waveform (interpolated there) as a fraction of the signal's full scale. The tolerance of 1e-3
// leaves room for the linear interpolation between points and for the local errors of two different
// step controls; agreement is usually 10 to 1000 times better.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "shell.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline {
namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-3;

fs::path decks() { return fs::path(std::getenv("WORDLINE_SOURCE_ROOT")) / "tests/conformance"; }

std::vector<std::string> deck_names() {
  std::vector<std::string> names;
  if (std::getenv("WORDLINE_SOURCE_ROOT") == nullptr) return names;
  for (const auto& entry : fs::directory_iterator(decks())) {
    if (entry.path().extension() == ".cir") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Waveforms run_ngspice(const fs::path& deck) {
  const testing::TemporaryFolder folder;
  const auto run = testing::shell(folder, "ngspice -b -r out.raw '" + deck.string() + "'");
  EXPECT_TRUE(fs::exists(folder / "out.raw")) << run.out << run.err;
  return read_rawfile(folder / "out.raw").at(0);
}

double full_scale(std::span<const double> values) {
  double largest = 0;
  for (const double v : values) largest = std::max(largest, std::abs(v));
  return largest;
}

// Sweeps are compared point by point, transients at ngspice's times.
double difference(const Waveforms& ours, const Waveforms& theirs, std::size_t signal) {
  const std::string& name = theirs.header().signals[signal].name;
  const std::span<const double> expected = theirs.column(signal);
  const bool transient = theirs.header().plotname.starts_with("Transient");
  double worst = 0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    const double mine = transient ? ours.at(name, theirs.column(0)[k]) : ours[name][k];
    worst = std::max(worst, std::abs(mine - expected[k]));
  }
  return worst / full_scale(expected);
}

class Conformance : public ::testing::TestWithParam<std::string> {};

TEST_P(Conformance, AgreesWithNgspice) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  const fs::path deck = decks() / (GetParam() + ".cir");
  const Waveforms theirs = run_ngspice(deck);
  Circuit circuit = load(deck);
  ASSERT_EQ(circuit.analyses.size(), 1u);
  Simulator simulator(std::move(circuit));
  const Result result = simulator.run(simulator.circuit().analyses[0]);
  ASSERT_TRUE(result.report.ok()) << result.report.message;
  const std::size_t saved = simulator.circuit().outputs.size();
  ASSERT_EQ(theirs.header().signals.size(), saved + 1);
  if (!theirs.header().plotname.starts_with("Transient")) {
    ASSERT_EQ(theirs.points(), result.waveforms.points());
  }
  for (std::size_t k = 1; k < theirs.header().signals.size(); ++k) {
    EXPECT_LT(difference(result.waveforms, theirs, k), kTolerance)
        << theirs.header().signals[k].name;
  }
}

INSTANTIATE_TEST_SUITE_P(Decks, Conformance, ::testing::ValuesIn(deck_names()),
                         [](const auto& deck) { return deck.param; });

}  // namespace
}  // namespace wordline
