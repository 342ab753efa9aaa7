// The numbers of an elimination tree: its factors, and what is left at the root.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/array_tree.hpp"
#include "wordline/solvers/dense.hpp"
#include "wordline/solvers/front_kernels.hpp"
#include "wordline/solvers/leaf_cells.hpp"

namespace wordline {

class ArrayFronts {
 public:
  struct Options {
    bool symmetric = true;
    bool keep_factors = true;   // for solve()
    bool keep_updates = false;  // for refactor()
    bool only_across = false;   // of what is left, only what lies between ports of row lines and
                                // ports of column lines
    int threads = 1;
  };
  // The tree has to outlive this object.
  ArrayFronts(const ArrayTree& tree, const Options& options);

  // False where a pivot vanished.
  bool factor(const LeafCells& cells);
  // Again, for cells of one leaf.
  bool refactor(const LeafCells& cells, std::int32_t leaf);

  // What the root leaves between its boundary's unknowns: tile (i, j), i >= j, of the lower half,
  // or of the transposed upper one.
  const double* root_tile(std::int32_t i, std::int32_t j, bool upper) const;

  // What was kept: of a front, and of the group that a leaf was eliminated in, the leaf's number in
  // it.
  Slabs panel(std::int32_t front) const;
  struct LeafPanel {
    const double* factor;
    std::int32_t lane;
  };
  LeafPanel leaf_panel(std::int32_t leaf) const;

  // Solves in place for 1 or 8 right-hand sides at once. `x` holds the unknowns of the padded array
  // (those of row lines, then of column lines), entries of one unknown side by side.
  void solve(double* x, int count, bool transposed) const;
  std::size_t unknowns() const;  // of the padded array

 private:
  // Of a child: the lower half of its matrix, the transposed upper one (the same if symmetric), and
  // the diagonal before any elimination.
  struct Update {
    Slabs low, up;
    double* scale = nullptr;
  };
  // Where a thread keeps what waits in a subtree, and factors that are not kept.
  struct Workspace {
    AlignedBuffer updates, leaves, panel, factor, scale;
  };

  void plan_subtrees();
  void plan_memory();
  std::size_t update_size(const Front& front) const;
  std::size_t panel_size(const Front& front) const;
  Update view(const Front& front, double* at) const;
  Update update_of(std::int32_t front, Workspace& w);
  Update leaf_update(const Front& front, Workspace& w);

  bool factor_subtree(const LeafCells& cells, std::size_t subtree);
  bool factor_group(const LeafCells& cells, std::int32_t subtree, std::int32_t group, Workspace& w);
  bool factor_front(std::int32_t front, Workspace& w, int threads);
  void assemble(const Front& front, const Update (&children)[2], const Slabs& p, const Slabs& q,
                double* scale) const;
  void update(const Front& front, const Update (&children)[2], const Slabs& p, const Slabs& q,
              const Update& out, int threads) const;

  void solve_leaves(double* x, int count, bool transposed, bool forward) const;
  void solve_group(const double* factor, std::int32_t first, std::int32_t lanes, double* x,
                   int count, bool forward) const;
  template <int kCount>
  void solve_front(std::int32_t front, double* x, bool transposed, bool forward, double* w) const;
  void solve_fronts(double* x, int count, bool transposed, bool forward) const;

  const ArrayTree& tree_;
  Options options_;
  std::vector<std::int32_t> subtrees_;                                // their roots
  std::vector<std::vector<std::int32_t>> top_;                        // fronts above them, by level
  std::vector<std::int32_t> subtree_of_leaf_;                         // index in subtrees_
  std::vector<std::int32_t> first_leaf_, first_group_, first_front_;  // of each subtree
  std::vector<std::size_t> update_place_, panel_place_;
  std::vector<bool> shared_;  // the update outlives its subtree's workspace
  std::size_t workspace_updates_ = 0, largest_panel_ = 0;
  std::int32_t largest_ = 0;  // front
  AlignedBuffer panels_, updates_, leaf_factors_;
  std::vector<Workspace> workspaces_;
};

}  // namespace wordline
