// Solving with the factors of an elimination tree. The unknowns of the padded array stand in two
// tables of its cells: V(i, k+1) and H(k+1, j) are those of cell k.

#include <algorithm>
#include <cstring>
#include <utility>

#include "wordline/solvers/array_fronts.hpp"

namespace wordline {

namespace {

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

// Eight unknowns, or a table's row of them, of `count` right-hand sides.
struct Unknowns {
  double* at;
  std::ptrdiff_t step;
};

template <int kCount>
void take(const Unknowns& u, double* w) {
  for (std::ptrdiff_t k = 0; k < kLeaf; ++k) {
    for (int r = 0; r < kCount; ++r) w[k * kCount + r] = u.at[k * u.step + r];
  }
}

template <int kCount>
void give(const double* w, const Unknowns& u) {
  for (std::ptrdiff_t k = 0; k < kLeaf; ++k) {
    for (int r = 0; r < kCount; ++r) u.at[k * u.step + r] = w[k * kCount + r];
  }
}

template <int kCount>
void add(const double* w, const Unknowns& u) {
  for (std::ptrdiff_t k = 0; k < kLeaf; ++k) {
    for (int r = 0; r < kCount; ++r) u.at[k * u.step + r] += w[k * kCount + r];
  }
}

Unknowns chunk(const ArrayTree& tree, double* x, std::int32_t number, int count) {
  const std::ptrdiff_t cols = tree.leaf_cols(), width = cols * kLeaf;
  const std::ptrdiff_t verticals = tree.vertical(tree.leaf_rows(), 0);
  if (number < verticals) {
    const std::ptrdiff_t row = number / (cols + 1), line = number % (cols + 1);
    return {x + (row * kLeaf * width + line * kLeaf - 1) * count, width * count};
  }
  const std::ptrdiff_t line = (number - verticals) / cols, col = (number - verticals) % cols;
  const std::ptrdiff_t table = std::ptrdiff_t{tree.leaf_rows()} * kLeaf * width;
  return {x + (table + (line * kLeaf - 1) * width + col * kLeaf) * count, count};
}

// The nodes of one leaf, for one right-hand side, and its lane among y. Those on the left and top
// side of the array are ground, and not in x.
class LeafUnknowns {
 public:
  LeafUnknowns(const ArrayTree& tree, const Front& front, double* x, std::ptrdiff_t count)
      : step_(count), first_line_(front.col == 0 ? 1 : 0), first_row_(front.row == 0 ? 1 : 0) {
    const std::ptrdiff_t row = kStep * front.row, col = kStep * front.col;
    width_ = kStep * tree.leaf_cols() * count;
    row_ = x + row * width_ + (col - 1) * step_;
    col_ = x + kStep * tree.leaf_rows() * width_ + (row - 1) * width_ + col * step_;
  }

  void take_inner(double* y) const { take(y, 1, 1, kLeaf - 1); }
  void take_all(double* y) const { take(y, first_line_, first_row_, kLeaf); }
  void give_inner(const double* y) const {
    for (std::ptrdiff_t i = 0; i < kLeaf; ++i) {
      for (std::ptrdiff_t k = 1; k < kLeaf; ++k) {
        row_[i * width_ + k * step_] = y[row_node(i, k)];
        col_[k * width_ + i * step_] = y[col_node(k, i)];
      }
    }
  }
  // What the sides received.
  void add_sides(const double* y) const {
    for (std::ptrdiff_t i = 0; i < kLeaf; ++i) {
      for (std::ptrdiff_t k = first_line_ * kStep; k <= kLeaf; k += kLeaf) {
        row_[i * width_ + k * step_] += y[row_node(i, k)];
      }
      for (std::ptrdiff_t k = first_row_ * kStep; k <= kLeaf; k += kLeaf) {
        col_[k * width_ + i * step_] += y[col_node(k, i)];
      }
    }
  }

 private:
  static constexpr std::ptrdiff_t kStep = kLeaf;
  static std::ptrdiff_t row_node(std::ptrdiff_t row, std::ptrdiff_t line) {
    return (row * (kLeaf + 1) + line) * kLanes;
  }
  static std::ptrdiff_t col_node(std::ptrdiff_t line, std::ptrdiff_t col) {
    return ((kLeaf + 1 + line) * kLeaf + col) * kLanes;
  }
  void take(double* y, std::ptrdiff_t first_line, std::ptrdiff_t first_row,
            std::ptrdiff_t last) const {
    for (std::ptrdiff_t i = 0; i < kLeaf; ++i) {
      for (std::ptrdiff_t k = first_line; k <= last; ++k) {
        y[row_node(i, k)] = row_[i * width_ + k * step_];
      }
      for (std::ptrdiff_t k = first_row; k <= last; ++k) {
        y[col_node(k, i)] = col_[k * width_ + i * step_];
      }
    }
  }

  double *row_, *col_;  // of V(0, 0) and H(0, 0)
  std::ptrdiff_t width_, step_;
  std::ptrdiff_t first_line_, first_row_;  // not ground
};

}  // namespace

Slabs ArrayFronts::panel(std::int32_t front) const {
  // Slabs are the same for reading and for writing.
  auto* panel = const_cast<double*>(panels_.data()) + panel_place_[index(front)];
  return {panel, tree_.fronts()[index(front)].separator / kTile};
}

ArrayFronts::LeafPanel ArrayFronts::leaf_panel(std::int32_t leaf) const {
  const auto subtree = index(subtree_of_leaf_[index(leaf)]);
  const std::int32_t inside = leaf - first_leaf_[subtree];
  const std::size_t size = std::size_t{kLeafFactor} * kLanes * (options_.symmetric ? 1 : 2);
  const std::size_t group = index(first_group_[subtree] + inside / kLanes);
  return {leaf_factors_.data() + group * size, inside % kLanes};
}

std::size_t ArrayFronts::unknowns() const {
  return std::size_t{2} * kLeafCells * index(tree_.leaf_rows()) * index(tree_.leaf_cols());
}

void ArrayFronts::solve(double* x, int count, bool transposed) const {
  solve_leaves(x, count, transposed, true);
  solve_fronts(x, count, transposed, true);
  solve_fronts(x, count, transposed, false);
  solve_leaves(x, count, transposed, false);
}

void ArrayFronts::solve_leaves(double* x, int count, bool transposed, bool forward) const {
  const std::size_t panel = std::size_t{kLeafFactor} * kLanes;
  const std::size_t size = panel * (options_.symmetric ? 1 : 2);
  // Forward with the lower factor, backward with the upper one; transposed the other way round.
  const double* factor = leaf_factors_.data();
  if (!options_.symmetric && forward == transposed) factor += panel;
  for (std::size_t s = 0; s < subtrees_.size(); ++s) {
    for (std::int32_t first = first_leaf_[s]; first < first_leaf_[s + 1]; first += kLanes) {
      const std::int32_t lanes = std::min(kLanes, first_leaf_[s + 1] - first);
      for (int r = 0; r < count; ++r) solve_group(factor, first, lanes, x + r, count, forward);
      factor += size;
    }
  }
}

void ArrayFronts::solve_group(const double* factor, std::int32_t first, std::int32_t lanes,
                              double* x, int count, bool forward) const {
  alignas(64) double y[kLeafNodes * kLanes] = {};
  const auto unknowns = [&](std::int32_t lane) {
    const auto leaf = index(tree_.leaves()[index(first + lane)]);
    return LeafUnknowns(tree_, tree_.fronts()[leaf], x, count);
  };
  for (std::int32_t l = 0; l < lanes; ++l) {
    const LeafUnknowns u = unknowns(l);
    if (forward) {
      u.take_inner(y + l);
    } else {
      u.take_all(y + l);
    }
  }
  if (forward) {
    forward_leaves(factor, y);
  } else {
    backward_leaves(factor, y);
  }
  for (std::int32_t l = 0; l < lanes; ++l) {
    const LeafUnknowns u = unknowns(l);
    u.give_inner(y + l);
    if (forward) u.add_sides(y + l);
  }
}

void ArrayFronts::solve_fronts(double* x, int count, bool transposed, bool forward) const {
  AlignedBuffer w(index(largest_) * index(count) + 1);
  const auto fronts = static_cast<std::int32_t>(tree_.fronts().size());
  for (std::int32_t q = 0; q < fronts; ++q) {
    const std::int32_t k = forward ? q : fronts - 1 - q;
    if (tree_.fronts()[index(k)].leaf >= 0) continue;
    if (count == 1) {
      solve_front<1>(k, x, transposed, forward, w.data());
    } else {
      solve_front<8>(k, x, transposed, forward, w.data());
    }
  }
}

template <int kCount>
void ArrayFronts::solve_front(std::int32_t k, double* x, bool transposed, bool forward,
                              double* w) const {
  const Front& front = tree_.fronts()[index(k)];
  const std::int32_t size = front.size() / kTile, width = front.separator / kTile;
  // Slabs are the same for reading and for writing; the kernels below only read.
  auto* panel = const_cast<double*>(panels_.data()) + panel_place_[index(k)];
  if (!options_.symmetric && forward == transposed) {
    panel += kTileSize * Slabs::tiles_before(size, width);
  }
  constexpr std::ptrdiff_t kStep = std::ptrdiff_t{kTile} * kCount;
  for (std::int32_t c = 0; c < size; ++c) {
    if (c < width || !forward) {
      take<kCount>(chunk(tree_, x, front.chunks[index(c)], kCount), w + c * kStep);
    } else {
      std::fill_n(w + c * kStep, kStep, 0.0);
    }
  }
  if (forward) {
    (kCount == 1 ? forward_one : forward_eight)({panel, width}, size, w);
  } else {
    (kCount == 1 ? backward_one : backward_eight)({panel, width}, size, w);
  }
  for (std::int32_t c = 0; c < width; ++c) {
    give<kCount>(w + c * kStep, chunk(tree_, x, front.chunks[index(c)], kCount));
  }
  for (std::int32_t c = width; forward && c < size; ++c) {
    add<kCount>(w + c * kStep, chunk(tree_, x, front.chunks[index(c)], kCount));
  }
}

}  // namespace wordline
