// The conductance matrix between an array's buses, all nodes inside eliminated.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "wordline/solvers/array_fronts.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_response.hpp"
#include "wordline/solvers/array_tree.hpp"

namespace wordline {

// The sides on which lines have ports, as ArrayTree takes them. Lines of a single cell have theirs
// at the end, see stamp_ported().
unsigned driven_sides(const ArrayMatrix& matrix);
// The buses of the unknowns that the root of such a tree leaves, numbered as in
// ArrayMultifrontal::reduce(); -1: padding.
std::vector<std::int32_t> buses_of_root(const ArrayTree& tree, std::int32_t rows,
                                        std::int32_t cols);

// By elimination, for arrays without merged lines. Keeps its plan and memory from call to call.
class ArrayReduction {
 public:
  // False where a pivot vanished. `y` as in ArrayMultifrontal::reduce(), all 0 before; or with
  // `only_across`, which must not change from call to call, as in transfer().
  bool reduce(const ArrayMatrix& matrix, bool only_across, int threads, std::vector<double>& y);
  // Factors are kept from the next reduce() on.
  void keep_factors() { keep_ = true; }
  // As ArrayMultifrontal::change().
  std::optional<RankOne> change(std::int32_t row, std::int32_t col, double before, double after);

 private:
  void plan(const ArrayMatrix& matrix, unsigned ports, bool only_across, int threads);
  void add_tile(const ArrayMatrix& matrix, bool only_across, std::int32_t i, std::int32_t j,
                std::vector<double>& y) const;

  unsigned ports_ = 0;
  bool symmetric_ = true;
  bool is_reduced_ = false;
  std::size_t lines_ = 0;
  bool keep_ = false, kept_ = false;  // wanted, and there
  std::unique_ptr<ArrayTree> tree_;
  std::optional<ArrayFronts> fronts_;
  LeafCells cells_;
  std::vector<std::int32_t> buses_;  // of what the root leaves; -1: padding
  std::optional<ArrayPaths> paths_;
  CellResponse response_;
  CellChanges changes_;
};

// By solving, where lines are merged: a dense matrix is small.
bool reduce_merged(const ArrayMatrix& matrix, std::vector<double>& y);

}  // namespace wordline
