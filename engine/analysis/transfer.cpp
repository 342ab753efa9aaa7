// `.tf`: the gain from a source to an output for direct current, and the resistances that both see.
#include <fmt/format.h>

#include <cmath>

#include "wordline/engine/small_signal.hpp"

namespace wordline {

namespace {

class TransferFunction {
 public:
  TransferFunction(const System& system, SmallSignal& signals, const TransferAnalysis& analysis)
      : circuit_(system.circuit()), signals_(signals), analysis_(analysis) {}

  double gain() const {
    return product(signals_.weights(analysis_.output), driven_by(analysis_.input)).real();
  }

  // Of a voltage source what it drives its current through; of a current source what its current
  // flows into.
  double input_resistance() const { return resistance_at(analysis_.input); }

  double output_resistance() const {
    const SmallSignalOutput& output = analysis_.output;
    if (output.current_of) {
      return resistance_at({.is_voltage = true, .index = *output.current_of, .name = {}});
    }
    const Phasors across = signals_.weights(output);
    Phasors x = across;  // 1 A into its first node and out of its second
    signals_.solve(x);
    return product(across, x).real();
  }

 private:
  Phasors driven_by(const SmallSignalInput& input) const {
    Phasors x = signals_.excitation(input);
    signals_.solve(x);
    return x;
  }

  double resistance_at(const SmallSignalInput& input) const {
    const Phasors x = driven_by(input);
    if (!input.is_voltage) {
      const IndependentSource& row =
          circuit_.current_sources.rows[static_cast<std::size_t>(input.index)];
      return -signals_.point(x).voltage(row.p, row.n).real();
    }
    const SmallSignalOutput current{.current_of = input.index, .label = {}};
    return -1 / product(signals_.weights(current), x).real();
  }

  const Circuit& circuit_;
  const SmallSignal& signals_;
  const TransferAnalysis& analysis_;
};

// ngspice's names, as a program may look for them.
std::vector<Signal> columns_of(const TransferAnalysis& analysis) {
  const bool to_voltage = !analysis.output.current_of.has_value();
  const bool same = to_voltage == analysis.input.is_voltage;
  const char* type = same ? "notype" : to_voltage ? "impedance" : "admittance";
  const char* unit = same ? "" : to_voltage ? "ohm" : "S";
  return {{"transfer_function", type, unit},
          {"output_impedance_at_" + analysis.output.label, "impedance", "ohm"},
          {analysis.input.name + "#input_impedance", "impedance", "ohm"}};
}

}  // namespace

Report run_transfer(AnalysisContext& context, const TransferAnalysis& analysis) {
  context.sink.begin({context.system.circuit().title, "Transfer Function", columns_of(analysis)});
  Report report;
  std::vector<double> x;
  Evaluation e = context.start_evaluation();
  if (!start_small_signals(context, x, e, report)) return report;
  SmallSignal signals(context, e);
  if (!signals.factor(0, report.message)) {
    report.outcome = Outcome::kFailed;
    return report;
  }
  const TransferFunction transfer(context.system, signals, analysis);
  const std::vector<double> values = {transfer.gain(), transfer.output_resistance(),
                                      transfer.input_resistance()};
  context.sink.point(values);
  report.points = 1;
  return report;
}

}  // namespace wordline
