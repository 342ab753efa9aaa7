// HDF5 files: a group a plot, called as the plot, and in it a dataset a signal, called as the
// signal (a slash, which HDF5 gives a meaning, as |). Datasets are chunked and compressed; complex
// signals are pairs r, i, as h5py takes them. h5py.File("out.h5")["Transient
// Analysis"]["v(out)"][:]
//
// Attributes: `title` and `plotname` of groups; `name`, `type` and `unit` of datasets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline {

// One writer makes one file; every begin() starts the next plot in it. Points are on disk at most a
// second after they were computed, and a run that is killed leaves those. A plot without points
// leaves no trace, nor does a file without plots.
class Hdf5Writer final : public WaveformSink {
 public:
  // Throws Error, as do all members.
  explicit Hdf5Writer(const std::string& path);
  ~Hdf5Writer() override;

  void begin(const PlotHeader& header) override;
  void point(std::span<const double> values) override;
  void end() override;

 private:
  class File;
  std::unique_ptr<File> file_;
};

// All plots of such a file, signals in the order in which they were made. Throws Error.
std::vector<Waveforms> read_hdf5(const std::string& path);

}  // namespace wordline
