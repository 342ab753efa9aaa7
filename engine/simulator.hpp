// The front door: load a netlist or hand over a circuit built in code, run its analyses, read the
// results.
//
//   auto simulator = wordline::Simulator(wordline::load("array.cir"));
//   auto result = simulator.run_transient({.step = 1e-9, .stop = 1e-6});
//   for (double v : result.waveforms["v(bl[3])"]) ...
//
// A Simulator owns its circuit and all its working memory and shares nothing: two of them run in
// two threads.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/engine/report.hpp"
#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline {

struct Result {
  Waveforms waveforms;
  Report report;
  // Small plots beside the waveforms: integrated noise, harmonics.
  std::vector<Waveforms> tables = {};

  std::span<const double> operator[](std::string_view signal) const { return waveforms[signal]; }
};

// Optional hooks of a run, all may be empty.
struct RunControl {
  WaveformSink* sink = nullptr;  // receives the points in place of Result::waveforms
  const std::atomic<bool>* interrupt =
      nullptr;  // set: the run ends cleanly after the current point
  std::function<void(double fraction)> progress;  // 0..1
};

class Simulator {
 public:
  // Throws NetlistError where the circuit cannot be solved as it stands: a node without a path to
  // ground, a loop of voltage sources, a request for a signal that does not exist.
  explicit Simulator(Circuit circuit);
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;

  const Circuit& circuit() const;

  // Any analysis but `.matmul`, which is crossbar::run_matmul's.
  Result run(const Analysis& analysis, const RunControl& control = {});
  Result run_op(const RunControl& control = {});
  Result run_dc(const DcAnalysis& analysis, const RunControl& control = {});
  Result run_transient(const TranAnalysis& analysis, const RunControl& control = {});
  Result run_ac(const AcAnalysis& analysis, const RunControl& control = {});

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wordline
