// What is to be computed of a sparse LU factorisation with given pivots, and in which order: once
// for a pattern and its pivots, for any values.
//
// In the numbers of pivots the matrix is B = W D^-1 U + F. W is lower and U upper triangular, both
// with the pivots on their diagonals, which D holds; F has the entries right of the blocks of the
// block triangular form. Every entry of W and U is one sum over earlier pivots,
//   b_ij - sum over k < min(i, j) of w_ik u_kj / d_k,
// and B x = b is solved by 2n of them: forward, where z_i = (b_i - sum of w_ik z_k - sum of f_ij
// x_j) / d_i, and backward, where x_i = z_i - (sum of u_ij x_j) / d_i.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/cuda/by_levels.hpp"
#include "wordline/solvers/pivot_order.hpp"

namespace wordline::gpu {

// A factor to be computed. Without a row it is an entry of F.
struct FactorEntry {
  std::int32_t at, row, column;
  std::int32_t source;  // the value it starts from; -1: it is filled in
};

// Rows of a sparse matrix: entry e of row r, start[r] <= e < start[r + 1], is the value slot[e] in
// column[e].
struct SparseRows {
  std::vector<std::int32_t> start{0}, column, slot;

  void add(std::int32_t in_column, std::int32_t value) {
    column.push_back(in_column);
    slot.push_back(value);
  }
  void end_row() { start.push_back(static_cast<std::int32_t>(column.size())); }
  std::vector<std::int32_t> lengths() const;
};

struct SparsePlan {
  // `pattern` is the one whose entries `order` numbers.
  SparsePlan(const SparsePattern& pattern, const PivotOrder& order);

  std::int32_t size;                      // n
  std::vector<std::int32_t> row, column;  // of the matrix, for each pivot

  // The factors: the rows of W without the pivots, then the columns of U, each with its pivot as
  // the last, then F. `index` is the column of an entry of W and the row of one of U.
  std::vector<std::int32_t> lower_start, upper_start, index;
  std::int32_t factors;
  std::vector<FactorEntry> entries;  // in the order of `elimination`
  std::vector<Level> elimination;

  // The solution z, x of length 2n.
  SparseRows solution;
  std::vector<std::int32_t> solution_item;
  std::vector<Level> substitution;

  // The matrix itself.
  SparseRows matrix;
  std::vector<std::int32_t> matrix_item;
  std::vector<Level> product;  // one level

  // Whether all entries that are not part of the plan are 0.
  bool covers(std::span<const double> values) const;

 private:
  std::vector<std::int32_t> left_out_;
};

}  // namespace wordline::gpu
