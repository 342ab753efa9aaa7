// A coarse picture of an array matrix that is so small that its inverse is kept, for machines on
// which a dense product costs less than a tree of small steps. Coarse nodes stand on a grid over
// the array, from its first to its last cell in both directions; between them values are
// interpolated linearly. The coarse matrix is W^T A W, of both planes, and what is kept is the
// inverse of its Schur complement on the column plane.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"

namespace wordline {

// Coarse nodes along one side of an array: at least 2, at most as many as cells.
struct CoarseAxis {
  std::int32_t fine, coarse;
  // Fine place k lies between nodes base[k] and base[k] + 1, `weight` of the way; those of base n
  // are begin[n] .. begin[n + 1] - 1.
  std::vector<std::int32_t> base, begin;
  std::vector<double> weight;

  CoarseAxis(std::int32_t fine, std::int32_t coarse);
  // A node's value between its neighbours.
  double hat(std::int32_t node, std::int32_t k) const;
};

class ArrayCoarseInverse {
 public:
  ArrayCoarseInverse(CoarseAxis rows, CoarseAxis cols);

  // Over a table of cells: for the node (a, b) and its next ones (a + da, b + db) the sum of the
  // cells times both nodes' values, at [da][db][a][b].
  using CellSums = std::span<const double>;
  struct Cells {
    CellSums row_row, row_col, col_row, col_col;
  };

  const CoarseAxis& rows() const { return rows_; }
  const CoarseAxis& cols() const { return cols_; }
  std::int32_t size() const { return rows_.coarse * cols_.coarse; }

  // G, column by column: W G W^T r corrects the column plane for its residual r [A]. Empty where
  // the coarse matrix is singular, or symmetric and not positive definite.
  std::vector<double> invert(const ArrayMatrix& fine, const Cells& cells) const;

 private:
  std::size_t at(std::int32_t a, std::int32_t b) const {
    return static_cast<std::size_t>(a) * static_cast<std::size_t>(cols_.coarse) +
           static_cast<std::size_t>(b);
  }
  void add_cells(CellSums sums, double factor, double* matrix) const;
  void add_plane(const ArrayPlane& plane, bool of_rows, double* matrix) const;
  void drop(const ArrayPlane& plane, bool of_rows, bool with_diagonal, bool by_rows,
            double* matrix) const;

  CoarseAxis rows_, cols_;
};

}  // namespace wordline
