// Between an analysis and who receives its results: the analysis computes plain quantities, and
// what the user asked for is made of them here. Expressions and parts of complex values are
// computed point by point, measures are taken, and quantities that only those need are not handed
// on.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/engine/measurer.hpp"
#include "wordline/engine/output_columns.hpp"
#include "wordline/engine/system.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline {

class OutputStage final : public WaveformSink {
 public:
  // The outputs and measures of `circuit` for one of its analyses; `system` is of the same circuit
  // with its arrays written out. Throws NetlistError where a wildcard matches nothing.
  OutputStage(const Circuit& circuit, const System& system, std::string_view analysis,
              WaveformSink& sink);

  // The quantities that the analysis has to compute.
  std::span<const OutputRequest> requests() const { return requests_; }

  void begin(const PlotHeader& header) override;
  void point(std::span<const double> numbers) override;
  void end() override;

  std::vector<MeasureResult> measures() const { return measurer_.results(); }

 private:
  // One signal handed on: a column as it is, or a function of columns.
  struct Output {
    std::size_t column = 0;
    std::optional<OutputColumns> function;
  };

  WaveformSink& sink_;
  Measurer measurer_;
  std::vector<OutputRequest> wanted_;    // in the order in which they are handed on
  std::vector<OutputRequest> requests_;  // whole quantities, each once
  bool complex_ = false;
  std::vector<Output> outputs_;
  std::vector<double> point_;
};

}  // namespace wordline
