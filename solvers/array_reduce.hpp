// The conductance matrix between an array's buses, all nodes inside eliminated.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "wordline/solvers/array_fronts.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_tree.hpp"

namespace wordline {

// By elimination, for arrays without merged lines. Keeps its plan and memory from call to call.
class ArrayReduction {
 public:
  // False where a pivot vanished. `y` as in ArrayMultifrontal::reduce(), all 0 before.
  bool reduce(const ArrayMatrix& matrix, int threads, std::vector<double>& y);

 private:
  void plan(const ArrayMatrix& matrix, unsigned ports, int threads);
  void find_buses(const ArrayMatrix& matrix);

  unsigned ports_ = 0;
  bool symmetric_ = true;
  std::unique_ptr<ArrayTree> tree_;
  std::optional<ArrayFronts> fronts_;
  LeafCells cells_;
  std::vector<std::int32_t> buses_;  // of what the root leaves; -1: padding
};

// By solving, where lines are merged: a dense matrix is small.
bool reduce_merged(const ArrayMatrix& matrix, std::vector<double>& y);

}  // namespace wordline
