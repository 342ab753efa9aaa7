// Matrices of numbers from files: text (CSV) and NumPy's .npy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace wordline {

struct Matrix {
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  std::vector<double> values;  // row by row, all finite

  bool is_vector() const { return rows == 1 || cols == 1; }
};

// Reads a file whose content begins as .npy does as such, any other as text.
//
// Text: a line is a row; its numbers are separated by semicolons, else by commas, else by blanks.
// From `#` on a line is a comment. A first row of words is taken for a header.
//
// .npy (format 1 to 3): one or two dimensions, C or Fortran order, little-endian floats of 4 or 8
// bytes or integers of 1 to 8. One dimension is one row.
//
// Throws Error, naming line and column or byte, where the file is malformed, empty or holds what is
// no finite number.
Matrix read_matrix(const std::filesystem::path& path);

}  // namespace wordline
