// The inner unknowns of leaves of 8 x 8 cells, a block of threads each: from single cells on, which
// have four edges, two neighbours are joined into one by eliminating what lies between them, all
// pairs of the leaf at once. What a leaf leaves is the update of a front (front_kernels.hpp).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "wordline/cuda/front_kernels.hpp"
#include "wordline/cuda/kernel.hpp"
#include "wordline/solvers/cell_device.hpp"

namespace wordline::gpu {

// Cells of arrays of one shape with the same lines, whose ends are ports.
struct LeafTables {
  std::int32_t rows, cols;            // of an array
  std::int32_t leaf_rows, leaf_cols;  // of the padded one
  // Of the padded rows and columns, see places_of_axis().
  const std::int32_t *row_place, *col_place;
  const PlaneStamps::Line *row_lines, *col_lines;
  const double *row_row, *row_col, *col_row, *col_col;  // S, of one member after the other

  // The device of a padded array's cell. False: a node hangs on nothing.
  WORDLINE_HD bool device(std::int32_t member, std::int32_t row, std::int32_t col,
                          CellDevice& device) const {
    device = {0, 0, 0, 0};
    const std::int32_t i = row_place[row], j = col_place[col];
    if (i >= 0 && j >= 0) {
      const std::int64_t k = (std::int64_t{member} * rows + i) * cols + j;
      device = {row_row[k], row_col[k], col_row[k], col_col[k]};
    }
    return device.adapt(row_line(row, col), col_line(row, col));
  }
  WORDLINE_HD const LineStamp& row_line(std::int32_t row, std::int32_t col) const {
    return row_lines[row].at(col / kLeaf, leaf_cols, col % kLeaf);
  }
  WORDLINE_HD const LineStamp& col_line(std::int32_t row, std::int32_t col) const {
    return col_lines[col].at(row / kLeaf, leaf_rows, row % kLeaf);
  }
};

// Joining pairs of blocks of rows() x cols() cells, one on the other and side by side in turn. The
// edges of a block are numbered left, right, top, bottom, each from the lower index on. Sizes are
// powers of two: a GPU divides slowly.
struct LeafJoin {
  static constexpr std::int32_t kCount = 6;  // up to the whole leaf
  std::int32_t number;

  WORDLINE_HD bool is_stacked() const { return number % 2 == 0; }
  WORDLINE_HD std::int32_t row_bits() const { return (number + 1) / 2; }
  WORDLINE_HD std::int32_t col_bits() const { return number / 2; }
  WORDLINE_HD std::int32_t joined_row_bits() const { return row_bits() + (is_stacked() ? 1 : 0); }
  WORDLINE_HD std::int32_t joined_col_bits() const { return col_bits() + (is_stacked() ? 0 : 1); }
  WORDLINE_HD std::int32_t rows() const { return 1 << row_bits(); }
  WORDLINE_HD std::int32_t cols() const { return 1 << col_bits(); }
  WORDLINE_HD std::int32_t separator() const { return is_stacked() ? cols() : rows(); }
  WORDLINE_HD std::int32_t size() const {
    return separator() + (2 << joined_row_bits()) + (2 << joined_col_bits());
  }
  WORDLINE_HD std::int32_t blocks() const { return kLeaf * kLeaf / 2 >> number; }

  // The first cell of a joined block.
  WORDLINE_HD std::int32_t first_row(std::int32_t block) const {
    return block >> across_bits() << joined_row_bits();
  }
  WORDLINE_HD std::int32_t first_col(std::int32_t block) const {
    return (block & ((1 << across_bits()) - 1)) << joined_col_bits();
  }
  // One of the two blocks that are joined, among all of their size.
  WORDLINE_HD std::int32_t child(std::int32_t block, std::int32_t c) const {
    const std::int32_t row = block >> across_bits(), col = block & ((1 << across_bits()) - 1);
    return is_stacked() ? ((2 * row + c) << across_bits()) + col
                        : (row << (across_bits() + 1)) + 2 * col + c;
  }
  // Unknown x (the separator's, then the edges of the joined block) among the edges of a child; -1:
  // it is none of them.
  WORDLINE_HD std::int32_t edge(std::int32_t x, std::int32_t c) const {
    const std::int32_t p = rows(), q = cols(), y = x - separator();
    if (y < 0) return x + (is_stacked() ? 2 * p + (c == 0 ? q : 0) : (c == 0 ? p : 0));
    const std::int32_t height = 1 << joined_row_bits();
    if (y < 2 * height) {
      const std::int32_t side = y >> joined_row_bits(), k = y & (height - 1);
      const std::int32_t owner = is_stacked() ? k >> row_bits() : side;
      return owner == c ? side * p + (k & (p - 1)) : -1;
    }
    const std::int32_t z = y - 2 * height, width = 1 << joined_col_bits();
    const std::int32_t side = z >> joined_col_bits(), k = z & (width - 1);
    const std::int32_t owner = is_stacked() ? side : k >> col_bits();
    return owner == c ? 2 * p + side * q + (k & (q - 1)) : -1;
  }

 private:
  // Of the number of joined blocks side by side.
  WORDLINE_HD std::int32_t across_bits() const { return 3 - joined_col_bits(); }
};
static_assert(kLeaf == 1 << 3);

// The diagonal entries of a leaf's unknowns before any elimination, and where they stand.
struct LeafScales {
  static constexpr std::int32_t kSize = 2 * kLeaf * (kLeaf + 1);
  WORDLINE_HD static std::int32_t vertical(std::int32_t row, std::int32_t line) {
    return row * (kLeaf + 1) + line;
  }
  WORDLINE_HD static std::int32_t horizontal(std::int32_t line, std::int32_t col) {
    return (kLeaf + 1) * kLeaf + line * kLeaf + col;
  }
};

struct EliminateLeaves {
  static constexpr std::int32_t kThreads = 128;
  static constexpr std::int32_t kBlocks = 1600;  // numbers in all blocks of one size, at most

  LeafTables tables;
  const LeafView* leaves;
  std::int32_t leaf_count;
  LevelView level;  // which the leaves are of
  Scales scales;
  std::int32_t* failed;  // of every member

  WORDLINE_HD std::int32_t blocks() const { return leaf_count * level.members; }
  WORDLINE_HD std::int32_t threads() const { return kThreads; }
  WORDLINE_HD std::int32_t shared() const { return 2 * kBlocks + LeafScales::kSize; }
  WORDLINE_HD std::int32_t phases() const { return kFirstJoin + joins() + 1; }

  WORDLINE_HD void at(const Place& place) const {
    const Leaf leaf{leaves[place.block % leaf_count], place.block / leaf_count, place.thread,
                    place.shared};
    if (place.phase == 0) return stamp_cells(leaf);
    if (place.phase == 1) return find_scales(leaf);
    std::int32_t step = place.phase - kFirstJoin;
    for (LeafJoin join{0}; join.number < LeafJoin::kCount; ++join.number) {
      if (step == 0) return add_up(leaf, join);
      if (step <= join.separator()) return eliminate(leaf, join, step - 1);
      step -= 1 + join.separator();
    }
    give_update(leaf);
  }

 private:
  static constexpr std::int32_t kFirstJoin = 2;  // phase
  static constexpr std::int32_t kCellEdges = 4;

  struct Leaf {
    const LeafView& view;
    std::int32_t member, thread;
    double* shared;
    // The blocks before a join, and one of those after it.
    WORDLINE_HD double* before(const LeafJoin& join) const {
      return shared + (join.number % 2 == 0 ? 0 : kBlocks);
    }
    WORDLINE_HD double* joined(const LeafJoin& join, std::int32_t block) const {
      return shared + (join.number % 2 == 0 ? kBlocks : 0) +
             std::ptrdiff_t{block} * join.size() * join.size();
    }
    WORDLINE_HD double* scales() const { return shared + std::ptrdiff_t{2} * kBlocks; }
  };

  WORDLINE_HD static std::int32_t joins() {
    std::int32_t steps = 0;
    for (LeafJoin join{0}; join.number < LeafJoin::kCount; ++join.number) {
      steps += 1 + join.separator();
    }
    return steps;
  }

  WORDLINE_HD void stamp_cells(const Leaf& leaf) const {
    for (std::int32_t k = leaf.thread; k < kLeaf * kLeaf; k += kThreads) {
      const std::int32_t row = leaf.view.row * kLeaf + k / kLeaf;
      const std::int32_t col = leaf.view.col * kLeaf + k % kLeaf;
      CellDevice d{};
      if (!tables.device(leaf.member, row, col, d)) failed[leaf.member] = 1;
      stamp_cell(tables.row_line(row, col), tables.col_line(row, col), d,
                 leaf.shared + std::ptrdiff_t{kCellEdges} * kCellEdges * k);
    }
  }

  // The device is tied to a weighted mean of each line's two edges.
  WORDLINE_HD static void stamp_cell(const LineStamp& row, const LineStamp& col,
                                     const CellDevice& d, double* a) {
    const double weight[kCellEdges] = {row.tap, 1 - row.tap, col.tap, 1 - col.tap};
    for (std::int32_t x = 0; x < kCellEdges; ++x) {
      for (std::int32_t y = 0; y < kCellEdges; ++y) {
        const bool of_row = x < 2, to_row = y < 2;
        const double g =
            of_row ? (to_row ? d.row_row : -d.row_col) : (to_row ? -d.col_row : d.col_col);
        const LineStamp& line = of_row ? row : col;
        const double along = x == y ? (x % 2 == 0 ? line.left : line.right) : -line.across;
        a[x + y * kCellEdges] = g * weight[x] * weight[y] + (of_row == to_row ? along : 0);
      }
    }
  }

  // What cell (row, col) gives to one of its edges; 0 outside the leaf.
  WORDLINE_HD static double share(const Leaf& leaf, std::int32_t row, std::int32_t col,
                                  std::int32_t edge) {
    if (row < 0 || row >= kLeaf || col < 0 || col >= kLeaf) return 0;
    return std::abs(
        leaf.shared[(row * kLeaf + col) * kCellEdges * kCellEdges + edge * (kCellEdges + 1)]);
  }
  WORDLINE_HD void find_scales(const Leaf& leaf) const {
    for (std::int32_t k = leaf.thread; k < kLeaf * (kLeaf + 1); k += kThreads) {
      const std::int32_t line = k % (kLeaf + 1), across = k / (kLeaf + 1);
      const double left = share(leaf, across, line - 1, 1), right = share(leaf, across, line, 0);
      const double above = share(leaf, line - 1, across, 3), under = share(leaf, line, across, 2);
      leaf.scales()[LeafScales::vertical(across, line)] = left + right;
      leaf.scales()[LeafScales::horizontal(line, across)] = above + under;
    }
  }

  // The part of a joined block that a thread works on: of its columns and rows each so many apart.
  struct Share {
    static constexpr std::int32_t kRowsApart = 4;
    std::int32_t block, row, col, cols_apart;
    WORDLINE_HD static Share of(const Leaf& leaf, const LeafJoin& join) {
      const std::int32_t bits = 2 + join.number;  // of the number of threads a block
      const std::int32_t lane = leaf.thread & ((1 << bits) - 1);
      return {leaf.thread >> bits, lane % kRowsApart, lane / kRowsApart, (1 << bits) / kRowsApart};
    }
  };
  static_assert(kThreads == (kLeaf * kLeaf / 2) << 2);

  WORDLINE_HD void add_up(const Leaf& leaf, const LeafJoin& join) const {
    const std::int32_t size = join.size();
    const LeafJoin last{join.number - 1};
    const std::int32_t skipped = join.number == 0 ? 0 : last.separator();
    const std::int32_t height = join.number == 0 ? kCellEdges : last.size();
    const Share mine = Share::of(leaf, join);
    double* a = leaf.joined(join, mine.block);
    for (std::int32_t y = mine.col; y < size; y += mine.cols_apart) {
      for (std::int32_t x = mine.row; x < size; x += Share::kRowsApart) {
        double sum = 0;
        for (std::int32_t c = 0; c < 2; ++c) {
          const std::int32_t i = join.edge(x, c), j = join.edge(y, c);
          if (i < 0 || j < 0) continue;
          sum += leaf.before(join)[join.child(mine.block, c) * height * height + skipped + i +
                                   (skipped + j) * height];
        }
        a[x + y * size] = sum;
      }
    }
  }

  WORDLINE_HD void eliminate(const Leaf& leaf, const LeafJoin& join, std::int32_t k) const {
    const std::int32_t size = join.size();
    const Share mine = Share::of(leaf, join);
    double* a = leaf.joined(join, mine.block);
    const double pivot = a[k + k * size];
    if (mine.row == 0 && mine.col == 0 &&
        !is_pivot(pivot, scale(leaf, join, mine.block, k), level.halves == 1)) {
      failed[leaf.member] = 1;
    }
    for (std::int32_t y = k + 1 + mine.col; y < size; y += mine.cols_apart) {
      const double factor = a[k + y * size] / pivot;
      for (std::int32_t x = k + 1 + mine.row; x < size; x += Share::kRowsApart) {
        a[x + y * size] -= a[x + k * size] * factor;
      }
    }
  }
  WORDLINE_HD static double scale(const Leaf& leaf, const LeafJoin& join, std::int32_t block,
                                  std::int32_t k) {
    const std::int32_t row = join.first_row(block), col = join.first_col(block);
    return leaf.scales()[join.is_stacked() ? LeafScales::horizontal(row + join.rows(), col + k)
                                           : LeafScales::vertical(row + k, col + join.cols())];
  }

  WORDLINE_HD void give_update(const Leaf& leaf) const {
    constexpr std::int32_t kEdges = 4 * kLeaf;
    const LeafJoin last{LeafJoin::kCount - 1};
    const double* a = leaf.joined(last, 0) + std::ptrdiff_t{last.separator()} * (last.size() + 1);
    for (std::int32_t e = leaf.thread; e < kEdges * kEdges; e += kThreads) {
      const std::int32_t x = e % kEdges, y = e / kEdges;
      const std::int32_t to_x = leaf.view.place[static_cast<std::size_t>(x / kLeaf)];
      const std::int32_t to_y = leaf.view.place[static_cast<std::size_t>(y / kLeaf)];
      if (to_x < to_y || to_y < 0) continue;
      const std::int64_t at =
          leaf.view.update + to_x + x % kLeaf + std::int64_t{to_y + y % kLeaf} * leaf.view.boundary;
      for (std::int32_t half = 0; half < level.halves; ++half) {
        level.updates[level.half_of(leaf.member, half) * level.update_size + at] =
            half == 0 ? a[x + y * last.size()] : a[y + x * last.size()];
      }
    }
    if (leaf.thread < kEdges) give_scale(leaf, leaf.thread / kLeaf, leaf.thread % kLeaf);
  }

  // The left and the top edges lie behind the cells of other leaves.
  WORDLINE_HD void give_scale(const Leaf& leaf, std::int32_t side, std::int32_t k) const {
    const std::int32_t further = side % 2, line = further * kLeaf;
    const std::int64_t chunk = leaf.view.chunk[static_cast<std::size_t>(side)];
    double* to = further == 1 ? scales.before : scales.after;
    to[leaf.member * scales.unknowns + chunk * kLeaf + k] =
        leaf.scales()[side < 2 ? LeafScales::vertical(k, line) : LeafScales::horizontal(line, k)];
  }
};

}  // namespace wordline::gpu
