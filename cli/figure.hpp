// A figure of waveforms: panes one above the other over a common x axis, with the numbers to draw.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

struct FigureRequest {
  std::vector<std::vector<std::string>> panes;  // signal names; a single list is parted by units
  std::string x;                                // empty: the plot's first signal
  double x_low = -std::numeric_limits<double>::infinity();  // in the unit of x
  double x_high = std::numeric_limits<double>::infinity();
  bool log_x = false;
  bool log_y = false;  // of absolute values
};

struct Trace {
  std::string name;
  std::size_t column;  // of Figure::data
};

struct Pane {
  std::string label;  // of its y axis, as "current [µA]"
  std::vector<Trace> traces;
};

struct Figure {
  std::string title;
  std::string x_label;
  double x_low, x_high;  // scaled as the data; infinite: as far as the data go
  bool log_x, log_y;
  std::vector<Pane> panes;
  // Points one after the other, `columns` numbers each, the first being x; scaled to the units of
  // the labels. A point of NaN interrupts the lines.
  std::vector<double> data;
  std::size_t columns;
};

// "voltage", "conductance"; empty where nothing is known.
std::string quantity_of(const Signal& signal);

// Throws UsageError where a signal does not exist or a pane would mix units.
Figure make_figure(const Waveforms& waveforms, const FigureRequest& request);

}  // namespace wordline::cli
