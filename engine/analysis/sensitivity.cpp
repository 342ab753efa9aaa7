// `.sens`: derivatives of an output by the values of the circuit.
//
// The unknowns x solve F(x, p) = 0. With J^T y = w, where w picks the output, its derivative by p
// is -y . dF/dp: one solve serves all parameters. dF/dp is the central difference of the residuals
// of circuits that differ in p alone, so that every element and model takes part without saying
// how.
//
// Phasors X solve J(s, x, p) X = b. Their output changes by y . (db/dp - dJ/dp X), where J changes
// with p both by itself and by what p does to the operating point x.
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <optional>

#include "wordline/engine/analysis/sensitivity_parameters.hpp"
#include "wordline/engine/small_signal.hpp"

namespace wordline {

namespace {

// Central differences of what is smooth lose about the square of this.
constexpr double kPart = 1e-5;

// A circuit with one value changed, loaded at a point.
class ChangedCircuit {
 public:
  ChangedCircuit(const AnalysisContext& context, const SensitivityParameter& parameter, double part,
                 std::vector<double> x)
      : circuit_(changed(context.system.circuit(), parameter, part)),
        system_(circuit_),
        x_(std::move(x)),
        context_{system_,          context.newton,    context.control, context.sink,
                 context.requests, context.described, context.tables},
        evaluation_(context_.start_evaluation()) {
    evaluation_.x = x_;
    evaluation_.x_accepted = x_;
  }

  bool has_unknowns(std::size_t count) const { return system_.unknowns() == count; }

  std::span<const double> residual() {
    system_.dynamics().freeze();
    system_.load(evaluation_, system_.options().gshunt, false);
    return system_.residual();
  }

  SmallSignal small_signal() {
    residual();
    return {context_, evaluation_};
  }

 private:
  static Circuit changed(const Circuit& circuit, const SensitivityParameter& parameter,
                         double part) {
    Circuit copy = circuit;
    parameter.set(copy, parameter.value * (1 + part));
    return copy;
  }

  Circuit circuit_;
  System system_;
  std::vector<double> x_;
  AnalysisContext context_;
  Evaluation evaluation_;
};

std::vector<double> moved(const std::vector<double>& x, const Phasors& by, double step) {
  std::vector<double> at = x;
  for (std::size_t k = 0; k < x.size(); ++k) at[k] += step * by[k].real();
  return at;
}

class Sensitivity {
 public:
  Sensitivity(AnalysisContext& context, const SensitivityAnalysis& analysis,
              const std::vector<double>& x, Evaluation& evaluation)
      : context_(context),
        x_(x),
        signals_(context, evaluation),
        weights_(signals_.weights(analysis.output)) {}

  // -y . dF/dp for direct current; nothing where the change takes the circuit out of its form.
  std::optional<Phasors> of_direct_current(const SensitivityParameter& parameter) {
    if (adjoint_.empty()) {
      adjoint_ = weights_;
      signals_.solve_transposed(adjoint_);
    }
    const std::optional<Phasors> slope = residual_slope(parameter);
    if (!slope) return std::nullopt;
    return Phasors{-product(adjoint_, *slope)};
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
    std::optional<Phasors> shift = residual_slope(parameter);
    if (!shift) return std::nullopt;
    signals_.solve(*shift);
    const double step = kPart * parameter.value;
    // The operating point moves by -J^-1 dF/dp.
    ChangedCircuit above(context_, parameter, kPart, moved(x_, *shift, -step));
    ChangedCircuit below(context_, parameter, -kPart, moved(x_, *shift, step));
    SmallSignal high = above.small_signal();
    SmallSignal low = below.small_signal();
    Phasors derivatives;
    for (const Solution& at : solutions_) {
      const Phasors up = high.residual(at.s, at.x);
      const Phasors down = low.residual(at.s, at.x);
      derivatives.push_back((product(at.y, down) - product(at.y, up)) / (2 * step));
    }
    return derivatives;
  }

 private:
  struct Solution {
    std::complex<double> s;
    Phasors x, y;
  };

  std::optional<Phasors> residual_slope(const SensitivityParameter& parameter) const {
    try {
      ChangedCircuit above(context_, parameter, kPart, x_);
      ChangedCircuit below(context_, parameter, -kPart, x_);
      if (!above.has_unknowns(x_.size()) || !below.has_unknowns(x_.size())) return std::nullopt;
      const std::span<const double> high = above.residual();
      const std::span<const double> low = below.residual();
      Phasors slope(x_.size());
      const double step = 2 * kPart * parameter.value;
      for (std::size_t k = 1; k < x_.size(); ++k) slope[k] = (high[k] - low[k]) / step;
      return slope;
    } catch (const Error&) {
      return std::nullopt;  // a value that the model refuses
    }
  }

  AnalysisContext& context_;
  const std::vector<double>& x_;
  SmallSignal signals_;
  Phasors weights_;
  Phasors adjoint_;
  std::vector<Solution> solutions_;
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
