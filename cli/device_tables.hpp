// Operating points of devices as text.
#pragma once

#include <cstdio>

#include "wordline/engine/waveforms.hpp"

namespace wordline::cli {

// A table of devices of one kind, whose signals are called @device[quantity]: a quantity a line, a
// device a column.
void print_devices(const Waveforms& table, std::FILE* out);

}  // namespace wordline::cli
