// The tables that Xyce prints: blanks between columns, a line of names in capitals, the number of
// the point before each, and a last line that says that the table is whole. Numbers have 17
// significant digits, which give back the same double.
#pragma once

#include <cstdint>
#include <string>

#include "wordline/base/output_file.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline {

// Writes one plot to one file ("-": standard output) while it is computed.
class PrnWriter final : public WaveformSink {
 public:
  explicit PrnWriter(const std::string& path) : file_(path) {}

  void begin(const PlotHeader& header) override;
  void point(std::span<const double> values) override;
  void end() override;

 private:
  OutputFile file_;
  std::string header_;  // written with the first point
  std::uint64_t points_ = 0;
  bool complex_ = false;
};

// The plot in such a file, called by its file's name; names are in lower case again. Throws Error.
Waveforms read_prn(const std::string& path);

}  // namespace wordline
