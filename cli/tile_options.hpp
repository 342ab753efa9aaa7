// The options of `wordline matmul` that spread conductances over tiles and put converters around
// them.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/tiles.hpp"

namespace wordline::cli {

struct TileOptions {
  std::string shape;  // "128x64"
  std::string padding;
  std::string negative;  // a file
  std::string subtraction = "digital";
  int adc_bits = 0;  // 0: none
  std::string adc_law = "levels";
  std::string adc_range;  // "low:high", "each", or empty: that of all inputs
  double adc_overflow = 0;
  int dac_bits = 0;
  std::string dac_range;  // "low:high", or empty: that of all inputs
};

void add_tile_options(CLI::App& command, TileOptions& options);

// Whether any of them is given.
bool are_given(const TileOptions& options);

// For conductances of this size and these input voltages; wires and threads are left as they are.
// Throws UsageError where an option cannot be.
crossbar::TileSettings tile_settings(const TileOptions& options, const Matrix& conductances,
                                     const Matrix& inputs);

// Whether the ADC's range is to be found from all inputs.
bool is_calibrated(const TileOptions& options);

// ", 4 tiles of 64 x 64, ADC of 8 bits from 0 to 1.2e-3 A"
std::string describe(const crossbar::Tiles& tiles, const TileOptions& options);

}  // namespace wordline::cli
