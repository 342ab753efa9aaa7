// `.sens`: derivatives of an output by the values of the circuit.
//
// The unknowns x solve F(x, p) = 0. With J^T y = w, where w picks the output, its derivative by p
// is -y . dF/dp: one solve serves all parameters. dF/dp is the central difference of the residuals
// of circuits that differ in p alone, so that every element and model takes part without saying
// how. Of an element that is a circuit of its own, of a model the whole one.
//
// Phasors X solve J(s, x, p) X = b. Their output changes by y . (db/dp - dJ/dp X), where J changes
// with p both by itself and by what p does to the operating point x.
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "wordline/engine/analysis/sensitivity_parameters.hpp"
#include "wordline/engine/small_signal.hpp"

namespace wordline {

namespace {

// Central differences of what is smooth lose about the square of this.
constexpr double kPart = 1e-5;

// A circuit that is like another but for one value, loaded at a point.
class NearbyCircuit {
 public:
  NearbyCircuit(const AnalysisContext& context, Circuit circuit)
      : circuit_(std::move(circuit)),
        system_(circuit_),
        context_{system_,          context.newton,    context.control, context.sink,
                 context.requests, context.described, context.tables},
        evaluation_(context_.start_evaluation()) {}
  NearbyCircuit(const NearbyCircuit&) = delete;
  NearbyCircuit& operator=(const NearbyCircuit&) = delete;

  const System& system() const { return system_; }

  std::span<const double> residual(std::vector<double> x) {
    move_to(std::move(x));
    system_.dynamics().freeze();
    system_.load(evaluation_, system_.options().gshunt, false);
    return system_.residual();
  }

  SmallSignal small_signal(std::vector<double> x) {
    residual(std::move(x));
    return {context_, evaluation_};
  }

 private:
  void move_to(std::vector<double> x) {
    x_ = std::move(x);
    evaluation_ = context_.start_evaluation();
    evaluation_.x = evaluation_.x_accepted = x_;
  }

  Circuit circuit_;
  System system_;
  std::vector<double> x_;
  AnalysisContext context_;
  Evaluation evaluation_;
};

// What a parameter changes, with a little more and a little less of it.
struct Neighbours {
  NearbyCircuit above, below;
  std::vector<std::size_t> unknowns;  // theirs among those of the whole circuit
  double step;                        // of the parameter, from the one to the other
};

Circuit changed(Circuit circuit, const SensitivityParameter& parameter, double part) {
  const std::size_t row = parameter.alone ? 0 : parameter.row;
  parameter.set(circuit, row, parameter.value * (1 + part));
  return circuit;
}

template <class Number>
std::vector<Number> chosen(const std::vector<Number>& whole,
                           const std::vector<std::size_t>& unknowns) {
  std::vector<Number> part;
  part.reserve(unknowns.size());
  for (const std::size_t k : unknowns) part.push_back(whole[k]);
  return part;
}

// The branch currents and inner nodes of a circuit, by name.
using ExtraUnknowns = std::unordered_map<std::string, std::size_t>;

ExtraUnknowns extra_unknowns(const System& system) {
  ExtraUnknowns extras;
  for (auto k = static_cast<std::size_t>(system.circuit().nodes.size()); k < system.unknowns();
       ++k) {
    extras.emplace(system.name_of(k), k);
  }
  return extras;
}

// Whether Jacobians depend on the operating point.
bool is_linear(const Circuit& c) {
  return c.diodes.size() + c.bipolars.size() + c.jfets.size() + c.mosfets.size() +
             c.memristors.size() + c.behavioural.size() + c.switches.size() +
             c.compiled_devices.size() ==
         0;
}

class Sensitivity {
 public:
  Sensitivity(AnalysisContext& context, const SensitivityAnalysis& analysis,
              const std::vector<double>& x, Evaluation& evaluation)
      : context_(context),
        x_(x),
        signals_(context, evaluation),
        weights_(signals_.weights(analysis.output)),
        extras_(extra_unknowns(context.system)) {}

  // -y . dF/dp for direct current; nothing where the change takes the circuit out of its form.
  std::optional<Phasors> of_direct_current(const SensitivityParameter& parameter) {
    if (adjoint_.empty()) {
      adjoint_ = weights_;
      signals_.solve_transposed(adjoint_);
    }
    return attempt(parameter, [&](Neighbours& n) {
      return Phasors{-product(chosen(adjoint_, n.unknowns), residual_slope(n))};
    });
  }

  // The adjoint and the direct solution at every frequency.
  bool solve(const std::vector<double>& frequencies, std::string& message) {
    const Phasors excitation = signals_.excitation();
    for (const double frequency : frequencies) {
      if (!signals_.factor({0, 2 * std::numbers::pi * frequency}, message)) return false;
      Phasors x = excitation;
      signals_.solve(x);
      Phasors y = weights_;
      signals_.solve_transposed(y);
      solutions_.push_back({signals_.s(), std::move(x), std::move(y)});
    }
    return signals_.factor(0, message);
  }

  // The same at all frequencies of solve().
  std::optional<Phasors> of_phasors(const SensitivityParameter& parameter) {
    return attempt(parameter, [&](Neighbours& n) {
      const std::vector<double> x = chosen(x_, n.unknowns);
      SmallSignal above = n.above.small_signal(x);
      SmallSignal below = n.below.small_signal(x);
      Phasors derivatives = slopes_between(above, below, n.unknowns, n.step);
      if (!is_linear(context_.system.circuit())) add_shift(residual_slope(n), n, derivatives);
      return derivatives;
    });
  }

 private:
  struct Solution {
    std::complex<double> s;
    Phasors x, y;
  };

  template <class Derive>
  std::optional<Phasors> attempt(const SensitivityParameter& parameter, Derive derive) const {
    try {
      const Circuit& whole = context_.system.circuit();
      const Circuit part = parameter.alone ? parameter.alone(whole) : whole;
      Neighbours neighbours{{context_, changed(part, parameter, kPart)},
                            {context_, changed(part, parameter, -kPart)},
                            {},
                            2 * kPart * parameter.value};
      const std::size_t count = neighbours.above.system().unknowns();
      const bool has_form =
          neighbours.below.system().unknowns() == count && (parameter.alone || count == x_.size());
      if (!has_form || !find_unknowns(neighbours, parameter.alone == nullptr)) return std::nullopt;
      return derive(neighbours);
    } catch (const Error&) {
      return std::nullopt;  // a value that the model refuses
    }
  }

  // False where an element has unknowns that it has not in the whole circuit.
  bool find_unknowns(Neighbours& neighbours, bool is_whole) const {
    const System& part = neighbours.above.system();
    const NameTable& nodes = part.circuit().nodes;
    for (std::size_t k = 0; k < part.unknowns(); ++k) {
      if (is_whole) {
        neighbours.unknowns.push_back(k);
      } else if (k < static_cast<std::size_t>(nodes.size())) {
        const auto node = context_.system.circuit().nodes.find(nodes[static_cast<NodeId>(k)]);
        neighbours.unknowns.push_back(static_cast<std::size_t>(node.value()));
      } else {
        const auto extra = extras_.find(part.name_of(k));
        if (extra == extras_.end()) return false;
        neighbours.unknowns.push_back(extra->second);
      }
    }
    return true;
  }

  Phasors residual_slope(Neighbours& n) const {
    const std::vector<double> x = chosen(x_, n.unknowns);
    const std::span<const double> high = n.above.residual(x);
    const std::span<const double> low = n.below.residual(x);
    Phasors slope(x.size());
    for (std::size_t k = 1; k < x.size(); ++k) slope[k] = (high[k] - low[k]) / n.step;
    return slope;
  }

  // y . (db - dJ X) from the one to the other, over `step`.
  Phasors slopes_between(SmallSignal& above, SmallSignal& below,
                         const std::vector<std::size_t>& unknowns, double step) const {
    Phasors slopes;
    for (const Solution& at : solutions_) {
      const Phasors x = chosen(at.x, unknowns);
      const Phasors y = chosen(at.y, unknowns);
      slopes.push_back((product(y, below.residual(at.s, x)) - product(y, above.residual(at.s, x))) /
                       step);
    }
    return slopes;
  }

  // The operating point moves by -J^-1 dF/dp.
  void add_shift(const Phasors& slope, const Neighbours& n, Phasors& derivatives) {
    Phasors shift = signals_.zeros();
    for (std::size_t k = 1; k < slope.size(); ++k) shift[n.unknowns[k]] += slope[k];
    signals_.solve(shift);
    if (!moved_) moved_.emplace(context_, context_.system.circuit());
    const auto at = [&](double step) {
      std::vector<double> x = x_;
      for (std::size_t k = 0; k < x.size(); ++k) x[k] -= step * shift[k].real();
      return x;
    };
    const Phasors high = products_at(at(n.step / 2));
    const Phasors low = products_at(at(-n.step / 2));
    for (std::size_t k = 0; k < derivatives.size(); ++k) {
      derivatives[k] += (low[k] - high[k]) / n.step;
    }
  }

  // y . (J X - b) at an operating point.
  Phasors products_at(std::vector<double> x) {
    SmallSignal signals = moved_->small_signal(std::move(x));
    Phasors products;
    for (const Solution& at : solutions_) {
      products.push_back(product(at.y, signals.residual(at.s, at.x)));
    }
    return products;
  }

  AnalysisContext& context_;
  const std::vector<double>& x_;
  SmallSignal signals_;
  Phasors weights_;
  ExtraUnknowns extras_;
  Phasors adjoint_;
  std::vector<Solution> solutions_;
  std::optional<NearbyCircuit> moved_;  // the circuit as it is, elsewhere
};

std::vector<SensitivityParameter> all_parameters(const Circuit& circuit) {
  std::vector<SensitivityParameter> parameters = element_parameters(circuit);
  for (SensitivityParameter& parameter : model_parameters(circuit)) {
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

// What belongs to a parameter, and the values at all points.
struct Column {
  std::string name;
  double value;  // of the parameter
  Phasors derivatives;
};

class SensitivityResult {
 public:
  SensitivityResult(AnalysisContext& context, const SensitivityAnalysis& analysis,
                    std::vector<Column> columns)
      : context_(context),
        is_current_(analysis.output.current_of.has_value()),
        columns_(std::move(columns)) {}

  // The derivatives, and in a table of their own those by a percent of each value.
  void write_direct_current() const {
    write_row("Sensitivity Analysis", context_.sink, "notype", "",
              [](const Column& c) { return c.derivatives[0].real(); });
    Waveforms percent;
    write_row("Sensitivity per Percent", percent, is_current_ ? "current" : "voltage",
              is_current_ ? "A" : "V",
              [](const Column& c) { return c.derivatives[0].real() * c.value / 100; });
    context_.tables.push_back(std::move(percent));
  }

  void write_phasors(const std::vector<double>& frequencies) const {
    std::vector<Signal> signals = {{"frequency", "frequency", "Hz"}};
    for (const Column& c : columns_) signals.push_back({c.name, "notype", ""});
    context_.sink.begin({.title = title(),
                         .plotname = "Sensitivity Analysis",
                         .signals = std::move(signals),
                         .complex = true});
    for (std::size_t k = 0; k < frequencies.size(); ++k) {
      std::vector<double> values = {frequencies[k]};
      for (const Column& c : columns_) values.push_back(c.derivatives[k].real());
      values.push_back(0);
      for (const Column& c : columns_) values.push_back(c.derivatives[k].imag());
      context_.sink.point(values);
    }
  }

 private:
  const std::string& title() const { return context_.system.circuit().title; }

  template <class ValueOf>
  void write_row(const char* plotname, WaveformSink& sink, const char* type, const char* unit,
                 ValueOf value_of) const {
    PlotHeader header{title(), plotname, {}};
    std::vector<double> row;
    for (const Column& c : columns_) {
      header.signals.push_back({c.name, type, unit});
      row.push_back(value_of(c));
    }
    sink.begin(header);
    sink.point(row);
  }

  AnalysisContext& context_;
  bool is_current_;
  std::vector<Column> columns_;
};

}  // namespace

Report run_sensitivity(AnalysisContext& context, const SensitivityAnalysis& analysis) {
  Report report;
  std::vector<double> x;
  Evaluation e = context.start_evaluation();
  if (!start_small_signals(context, x, e, report)) return report;
  Sensitivity sensitivity(context, analysis, x, e);
  const std::vector<double> frequencies =
      analysis.frequencies ? analysis.frequencies->values() : std::vector<double>();
  if (!sensitivity.solve(frequencies, report.message)) {
    report.outcome = Outcome::kFailed;
    return report;
  }
  std::vector<Column> columns;
  const std::vector<SensitivityParameter> parameters = all_parameters(context.system.circuit());
  for (const SensitivityParameter& parameter : parameters) {
    if (context.interrupted()) {
      report.outcome = Outcome::kInterrupted;
      break;
    }
    std::optional<Phasors> derivatives = analysis.frequencies
                                             ? sensitivity.of_phasors(parameter)
                                             : sensitivity.of_direct_current(parameter);
    if (derivatives) columns.push_back({parameter.name, parameter.value, std::move(*derivatives)});
    context.progress(static_cast<double>(columns.size()) / static_cast<double>(parameters.size()));
  }
  const SensitivityResult result(context, analysis, std::move(columns));
  analysis.frequencies ? result.write_phasors(frequencies) : result.write_direct_current();
  report.points = analysis.frequencies ? static_cast<std::int64_t>(frequencies.size()) : 1;
  return report;
}

}  // namespace wordline
