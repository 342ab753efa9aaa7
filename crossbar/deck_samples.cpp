#include "wordline/crossbar/deck_samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "wordline/crossbar/matmul.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/analysis_name.hpp"

namespace wordline::crossbar {

namespace {

// Takes points of which only measures are wanted.
class NoSink final : public WaveformSink {
 public:
  void begin(const PlotHeader& /*header*/) override {}
  void point(std::span<const double> /*values*/) override {}
  void end() override {}
};

bool is_kept(const Analysis& analysis) {
  return std::holds_alternative<OpAnalysis>(analysis.what) ||
         std::holds_alternative<MatmulAnalysis>(analysis.what);
}

bool gives_results(const Circuit& circuit, const Analysis& analysis) {
  constexpr std::array<std::string_view, 3> kWithoutName = {"tran", "dc", "ac"};
  const std::string_view name = name_of(analysis);
  const bool any = std::find(kWithoutName.begin(), kWithoutName.end(), name) != kWithoutName.end();
  return is_kept(analysis) ||
         std::any_of(circuit.measures.begin(), circuit.measures.end(), [&](const Measure& measure) {
           return measure.analysis.empty() ? any : measure.analysis == name;
         });
}

class Collector {
 public:
  void add(std::string name, double value) {
    if (!names_.insert(name).second) {
      name = fmt::format("{}{}.{}", analysis_, number_, name);
      names_.insert(name);
    }
    results_.emplace_back(std::move(name), value);
  }

  void add(const Analysis& analysis, std::size_t number, const Result& result) {
    analysis_ = name_of(analysis);
    number_ = number;
    for (const MeasureResult& measure : result.measures) add(measure.name, measure.value);
    if (!is_kept(analysis)) return;
    const bool is_product = std::holds_alternative<MatmulAnalysis>(analysis.what);
    const Waveforms& plot = result.waveforms;
    for (std::size_t k = 0; k < plot.points(); ++k) {
      for (std::size_t s = is_product ? 1 : 0; s < plot.header().signals.size(); ++s) {
        std::string name = plot.header().signals[s].name;
        if (plot.points() > 1) name += fmt::format("@{}", k);
        add(std::move(name), plot.column(s)[k]);
      }
    }
  }

  Results take() { return std::move(results_); }

 private:
  Results results_;
  std::set<std::string> names_;
  std::string_view analysis_;
  std::size_t number_ = 0;
};

}  // namespace

Results results_of(const Circuit& circuit, const std::atomic<bool>* interrupt) {
  Collector collector;
  std::optional<Simulator> simulator;
  NoSink nowhere;
  for (std::size_t k = 0; k < circuit.analyses.size(); ++k) {
    const Analysis& analysis = circuit.analyses[k];
    RunControl control;
    control.interrupt = interrupt;
    if (!is_kept(analysis)) control.sink = &nowhere;
    const bool is_product = std::holds_alternative<MatmulAnalysis>(analysis.what);
    if (!is_product && !simulator) simulator.emplace(circuit);
    const Result result =
        is_product ? run_matmul(circuit, analysis, control) : simulator->run(analysis, control);
    if (!result.report.ok()) {
      throw Error(fmt::format(
          "{} failed: {}", name_of(analysis),
          result.report.outcome == Outcome::kInterrupted ? "interrupted" : result.report.message));
    }
    collector.add(analysis, k + 1, result);
  }
  return collector.take();
}

Samples sample_circuit(const Circuit& circuit, const Sampling& sampling) {
  const bool any = std::any_of(circuit.analyses.begin(), circuit.analyses.end(),
                               [&](const Analysis& a) { return gives_results(circuit, a); });
  if (!any) {
    throw NetlistError(
        {Severity::kError, circuit.monte_carlo ? circuit.monte_carlo->where : SourceLocation{},
         "samples of this netlist have no results",
         "statistics are those of .measure, of the signals of an .op, of the currents of a "
         ".matmul"});
  }
  try {
    return draw_samples(
        [&](const Sample& sample) {
          return results_of(at_sample(circuit, sample.seed), sampling.interrupt);
        },
        sampling);
  } catch (const UnknownResultError& error) {
    const MonteCarlo request = circuit.monte_carlo.value_or(MonteCarlo{});
    const bool is_of_the_netlist =
        std::any_of(request.limits.begin(), request.limits.end(),
                    [&](const ResultLimit& limit) { return limit.name == error.name; });
    if (!is_of_the_netlist) throw;
    throw NetlistError({Severity::kError, request.where, error.what(), ""});
  }
}

Sampling sampling_of(const Circuit& circuit) {
  if (!circuit.monte_carlo) throw Error("the circuit has no .mc");
  const MonteCarlo& request = *circuit.monte_carlo;
  return {.samples = request.samples,
          .seed = request.seed.value_or(circuit.options.seed),
          .limits = request.limits,
          .threads = circuit.options.threads};
}

}  // namespace wordline::crossbar
