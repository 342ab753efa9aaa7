// Matrices of numbers in files: text (CSV) and NumPy's .npy.
#pragma once

#include <filesystem>
#include <string>

#include "wordline/base/matrix.hpp"
#include "wordline/base/output_file.hpp"

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

// Writes a file named *.npy in that format (version 1, doubles in C order, always two dimensions),
// any other ("-": standard output) as comma-separated values, a line a row, each number the
// shortest text that reads back as the same double. A file is written whole or not at all. Throws
// Error naming the file and the call.
void write_matrix(const std::string& path, const Matrix& matrix);
// The same for a file opened before, as is good where the matrix takes long to compute.
void write_matrix(OutputFile& file, const Matrix& matrix);

}  // namespace wordline
