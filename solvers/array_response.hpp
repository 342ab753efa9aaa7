// What one cell of an array does to the conductances between its buses, by the factors of an
// elimination that was kept: only the fronts from the cell's leaf to the root take part.
//
// The matrix is A over the eliminated unknowns I and the ports B. A conductance that changes by
// delta adds delta e e^T to it, and so
//
//   delta / (1 + delta s) u u^T   to   A_BB - A_BI A_II^-1 A_IB,
//   u = e_B - A_BI A_II^-1 e_I,   s = e_I^T A_II^-1 e_I
//
// by Sherman and Morrison. Forward elimination of e leaves u at the ports; on its way it finds
// y = L^-1 e_I, whose products y . y' are e_I^T A_II^-1 e_I'.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/array_fronts.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/array_tree.hpp"

namespace wordline {

struct CellResponse {
  double series = 0;  // ohm, eliminated before all else: they lie between e's nodes and the cell
  std::vector<double> buses;       // u, both ends of a line added up
  std::vector<double> inner;       // y, front by front from the root down, then the leaf's nodes
  std::vector<std::int32_t> path;  // these fronts, the leaf's last
};

// Symmetric matrices only.
class ArrayPaths {
 public:
  explicit ArrayPaths(const ArrayTree& tree);

  // `buses`: those of what the root leaves, -1 for none; see ArrayReduction.
  void respond(const ArrayFronts& fronts, const LeafCells& cells,
               const std::vector<std::int32_t>& buses, std::int32_t row, std::int32_t col,
               CellResponse& response);
  // y . y': of what is above both cells, or all of a leaf that both are in.
  double product(const CellResponse& a, const CellResponse& b) const;

 private:
  void eliminate_leaf(const ArrayFronts& fronts, const CellTie& tie, const Front& leaf,
                      CellResponse& response);

  const ArrayTree& tree_;
  std::vector<std::int32_t> parents_;  // of fronts; -1: the root's
  std::vector<std::size_t> begins_;    // of fronts in CellResponse::inner
  std::vector<std::int32_t> fronts_;   // of leaves, row by row
  std::vector<double> below_, front_;  // scratch
};

// Changes of cells one after the other, each on top of those before it.
class CellChanges {
 public:
  void clear() { count_ = 0; }
  bool is_full() const { return count_ == kMost; }
  // False, and nothing is changed, where digits would be lost.
  bool add(const ArrayPaths& paths, CellResponse& response, double delta);
  // Of the last change.
  RankOne last() const;

 private:
  // A change costs what all before it cost, and a new elimination what some hundreds cost.
  static constexpr std::size_t kMost = 256;

  std::size_t count_ = 0, buses_ = 0, width_ = 0;
  std::vector<CellResponse> responses_;  // to the factors, whatever changed since
  std::vector<double> factors_;          // gamma = delta / (1 + delta s)
  std::vector<double> u_;                // as they were when the change was made, `width_` apart
  // Rows of kMost: entry l of row k is gamma_l e_l^T A^-1 e_k, A as it was before change l.
  std::vector<double> links_;
  std::vector<double> products_;  // scratch
};

}  // namespace wordline
