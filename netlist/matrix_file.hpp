// Matrices of numbers from files: text (CSV) and NumPy's .npy.
#pragma once

#include <filesystem>

#include "wordline/base/matrix.hpp"

namespace wordline {

// Reads a file whose content begins as .npy does as such, any other as text.
//
// Text: a line is a row; its numbers are separated by semicolons, else by commas, else by blanks.
// From `#` on a line is a comment. A first row of words is taken for a header.
//
// .npy (format 1 to 3): one or two dimensions, C or Fortran order, little-endian floats of 4 or 8
// bytes or integers of 1 to 8. One dimension is one row.
//
// All values are finite. Throws Error, naming line and column or byte, where the file is malformed,
// empty or holds what is no finite number.
Matrix read_matrix(const std::filesystem::path& path);

}  // namespace wordline
