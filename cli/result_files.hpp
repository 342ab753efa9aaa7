// Where the results of a run go: one file for all analyses, or one for each. Products with a file
// of their own go there.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "wordline/engine/output/waveform_file.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::cli {

// Throws UsageError where the output is one of the files that were read.
void refuse_to_overwrite(const std::vector<std::filesystem::path>& inputs,
                         const std::string& output);

// Names for plots that go to files of their own: out.csv gives out-tran.csv, then out-tran-2.csv.
class FileNames {
 public:
  explicit FileNames(std::string pattern) : pattern_(std::move(pattern)) {}
  std::string next(const std::string& plot);  // "tran"

 private:
  std::string pattern_;
  std::map<std::string, int> count_;
};

struct ResultOptions {
  std::string path;    // empty: chosen from the deck's name
  std::string format;  // of waveform_formats(); empty: by the path's extension, else a rawfile
  bool apart = false;  // a file for each analysis, whatever the format
};

class ResultFiles {
 public:
  // Opens the files at once, so that a path that cannot be written costs no simulation; files that
  // get no points are removed again. Throws UsageError, Error.
  ResultFiles(const std::string& deck, const ResultOptions& options, const Circuit& circuit);

  WaveformSink& sink(std::size_t analysis) { return *files_.at(analysis).sink; }
  // Writes small plots that belong to an analysis: into the file of all, or into files of their
  // own, out-integrated-noise.csv, the second of this name out-integrated-noise-2.csv; to standard
  // output not at all. Those of a step, counted from 1, are marked with its values, and the names
  // of their files end with its number.
  void write_tables(std::size_t analysis, const std::vector<Waveforms>& tables,
                    std::span<const Override> values = {}, std::size_t step = 0);
  const std::string& path(std::size_t analysis) const { return files_.at(analysis).path; }
  // The path without its extension, for files beside it; empty for standard output.
  const std::string& base() const { return base_; }
  bool standard_output() const { return standard_output_; }

 private:
  struct File {
    std::string path;
    std::shared_ptr<WaveformSink> sink;  // analyses may share a writer
    bool is_shared;
  };

  // A path that no other result has.
  std::string table_path(const File& file, const std::string& plotname, std::size_t step);

  std::vector<File> files_;
  std::set<std::string> taken_;  // their paths and those of tables
  std::string base_;
  const WaveformFormat* format_ = nullptr;
  bool standard_output_ = false;
};

}  // namespace wordline::cli
