// What keeps the devices of an array from having the conductances that they should, on a command
// line.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/nonidealities.hpp"

namespace wordline::cli {

struct DeviceOptions {
  std::string range;  // "low:high", or empty: that of the conductances
  int levels = 0;     // 0: any conductance
  double programming_error = 0;
  double stuck_low = 0, stuck_high = 0;
  std::string drift_time, drift_from = "1";
  double drift_coefficient = 0.1, drift_deviation = 0;
  double read_noise = 0;
};

// All of them need `conductances`.
void add_device_options(CLI::App& command, DeviceOptions& options, CLI::Option* conductances);

// Throw UsageError where an option cannot be.
crossbar::ConductanceRange conductance_range(const DeviceOptions& options,
                                             const Matrix& conductances);
// In the order of a device's life; without the noise of reads.
std::vector<crossbar::Nonideality> nonidealities_of(const DeviceOptions& options);

}  // namespace wordline::cli
