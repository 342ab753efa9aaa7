// NumPy's .npz: a ZIP archive with one array a signal, called as the signal; complex128 of complex
// signals. numpy.load("out.npz")["v(out)"].
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "wordline/base/output_file.hpp"
#include "wordline/engine/output/column_buffer.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline {

// Writes one plot to one file. An array has to be in one piece, so the file is made at the end;
// until then all points but the last few wait in a temporary file, not in memory.
class NpzWriter final : public WaveformSink {
 public:
  explicit NpzWriter(const std::string& path) : file_(path) {}

  void begin(const PlotHeader& header) override;
  void point(std::span<const double> values) override;
  void end() override;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void spill();
  std::vector<double> column(std::size_t index);

  OutputFile file_;
  PlotHeader header_;
  std::unique_ptr<ColumnBuffer> buffer_;
  std::unique_ptr<std::FILE, Close> spilled_;  // full buffers, one after the other
  std::size_t spills_ = 0;
};

// The plot in such a file, also of numpy.savez and savez_compressed, called by its file's name: all
// its arrays, of one dimension and equally long. Types and units follow from the names. Throws
// Error.
Waveforms read_npz(const std::string& path);

}  // namespace wordline
