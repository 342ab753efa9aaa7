// An operating point as text.
#pragma once

#include <cstdio>
#include <vector>

#include "wordline/engine/device_table.hpp"
#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

// The signals, one a line, then a table for each kind of device.
void print_operating_point(const Waveforms& waveforms, const std::vector<DeviceTable>& devices,
                           std::FILE* out);

}  // namespace wordline::cli
