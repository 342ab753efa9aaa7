// `.ac`: the phasors of all signals at every frequency.
#include <fmt/format.h>

#include <numbers>

#include "wordline/engine/small_signal.hpp"

namespace wordline {

namespace {

Report sweep(AnalysisContext& context, const std::vector<double>& frequencies, const Probes& probes,
             SmallSignal& signals, Report report) {
  const Phasors excitation = signals.excitation();
  for (const double frequency : frequencies) {
    if (context.interrupted()) {
      report.outcome = Outcome::kInterrupted;
      return report;
    }
    ++report.factorizations;
    if (!signals.factor({0, 2 * std::numbers::pi * frequency}, report.message)) {
      report.outcome = Outcome::kFailed;
      report.message += fmt::format(" (at {:g} Hz)", frequency);
      return report;
    }
    Phasors x = excitation;
    signals.solve(x);
    Phasors phasors = {frequency};
    probes.read(signals.point(x), phasors);
    std::vector<double> values;
    for (const std::complex<double>& z : phasors) values.push_back(z.real());
    for (const std::complex<double>& z : phasors) values.push_back(z.imag());
    context.sink.point(values);
    ++report.points;
    context.progress(static_cast<double>(report.points) / static_cast<double>(frequencies.size()));
  }
  return report;
}

}  // namespace

Report run_ac(AnalysisContext& context, const AcAnalysis& analysis) {
  Probes probes(context.system, context.requests, "ac");
  std::vector<Signal> columns = {{"frequency", "frequency", "Hz"}};
  columns.insert(columns.end(), probes.signals().begin(), probes.signals().end());
  context.sink.begin({.title = context.system.circuit().title,
                      .plotname = "AC Analysis",
                      .signals = std::move(columns),
                      .complex = true});

  Report report;
  std::vector<double> x;
  Evaluation e = context.start_evaluation();
  if (!start_small_signals(context, x, e, report)) return report;
  probes.keep_operating_point(e);
  SmallSignal signals(context, e);
  return sweep(context, analysis.frequencies.values(), probes, signals, std::move(report));
}

}  // namespace wordline
