#include "wordline/engine/analysis/analysis.hpp"
#include "wordline/engine/operating_point.hpp"

namespace wordline {

Report run_op(AnalysisContext& context, const OpAnalysis& /*analysis*/) {
  System& system = context.system;
  const Probes probes(system, context.requests, "op");
  context.sink.begin({system.circuit().title, "Operating Point", probes.signals()});

  Report report;
  std::vector<double> x(system.unknowns());
  Evaluation e = context.start_evaluation();
  if (solve_operating_point(system, context.newton, x, e, system.options().itl1, report)) {
    std::vector<double> values;
    probes.read(e, values);
    context.sink.point(values);
    report.points = 1;
  } else {
    report.outcome = Outcome::kFailed;
  }
  return report;
}

}  // namespace wordline
