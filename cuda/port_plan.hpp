// The elimination tree of arrays of one shape (solvers/array_tree.hpp) as tables that kernels read:
// which fronts there are, where their parts stand in memory, and in which tiles a level is worked
// on. One plan is for any number of arrays.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "wordline/cuda/register_tile.hpp"
#include "wordline/solvers/array_tree.hpp"

namespace wordline::gpu {

// Fronts are cut into tiles of so many unknowns, which stand in chunks of kLeaf.
inline constexpr std::int32_t kFrontTile = RegisterTile::kSize;
static_assert(RegisterTile::kApart == kLeaf);

// Where a tile ends, of unknowns before `end`.
constexpr std::int32_t end_of_tile(std::int32_t begin, std::int32_t end) {
  return std::min(begin + kFrontTile, end);
}

// A front eliminates its separator's unknowns and leaves an update between those of its boundary.
struct FrontView {
  std::int32_t separator, boundary;            // unknowns
  std::array<std::int32_t, 2> child_boundary;  // 0: no child
  std::array<std::int64_t, 2> child_update;    // where it starts among those of the level below
  std::int64_t panel, update;                  // where its own start
  std::int32_t chunk;                          // where its chunks start in the plan's tables

  constexpr std::int32_t size() const { return separator + boundary; }
};

struct LeafView {
  std::int32_t row, col;              // in leaves
  std::array<std::int32_t, 4> place;  // of its sides in its boundary; -1: none
  std::array<std::int32_t, 4> chunk;  // their numbers in the padded array
  std::int32_t boundary;
  std::int64_t update;
};

// A tile of a front, at an unknown in each direction; a front's row and column 0 are the first of
// its separator. Tiles of columns end where the separator does.
struct FrontTile {
  std::int32_t front, row, col;
};

struct PortPlan {
  struct Range {
    std::int32_t begin = 0, end = 0;
    std::int32_t size() const { return end - begin; }
  };
  // The tiles of one column of tiles of the separators, `diagonal` of which, the first ones, hold
  // the diagonal.
  struct Column {
    Range tiles;
    std::int32_t diagonal = 0;
    std::int32_t width = 0;  // of the widest
  };
  struct Level {
    Range leaves, fronts;
    std::vector<Column> columns;
    Range rest;                            // tiles of the updates
    std::int64_t panels = 0, updates = 0;  // numbers in all of them, of one half of one array
  };

  // `ports` as for ArrayTree.
  PortPlan(std::int32_t rows, std::int32_t cols, unsigned ports);

  // Numbers that the updates of even and of odd levels, and all panels of a level, take.
  std::array<std::int64_t, 2> most_updates() const;
  std::int64_t most_panels() const;
  std::int64_t unknowns() const { return std::int64_t{chunk_count} * kLeaf; }
  const FrontView& root() const { return fronts.back(); }

  std::int32_t leaf_rows = 0, leaf_cols = 0;
  std::int32_t chunk_count = 0;  // of the padded array
  std::vector<Level> levels;     // from the root on
  std::vector<LeafView> leaves;
  std::vector<FrontView> fronts;  // the root is the last
  std::vector<FrontTile> tiles;
  // Of every chunk of every front: the chunk of each child's boundary that it is, -1: none; and its
  // number in the padded array.
  std::vector<std::array<std::int32_t, 2>> places;
  std::vector<std::int32_t> chunks;
  std::vector<std::int32_t> buses;  // as buses_of_root()

 private:
  void place(const ArrayTree& tree);
  void add_front(const Front& front, const std::vector<std::int64_t>& update_of,
                 const ArrayTree& tree, FrontView& view);
  void cut_into_tiles(Level& level);
};

}  // namespace wordline::gpu
