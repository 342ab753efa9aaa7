// The tables that Xyce prints: blanks between columns, a line of names in capitals, the number of
// the point before each, and a last line that says that there is no more. Numbers have 17
// significant digits, which give back the same double.
//
// The plots of steps are below each other, each with points from 0 on. What the steps are stands in
// a table of its own, out.res beside out.prn: the number of the step, then its values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wordline/base/output_file.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline {

// Writes one plot, or that of every step, to one file ("-": standard output, without a table of the
// steps) while it is computed.
class PrnWriter final : public WaveformSink {
 public:
  explicit PrnWriter(const std::string& path) : file_(path) {}
  ~PrnWriter() override;  // the last lines of stepped tables
  PrnWriter(const PrnWriter&) = delete;
  PrnWriter& operator=(const PrnWriter&) = delete;

  void begin(const PlotHeader& header) override;
  void point(std::span<const double> values) override;
  void end() override;

 private:
  void add_step();

  OutputFile file_;
  std::optional<OutputFile> steps_;
  std::vector<StepValue> values_;  // of the present step
  std::string header_;             // written with the first point
  std::uint64_t points_ = 0;
  std::uint64_t step_ = 0;  // those with points
  bool complex_ = false;
};

// The plots in such a file, called by its file's name; names are in lower case again. The values of
// steps are those of the table beside it, if there is one with as many rows. Throws Error.
std::vector<Waveforms> read_prn(const std::string& path);

}  // namespace wordline
