// Evaluates the `.measure` statements of an analysis over its points.
//
// Between points every signal is a straight line: crossings, values, extrema, averages and
// integrals are those of that line, exactly (and so are the ends of a window from FROM to TO, which
// need not be points).
//
// A signal crosses a level where it comes from one side and reaches it. Where it starts at the
// level, or goes back to the side it came from, it also crosses where it leaves.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "wordline/engine/measure_result.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/measure.hpp"

namespace wordline {

class Measurer final : public WaveformSink {
 public:
  // Of `measures`, those that apply to `analysis`. They must outlive this.
  Measurer(std::span<const Measure> measures, std::string_view analysis);

  // What the plot must hold besides what is written.
  std::vector<OutputRequest> operands() const;

  // Keeps the columns that the measures need. Plots after the first that holds them are passed
  // over.
  void begin(const PlotHeader& header) override;
  void point(std::span<const double> numbers) override;
  void end() override {}

  std::vector<MeasureResult> results() const;

 private:
  bool applies(const Measure& measure) const;
  bool has_axis() const { return analysis_ != "op"; }
  MeasureResult evaluate(const Measure& measure, std::span<const double> earlier) const;

  std::span<const Measure> measures_;
  std::string analysis_;
  bool keeping_ = false;
  std::vector<std::size_t> kept_;  // columns of the analysis
  Waveforms points_;               // the first axis, then those
};

}  // namespace wordline
