// Operating points of devices as text.
#pragma once

#include <cstdio>
#include <vector>

#include "wordline/engine/device_table.hpp"

namespace wordline::cli {

// A table for each kind of device, a quantity a line, a device a column.
void print_devices(const std::vector<DeviceTable>& tables, std::FILE* out);

}  // namespace wordline::cli
