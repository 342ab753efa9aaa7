// Results of `.measure`: printed, and written beside the waveforms as other simulators do.
#pragma once

#include <cstdio>
#include <map>
#include <span>
#include <string>

#include "wordline/engine/measure_result.hpp"

namespace wordline::cli {

// One line a measure to `out` (null: none), and to stderr why one failed. Returns whether all have
// values.
bool report_measures(std::span<const MeasureResult> measures, std::FILE* out);

// Writes the measures of every analysis to a file of its own: base.mt0 of the first transient,
// base.mt1 of the second, base.ma0 of .ac and .noise, base.ms0 of .dc and .op.
class MeasureFiles {
 public:
  // `format`: "xyce" (a line a measure) or "hspice" (a table). An empty base writes nothing.
  MeasureFiles(std::string base, std::string format)
      : base_(std::move(base)), format_(std::move(format)) {}

  // Throws Error.
  void write(std::span<const MeasureResult> measures, std::string_view analysis,
             const std::string& title);

 private:
  std::string base_, format_;
  std::map<char, int> count_;
};

}  // namespace wordline::cli
