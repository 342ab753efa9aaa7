// Every example, exported as a flat deck and run by Debian's ngspice, against Wordline itself. Both
// run at reltol=1e-5; metric and tolerance as for the other decks.

#include <gtest/gtest.h>

#include <optional>

#include "compare.hpp"
#include "wordline/netlist/export_ngspice.hpp"
#include "wordline/netlist/ngspice_names.hpp"

namespace wordline {
namespace {

using testing::examples;

class ExportedExample : public ::testing::TestWithParam<std::string> {};

// A requested quantity as ngspice gives it; nothing where it has none.
std::optional<std::vector<double>> ngspice_values(const Circuit& compiled,
                                                  const NgspiceNames& names,
                                                  const OutputRequest& request,
                                                  const Waveforms& theirs) {
  std::vector<double> values;
  if (request.kind == OutputRequest::Kind::kDeviceParameter) {
    const auto device = compiled.memristors.names.find(request.first);
    if (!device || request.second != "x") return std::nullopt;
    const auto k = static_cast<std::size_t>(*device);
    const ModelCard& card =
        compiled.models[static_cast<std::size_t>(compiled.memristors.rows[k].model)];
    const Bounds bounds = card.type->bounds(card.values);
    const auto normalised = theirs["v(" + names.state_node(k) + ")"];
    for (const double x : normalised) {
      values.push_back(bounds.low + (bounds.high - bounds.low) * x);
    }
    return values;
  }
  const std::vector<std::string> vectors = names.vectors(request);
  if (vectors.empty()) return std::nullopt;
  // A saved @device[i] comes back as i(@device[i]).
  const std::string name = theirs.contains(vectors[0]) ? vectors[0] : "i(" + vectors[0] + ")";
  const auto first = theirs[name];
  values.assign(first.begin(), first.end());
  for (std::size_t v = 1; v < vectors.size(); ++v) {
    const auto subtracted = theirs[vectors[v]];
    for (std::size_t k = 0; k < values.size(); ++k) values[k] -= subtracted[k];
  }
  return values;
}

double stop_of(const Circuit& circuit) {
  double stop = 0;
  for (const Analysis& analysis : circuit.analyses) {
    const auto* transient = std::get_if<TranAnalysis>(&analysis.what);
    if (transient != nullptr) stop = std::max(stop, transient->stop);
  }
  return stop;
}

TEST_P(ExportedExample, RunsInNgspiceWithTheSameWaveforms) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  Circuit circuit = load(examples() / (GetParam() + ".cir"));
  circuit.options.reltol = 1e-5;
  const testing::TemporaryFolder folder;
  std::ofstream deck(folder / "deck.cir");
  export_ngspice(circuit, deck);
  deck.close();
  const std::vector<Waveforms> plots = testing::run_ngspice(folder / "deck.cir");
  const Circuit compiled = compile_crossbars(circuit);
  const NgspiceNames names(compiled);
  Simulator simulator(circuit);
  const std::vector<double> corners = testing::corners_of(compiled, stop_of(circuit));
  std::size_t compared = 0;
  for (const Analysis& analysis : circuit.analyses) {
    const Result result = simulator.run(testing::finer(analysis));
    ASSERT_TRUE(result.report.ok()) << result.report.message;
    const Waveforms* theirs = testing::find_plot(plots, result.waveforms.header().plotname);
    ASSERT_NE(theirs, nullptr) << result.waveforms.header().plotname;
    for (const OutputRequest& request : circuit.outputs) {
      const auto expected = ngspice_values(compiled, names, request, *theirs);
      if (!expected) continue;
      ++compared;
      EXPECT_LT(testing::difference(result.waveforms, request.label, *theirs, *expected, corners),
                testing::kTolerance)
          << request.label;
    }
  }
  EXPECT_GT(compared, 0u);
}

INSTANTIATE_TEST_SUITE_P(Decks, ExportedExample,
                         ::testing::ValuesIn(testing::deck_names(examples())),
                         [](const auto& deck) { return deck.param; });

}  // namespace
}  // namespace wordline
