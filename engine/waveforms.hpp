// Results of an analysis: named columns of numbers, kept in memory or streamed to a sink while
// running.
#pragma once

#include <complex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wordline {

// One column. `type` is the rawfile's word for the quantity: "time", "voltage", "current", "notype"
// ...
struct Signal {
  std::string name;  // "time", "v(out)", "i(v1)", "@m1[x]"
  std::string type;
  std::string unit;  // "s", "V", "A", "S"; may be empty
};

// A value that all points of a plot have in common, of what `.step` varies.
struct StepValue {
  std::string name;  // "rload", "n1(vto)", "temp"
  double value;
};

// What is known before the first point. The first signal is the independent variable.
struct PlotHeader {
  std::string title;     // of the circuit
  std::string plotname;  // "Transient Analysis", "DC transfer characteristic", "Operating Point"
  std::vector<Signal> signals;
  std::vector<StepValue> steps = {};
  bool complex = false;  // phasors over a frequency, which has no imaginary part

  // Numbers that a point holds.
  std::size_t numbers() const { return complex ? 2 * signals.size() : signals.size(); }
};

// Receives an analysis point by point. Writers of files throw Error when the disk does not take it.
class WaveformSink {
 public:
  virtual ~WaveformSink() = default;
  virtual void begin(const PlotHeader& header) = 0;
  // One number per signal; in a complex plot the real parts of all signals, then the imaginary
  // parts of all.
  virtual void point(std::span<const double> values) = 0;
  // Called once after the last point, also after a failed or interrupted run: what was computed
  // stays.
  virtual void end() = 0;
};

// A plot in memory.
class Waveforms final : public WaveformSink {
 public:
  void begin(const PlotHeader& header) override;
  void point(std::span<const double> values) override;
  void end() override {}
  // Hands the whole plot on to another sink, as a writer of files.
  void write_to(WaveformSink& sink) const;

  const PlotHeader& header() const { return header_; }
  std::size_t points() const { return columns_.empty() ? 0 : columns_.front().size(); }
  // The numbers of a signal; of a complex plot their real parts.
  std::span<const double> column(std::size_t signal) const { return columns_.at(signal); }
  // The imaginary parts; of a real plot an empty span.
  std::span<const double> imaginary(std::size_t signal) const;
  // Both parts of a signal at every point, by its name as below.
  std::vector<std::complex<double>> phasors(std::string_view name) const;
  std::complex<double> phasor(std::string_view name, std::size_t point) const;

  // A column by its signal's name, case-insensitive. Throws Error naming the nearest signal.
  std::span<const double> operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  // Its value at `at` on the first column, by linear interpolation; constant beyond the ends.
  double at(std::string_view name, double at) const;

 private:
  std::size_t find(std::string_view name) const;  // header_.signals.size() if absent
  std::size_t require(std::string_view name) const;

  PlotHeader header_;
  std::vector<std::vector<double>> columns_;  // in the order of the numbers of a point
};

}  // namespace wordline
