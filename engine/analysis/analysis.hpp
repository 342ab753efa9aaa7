// What every analysis gets and gives. An analysis is one pair of files here and one line in the
// dispatcher of simulator.cpp.
#pragma once

#include <span>
#include <vector>

#include "wordline/engine/newton.hpp"
#include "wordline/engine/probes.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/engine/system.hpp"

namespace wordline {

struct AnalysisContext {
  System& system;
  Newton& newton;
  const RunControl& control;
  WaveformSink& sink;
  std::span<const OutputRequest> requests;

  bool interrupted() const {
    return control.interrupt != nullptr && control.interrupt->load(std::memory_order_relaxed);
  }
  void progress(double fraction) const {
    if (control.progress) control.progress(fraction);
  }
  Evaluation start_evaluation() const {
    Evaluation e;
    e.gmin = system.options().gmin;
    e.temperature = system.options().temperature;
    e.dynamics = &system.dynamics();
    return e;
  }
};

Report run_op(AnalysisContext& context, const OpAnalysis& analysis);
Report run_dc(AnalysisContext& context, const DcAnalysis& analysis);
Report run_transient(AnalysisContext& context, const TranAnalysis& analysis);

}  // namespace wordline
