#include "wordline/solvers/array_fronts.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include <omp.h>

namespace wordline {

namespace {

constexpr std::size_t kLeafMatrix = 10 * kTileSize;
// Of one leaf: lower half, upper half, scale.
constexpr std::size_t kLeafUpdate = 2 * kLeafMatrix + kLeafPorts;

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

// Leaves of two groups may wait at once, of neighbouring ones.
constexpr std::size_t kWaiting = std::size_t{2} * kLanes;

// Doubles in the lower trapezoid of `size` rows and `width` columns.
std::size_t slabs_size(std::int32_t size, std::int32_t width) {
  return static_cast<std::size_t>(kTileSize * Slabs::tiles_before(size / kTile, width / kTile));
}

}  // namespace

ArrayFronts::ArrayFronts(const ArrayTree& tree, const Options& options)
    : tree_(tree), options_(options) {
  options_.threads = std::max(1, options.threads);
  plan_subtrees();
  plan_memory();
}

// A subtree is one thread's work. Neither it nor anything else depends on how many threads there
// are.
void ArrayFronts::plan_subtrees() {
  const auto& fronts = tree_.fronts();
  const std::int32_t limit = std::max(64, fronts.back().leaves / 16);
  std::vector<std::int32_t> open = {tree_.root()};
  while (!open.empty()) {
    const std::int32_t k = open.back();
    open.pop_back();
    const Front& front = fronts[index(k)];
    if (front.leaf >= 0 || front.leaves <= limit) {
      subtrees_.push_back(k);
      continue;
    }
    if (top_.size() <= index(front.level)) top_.resize(index(front.level) + 1);
    top_[index(front.level)].push_back(k);
    for (const std::int32_t c : front.child) open.push_back(c);
  }
  std::sort(subtrees_.begin(), subtrees_.end());
  std::int32_t leaf = 0, group = 0, next = 0;
  for (const std::int32_t root : subtrees_) {
    while (std::find_if(top_.begin(), top_.end(), [&](const auto& level) {
             return std::find(level.begin(), level.end(), next) != level.end();
           }) != top_.end()) {
      ++next;
    }
    first_leaf_.push_back(leaf);
    first_group_.push_back(group);
    first_front_.push_back(next);
    const std::int32_t leaves = fronts[index(root)].leaves;
    leaf += leaves;
    group += (leaves + kLanes - 1) / kLanes;
    next = root + 1;
    subtree_of_leaf_.resize(index(leaf), static_cast<std::int32_t>(first_leaf_.size()) - 1);
  }
  first_leaf_.push_back(leaf);
  first_group_.push_back(group);
}

std::size_t ArrayFronts::update_size(const Front& front) const {
  return (options_.symmetric ? 1 : 2) * slabs_size(front.boundary, front.boundary) +
         index(front.boundary);
}

std::size_t ArrayFronts::panel_size(const Front& front) const {
  return (options_.symmetric ? 1 : 2) * slabs_size(front.size(), front.separator);
}

// Inside a subtree, all updates of the same level and the same place among its parent's children
// share memory.
void ArrayFronts::plan_memory() {
  const auto& fronts = tree_.fronts();
  shared_.assign(fronts.size(), options_.keep_updates);
  for (const auto& level : top_) {
    for (const std::int32_t k : level) shared_[index(k)] = true;
  }
  for (const std::int32_t k : subtrees_) shared_[index(k)] = true;
  std::vector<std::size_t> slots;
  std::vector<std::size_t> slot(fronts.size());
  std::size_t shared = 0, panels = 0;
  update_place_.resize(fronts.size());
  panel_place_.resize(fronts.size());
  for (std::size_t k = 0; k < fronts.size(); ++k) {
    const Front& front = fronts[k];
    for (std::size_t c = 0; c < 2; ++c) {
      if (front.child[c] >= 0) {
        slot[index(front.child[c])] = 2 * index(front.level) + 2 + c;
      }
    }
    largest_ = std::max(largest_, front.size());
    largest_panel_ = std::max(largest_panel_, panel_size(front));
    panel_place_[k] = panels;
    if (options_.keep_factors) panels += panel_size(front);
  }
  for (std::size_t k = 0; k < fronts.size(); ++k) {
    if (shared_[k]) {
      update_place_[k] = shared;
      shared += fronts[k].leaf >= 0 ? kLeafUpdate : update_size(fronts[k]);
    } else if (fronts[k].leaf < 0) {
      if (slots.size() <= slot[k]) slots.resize(slot[k] + 1);
      slots[slot[k]] = std::max(slots[slot[k]], update_size(fronts[k]));
    }
  }
  std::vector<std::size_t> start(slots.size() + 1);
  for (std::size_t s = 0; s < slots.size(); ++s) start[s + 1] = start[s] + slots[s];
  workspace_updates_ = start.back();
  for (std::size_t k = 0; k < fronts.size(); ++k) {
    if (!shared_[k] && fronts[k].leaf < 0) update_place_[k] = start[slot[k]];
  }
  const auto groups = index(first_group_.back());
  const std::size_t group = std::size_t{kLeafFactor} * kLanes * (options_.symmetric ? 1 : 2);
  updates_.reserve(shared);
  if (options_.keep_factors) {
    panels_.reserve(panels);
    leaf_factors_.reserve(groups * group);
  }
  workspaces_.resize(index(options_.threads));
}

ArrayFronts::Update ArrayFronts::view(const Front& front, double* at) const {
  const std::int32_t width = front.boundary / kTile;
  const std::size_t half = slabs_size(front.boundary, front.boundary);
  double* up = options_.symmetric ? at : at + half;
  return {{at, width}, {up, width}, up + half};
}

ArrayFronts::Update ArrayFronts::leaf_update(const Front& front, Workspace& w) {
  const auto leaf = index(front.leaf);
  double* at = nullptr;
  if (shared_[index(tree_.leaves()[leaf])]) {
    at = updates_.data() + update_place_[index(tree_.leaves()[leaf])];
  } else {
    const auto inside = leaf - index(first_leaf_[index(subtree_of_leaf_[leaf])]);
    at = w.leaves.data() + inside % kWaiting * kLeafUpdate;
  }
  double* up = options_.symmetric ? at : at + kLeafMatrix;
  return {{at, 4}, {up, 4}, at + 2 * kLeafMatrix};
}

ArrayFronts::Update ArrayFronts::update_of(std::int32_t k, Workspace& w) {
  const Front& front = tree_.fronts()[index(k)];
  if (front.leaf >= 0) return leaf_update(front, w);
  return view(front,
              (shared_[index(k)] ? updates_.data() : w.updates.data()) + update_place_[index(k)]);
}

bool ArrayFronts::factor(const LeafCells& cells) {
  bool ok = true;
  const auto subtrees = static_cast<std::int32_t>(subtrees_.size());
#pragma omp parallel for schedule(dynamic) num_threads(options_.threads) reduction(&& : ok) \
    if (options_.threads > 1 && subtrees > 1)
  for (std::int32_t s = 0; s < subtrees; ++s) ok = factor_subtree(cells, index(s)) && ok;
  for (std::size_t level = top_.size(); ok && level-- > 0;) {
    const auto& fronts = top_[level];
    const auto count = static_cast<std::int32_t>(fronts.size());
    if (count < options_.threads) {
      for (const std::int32_t k : fronts) {
        ok = factor_front(k, workspaces_[0], options_.threads) && ok;
      }
      continue;
    }
#pragma omp parallel for schedule(dynamic) num_threads(options_.threads) reduction(&& : ok) \
    if (options_.threads > 1)
    for (std::int32_t q = 0; q < count; ++q) {
      Workspace& w = workspaces_[index(omp_get_thread_num())];
      ok = factor_front(fronts[index(q)], w, 1) && ok;
    }
  }
  return ok;
}

bool ArrayFronts::factor_subtree(const LeafCells& cells, std::size_t subtree) {
  Workspace& w = workspaces_[index(omp_get_thread_num())];
  w.updates.reserve(workspace_updates_);
  w.leaves.reserve(kWaiting * kLeafUpdate);
  std::int32_t done = 0;  // leaves
  bool ok = true;
  for (std::int32_t k = first_front_[subtree]; k <= subtrees_[subtree]; ++k) {
    const Front& front = tree_.fronts()[index(k)];
    if (front.leaf < 0) {
      ok = factor_front(k, w, 1) && ok;
    } else if (front.leaf - first_leaf_[subtree] >= done) {
      const auto s = static_cast<std::int32_t>(subtree);
      ok = factor_group(cells, s, done / kLanes, w) && ok;
      done += kLanes;
    }
    if (!ok) return false;
  }
  return ok;
}

bool ArrayFronts::factor_group(const LeafCells& cells, std::int32_t subtree, std::int32_t group,
                               Workspace& w) {
  static thread_local const auto kGroup = std::make_unique<LeafGroup>();
  static thread_local const auto kUpdate = std::make_unique<LeafUpdate>();
  const std::int32_t first = first_leaf_[index(subtree)] + group * kLanes;
  const std::int32_t count = std::min(kLanes, first_leaf_[index(subtree) + 1] - first);
  const std::size_t size = std::size_t{kLeafFactor} * kLanes * (options_.symmetric ? 1 : 2);
  w.factor.reserve(size);
  double* factor = options_.keep_factors
                       ? leaf_factors_.data() + index(first_group_[index(subtree)] + group) * size
                       : w.factor.data();
  if (!cells.gather(tree_, first, count, *kGroup)) return false;
  if (!eliminate_leaves(*kGroup, options_.symmetric, factor, *kUpdate)) return false;
  const std::array<std::int32_t, 4>* places[kLanes] = {};
  double *low[kLanes] = {}, *up[kLanes] = {};
  for (std::int32_t l = 0; l < count; ++l) {
    const Front& front = tree_.fronts()[index(tree_.leaves()[index(first + l)])];
    const Update u = leaf_update(front, w);
    places[l] = &front.place;
    low[l] = u.low.data;
    up[l] = u.up.data;
    for (std::size_t s = 0; s < 4; ++s) {
      if (front.place[s] < 0) continue;
      for (std::size_t q = 0; q < kLeaf; ++q) {
        u.scale[static_cast<std::size_t>(front.place[s]) + q] = kUpdate->scale[s * kLeaf + q][l];
      }
    }
  }
  spread(*kUpdate, options_.symmetric, false, places, low, count);
  if (!options_.symmetric) spread(*kUpdate, false, true, places, up, count);
  return true;
}

bool ArrayFronts::refactor(const LeafCells& cells, std::int32_t leaf) {
  const std::int32_t subtree = subtree_of_leaf_[index(leaf)];
  Workspace& w = workspaces_[0];
  if (!factor_group(cells, subtree, (leaf - first_leaf_[index(subtree)]) / kLanes, w)) return false;
  // The path to the root: fronts which hold the leaf, each after its children.
  std::int32_t below = tree_.leaves()[index(leaf)];
  for (std::int32_t k = below + 1; k <= tree_.root(); ++k) {
    const Front& front = tree_.fronts()[index(k)];
    if (front.child[0] != below && front.child[1] != below) continue;
    if (!factor_front(k, w, options_.threads)) return false;
    below = k;
  }
  return true;
}

const double* ArrayFronts::root_tile(std::int32_t i, std::int32_t j, bool upper) const {
  const Front& root = tree_.fronts().back();
  const double* at = updates_.data() + update_place_.back();
  if (upper && !options_.symmetric) at += slabs_size(root.boundary, root.boundary);
  return at + kTileSize * (Slabs::tiles_before(i, root.boundary / kTile) + j);
}

}  // namespace wordline
