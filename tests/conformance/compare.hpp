// Running ngspice, and comparing its waveforms with ours.
//
// Metric: at every point that ngspice computed, the difference from our waveform (interpolated
// there) as a fraction of the signal's full scale. The tolerance of 1e-3 leaves room for the linear
// interpolation between points and for the local errors of two different step controls; agreement
// is usually 10 to 1000 times better.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "shell.hpp"
#include "wordline/engine/output/rawfile.hpp"
#include "wordline/engine/simulator.hpp"

namespace wordline::testing {

inline constexpr double kTolerance = 1e-3;

inline std::filesystem::path source_root() {
  const char* root = std::getenv("WORDLINE_SOURCE_ROOT");
  return root == nullptr ? "." : root;
}
inline std::filesystem::path examples() { return source_root() / "examples"; }
inline std::filesystem::path conformance_decks() { return source_root() / "tests/conformance"; }

// The names, without ".cir", of the decks in a folder.
inline std::vector<std::string> deck_names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  if (!std::filesystem::is_directory(folder)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".cir") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The plots of a deck, in ngspice's order.
inline std::vector<Waveforms> run_ngspice(const std::filesystem::path& deck) {
  const TemporaryFolder folder;
  const auto run = shell(folder, "ngspice -b -r out.raw '" + deck.string() + "'");
  EXPECT_TRUE(std::filesystem::exists(folder / "out.raw")) << run.out << run.err;
  return read_rawfile(folder / "out.raw");
}

inline const Waveforms* find_plot(const std::vector<Waveforms>& plots,
                                  const std::string& plotname) {
  for (const Waveforms& plot : plots) {
    if (plot.header().plotname == plotname) return &plot;
  }
  return nullptr;
}

// The same analysis with points so dense that lines between them are no source of error.
inline Analysis finer(Analysis analysis) {
  constexpr double kTimes = 8;
  if (auto* transient = std::get_if<TranAnalysis>(&analysis.what)) {
    const double longest = std::min(transient->step, (transient->stop - transient->start) / 50);
    transient->max_step = (transient->max_step > 0 ? transient->max_step : longest) / kTimes;
  }
  return analysis;
}

// The corners of all sources up to `stop`, ascending.
inline std::vector<double> corners_of(const Circuit& circuit, double stop) {
  std::vector<double> corners;
  for (const auto* table : {&circuit.voltage_sources, &circuit.current_sources}) {
    for (const IndependentSource& source : table->rows) {
      for (double t = source.function.next_corner(0); t < stop;
           t = source.function.next_corner(t)) {
        corners.push_back(t);
      }
    }
  }
  std::sort(corners.begin(), corners.end());
  return corners;
}

// Whether `t` lies between a corner and our first point after it. Capacitive currents jump at
// corners, and no line from the one to the other shows that.
inline bool just_after_corner(double t, std::span<const double> ours,
                              const std::vector<double>& corners) {
  const auto next = std::upper_bound(corners.begin(), corners.end(), t);
  if (next == corners.begin()) return false;
  const double corner = *std::prev(next) * (1 + 1e-12);
  return std::upper_bound(ours.begin(), ours.end(), corner) ==
         std::upper_bound(ours.begin(), ours.end(), t);
}

// `expected` are ngspice's values at the points of its plot `theirs`. Sweeps have the same points;
// transients are compared at ngspice's times.
inline double difference(const Waveforms& ours, const std::string& name, const Waveforms& theirs,
                         std::span<const double> expected, const std::vector<double>& corners) {
  const bool transient = theirs.header().plotname.starts_with("Transient");
  if (!transient && ours.points() != expected.size()) return INFINITY;
  double worst = 0;
  double scale = 0;
  for (std::size_t k = 0; k < expected.size(); ++k) {
    if (transient && just_after_corner(theirs.column(0)[k], ours.column(0), corners)) continue;
    const double mine = transient ? ours.at(name, theirs.column(0)[k]) : ours[name][k];
    worst = std::max(worst, std::abs(mine - expected[k]));
    scale = std::max(scale, std::abs(expected[k]));
  }
  return scale > 0 ? worst / scale : worst;
}

}  // namespace wordline::testing
