// One front: assembly out of its two children's updates, elimination, its own update.

#include <algorithm>
#include <cstring>

#include "wordline/solvers/array_fronts.hpp"

namespace wordline {

namespace {

// From these sizes on OpenBLAS, which copies its operands, is the faster.
constexpr std::int32_t kBlasDepth = 64;
constexpr std::int32_t kBlasSize = 128;
constexpr std::int32_t kPanel = 64;   // columns eliminated before the next ones see them
constexpr std::int32_t kStrip = 128;  // columns of the lower half at a time

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
std::ptrdiff_t step_of(std::int32_t size) { return size % 64 == 0 ? size + 8 : size; }

}  // namespace

bool ArrayFronts::factor_front(std::int32_t k, Workspace& w, int threads) {
  const Front& front = tree_.fronts()[index(k)];
  Update children[2] = {};
  for (std::size_t c = 0; c < 2; ++c) {
    if (front.child[c] >= 0) children[c] = update_of(front.child[c], w);
  }
  if (!options_.keep_factors) w.panel.reserve(largest_panel_);
  w.scale.reserve(index(largest_) + 1);
  Panels panels{};
  panels.p = options_.keep_factors ? panels_.data() + panel_place_[index(k)] : w.panel.data();
  panels.step = step_of(front.size());
  panels.q = options_.symmetric ? panels.p : panels.p + front.separator * panels.step;
  assemble(front, children, panels, w.scale.data());
  if (!eliminate(front, panels, w.scale.data(), threads)) return false;
  const Update out = update_of(k, w);
  std::copy_n(w.scale.data() + front.separator, front.boundary, out.scale);
  update(front, children, panels, out, threads);
  return true;
}

void ArrayFronts::assemble(const Front& front, const Update (&children)[2], const Panels& panels,
                           double* scale) const {
  const std::ptrdiff_t steps[2] = {children[0].step, children[1].step};
  assemble_panel(front, {children[0].low, children[1].low}, steps, panels.p, panels.step);
  if (!panels.symmetric()) {
    assemble_panel(front, {children[0].up, children[1].up}, steps, panels.q, panels.step);
  }
  std::fill_n(scale, front.size(), 0.0);
  for (const Run& run : front.separator_runs) {
    const double* from = children[run.child].scale + run.source;
    for (std::int32_t i = 0; i < run.size; ++i) scale[run.target + i] += from[i];
  }
  for (const Run& run : front.boundary_runs) {
    const double* from = children[run.child].scale + run.source;
    std::copy_n(from, run.size, scale + front.separator + run.target);
  }
}

// Both a child's update and the front are in the order of elimination: what is below the diagonal
// of one is so in the other.
void ArrayFronts::assemble_panel(const Front& front, const double* const (&halves)[2],
                                 const std::ptrdiff_t (&steps)[2], double* panel,
                                 std::ptrdiff_t step) const {
  std::memset(panel, 0, sizeof(double) * index(front.separator) * static_cast<std::size_t>(step));
  for (const Run& col : front.separator_runs) {
    const std::ptrdiff_t from_step = steps[col.child];
    const double* from = halves[col.child] + col.source * from_step;
    double* to = panel + col.target * step;
    for (const Run& row : front.separator_runs) {
      if (row.child != col.child || row.target < col.target) continue;
      add_block(from + row.source, from_step, to + row.target, step, row.size, col.size,
                row.target == col.target);
    }
    for (const Run& row : front.boundary_runs) {
      if (row.child != col.child) continue;
      add_block(from + row.source, from_step, to + front.separator + row.target, step, row.size,
                col.size, false);
    }
  }
}

bool ArrayFronts::eliminate(const Front& front, const Panels& panels, const double* scale,
                            int /*threads*/) const {
  const std::int32_t size = front.size();
  if (front.separator < kBlasSize) {
    return eliminate_columns(panels, size, 0, 0, front.separator, scale);
  }
  for (std::int32_t j = 0; j < front.separator; j += kPanel) {
    const std::int32_t next = std::min(front.separator, j + kPanel);
    if (j > 0) {
      double *p = panels.p + j, *q = panels.q + j;
      const std::ptrdiff_t column = j * panels.step;
      const auto step = static_cast<std::int32_t>(panels.step);
      subtract_product(size - j, next - j, j, p, step, q, step, p + column, step);
      if (!panels.symmetric()) {
        subtract_product(size - j, next - j, j, q, step, p, step, q + column, step);
      }
    }
    if (!eliminate_columns(panels, size, j, j, next, scale)) return false;
  }
  return true;
}

void ArrayFronts::update(const Front& front, const Update (&children)[2], const Panels& panels,
                         const Update& out, int threads) const {
  const auto runs = static_cast<std::int32_t>(front.boundary_runs.size());
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
  for (std::int32_t pair = 0; pair < runs * runs; ++pair) {
    const auto row = index(pair / runs), col = index(pair % runs);
    if (front.boundary_runs[row].target < front.boundary_runs[col].target) continue;
    update_pair(front, children, panels, out, row, col);
  }
}

namespace {

void update_blocked(const BlockUpdate& u) {
  if (u.depth < kBlasDepth || u.rows < kBlasSize || u.cols < kBlasSize) {
    update_block(u);
    return;
  }
  for (std::int32_t col = 0; col < u.cols; col += kStrip) {
    const std::int32_t cols = std::min(kStrip, u.cols - col);
    const std::int32_t row = u.lower ? col : 0;
    double* c = u.c + col * u.c_step + row;
    for (std::int32_t k = 0; k < cols; ++k) {
      if (u.init != nullptr) {
        std::copy_n(u.init + (col + k) * u.init_step + row, u.rows - row, c + k * u.c_step);
      } else {
        std::fill_n(c + k * u.c_step, u.rows - row, 0.0);
      }
    }
    const auto step = static_cast<std::int32_t>(u.step);
    subtract_product(u.rows - row, cols, u.depth, u.a + row, step, u.b + col, step, c,
                     static_cast<std::int32_t>(u.c_step));
  }
}

}  // namespace

void ArrayFronts::update_pair(const Front& front, const Update (&children)[2], const Panels& panels,
                              const Update& out, std::size_t row, std::size_t col) const {
  const Run &a = front.boundary_runs[row], &b = front.boundary_runs[col];
  const Update& child = children[a.child];
  const bool inner = a.child == b.child;
  const std::ptrdiff_t from = b.source * child.step + a.source;
  const double *p = panels.p + front.separator, *q = panels.q + front.separator;
  BlockUpdate u{};
  u.init = inner ? child.low + from : nullptr;
  u.init_step = child.step;
  u.a = p + a.target;
  u.b = q + b.target;
  u.step = panels.step;
  u.c = out.low + b.target * out.step + a.target;
  u.c_step = out.step;
  u.rows = a.size;
  u.cols = b.size;
  u.depth = front.separator;
  u.lower = row == col;
  update_blocked(u);
  if (panels.symmetric()) return;
  u.init = inner ? child.up + from : nullptr;
  u.a = q + a.target;
  u.b = p + b.target;
  u.c = out.up + b.target * out.step + a.target;
  update_blocked(u);
}

}  // namespace wordline
