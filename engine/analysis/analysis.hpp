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
  const Circuit& described;        // as given, with its arrays
  std::vector<Waveforms>& tables;  // small plots beside the main one

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
Report run_ac(AnalysisContext& context, const AcAnalysis& analysis);
Report run_noise(AnalysisContext& context, const NoiseAnalysis& analysis);
Report run_transfer(AnalysisContext& context, const TransferAnalysis& analysis);
Report run_sensitivity(AnalysisContext& context, const SensitivityAnalysis& analysis);

}  // namespace wordline
