// DC sweeps: every point starts from the last one, so that a sweep follows a branch of solutions.
// Sources, resistors and the temperature change in the circuit as it is; for all else it is read
// anew.

#include <fmt/format.h>

#include <algorithm>

#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/engine/analysis/dc_circuit.hpp"
#include "wordline/engine/operating_point.hpp"

namespace wordline {

namespace {

// The columns of a level.
std::vector<Signal> sweep_signals(const Sweep& sweep) {
  switch (sweep.target) {
    case Sweep::Target::kVoltageSource:
      return {{sweep.name, "voltage", "V"}};
    case Sweep::Target::kCurrentSource:
      return {{sweep.name, "current", "A"}};
    case Sweep::Target::kResistor:
      return {{sweep.name, "res-sweep", "ohm"}};
    case Sweep::Target::kTemperature:
      return {{sweep.name, "temp-sweep", "C"}};
    case Sweep::Target::kNetlist:
      break;
  }
  std::vector<Signal> signals;
  for (const StepTarget& target : sweep.netlist.targets) {
    signals.push_back({target.label(), "notype", ""});
  }
  return signals;
}

class DcSweep {
 public:
  DcSweep(AnalysisContext& context, const DcAnalysis& analysis)
      : context_(context), sweeps_(analysis.sweeps), circuit_(context) {
    position_.resize(sweeps_.size());
    for (const Sweep& sweep : sweeps_) total_ *= sweep.count();
  }

  // The plot begins when the first circuit is there.
  Report run() {
    Report report;
    try {
      place(sweeps_.size());
      begin();
      for (std::size_t point = 0; point < total_; ++point) {
        if (context_.interrupted()) {
          report.outcome = Outcome::kInterrupted;
          return report;
        }
        if (!solve(point, report)) break;
        advance();
      }
    } catch (const NetlistError&) {
      throw;
    } catch (const Error& error) {
      report.outcome = Outcome::kFailed;
      report.message = error.what();
    }
    if (report.outcome == Outcome::kFailed) report.message += fmt::format(" (at {})", here());
    return report;
  }

 private:
  System& system() { return circuit_.system(); }

  void begin() {
    std::vector<Signal> signals;
    for (const Sweep& sweep : sweeps_) {
      const std::vector<Signal> own = sweep_signals(sweep);
      signals.insert(signals.end(), own.begin(), own.end());
    }
    const std::vector<Signal>& read = circuit_.probes().signals();
    signals.insert(signals.end(), read.begin(), read.end());
    context_.sink.begin({system().circuit().title, "DC transfer characteristic", signals});
  }

  bool solve(std::size_t point, Report& report) {
    const int limit = point == 0 ? system().options().itl1 : system().options().itl2;
    Evaluation& e = circuit_.evaluation();
    if (point == 0) guess_from_node_sets(system(), circuit_.newton(), circuit_.x(), e);
    if (!solve_operating_point(system(), circuit_.newton(), circuit_.x(), e, limit, report)) {
      report.outcome = Outcome::kFailed;
      return false;
    }
    std::vector<double> values;
    for (std::size_t level = 0; level < sweeps_.size(); ++level) {
      const auto row = values_of(level);
      values.insert(values.end(), row.begin(), row.end());
    }
    circuit_.probes().read(e, values);
    context_.sink.point(values);
    ++report.points;
    context_.progress(static_cast<double>(point + 1) / static_cast<double>(total_));
    return true;
  }

  std::span<const double> values_of(std::size_t level) const {
    const Sweep& sweep = sweeps_[level];
    return sweep.target == Sweep::Target::kNetlist
               ? sweep.netlist.row(position_[level])
               : std::span(sweep.values).subspan(position_[level], 1);
  }

  // Gives the circuit the values of the innermost `levels`. A circuit that is read anew needs those
  // of all.
  void place(std::size_t levels) {
    const auto changed = std::span(sweeps_).first(levels);
    if (std::any_of(changed.begin(), changed.end(), is_of_netlist)) {
      std::vector<Override> overrides;
      for (std::size_t level = 0; level < sweeps_.size(); ++level) {
        const auto row = values_of(level);
        const auto& targets = sweeps_[level].netlist.targets;
        for (std::size_t k = 0; k < targets.size(); ++k) overrides.push_back({targets[k], row[k]});
      }
      circuit_.read_anew(overrides);
      levels = sweeps_.size();
    }
    for (std::size_t level = 0; level < levels; ++level) apply(level);
  }

  void apply(std::size_t level) {
    const Sweep& sweep = sweeps_[level];
    const auto element = static_cast<std::size_t>(sweep.index);
    const double value = values_of(level).front();
    const auto in_circuit = [&](const ElementGroup& group) {
      return value * system().circuit().factor_of(group.names()[sweep.index]);
    };
    switch (sweep.target) {
      case Sweep::Target::kVoltageSource:
        system().voltage_sources().set_value(element, value);
        break;
      case Sweep::Target::kCurrentSource:
        system().current_sources().set_value(element, in_circuit(system().current_sources()));
        break;
      case Sweep::Target::kResistor:
        system().resistors().set_value(element, in_circuit(system().resistors()));
        system().invalidate();
        break;
      case Sweep::Target::kTemperature:
        circuit_.evaluation().temperature = value;
        system().set_temperature(value);
        break;
      case Sweep::Target::kNetlist:
        break;
    }
  }

  // The next combination, innermost sweep first; none after the last.
  void advance() {
    std::size_t changed = 0;
    for (bool carry = true; carry && changed < sweeps_.size(); ++changed) {
      position_[changed] = (position_[changed] + 1) % sweeps_[changed].count();
      carry = position_[changed] == 0;
    }
    const bool at_end =
        std::all_of(position_.begin(), position_.end(), [](auto p) { return p == 0; });
    if (!at_end) place(changed);
  }

  std::string here() const {
    std::string text;
    for (std::size_t level = 0; level < sweeps_.size(); ++level) {
      const auto row = values_of(level);
      for (std::size_t k = 0; k < row.size(); ++k) {
        text += fmt::format("{}{} = {:g}", text.empty() ? "" : ", ",
                            sweep_signals(sweeps_[level])[k].name, row[k]);
      }
    }
    return text;
  }

  static bool is_of_netlist(const Sweep& sweep) { return sweep.target == Sweep::Target::kNetlist; }

  AnalysisContext& context_;
  const std::vector<Sweep>& sweeps_;
  DcCircuit circuit_;
  std::vector<std::size_t> position_;
  std::size_t total_ = 1;
};

}  // namespace

Report run_dc(AnalysisContext& context, const DcAnalysis& analysis) {
  return DcSweep(context, analysis).run();
}

}  // namespace wordline
