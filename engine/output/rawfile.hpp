// ngspice rawfiles, binary and ASCII: written while an analysis runs, and read back.
//
// A file holds any number of plots, one after the other. Each has a text header (title, plot name,
// the number and the names of its variables, the number of its points) and the values, point by
// point, as native doubles or as text. A complex value is two numbers, its real and imaginary part.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wordline/base/output_file.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline {

enum class RawFormat { kBinary, kAscii };

// One writer makes one file; every begin() starts the next plot in it. The number of points in the
// header is brought up to date with every flush, at least once a second while points arrive, so a
// run that is killed leaves a file that reads up to its last flush. On a pipe or standard output
// ("-") a plot is held in memory until its end() instead. A plot without points leaves no trace.
// Blanks inside names are left out, since the format parts its columns by them.
class RawfileWriter final : public WaveformSink {
 public:
  RawfileWriter(const std::string& path, RawFormat format);

  void begin(const PlotHeader& header) override;
  void point(std::span<const double> values) override;
  void end() override;

 private:
  void append_binary(std::span<const double> values);
  void append_text(std::span<const double> values);
  void save_points();

  OutputFile file_;
  RawFormat format_;
  std::string header_;              // of this plot, written with its first point
  std::uint64_t count_offset_ = 0;  // where this plot's header holds its number of points
  std::uint64_t points_ = 0;
  bool complex_ = false;
};

// All plots of a rawfile, real and complex. Throws Error, naming the file and the fault, where it
// is no rawfile or is cut off before its last announced point. The number of points in a header is
// taken as the least: points that a killed writer left after it are read too.
std::vector<Waveforms> read_rawfile(const std::string& path);

}  // namespace wordline
