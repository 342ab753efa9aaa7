// A memristor with a select transistor behind it: what finds the node between the two, cell by
// cell, and leaves the currents and tangents of the cell's two ends. The memristor stands between
// the column (bit) line and the inner node, the transistor from there to the row (source) line; the
// bulk is at 0 V. The same lines for loops on the processor and for threads of a GPU.
#pragma once

#include <algorithm>
#include <cmath>

#include "wordline/base/processor.hpp"
#include "wordline/devices/host_device.hpp"
#include "wordline/devices/mosfet.hpp"

namespace wordline::transistor_cell {

inline constexpr int kMostIterations = 200;  // bisection alone ends sooner

// Between what the inner node must lie, where it is sought first, and which steps of it may be the
// last [V].
struct Bracket {
  double low, high, inner, small;
};

// Voltages of the lines at a cell [V].
struct LineVolts {
  double source, bit;
};

// The inner node goes where it would if the cell were as linear as when it was last solved, and not
// beyond the voltages around it. What a last step along the tangents leaves out grows with its
// square, as what the lines' own Newton step has left out does with the square of theirs: a
// hundredth of that step leaves out a ten-thousandth as much.
WORDLINE_HD WORDLINE_INLINE Bracket bracket(const LineVolts& now, const LineVolts& last,
                                            double inner, double by_source, double by_bit) {
  constexpr double kSmallestStep = 1e-7;  // V: its square is below rounding
  constexpr double kLargestStep = 1e-3;
  const double source_step = now.source - last.source;
  const double bit_step = now.bit - last.bit;
  const double guess = inner + by_source * source_step + by_bit * bit_step;
  const double low = std::min(std::min(now.source, now.bit), 0.0);
  const double high = std::max(std::max(now.source, now.bit), 0.0);
  const double moved = std::max(std::fabs(source_step), std::fabs(bit_step));
  return {low, high, std::max(low, std::min(guess, high)),
          std::max(kSmallestStep, std::min(0.01 * moved, kLargestStep))};
}

// Into the source through its junction with the bulk, which the inner node does not change: A, S.
WORDLINE_HD WORDLINE_INLINE ValueAndSlope source_junction(const Mosfet& mos, double gmin,
                                                          double source) {
  const double sign = mos.polarity();
  const ValueAndSlope bulk = mos.source_junction().current(sign * -source, gmin);
  return {sign * bulk.value, bulk.slope};
}

// The transistor at an inner node.
struct Point {
  double drain, channel;  // A: into its drain, and through the channel
  double drain_slope;     // S: of the first by the inner node
  double gm, gds, gmb;    // S
};

template <class Model>
WORDLINE_HD WORDLINE_INLINE Point evaluate(const Model& mos, double gmin, double gate,
                                           double source, double inner) {
  const double sign = mos.polarity();
  const Mosfet::Channel c =
      mos.channel(sign * (gate - source), sign * (inner - source), sign * -source);
  const ValueAndSlope bd = mos.drain_junction().current(sign * -inner, gmin);
  return {sign * (c.id - bd.value), sign * c.id, c.gds + bd.slope, c.gm, c.gds, c.gmb};
}

// One step of Newton's method for the inner node, inside its bracket. A small one is not made but
// left in `change`.
struct Step {
  Bracket in;
  double change;
  bool is_large;
};

// `surplus` [A] is what the memristor brings beyond what the transistor takes; it falls by `slope`
// [S] as the inner node rises.
WORDLINE_HD WORDLINE_INLINE Step step(const Bracket& in, double surplus, double slope) {
  const double inner = in.inner;
  const double low = surplus > 0 ? inner : in.low;
  const double high = surplus > 0 ? in.high : inner;
  const double newton = inner + surplus / slope;
  const double next = newton >= low && newton <= high ? newton : 0.5 * (low + high);
  const bool is_large = std::fabs(next - inner) > in.small;
  return {{low, high, is_large ? next : inner, in.small}, is_large ? 0 : newton - inner, is_large};
}

// Currents [A] out of the column line and out of the row line, and tangents [S] as in
// solvers/array_matrix.hpp.
struct Ends {
  double col_current, row_current;
  double by_source, by_bit;  // what the inner node follows of the lines
  double row_row, row_col, col_row, col_col;
};

// After the last small `change`, which is made along the tangents. `g` [S] and `current` [A] are
// the memristor's, `bulk` is source_junction().
WORDLINE_HD WORDLINE_INLINE Ends condense(const Point& at, const ValueAndSlope& bulk,
                                          double current, double g, double change) {
  const double per_total = 1 / (g + at.drain_slope);
  const double by_source = at.gm + at.gds + at.gmb;
  const double by_inner = at.gds * per_total;
  return {current - g * change,
          -(at.channel + bulk.value + at.gds * change),
          by_source * per_total,
          g * per_total,
          by_source * (1 - by_inner) + bulk.slope,
          g * by_inner,
          g * by_source * per_total,
          g * at.drain_slope * per_total};
}

}  // namespace wordline::transistor_cell
