// DC sweeps: every point starts from the last one, so that a sweep follows a branch of solutions.

#include <fmt/format.h>

#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/engine/operating_point.hpp"

namespace wordline {

namespace {

Signal sweep_signal(const Sweep& sweep) {
  switch (sweep.target) {
    case Sweep::Target::kVoltageSource:
      return {sweep.name, "voltage", "V"};
    case Sweep::Target::kCurrentSource:
      return {sweep.name, "current", "A"};
    case Sweep::Target::kResistor:
      return {sweep.name, "res-sweep", "ohm"};
    case Sweep::Target::kTemperature:
      break;
  }
  return {sweep.name, "temp-sweep", "C"};
}

class DcSweep {
 public:
  DcSweep(AnalysisContext& context, const DcAnalysis& analysis)
      : context_(context), system_(context.system), sweeps_(analysis.sweeps) {
    position_.resize(sweeps_.size());
    total_ = 1;
    for (const Sweep& sweep : sweeps_) total_ *= sweep.values.size();
  }

  Report run(const Probes& probes) {
    Report report;
    std::vector<double> x(system_.unknowns());
    Evaluation e = context_.start_evaluation();
    for (std::size_t level = 0; level < sweeps_.size(); ++level) apply(level, e);
    for (std::size_t point = 0; point < total_; ++point) {
      if (context_.interrupted()) {
        report.outcome = Outcome::kInterrupted;
        return report;
      }
      const int limit = point == 0 ? system_.options().itl1 : system_.options().itl2;
      if (!solve_operating_point(system_, context_.newton, x, e, limit, report)) {
        report.outcome = Outcome::kFailed;
        report.message += fmt::format(" (at {})", here());
        return report;
      }
      std::vector<double> values;
      for (std::size_t level = 0; level < sweeps_.size(); ++level) values.push_back(value(level));
      probes.read(e, values);
      context_.sink.point(values);
      ++report.points;
      context_.progress(static_cast<double>(point + 1) / static_cast<double>(total_));
      advance(e);
    }
    return report;
  }

 private:
  double value(std::size_t level) const { return sweeps_[level].values[position_[level]]; }

  void apply(std::size_t level, Evaluation& e) {
    const Sweep& sweep = sweeps_[level];
    const auto element = static_cast<std::size_t>(sweep.index);
    switch (sweep.target) {
      case Sweep::Target::kVoltageSource:
        system_.voltage_sources().set_value(element, value(level));
        break;
      case Sweep::Target::kCurrentSource:
        system_.current_sources().set_value(element, value(level));
        break;
      case Sweep::Target::kResistor:
        system_.resistors().set_value(element, value(level));
        system_.invalidate();
        break;
      case Sweep::Target::kTemperature:
        e.temperature = value(level);
        system_.set_temperature(value(level));
        break;
    }
  }

  // The next combination, innermost sweep first.
  void advance(Evaluation& e) {
    for (std::size_t level = 0; level < sweeps_.size(); ++level) {
      position_[level] = (position_[level] + 1) % sweeps_[level].values.size();
      apply(level, e);
      if (position_[level] != 0) return;
    }
  }

  std::string here() const {
    std::string text;
    for (std::size_t level = 0; level < sweeps_.size(); ++level) {
      text += fmt::format("{}{} = {:g}", level == 0 ? "" : ", ", sweeps_[level].name, value(level));
    }
    return text;
  }

  AnalysisContext& context_;
  System& system_;
  const std::vector<Sweep>& sweeps_;
  std::vector<std::size_t> position_;
  std::size_t total_ = 0;
};

}  // namespace

Report run_dc(AnalysisContext& context, const DcAnalysis& analysis) {
  const Probes probes(context.system, context.requests, "dc");
  std::vector<Signal> signals;
  for (const Sweep& sweep : analysis.sweeps) signals.push_back(sweep_signal(sweep));
  signals.insert(signals.end(), probes.signals().begin(), probes.signals().end());
  context.sink.begin(
      {context.system.circuit().title, "DC transfer characteristic", std::move(signals)});
  return DcSweep(context, analysis).run(probes);
}

}  // namespace wordline
