// Solving with the factors of an elimination tree. The unknowns of the padded array stand in two
// tables of its cells: V(i, k+1) and H(k+1, j) are those of cell k.

#include <algorithm>
#include <cstring>
#include <utility>

#include "wordline/solvers/array_fronts.hpp"

namespace wordline {

namespace {

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
std::ptrdiff_t step_of(std::int32_t size) { return size % 64 == 0 ? size + 8 : size; }

// Eight unknowns, or a table's row of them, of `count` right-hand sides.
struct Unknowns {
  double* at;
  std::ptrdiff_t step;
};

void take(const Unknowns& u, int count, double* w) {
  for (std::ptrdiff_t k = 0; k < kLeaf; ++k) std::copy_n(u.at + k * u.step, count, w + k * count);
}

void give(const double* w, int count, const Unknowns& u) {
  for (std::ptrdiff_t k = 0; k < kLeaf; ++k) std::copy_n(w + k * count, count, u.at + k * u.step);
}

void add(const double* w, int count, const Unknowns& u) {
  for (std::ptrdiff_t k = 0; k < kLeaf; ++k) {
    for (int r = 0; r < count; ++r) u.at[k * u.step + r] += w[k * count + r];
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
  const std::ptrdiff_t table = tree.leaf_rows() * kLeaf * width;
  return {x + (table + (line * kLeaf - 1) * width + col * kLeaf) * count, count};
}

// The nodes of one leaf, for one right-hand side, and its lane among y. Those on the left and top
// side of the array are ground.
class LeafUnknowns {
 public:
  LeafUnknowns(const ArrayTree& tree, const Front& front, double* x, int count)
      : step_(count), ground_left_(front.col == 0), ground_top_(front.row == 0) {
    width_ = std::ptrdiff_t{tree.leaf_cols()} * kLeaf * count;
    row_ = x + front.row * kLeaf * width_ + (front.col * kLeaf - 1) * step_;
    col_ = x + tree.leaf_rows() * kLeaf * width_ + (front.row * kLeaf - 1) * width_ +
           front.col * kLeaf * step_;
  }

  // y = inner unknowns, 0 on the sides.
  void take_inner(double* y) const {
    for (int i = 0; i < kLeaf; ++i) {
      for (int k = 0; k <= kLeaf; ++k) {
        const bool side = k == 0 || k == kLeaf;
        y[vertical_node(i, k) * kLanes] = side ? 0 : row_[i * width_ + k * step_];
        y[horizontal_node(k, i) * kLanes] = side ? 0 : col_[k * width_ + i * step_];
      }
    }
  }
  void give_forward(const double* y) const {
    for (int i = 0; i < kLeaf; ++i) {
      for (int k = 0; k <= kLeaf; ++k) {
        const bool side = k == 0 || k == kLeaf;
        const double row = y[vertical_node(i, k) * kLanes];
        const double col = y[horizontal_node(k, i) * kLanes];
        if (k > 0 || !ground_left_) {
          double& x = row_[i * width_ + k * step_];
          x = side ? x + row : row;
        }
        if (k > 0 || !ground_top_) {
          double& x = col_[k * width_ + i * step_];
          x = side ? x + col : col;
        }
      }
    }
  }
  void take_all(double* y) const {
    for (int i = 0; i < kLeaf; ++i) {
      for (int k = 0; k <= kLeaf; ++k) {
        const bool left = k == 0 && ground_left_, top = k == 0 && ground_top_;
        y[vertical_node(i, k) * kLanes] = left ? 0 : row_[i * width_ + k * step_];
        y[horizontal_node(k, i) * kLanes] = top ? 0 : col_[k * width_ + i * step_];
      }
    }
  }
  void give_inner(const double* y) const {
    for (int i = 0; i < kLeaf; ++i) {
      for (int k = 1; k < kLeaf; ++k) {
        row_[i * width_ + k * step_] = y[vertical_node(i, k) * kLanes];
        col_[k * width_ + i * step_] = y[horizontal_node(k, i) * kLanes];
      }
    }
  }

 private:
  double *row_, *col_;  // of V(0, 0) and H(0, 0); what is ground is not touched
  std::ptrdiff_t width_, step_;
  bool ground_left_, ground_top_;
};

}  // namespace

std::size_t ArrayFronts::unknowns() const {
  return 2 * kLeafCells * index(tree_.leaf_rows()) * index(tree_.leaf_cols());
}

void ArrayFronts::solve(double* x, int count, bool transposed) const {
  solve_leaves(x, count, transposed, true);
  solve_fronts(x, count, transposed, true);
  solve_fronts(x, count, transposed, false);
  solve_leaves(x, count, transposed, false);
}

void ArrayFronts::solve_leaves(double* x, int count, bool transposed, bool forward) const {
  alignas(64) double y[kLeafNodes * kLanes];
  const std::size_t panel = std::size_t{kLeafFactor} * kLanes;
  const std::size_t size = panel * (options_.symmetric ? 1 : 2);
  const double* factor = leaf_factors_.data();
  for (std::size_t s = 0; s < subtrees_.size(); ++s) {
    for (std::int32_t first = first_leaf_[s]; first < first_leaf_[s + 1]; first += kLanes) {
      // Forward with the lower factor, backward with the upper one; transposed the other way round.
      const double* part = factor + (!options_.symmetric && forward == transposed ? panel : 0);
      const std::int32_t lanes = std::min(kLanes, first_leaf_[s + 1] - first);
      std::fill(std::begin(y), std::end(y), 0.0);
      for (int r = 0; r < count; ++r) {
        for (std::int32_t l = 0; l < lanes; ++l) {
          const auto& front = tree_.fronts()[index(tree_.leaves()[index(first + l)])];
          const LeafUnknowns u(tree_, front, x + r, count);
          if (forward) {
            u.take_inner(y + l);
          } else {
            u.take_all(y + l);
          }
        }
        if (forward) {
          forward_leaves(part, y);
        } else {
          backward_leaves(part, y);
        }
        for (std::int32_t l = 0; l < lanes; ++l) {
          const auto& front = tree_.fronts()[index(tree_.leaves()[index(first + l)])];
          const LeafUnknowns u(tree_, front, x + r, count);
          if (forward) {
            u.give_forward(y + l);
          } else {
            u.give_inner(y + l);
          }
        }
      }
      factor += size;
    }
  }
}

void ArrayFronts::solve_fronts(double* x, int count, bool transposed, bool forward) const {
  AlignedBuffer buffer(index(largest_) * index(count) + 1);
  double* w = buffer.data();
  const auto fronts = static_cast<std::int32_t>(tree_.fronts().size());
  for (std::int32_t q = 0; q < fronts; ++q) {
    const std::int32_t k = forward ? q : fronts - 1 - q;
    const Front& front = tree_.fronts()[index(k)];
    if (front.leaf >= 0) continue;
    const std::ptrdiff_t step = step_of(front.size());
    const double* panel = panels_.data() + panel_place_[index(k)];
    if (!options_.symmetric && forward == transposed) panel += front.separator * step;
    const auto chunks = static_cast<std::int32_t>(front.chunks.size());
    const std::int32_t inner = front.separator / kLeaf;
    for (std::int32_t c = 0; c < chunks; ++c) {
      double* at = w + std::ptrdiff_t{c} * kLeaf * count;
      if (c < inner || !forward) {
        take(chunk(tree_, x, front.chunks[index(c)], count), count, at);
      } else {
        std::fill_n(at, kLeaf * count, 0.0);
      }
    }
    const auto kernel = forward ? (count == 1 ? forward_one : forward_eight)
                                : (count == 1 ? backward_one : backward_eight);
    kernel(panel, step, front.size(), front.separator, w);
    for (std::int32_t c = 0; c < (forward ? chunks : inner); ++c) {
      const double* at = w + std::ptrdiff_t{c} * kLeaf * count;
      const Unknowns u = chunk(tree_, x, front.chunks[index(c)], count);
      if (c < inner) {
        give(at, count, u);
      } else {
        add(at, count, u);
      }
    }
  }
}

}  // namespace wordline
