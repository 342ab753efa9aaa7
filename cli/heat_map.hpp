// A picture of a matrix: a coloured square a cell, row 0 at the top.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

struct HeatMap {
  std::string title = {};
  std::string label = {};  // of the colours, as "conductance [µS]"
  bool log = false;        // colours by the logarithm of values, which are above 0 then
  std::int64_t first_row = 0, last_row = 0, first_col = 0, last_col = 0;
  std::int64_t block = 1;           // so many rows and columns are one cell of the picture,
  std::int64_t rows = 0, cols = 0;  // which has so many
  std::vector<double> values = {};  // row by row, in the unit of the label; NaN: no cell
};

struct MapRequest {
  std::string file;
  std::string signal;             // "v(xb.wl[*,*])", an array of an .npz, or empty: a matrix
  std::string analysis = {};      // which plot, as for choose_plot()
  std::optional<double> at = {};  // on the first axis; else the last point
  std::string label;              // empty: chosen by the signal
  std::string unit;               // of a matrix
  bool log = false;
};

// Throws UsageError, or Error where a file cannot be read.
HeatMap make_heat_map(const MapRequest& request);

}  // namespace wordline::cli
