#include "wordline/netlist/noise_cost.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wordline {

namespace {

// Fewer steps are not worth a word: they take a second or so.
constexpr double kFewSteps = 1e5;
// Of the steps that a transient would have anyway.
constexpr double kManyTimes = 100;

// The memristors of every model, in arrays and out of them.
std::vector<double> count_devices(const Circuit& circuit) {
  std::vector<double> count(circuit.models.size());
  const auto add = [&](std::int32_t model, double devices) {
    if (model >= 0) count[static_cast<std::size_t>(model)] += devices;
  };
  for (const MemristorElement& memristor : circuit.memristors.rows) add(memristor.model, 1);
  for (const Crossbar& xb : circuit.crossbars) {
    const double cells = static_cast<double>(xb.rows) * xb.cols;
    add(xb.memristor, cells);
    add(xb.selector, cells);
  }
  return count;
}

}  // namespace

std::vector<Diagnostic> warn_of_noise(const Circuit& circuit) {
  std::vector<Diagnostic> warnings;
  const std::vector<double> devices = count_devices(circuit);
  for (const Analysis& analysis : circuit.analyses) {
    const auto* const tran = std::get_if<TranAnalysis>(&analysis.what);
    if (tran == nullptr || !(tran->step > 0)) continue;
    const double enough = std::max(kFewSteps, kManyTimes * tran->stop / tran->step);
    const auto judge = [&](const ModelCard& card, const char* key, double value, double steps) {
      if (!(steps > enough)) return;
      warnings.push_back(
          {Severity::kWarning, analysis.where,
           fmt::format("{} = {:g} s of model {} makes this about {:.2g} time steps", key, value,
                       card.name, steps),
           fmt::format("without it there would be about {:.2g}", tran->stop / tran->step)});
    };
    for (std::size_t k = 0; k < devices.size(); ++k) {
      const ModelCard& card = circuit.models[k];
      if (devices[k] == 0) continue;
      if (card.noise.white != ReadNoise::White::kNone) {  // all devices sample at the same times
        judge(card, "noise_dt", card.noise.interval, tran->stop / card.noise.interval);
      }
      if (card.noise.telegraph > 0) {
        judge(card, "rtn_tau", card.noise.dwell, devices[k] * tran->stop / card.noise.dwell);
      }
    }
  }
  return warnings;
}

}  // namespace wordline
