// Marks plots with the step that they are of.
//
//   const Circuit deck = wordline::load("filter.cir");        // has .step
//   for (std::size_t k = 0; k < wordline::step_count(deck); ++k) {
//     wordline::Simulator simulator(wordline::at_step(deck, k));
//     wordline::StepSink sink(file, wordline::step_values(deck, k));
//     simulator.run(deck.analyses[0], {.sink = &sink});
//   }
#pragma once

#include <span>

#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/step.hpp"

namespace wordline {

class StepSink final : public WaveformSink {
 public:
  // Hands everything on to `sink`.
  StepSink(WaveformSink& sink, std::span<const Override> values) : sink_(sink) {
    for (const auto& [target, value] : values) steps_.push_back({target.label(), value});
  }

  void begin(const PlotHeader& header) override {
    PlotHeader marked = header;
    marked.steps = steps_;
    sink_.begin(marked);
  }
  void point(std::span<const double> values) override { sink_.point(values); }
  void end() override { sink_.end(); }

 private:
  WaveformSink& sink_;
  std::vector<StepValue> steps_;
};

}  // namespace wordline
