// Arrays of cells with transistors on a GPU beside the processor.
#pragma once

#include <cstdint>

namespace wordline::bench {

// A table with an operating point and a write pulse for all cells of an N x N array.
void print_cells(std::int32_t n);

}  // namespace wordline::bench
