#include "wordline/engine/output_stage.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "wordline/engine/probes.hpp"
#include "wordline/engine/wildcards.hpp"

namespace wordline {

namespace {

using Kind = OutputRequest::Kind;
using Part = OutputRequest::Part;

// What is asked for in an analysis; where nothing is, what is worth looking at.
std::vector<OutputRequest> outputs_of(const Circuit& circuit, const System& system,
                                      std::string_view analysis) {
  std::vector<OutputRequest> outputs;
  std::unordered_set<std::string> known;
  for (const OutputRequest& request : circuit.outputs) {
    if (!request.analysis.empty() && request.analysis != analysis) continue;
    for (OutputRequest& one : expand_wildcards(request, system, circuit)) {
      if (known.insert(one.label).second) outputs.push_back(std::move(one));
    }
  }
  if (!outputs.empty()) return outputs;
  outputs = default_requests(system);
  if (circuit.options.save_currents) {
    const OutputRequest all{.kind = Kind::kCurrent, .first = "*", .label = "i(*)"};
    for (const OutputRequest& output : outputs) known.insert(output.label);
    for (OutputRequest& one : expand_wildcards(all, system, circuit)) {
      if (known.insert(one.label).second) outputs.push_back(std::move(one));
    }
  }
  return outputs;
}

// The quantities of the circuit that a request is made of.
std::vector<OutputRequest> quantities_of(const OutputRequest& request) {
  if (request.kind == Kind::kExpression) return request.expression->operands;
  return {request};
}

Signal signal_of_part(const OutputRequest& request, const Signal& quantity) {
  switch (request.part) {
    case Part::kPhase:
      return {request.label, "phase", "rad"};
    case Part::kDegrees:
      return {request.label, "notype", "deg"};
    case Part::kDecibels:
      return {request.label, "decibel", "dB"};
    default:
      return {request.label, quantity.type, quantity.unit};
  }
}

std::unordered_map<std::string, std::size_t> columns_by_name(const PlotHeader& header) {
  std::unordered_map<std::string, std::size_t> columns;
  for (std::size_t k = 0; k < header.signals.size(); ++k) {
    columns.emplace(header.signals[k].name, k);
  }
  return columns;
}

}  // namespace

OutputStage::OutputStage(const Circuit& circuit, const System& system, std::string_view analysis,
                         WaveformSink& sink)
    : sink_(sink),
      measurer_(circuit.measures, analysis),
      wanted_(outputs_of(circuit, system, analysis)) {
  std::unordered_set<std::string> known;
  const auto add = [&](const OutputRequest& part) {
    OutputRequest request = whole(part);
    request.analysis.clear();
    if (request.kind == Kind::kResult || !known.insert(request.label).second) return;
    requests_.push_back(std::move(request));
  };
  for (const OutputRequest& output : wanted_) {
    for (const OutputRequest& quantity : quantities_of(output)) add(quantity);
  }
  for (const OutputRequest& quantity : measurer_.operands()) add(quantity);
}

void OutputStage::begin(const PlotHeader& header) {
  measurer_.begin(header);
  PlotHeader shown{header.title, header.plotname, {}, header.steps, header.complex};
  outputs_.clear();
  // What the analysis itself adds goes first: the time, or spectra where none are chosen.
  const bool chosen = std::any_of(wanted_.begin(), wanted_.end(), [](const OutputRequest& request) {
    return request.kind == Kind::kResult;
  });
  std::unordered_set<std::string> requested;
  for (const OutputRequest& request : requests_) requested.insert(request.label);
  for (const OutputRequest& request : wanted_) requested.insert(request.label);
  for (std::size_t k = 0; k < header.signals.size(); ++k) {
    if (requested.contains(header.signals[k].name) || (chosen && k > 0)) continue;
    shown.signals.push_back(header.signals[k]);
    outputs_.push_back({k, std::nullopt});
  }
  const auto columns = columns_by_name(header);
  for (const OutputRequest& request : wanted_) {
    if (request.kind == Kind::kExpression) {
      if (!OutputColumns::has_all(*request.expression, header) && request.analysis.empty())
        continue;
      shown.signals.push_back({request.label, "notype", ""});
      outputs_.push_back({0, OutputColumns(*request.expression, header)});
      continue;
    }
    const auto column = columns.find(whole(request).label);
    if (column == columns.end()) {
      if (request.analysis.empty()) continue;  // of other analyses
      throw no_such_column(request, header);
    }
    shown.signals.push_back(signal_of_part(request, header.signals[column->second]));
    if (request.part == Part::kWhole) {
      outputs_.push_back({column->second, std::nullopt});
    } else {
      OutputExpression part;
      part.operands = {request};
      part.plain = true;
      outputs_.push_back({0, OutputColumns(std::move(part), header)});
    }
  }
  complex_ = header.complex;
  sink_.begin(shown);
}

void OutputStage::point(std::span<const double> numbers) {
  measurer_.point(numbers);
  point_.clear();
  std::vector<double> imaginary;
  for (const Output& output : outputs_) {
    if (output.function) {
      const std::complex<double> value = output.function->phasor(numbers);
      point_.push_back(value.real());
      imaginary.push_back(value.imag());
    } else {
      point_.push_back(numbers[output.column]);
      if (complex_) imaginary.push_back(numbers[numbers.size() / 2 + output.column]);
    }
  }
  if (complex_) point_.insert(point_.end(), imaginary.begin(), imaginary.end());
  sink_.point(point_);
}

void OutputStage::end() {
  measurer_.end();
  sink_.end();
}

}  // namespace wordline
