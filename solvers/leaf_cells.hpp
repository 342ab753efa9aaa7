// The cells of leaves, taken from an array's matrix.
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_stamps.hpp"
#include "wordline/solvers/array_tree.hpp"
#include "wordline/solvers/leaf_kernels.hpp"

namespace wordline {

// How a cell's device is tied to the unknowns around it: at tap V(k) + (1 - tap) V(k + 1) of its
// place, through a resistance.
struct CellTie {
  std::int32_t leaf_row, leaf_col, row, col;  // its leaf, and its place in there
  double row_tap, col_tap;
  double series;  // ohm
};

class LeafCells {
 public:
  // Buses grounded, or `ported`; see array_stamps.hpp. With `ported`, bits of `ports` tell on
  // which sides.
  void set(const ArrayMatrix& matrix, bool ported, unsigned ports);
  // Leaves first..first+count-1 of the tree into a group; lanes beyond repeat the last one. False:
  // a node that hangs on nothing.
  bool gather(const ArrayTree& tree, std::int32_t first, std::int32_t count,
              LeafGroup& group) const;

  // Of an array with ported ends.
  CellTie tie(const ArrayTree& tree, std::int32_t row, std::int32_t col) const;

  // Right-hand sides of held nodes are 0, in tables of rows `width` unknowns apart, `table` from
  // one to the other, `lanes` numbers each.
  void clear_held(double* x, std::size_t width, std::size_t table, std::size_t lanes) const;

 private:
  struct Place {
    std::int32_t row, col;
  };
  void gather_table(std::span<const double> values, const Place (&leaf)[kLanes],
                    LeafTable& table) const;
  bool stamp_lane(const ArrayTree& tree, const Place& leaf, int lane, LeafGroup& group) const;

  ArrayMatrix matrix_;
  std::vector<std::int32_t> rows_, cols_;  // places, see places_of_axis()
  PlaneStamps row_stamps_, col_stamps_;
};

}  // namespace wordline
