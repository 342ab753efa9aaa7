// Comma-separated values: a line of signal names, then a line per point; RFC 4180, so a name that
// holds a comma, as "v(xb.bl[0,3])", stands in quotes. Numbers are the shortest text that reads
// back as the same double. A complex signal is two columns, "re(v(out))" and "im(v(out))"; the
// frequency before them is one.
#pragma once

#include <string>

#include "wordline/base/output_file.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline {

// Writes one plot to one file ("-": standard output) while it is computed; whole lines reach the
// disk at least once a second while points arrive. The plots of all steps go below each other, and
// the values of the steps are the last columns.
class CsvWriter final : public WaveformSink {
 public:
  explicit CsvWriter(const std::string& path) : file_(path) {}

  void begin(const PlotHeader& header) override;
  void point(std::span<const double> values) override;
  void end() override;

 private:
  OutputFile file_;
  std::string header_;  // written with the first point
  std::string steps_;   // the end of every line
  bool is_stepped_ = false;
  bool complex_ = false;
};

// The plot in a CSV file, called by its file's name. Types and units follow from the signals'
// names. Throws Error naming file, line and fault where a line is no list of as many numbers as
// there are names.
Waveforms read_csv(const std::string& path);

}  // namespace wordline
