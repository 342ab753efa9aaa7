// Where the results of a run go: one rawfile for all analyses, or a CSV file for each. Products
// with a file of their own go there.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::cli {

std::string short_name(const Analysis& analysis);  // "op", "dc", "tran", "matmul"

// Throws UsageError where the output is one of the files that were read.
void refuse_to_overwrite(const std::vector<std::filesystem::path>& inputs,
                         const std::string& output);

class ResultFiles {
 public:
  // Opens the files at once, so that a path that cannot be written costs no simulation; files that
  // get no points are removed again. An empty `path` is chosen from the deck's name; `format` is
  // "raw", "ascii", "csv", or empty for what the path's extension says. Throws UsageError, Error.
  ResultFiles(const std::string& deck, std::string path, std::string format,
              const Circuit& circuit);

  WaveformSink& sink(std::size_t analysis) { return *files_.at(analysis).sink; }
  // Writes small plots that belong to an analysis: into its rawfile, or as CSV into files of their
  // own, out-integrated-noise.csv; to standard output not at all.
  // Those of a step, counted from 1, are marked with its values.
  void write_tables(std::size_t analysis, const std::vector<Waveforms>& tables,
                    std::span<const Override> values = {}, std::size_t step = 0);
  const std::string& path(std::size_t analysis) const { return files_.at(analysis).path; }
  bool standard_output() const { return standard_output_; }

 private:
  struct File {
    std::string path;
    std::shared_ptr<WaveformSink> sink;  // the analyses share the writer of a rawfile
    bool is_rawfile;
  };

  std::vector<File> files_;
  bool standard_output_ = false;
};

}  // namespace wordline::cli
