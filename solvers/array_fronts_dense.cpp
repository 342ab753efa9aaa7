// One front: assembly out of its two children's updates, elimination, its own update.

#include <algorithm>

#include "wordline/solvers/array_fronts.hpp"

namespace wordline {

namespace {

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

}  // namespace

bool ArrayFronts::factor_front(std::int32_t k, Workspace& w, int threads) {
  const Front& front = tree_.fronts()[index(k)];
  Update children[2] = {};
  for (std::size_t c = 0; c < 2; ++c) {
    if (front.child[c] >= 0) children[c] = update_of(front.child[c], w);
  }
  if (!options_.keep_factors) w.panel.reserve(largest_panel_);
  w.scale.reserve(index(largest_) + 1);
  double* panel = options_.keep_factors ? panels_.data() + panel_place_[index(k)] : w.panel.data();
  double* scale = w.scale.data();
  const std::int32_t width = front.separator / kTile, size = front.size() / kTile;
  const std::ptrdiff_t half = kTileSize * Slabs::tiles_before(size, width);
  const Slabs p{panel, width}, q{options_.symmetric ? panel : panel + half, width};
  assemble(front, children, p, q, scale);
  if (!eliminate_columns(p, q, options_.symmetric, size, scale)) return false;
  const Update out = update_of(k, w);
  std::copy_n(scale + front.separator, front.boundary, out.scale);
  update(front, children, p, q, out, threads);
  return true;
}

namespace {

// Both a child's update and the front are in the order of elimination: what is below the diagonal
// of one is so in the other.
void assemble_panel(const Front& front, const Slabs (&children)[2], const Slabs& panel) {
  const auto tiles = Slabs::tiles_before(front.size() / kTile, panel.width);
  std::fill_n(panel.data, kTileSize * tiles, 0.0);
  for (const Run& col : front.separator_runs) {
    const Slabs& child = children[col.child];
    const std::int32_t source = col.source / kTile, target = col.target / kTile;
    const std::int32_t cols = col.size / kTile;
    for (const Run& row : front.separator_runs) {
      if (row.child != col.child || row.target < col.target) continue;
      add_block(child, {row.source / kTile, source}, panel, {row.target / kTile, target},
                row.size / kTile, cols, row.target == col.target);
    }
    for (const Run& row : front.boundary_runs) {
      if (row.child != col.child) continue;
      add_block(child, {row.source / kTile, source}, panel,
                {panel.width + row.target / kTile, target}, row.size / kTile, cols, false);
    }
  }
}

}  // namespace

void ArrayFronts::assemble(const Front& front, const Update (&children)[2], const Slabs& p,
                           const Slabs& q, double* scale) const {
  assemble_panel(front, {children[0].low, children[1].low}, p);
  if (!options_.symmetric) assemble_panel(front, {children[0].up, children[1].up}, q);
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

namespace {

void update_pair(const Run& row, const Run& col, const Slabs (&children)[2], const Slabs& p,
                 const Slabs& q, const Slabs& out) {
  BlockUpdate u{};
  // Unknowns of different children have met in the separator alone.
  u.init = row.child == col.child ? &children[row.child] : nullptr;
  u.init_at = {row.source / kTile, col.source / kTile};
  u.a = p;
  u.b = q;
  u.a_row = p.width + row.target / kTile;
  u.b_row = p.width + col.target / kTile;
  u.c = out;
  u.c_at = {row.target / kTile, col.target / kTile};
  u.rows = row.size / kTile;
  u.cols = col.size / kTile;
  u.lower = row.target == col.target;
  update_block(u);
}

}  // namespace

void ArrayFronts::update(const Front& front, const Update (&children)[2], const Slabs& p,
                         const Slabs& q, const Update& out, int threads) const {
  const auto runs = static_cast<std::int32_t>(front.boundary_runs.size());
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
  for (std::int32_t pair = 0; pair < runs * runs; ++pair) {
    const Run& row = front.boundary_runs[index(pair / runs)];
    const Run& col = front.boundary_runs[index(pair % runs)];
    if (row.target < col.target) continue;
    if (options_.only_across && row.ports == col.ports && row.ports != Ports::kNone) continue;
    update_pair(row, col, {children[0].low, children[1].low}, p, q, out.low);
    if (options_.symmetric) continue;
    update_pair(row, col, {children[0].up, children[1].up}, q, p, out.up);
  }
}

}  // namespace wordline
