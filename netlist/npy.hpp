// NumPy's .npy format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wordline/netlist/matrix_file.hpp"

namespace wordline {

bool is_npy(std::string_view bytes);

// The matrix in the bytes of a .npy file; `name` stands for the file in messages. What is accepted:
// matrix_file.hpp. Throws Error.
Matrix read_npy(std::string_view bytes, const std::string& name);

// What stands before the data of rows x cols little-endian doubles, row by row.
std::string npy_header(std::int64_t rows, std::int64_t cols);

}  // namespace wordline
