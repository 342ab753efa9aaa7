// Keeps what `.four` and `.fft` ask for while a transient runs.
#pragma once

#include <string>
#include <vector>

#include "wordline/engine/analysis/analysis.hpp"

namespace wordline {

class FourierRecorder {
 public:
  explicit FourierRecorder(const AnalysisContext& context);
  void record(double time, const Evaluation& evaluation);
  // A table a signal and line; returns what was refused, where the run was shorter than a period,
  // or a spectrum.
  std::string add_tables(std::vector<Waveforms>& tables) const;

 private:
  struct Recorded {
    const Signal& signal;
    std::vector<double> values;
  };

  Recorded find(const std::string& name) const;

  const Circuit& circuit_;
  Probes probes_;
  std::vector<double> time_;
  std::vector<double> values_;  // of all signals, point by point
};

}  // namespace wordline
