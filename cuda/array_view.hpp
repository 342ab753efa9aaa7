// Arrays as kernels see them: `members` systems side by side, which have one matrix or each its
// own. Numbers of the members stand next to each other, so that neighbouring threads read
// neighbouring numbers: cell (i, j) of member b at (i cols + j) members + b.
//
// Solutions are found from equations that are divided by the conductance of their lines' segments,
// as in solvers/array_kernels.hpp, whose line factors c are used here too.
#pragma once

#include <cstdint>
#include <limits>

#include "wordline/devices/host_device.hpp"

namespace wordline::gpu {

struct Shape {
  std::int32_t rows = 0, cols = 0;
  std::int32_t members = 1;
  bool own = false;  // every member has a matrix of its own

  WORDLINE_HD std::int64_t cells() const { return std::int64_t{rows} * cols; }
  WORDLINE_HD std::int64_t size() const { return cells() * members; }
  // Of a cell; there are fewer than 2^31, and a GPU divides short numbers much faster.
  WORDLINE_HD std::int32_t row_of(std::int64_t cell) const {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(cell) /
                                     static_cast<std::uint32_t>(cols));
  }
  WORDLINE_HD std::int64_t at(std::int32_t i, std::int32_t j, std::int32_t b) const {
    return (std::int64_t{i} * cols + j) * members + b;
  }

  // The same in tables of the matrix: of cells, and of one number a line.
  WORDLINE_HD std::int32_t matrices() const { return own ? members : 1; }
  WORDLINE_HD std::int32_t matrix(std::int32_t b) const { return own ? b : 0; }
  WORDLINE_HD std::int64_t cell(std::int32_t i, std::int32_t j, std::int32_t b) const {
    return (std::int64_t{i} * cols + j) * matrices() + matrix(b);
  }
  WORDLINE_HD std::int64_t line(std::int32_t k, std::int32_t b) const {
    return std::int64_t{k} * matrices() + matrix(b);
  }
};

struct PlaneView {
  const double* segment;  // S, per matrix
  const double *first, *last;
};

struct MatrixView {
  Shape shape;
  PlaneView row, col;
  const double *row_row, *row_col, *col_row, *col_col;
  const double* row_factors;      // of the lines of the row plane
  const double* col_factors;      // of those of the column plane,
  const float* single_precision;  // or these in their place
  WORDLINE_HD double col_factor(std::int64_t cell) const {
    return single_precision != nullptr ? double{single_precision[cell]} : col_factors[cell];
  }
  // Only ends of lines can be held, and only there is a factor 0.
  WORDLINE_HD bool holds(std::int32_t i, std::int64_t cell) const {
    return (i == 0 || i == shape.rows - 1) && col_factor(cell) == 0;
  }
  WORDLINE_HD double col_diagonal(std::int32_t i, std::int32_t j, std::int32_t b) const {
    const double segment = col.segment[shape.matrix(b)];
    double d = (i > 0 ? 1.0 : 0.0) + (i < shape.rows - 1 ? 1.0 : 0.0) +
               col_col[shape.cell(i, j, b)] / segment;
    if (i == 0) d += col.first[shape.line(j, b)] / segment;
    if (i == shape.rows - 1) d += col.last[shape.line(j, b)] / segment;
    return d;
  }
};

// How far the iteration of a member has come.
enum class State : std::int32_t {
  kIterating,
  kHalfStep,    // BiCGStab ends in the middle of a step
  kDone,        // or has nothing to do
  kIndefinite,  // conjugate gradients met a direction without energy
  kBroken,      // BiCGStab cannot go on from here
};

struct Member {
  double target = 0;  // of the squared norm of the reduced residual
  double rz = 0, rho = 0, alpha = 0, beta = 0, omega = 0;
  State state = State::kDone;
  std::int32_t iterations = 0;
  bool is_corrected = false;
  WORDLINE_HD bool iterates() const { return state == State::kIterating; }
};

}  // namespace wordline::gpu
