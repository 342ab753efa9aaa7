// Every example and every conformance deck with one waveform or sweep, exported as a flat deck and
// run by Debian's ngspice, against Wordline itself. Both run at reltol=1e-5; metric and tolerance
// as for the other decks.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>

#include "compare.hpp"
#include "wordline/netlist/export_ngspice.hpp"
#include "wordline/netlist/ngspice_names.hpp"

namespace wordline {
namespace {

using testing::examples;

class ExportedExample : public ::testing::TestWithParam<std::filesystem::path> {};

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

// The same analysis with points so dense that lines between them are no source of error.
Analysis finer(Analysis analysis) {
  constexpr double kTimes = 8;
  if (auto* transient = std::get_if<TranAnalysis>(&analysis.what)) {
    const double longest = std::min(transient->step, (transient->stop - transient->start) / 50);
    transient->max_step = (transient->max_step > 0 ? transient->max_step : longest) / kTimes;
  }
  return analysis;
}

TEST_P(ExportedExample, RunsInNgspiceWithTheSameWaveforms) {
  if (!testing::have_program("ngspice")) GTEST_SKIP() << "ngspice is not installed";
  Circuit circuit = load(GetParam());
  circuit.options.reltol = 1e-5;
  circuit.options.trtol = 1;  // with 7 ngspice alone errs by the whole tolerance
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
    const Result result = simulator.run(finer(analysis));
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

std::vector<std::filesystem::path> decks_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> decks;
  for (const std::string& name : testing::deck_names(folder)) {
    decks.push_back(folder / (name + ".cir"));
  }
  return decks;
}

// Not: decks of other analyses; those that cannot be exported (behavioural_capacitor, _inductor,
// and temperature_in_models, whose parameters are numbers by then); one that asks for nothing that
// ngspice names; those at whose steps ngspice itself is 1.4e-3 to 1.7e-3 of full scale away from
// what it computes with steps a twentieth as long.
bool can_be_compared(const std::filesystem::path& path) {
  constexpr std::array<std::string_view, 6> kOthers = {
      "behavioural_capacitor",    "behavioural_inductor", "temperature_in_models",
      "output_transistor_slopes", "nand_adder",           "gear_rlc"};
  if (std::find(kOthers.begin(), kOthers.end(), path.stem().string()) != kOthers.end()) {
    return false;
  }
  const Circuit circuit = load(path);
  return std::all_of(circuit.analyses.begin(), circuit.analyses.end(), [](const Analysis& a) {
    return std::holds_alternative<TranAnalysis>(a.what) ||
           std::holds_alternative<DcAnalysis>(a.what);
  });
}

std::vector<std::filesystem::path> comparable_decks() {
  std::vector<std::filesystem::path> decks = decks_in(testing::conformance_decks());
  std::erase_if(decks, [](const auto& path) { return !can_be_compared(path); });
  return decks;
}

std::string name_of_deck(const ::testing::TestParamInfo<std::filesystem::path>& deck) {
  return deck.param.stem();
}

INSTANTIATE_TEST_SUITE_P(Decks, ExportedExample, ::testing::ValuesIn(decks_in(examples())),
                         name_of_deck);
INSTANTIATE_TEST_SUITE_P(Conformance, ExportedExample, ::testing::ValuesIn(comparable_decks()),
                         name_of_deck);

}  // namespace
}  // namespace wordline
