// Gaussian elimination in a given order of pivots, written down once as a list of what is
// subtracted from where and replayed for every set of values. In small sparse matrices, looking up
// what goes where takes longer than the arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

class Elimination {
 public:
  // Pivot k stands in row rows[k] and column columns[k]. The `values` are some for which these are
  // good pivots.
  Elimination(const SparsePattern& pattern, std::span<const double> values,
              std::span<const std::int32_t> rows, std::span<const std::int32_t> columns);

  // False where the pivots are not good for these values: the ratio of the smallest to the largest,
  // each as a part of the largest entry that its row had in the constructor, is below
  // `smallest_ratio`.
  bool factor(std::span<const double> values, double smallest_ratio);
  // Solves for one right-hand side in place.
  void solve(std::span<double> x) const;

 private:
  using Index = std::uint32_t;
  void write_down(std::vector<std::vector<char>>& filled);
  void set_scales(const SparsePattern& pattern, std::span<const double> values,
                  std::span<const Index> row_at);

  std::vector<Index> rows_, columns_;  // of each pivot
  // The factors row by row, in the order of the pivots; each row is what L has, the pivot, then U.
  std::vector<double> factors_;
  std::vector<Index> pivot_;        // where in factors_, per row
  std::vector<Index> column_;       // of each factor, as the number of its pivot
  std::vector<Index> first_;        // of each row; one more than rows
  std::vector<Index> entry_;        // in factors_, of each value
  std::vector<Index> first_below_;  // of each pivot, in below_ and row_below_
  std::vector<Index> below_;        // in factors_: the entries of L in a pivot's column
  std::vector<Index> row_below_;    // and their rows
  std::vector<Index> targets_;      // of all subtractions in their order
  std::vector<double> per_scale_;   // one over the largest entry of a pivot's row
  std::vector<double> per_pivot_;   // one over each pivot
  mutable std::vector<double> work_;
};

}  // namespace wordline
