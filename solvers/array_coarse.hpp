// A coarse picture of an array matrix, for errors so smooth that a line-by-line preconditioner
// hardly sees them. About eight lines become one: cells are added up, lines are joined in parallel.
// On the column plane, coarse values are interpolated linearly along the lines, towards zero where
// the driver stands, and are constant across the lines of a group. The coarse matrix has the form
// of an array again and is solved directly.
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/solvers/aligned.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_multifrontal.hpp"

namespace wordline {

// Whether a second level saves more iterations than it costs: the cells of a large array conduct
// much more than its lines lead away.
bool wants_coarse_level(const ArrayMatrix& matrix);
// The same for cells of this mean conductance [S], of which nothing else is read.
bool wants_coarse_level(const ArrayMatrix& lines, double cell);

class ArrayCoarse {
 public:
  ArrayCoarse(std::int32_t rows, std::int32_t cols, std::int64_t stride, int threads);

  // False if the coarse matrix cannot be factored.
  bool set(const ArrayMatrix& fine);
  // z += the coarse correction for the residual r, which is divided by the column lines' segment
  // conductance. Both are tables of the column plane.
  void add_correction(const AlignedTable& r, AlignedTable& z);

 private:
  // Where fine cells of a line lie among its coarse ones.
  struct Axis {
    std::int32_t fine, coarse;
    double spacing;  // fine cells from one coarse node to the next
    std::int32_t group(std::int32_t k) const;
    double centre() const { return 0.5 * (spacing - 1); }  // of the first group
  };
  // The coarse rows that a fine row's values come from, and how many cells it lies beyond the
  // first or the last coarse node.
  struct Interpolation {
    std::int32_t row;  // and the one after it, where `next` is not 0
    double here, next;
    double beyond_first, beyond_last;
  };
  std::size_t at(std::int32_t row, std::int32_t fine_col) const {
    return static_cast<std::size_t>(row * stride_ + fine_col);
  }
  Interpolation interpolation(std::int32_t fine_row) const;
  void set_plane(const ArrayPlane& fine, const Axis& across, const Axis& along, ArrayPlane& coarse);
  void set_fading(const ArrayPlane& columns);
  void add_cells(const ArrayMatrix& fine);
  void restrict_residual(const AlignedTable& r);
  void prolong(AlignedTable& z);

  Axis row_axis_, col_axis_;  // over rows and over columns
  std::int64_t stride_;
  int threads_;
  std::vector<Interpolation> interpolations_;  // per fine row
  std::vector<std::int32_t> groups_;           // per fine column
  ArrayMatrix coarse_;
  std::vector<double> row_row_, row_col_, col_row_, col_col_;
  // Per fine column: what its values lose a cell beyond the outermost coarse node, going straight
  // to zero at the driver.
  std::vector<double> fade_first_, fade_last_;
  AlignedTable lines_;  // coarse rows x fine columns
  std::vector<double> f_row_, f_col_;
  double column_segment_ = 1;
  ArrayMultifrontal solver_;
};

}  // namespace wordline
