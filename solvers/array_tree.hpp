// The elimination tree of an array: leaves of 8 x 8 cells, and fronts that join two blocks.
//
// All unknowns lie on edges between cells: V(i, k) where row line i crosses from cell k-1 into cell
// k, H(k, j) where column line j crosses from row k-1 into row k. A block of cells is known to the
// rest by the unknowns on its four sides. The array is padded to whole leaves, so the sides are
// made of chunks of 8 unknowns, and all sizes here are multiples of 8.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wordline {

inline constexpr std::int32_t kLeaf = 8;

// The sides of a block: of the array, and so in use as a mask of those with ports.
enum Side : std::uint8_t { kLeft, kRight, kTop, kBottom };
inline constexpr std::array<Side, 4> kSides = {kLeft, kRight, kTop, kBottom};

enum class Ports : std::uint8_t { kNone, kRow, kCol };

// Consecutive unknowns which lie side by side in a child's update and in the front, all or none of
// them ports.
struct Run {
  std::int32_t child, source, target, size;
  Ports ports;
};

struct Front {
  std::array<std::int32_t, 2> child = {-1, -1};  // fronts; -1: none
  std::int32_t leaf = -1;                        // number of the leaf, or -1
  std::int32_t row = 0, col = 0;                 // the leaf's place, in leaves
  std::int32_t leaves = 1;                       // below it
  std::int32_t level = 0;                        // below the root
  std::int32_t separator = 0, boundary = 0;      // unknowns eliminated here, and left
  std::vector<std::int32_t> chunks;  // the separator's, then the boundary's in order of elimination
  std::vector<Run> separator_runs;   // targets count from the start of the front
  std::vector<Run> boundary_runs;    // targets count from the start of the boundary
  std::array<std::int32_t, 4> place = {-1, -1, -1,
                                       -1};  // of a leaf's sides in its boundary; -1: none

  std::int32_t size() const { return separator + boundary; }
};

class ArrayTree {
 public:
  // `ports`: bit s is set where side s of the array is a row of ports, kept to the end. Without,
  // unknowns on the left and top side are none (0), those on the right and bottom inner ones.
  ArrayTree(std::int32_t rows, std::int32_t cols, unsigned ports);

  const std::vector<Front>& fronts() const { return fronts_; }  // children before their parents
  std::int32_t root() const { return static_cast<std::int32_t>(fronts_.size()) - 1; }
  std::int32_t leaf_rows() const { return rows_; }
  std::int32_t leaf_cols() const { return cols_; }
  const std::vector<std::int32_t>& leaves() const { return leaves_; }  // their fronts

  std::int32_t vertical(std::int32_t row, std::int32_t line) const {
    return row * (cols_ + 1) + line;
  }
  std::int32_t horizontal(std::int32_t line, std::int32_t col) const {
    return rows_ * (cols_ + 1) + line * cols_ + col;
  }

 private:
  struct Block {
    std::int32_t r0, r1, c0, c1;
  };
  std::int32_t divide(const Block& block, std::int32_t level);
  std::vector<std::int32_t> boundary(const Block& block, bool leaf) const;
  void add_side(Side side, const Block& block, bool leaf, std::vector<std::int32_t>& chunks) const;
  void eliminate();
  void find_runs(Front& front, std::vector<std::int32_t>& place) const;
  Ports ports_in(std::int32_t chunk) const;
  bool has_ports(Side side) const { return ((ports_ >> side) & 1U) != 0; }

  std::int32_t rows_, cols_;  // in leaves
  unsigned ports_;
  std::vector<Front> fronts_;
  std::vector<Block> blocks_;
  std::vector<std::int32_t> leaves_;
};

}  // namespace wordline
