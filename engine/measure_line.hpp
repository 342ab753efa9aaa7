// A signal over the first axis of a plot, straight between its points.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "wordline/netlist/measure.hpp"

namespace wordline {

struct MeasureWindow {
  double from, to;  // from <= to
  bool contains(double x) const { return x >= from && x <= to; }
};

// x is strictly monotonic, up or down; as long as y, at least 1.
struct MeasureLine {
  std::span<const double> x;
  std::span<const double> y;

  // Inside of the axis.
  double value(double at) const;
  double slope(double at) const;

  // Visits the pieces of the line inside the window: both ends as (x, y), in the order of x's
  // points.
  using Piece = std::function<void(double x0, double y0, double x1, double y1)>;
  void each_piece(const MeasureWindow& window, const Piece& piece) const;
};

struct Crossing {
  double x;
  bool rises;
};

// All crossings of zero.
std::vector<Crossing> crossings_of(const MeasureLine& line);

}  // namespace wordline
