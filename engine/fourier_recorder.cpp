#include "wordline/engine/fourier_recorder.hpp"

#include <fmt/format.h>

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

std::string FourierRecorder::add_tables(std::vector<Waveforms>& tables) const {
  std::string refused;
  const auto add = [&](const char* statement, const std::string& name, const auto& make) {
    const Recorded recorded = find(name);
    try {
      tables.push_back(make(recorded));
    } catch (const Error& error) {
      if (!refused.empty()) refused += "; ";
      refused += fmt::format("{} of {}: {}", statement, name, error.what());
    }
  };
  for (const Fourier& fourier : circuit_.fouriers) {
    for (const std::string& name : fourier.signals) {
      add(".four", name, [&](const Recorded& recorded) {
        return harmonics_plot(
            find_harmonics(time_, recorded.values, fourier.fundamental, circuit_.options.harmonics),
            circuit_.title, recorded.signal);
      });
    }
  }
  for (const Spectrum& spectrum : circuit_.spectra) {
    add(".fft", spectrum.signal, [&](const Recorded& recorded) {
      return spectrum_plot(time_, recorded.values, spectrum, circuit_.title, recorded.signal);
    });
  }
  return refused;
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
