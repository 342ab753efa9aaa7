#include "wordline/engine/fourier_recorder.hpp"

#include <algorithm>

#include "wordline/engine/fourier.hpp"
#include "wordline/engine/spectrum.hpp"

namespace wordline {

namespace {

std::vector<OutputRequest> requests_of(const Circuit& circuit) {
  std::vector<OutputRequest> requests;
  for (const OutputRequest& request : circuit.outputs) {
    if (request.analysis == "four") requests.push_back(request);
  }
  return requests;
}

}  // namespace

FourierRecorder::FourierRecorder(const AnalysisContext& context)
    : circuit_(context.system.circuit()), probes_(context.system, requests_of(circuit_), "four") {}

void FourierRecorder::record(double time, const Evaluation& evaluation) {
  time_.push_back(time);
  probes_.read(evaluation, values_);
}

void FourierRecorder::add_tables(std::vector<Waveforms>& tables) const {
  for (const Fourier& fourier : circuit_.fouriers) {
    for (const std::string& name : fourier.signals) {
      const Recorded recorded = find(name);
      const Harmonics harmonics =
          find_harmonics(time_, recorded.values, fourier.fundamental, circuit_.options.harmonics);
      tables.push_back(harmonics_plot(harmonics, circuit_.title, recorded.signal));
    }
  }
  for (const Spectrum& spectrum : circuit_.spectra) {
    const Recorded recorded = find(spectrum.signal);
    tables.push_back(
        spectrum_plot(time_, recorded.values, spectrum, circuit_.title, recorded.signal));
  }
}

FourierRecorder::Recorded FourierRecorder::find(const std::string& name) const {
  const std::vector<Signal>& signals = probes_.signals();
  const auto signal =
      std::find_if(signals.begin(), signals.end(), [&](const Signal& s) { return s.name == name; });
  Recorded recorded{*signal, {}};
  for (auto k = static_cast<std::size_t>(signal - signals.begin()); k < values_.size();
       k += signals.size()) {
    recorded.values.push_back(values_[k]);
  }
  return recorded;
}

}  // namespace wordline
