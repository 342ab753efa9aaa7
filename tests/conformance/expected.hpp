// What ngspice computed of a deck, as make_expected stored it, and how far ours is from that.
//
// Metric of a signal, that of Xyce's regression suite: the root mean square over the stored points
// of |ours - theirs| / (0.01 |theirs| + abstol); it must be below 0.1. abstol is that of the
// signal's kind; in a transient it is at least a thousandth of the largest value, since what steps
// leave of error where a waveform passes through zero is relative to the waveform. The stored
// points are some of ngspice's own. Sweeps have the same points here, taken by their numbers.
// Transients are put on ngspice's times: ours, with points so dense that lines between them are no
// source of error, is interpolated there. Points between a corner of a source and our first point
// after it are left out, as capacitive currents jump there.
#pragma once

#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include "compare.hpp"
#include "wordline/engine/output/csv.hpp"

namespace wordline::testing {

inline constexpr double kLargestMetric = 0.1;

struct Expected {
  std::vector<std::size_t> point;  // numbers in ngspice's run
  Waveforms plot;                  // time or what was swept, then the signals
};

inline Expected read_expected(const std::filesystem::path& path) {
  std::string text = read_text(path);
  while (text.starts_with("#")) text.erase(0, text.find('\n') + 1);
  const TemporaryFolder folder;
  write_text(folder / "expected.csv", text);
  const Waveforms table = read_csv((folder / "expected.csv").string());
  Expected expected;
  PlotHeader header = table.header();
  header.signals.erase(header.signals.begin());
  for (Signal& signal : header.signals) signal.name = our_name(signal.name);
  expected.plot.begin(header);
  std::vector<double> row(header.signals.size());
  for (std::size_t k = 0; k < table.points(); ++k) {
    expected.point.push_back(static_cast<std::size_t>(table.column(0)[k]));
    for (std::size_t s = 0; s < row.size(); ++s) row[s] = table.column(s + 1)[k];
    expected.plot.point(row);
  }
  return expected;
}

// Below this a difference does not count, whatever it is relative to.
inline double abstol_of(const Signal& signal) {
  if (signal.unit == "V") return 1e-6;
  if (signal.unit == "A") return 1e-12;
  return 1e-9;
}

// Our numbers for a column: of "re(v(out))" and "im(v(out))" parts of phasors.
inline std::span<const double> numbers_of(const Waveforms& ours, const std::string& column) {
  const bool is_real = column.starts_with("re(");
  if (!is_real && !column.starts_with("im(")) return ours[our_name(column)];
  const std::string name = column.substr(3, column.size() - 4);
  const std::vector<Signal>& signals = ours.header().signals;
  const auto found =
      std::find_if(signals.begin(), signals.end(), [&](const Signal& s) { return s.name == name; });
  if (found == signals.end()) throw Error("there is no " + name);
  const auto k = static_cast<std::size_t>(found - signals.begin());
  return is_real ? ours.column(k) : ours.imaginary(k);
}

// The metric of signal `s` of the expected plot.
inline double metric(const Waveforms& ours, const Expected& expected, std::size_t s,
                     const std::vector<double>& corners) {
  const Signal& signal = expected.plot.header().signals[s];
  const bool transient = expected.plot.header().signals[0].name == "time";
  const std::span<const double> mine = numbers_of(ours, signal.name);
  double abstol = abstol_of(signal);
  if (transient) {
    for (const double value : expected.plot.column(s)) {
      abstol = std::max(abstol, 1e-3 * std::abs(value));
    }
  }
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t k = 0; k < expected.point.size(); ++k) {
    const double at = expected.plot.column(0)[k];
    if (transient && just_after_corner(at, ours.column(0), corners)) continue;
    if (!transient && expected.point[k] >= mine.size()) return INFINITY;
    const double value = transient ? ours.at(signal.name, at) : mine[expected.point[k]];
    const double theirs = expected.plot.column(s)[k];
    const double error = std::abs(value - theirs) / (0.01 * std::abs(theirs) + abstol);
    sum += error * error;
    ++count;
  }
  return count > 0 ? std::sqrt(sum / static_cast<double>(count)) : INFINITY;
}

}  // namespace wordline::testing
