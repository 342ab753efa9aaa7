#include "wordline/engine/simulator.hpp"

#include <fmt/format.h>

#include <chrono>
#include <limits>

#include "wordline/base/units.hpp"
#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/engine/output_check.hpp"
#include "wordline/engine/output_stage.hpp"
#include "wordline/engine/solver_choice.hpp"
#include "wordline/engine/topology.hpp"
#include "wordline/netlist/analysis_name.hpp"

namespace wordline {

namespace {

// `.options cshunt`: a capacitor at every node that has a name.
void add_shunts(Circuit& circuit) {
  const double farads = circuit.options.cshunt;
  if (farads == 0) return;
  for (NodeId node = 1; node < circuit.nodes.size(); ++node) {
    circuit.capacitors.add(fmt::format("cshunt.{}", circuit.nodes[node]),
                           {node, 0, farads, std::numeric_limits<double>::quiet_NaN()});
  }
}

}  // namespace

class Simulator::Implementation {
 public:
  explicit Implementation(Circuit circuit)
      : circuit_(std::move(circuit)), compiled_(compile_crossbars(circuit_)) {
    add_shunts(compiled_);
  }

  const Circuit& circuit() const { return circuit_; }

  Result run(const Analysis& analysis, const RunControl& control) {
    const auto begin = std::chrono::steady_clock::now();
    check(analysis);
    // Every analysis starts from the circuit as described: no sweep value or state is left over.
    System system(compiled_);
    if (!outputs_are_known_) check_outputs(circuit_, system);
    outputs_are_known_ = true;
    Newton newton(system, choose_solver(circuit_, compiled_));
    Result result;
    WaveformSink& sink = control.sink != nullptr ? *control.sink : result.waveforms;
    OutputStage stage(circuit_, system, name_of(analysis), sink);
    AnalysisContext context{system,           newton,   control,      stage,
                            stage.requests(), circuit_, result.tables};
    result.report =
        std::visit([&](const auto& what) { return dispatch(context, what); }, analysis.what);
    stage.end();
    result.measures = stage.measures();
    result.report.solver = newton.solver().name();
    result.report.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
  }

 private:
  void check(const Analysis& analysis) const {
    const auto* transient = std::get_if<TranAnalysis>(&analysis.what);
    const bool at_rest = transient == nullptr || !transient->use_initial_conditions;
    std::vector<Diagnostic> faults = check_topology(compiled_, at_rest);
    if (transient != nullptr &&
        !(transient->step > 0 && transient->stop > transient->start && transient->start >= 0)) {
      faults.push_back({Severity::kError, analysis.where,
                        "a transient needs 0 < step and 0 <= start < stop", ""});
    }
    for (Diagnostic& fault : faults) fault.where.file = analysis.where.file;
    if (!faults.empty()) throw NetlistError(std::move(faults));
  }

  static Report dispatch(AnalysisContext& c, const OpAnalysis& a) { return wordline::run_op(c, a); }
  static Report dispatch(AnalysisContext& c, const DcAnalysis& a) { return wordline::run_dc(c, a); }
  static Report dispatch(AnalysisContext& c, const TranAnalysis& a) {
    return wordline::run_transient(c, a);
  }
  static Report dispatch(AnalysisContext& c, const AcAnalysis& a) { return wordline::run_ac(c, a); }
  static Report dispatch(AnalysisContext& c, const NoiseAnalysis& a) {
    return wordline::run_noise(c, a);
  }
  static Report dispatch(AnalysisContext& c, const TransferAnalysis& a) {
    return wordline::run_transfer(c, a);
  }
  static Report dispatch(AnalysisContext& c, const SensitivityAnalysis& a) {
    return wordline::run_sensitivity(c, a);
  }
  static Report dispatch(AnalysisContext& /*c*/, const MatmulAnalysis& /*a*/) {
    throw Error("an array's products are not for a Simulator: call crossbar::run_matmul");
  }

  Circuit circuit_;
  Circuit compiled_;
  bool outputs_are_known_ = false;
};

double Result::measure(std::string_view name) const {
  const std::string wanted = to_lower(name);
  std::vector<std::string> names;
  for (const MeasureResult& measure : measures) {
    if (measure.name == wanted) return measure.value;
    names.push_back(measure.name);
  }
  const std::string near = nearest(wanted, names);
  throw Error(fmt::format("no measure '{}'{}", name,
                          near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

Simulator::Simulator(Circuit circuit)
    : implementation_(std::make_unique<Implementation>(std::move(circuit))) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

const Circuit& Simulator::circuit() const { return implementation_->circuit(); }

Result Simulator::run(const Analysis& analysis, const RunControl& control) {
  return implementation_->run(analysis, control);
}

Result Simulator::run_op(const RunControl& control) {
  return run({.what = OpAnalysis{}, .where = {}}, control);
}

Result Simulator::run_dc(const DcAnalysis& analysis, const RunControl& control) {
  return run({.what = analysis, .where = {}}, control);
}

Result Simulator::run_transient(const TranAnalysis& analysis, const RunControl& control) {
  return run({.what = analysis, .where = {}}, control);
}

Result Simulator::run_ac(const AcAnalysis& analysis, const RunControl& control) {
  return run({.what = analysis, .where = {}}, control);
}

Result Simulator::run_noise(const NoiseAnalysis& analysis, const RunControl& control) {
  return run({.what = analysis, .where = {}}, control);
}

Result Simulator::run_transfer(const TransferAnalysis& analysis, const RunControl& control) {
  return run({.what = analysis, .where = {}}, control);
}

Result Simulator::run_sensitivity(const SensitivityAnalysis& analysis, const RunControl& control) {
  return run({.what = analysis, .where = {}}, control);
}

}  // namespace wordline
