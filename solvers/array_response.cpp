#include "wordline/solvers/array_response.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/base/instruction_sets.hpp"
#include "wordline/solvers/array_kernels.hpp"

namespace wordline {

namespace {

// Errors of a change may be so many times rounding.
constexpr double kMostLoss = 100;

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

constexpr std::size_t kStep = std::size_t{2} * kLanes;  // of dot()

// Padded to whole Lanes.
std::size_t padded(std::size_t size) { return (size + kLanes - 1) / kLanes * kLanes; }

// to -= factors[0] rows[0] + factors[1] rows[1] + ..., rows of `width`, a multiple of kLanes.
WORDLINE_INLINE void subtract_rows_body(const double* rows, std::size_t count, std::size_t width,
                                        const double* factors, double* to) {
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const double* row = rows + r * width;
    for (std::size_t k = 0; k < width; k += kLanes) {
      Lanes sum = load(to + k);
#pragma GCC unroll 4
      for (std::size_t q = 0; q < 4; ++q) sum -= factors[r + q] * load(row + q * width + k);
      store(to + k, sum);
    }
  }
  for (; r < count; ++r) {
    for (std::size_t k = 0; k < width; k += kLanes) {
      store(to + k, load(to + k) - factors[r] * load(rows + r * width + k));
    }
  }
}

WORDLINE_KERNEL(void, subtract_rows,
                (const double* rows, std::size_t count, std::size_t width, const double* factors,
                 double* to),
                (rows, count, width, factors, to))

}  // namespace

ArrayPaths::ArrayPaths(const ArrayTree& tree) : tree_(tree) {
  const auto& fronts = tree.fronts();
  parents_.assign(fronts.size(), -1);
  begins_.assign(fronts.size(), 0);
  fronts_.resize(tree.leaves().size());
  std::size_t largest = 0;
  // Parents come after their children.
  for (std::size_t k = fronts.size(); k-- > 0;) {
    const Front& front = fronts[k];
    largest = std::max(largest, index(front.size()));
    for (const std::int32_t c : front.child) {
      if (c < 0) continue;
      parents_[index(c)] = static_cast<std::int32_t>(k);
      begins_[index(c)] = begins_[k] + index(front.separator);
    }
    if (front.leaf >= 0) {
      fronts_[index(front.row) * index(tree.leaf_cols()) + index(front.col)] =
          static_cast<std::int32_t>(k);
    }
  }
  below_.resize(largest);
  front_.resize(largest);
}

// Leaves what its ports receive in below_.
void ArrayPaths::eliminate_leaf(const ArrayFronts& fronts, const CellTie& tie, const Front& leaf,
                                CellResponse& response) {
  double* y = response.inner.data() + response.inner.size() - kLeafNodes;
  y[vertical_node(tie.row, tie.col)] = tie.row_tap;
  y[vertical_node(tie.row, tie.col + 1)] = 1 - tie.row_tap;
  y[horizontal_node(tie.row, tie.col)] = -tie.col_tap;
  y[horizontal_node(tie.row + 1, tie.col)] = -(1 - tie.col_tap);
  const ArrayFronts::LeafPanel panel = fronts.leaf_panel(leaf.leaf);
  forward_leaf(panel.factor, panel.lane, y);
  for (const Side side : kSides) {
    for (std::int32_t k = 0; k < kLeaf; ++k) {
      const std::int32_t node = side == kLeft    ? vertical_node(k, 0)
                                : side == kRight ? vertical_node(k, kLeaf)
                                : side == kTop   ? horizontal_node(0, k)
                                                 : horizontal_node(kLeaf, k);
      if (leaf.place[side] >= 0) below_[index(leaf.place[side] + k)] = y[node];
      y[node] = 0;
    }
  }
}

void ArrayPaths::respond(const ArrayFronts& fronts, const LeafCells& cells,
                         const std::vector<std::int32_t>& buses, std::int32_t row, std::int32_t col,
                         CellResponse& response) {
  const CellTie tie = cells.tie(tree_, row, col);
  response.series = tie.series;
  std::int32_t k = fronts_[index(tie.leaf_row) * index(tree_.leaf_cols()) + index(tie.leaf_col)];
  const Front& leaf = tree_.fronts()[index(k)];
  response.inner.assign(begins_[index(k)] + kLeafNodes, 0.0);
  response.path.assign(1, k);
  eliminate_leaf(fronts, tie, leaf, response);
  for (std::int32_t child = k; (k = parents_[index(child)]) >= 0; child = k) {
    response.path.push_back(k);
    const Front& front = tree_.fronts()[index(k)];
    double* w = front_.data();
    std::fill_n(w, front.size(), 0.0);
    for (const auto* runs : {&front.separator_runs, &front.boundary_runs}) {
      double* to = w + (runs == &front.boundary_runs ? front.separator : 0);
      for (const Run& run : *runs) {
        if (front.child[index(run.child)] != child) continue;
        std::copy_n(below_.data() + run.source, run.size, to + run.target);
      }
    }
    forward_one(fronts.panel(k), front.size() / kTile, w);
    std::copy_n(w, front.separator, response.inner.data() + begins_[index(k)]);
    std::copy_n(w + front.separator, front.boundary, below_.data());
  }
  std::reverse(response.path.begin(), response.path.end());
  std::fill(response.buses.begin(), response.buses.end(), 0.0);
  for (std::size_t b = 0; b < buses.size(); ++b) {
    if (buses[b] >= 0) response.buses[index(buses[b])] += below_[b];
  }
}

double ArrayPaths::product(const CellResponse& a, const CellResponse& b) const {
  std::size_t shared = 1;  // the root
  const std::size_t most = std::min(a.path.size(), b.path.size());
  while (shared < most && a.path[shared] == b.path[shared]) ++shared;
  const bool same = shared == a.path.size();
  const std::size_t size = same ? a.inner.size() : begins_[index(a.path[shared])];
  return dot(static_cast<std::int64_t>(size), a.inner.data(), b.inner.data());
}

// With A_j the matrix after change j, w_j = A_(j-1)^-1 e_j and alpha_j = w_j . e of the new cell:
//
//   A_j^-1 = A_(j-1)^-1 - gamma_j w_j w_j^T
//
// gives alpha_j = y_j . y - sum of links_(j, l) alpha_l over l < j.
bool CellChanges::add(const ArrayPaths& paths, CellResponse& response, double delta) {
  if (responses_.empty() || buses_ != response.buses.size()) {
    buses_ = response.buses.size();
    width_ = padded(buses_);
    responses_.resize(kMost);
    factors_.resize(kMost);
    links_.resize(kMost * kMost);
    u_.assign(kMost * width_, 0.0);
    products_.resize(kMost);
  }
  const std::size_t k = count_;
  std::fill(products_.begin(), products_.end(), 0.0);
  double* alpha = products_.data();
  double* link = links_.data() + k * kMost;
  double s = paths.product(response, response);
  double rounded = s;  // what s is the sum of: rounding is relative to it
  for (std::size_t j = 0; j < k; ++j) {
    // What is beyond entry j is 0, and whole vectors are faster.
    const auto links = static_cast<std::int64_t>((j + kStep - 1) / kStep * kStep);
    alpha[j] =
        paths.product(responses_[j], response) - dot(links, links_.data() + j * kMost, alpha);
    link[j] = factors_[j] * alpha[j];
    s -= link[j] * alpha[j];
    rounded += std::abs(link[j] * alpha[j]);
  }
  const double growth = 1 + delta * s;
  if (!(1 + std::abs(delta) * rounded < kMostLoss * growth)) return false;
  factors_[k] = delta / growth;
  double* u = u_.data() + k * width_;
  std::copy(response.buses.begin(), response.buses.end(), u);
  subtract_rows(u_.data(), k, width_, link, u);
  // Neither has to be copied.
  std::swap(responses_[k], response);
  response.buses.resize(buses_);
  ++count_;
  return true;
}

RankOne CellChanges::last() const {
  return {factors_[count_ - 1], std::span(u_).subspan((count_ - 1) * width_, buses_)};
}

}  // namespace wordline
