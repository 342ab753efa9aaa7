#include "wordline/engine/fourier_recorder.hpp"

#include <algorithm>

#include "wordline/engine/fourier.hpp"

namespace wordline {

FourierRecorder::FourierRecorder(const AnalysisContext& context)
    : circuit_(context.system.circuit()), probes_(context.system, context.requests, "four") {}

void FourierRecorder::record(double time, const Evaluation& evaluation) {
  time_.push_back(time);
  probes_.read(evaluation, values_);
}

void FourierRecorder::add_tables(std::vector<Waveforms>& tables) const {
  const std::vector<Signal>& signals = probes_.signals();
  for (const Fourier& fourier : circuit_.fouriers) {
    for (const std::string& name : fourier.signals) {
      const auto signal = std::find_if(signals.begin(), signals.end(),
                                       [&](const Signal& s) { return s.name == name; });
      const auto column = static_cast<std::size_t>(signal - signals.begin());
      std::vector<double> value;
      for (std::size_t k = column; k < values_.size(); k += signals.size()) {
        value.push_back(values_[k]);
      }
      const Harmonics harmonics =
          find_harmonics(time_, value, fourier.fundamental, circuit_.options.harmonics);
      tables.push_back(harmonics_plot(harmonics, circuit_.title, *signal));
    }
  }
}

}  // namespace wordline
