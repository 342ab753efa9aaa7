// NumPy's .npy format.
#pragma once

#include <string>
#include <string_view>

#include "wordline/netlist/matrix_file.hpp"

namespace wordline {

bool is_npy(std::string_view bytes);

// The matrix in the bytes of a .npy file; `name` stands for the file in messages. What is accepted:
// matrix_file.hpp. Throws Error.
Matrix read_npy(std::string_view bytes, const std::string& name);

}  // namespace wordline
