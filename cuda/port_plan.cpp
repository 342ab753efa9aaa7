#include "wordline/cuda/port_plan.hpp"

#include <algorithm>

#include "wordline/solvers/array_reduce.hpp"

namespace wordline::gpu {

namespace {

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

template <class T>
std::int32_t count(const std::vector<T>& of) {
  return static_cast<std::int32_t>(of.size());
}

}  // namespace

PortPlan::PortPlan(std::int32_t rows, std::int32_t cols, unsigned ports) {
  const ArrayTree tree(rows, cols, ports);
  leaf_rows = tree.leaf_rows();
  leaf_cols = tree.leaf_cols();
  chunk_count = tree.horizontal(leaf_rows + 1, 0);
  buses = buses_of_root(tree, rows, cols);
  place(tree);
  for (Level& level : levels) cut_into_tiles(level);
}

// Level by level from the leaves to the root, so that each level's parts are side by side.
void PortPlan::place(const ArrayTree& tree) {
  const std::vector<Front>& all = tree.fronts();
  std::int32_t deepest = 0;
  for (const Front& front : all) deepest = std::max(deepest, front.level);
  std::vector<std::vector<std::int32_t>> by_level(index(deepest) + 1);
  for (std::size_t k = 0; k < all.size(); ++k) {
    by_level[index(all[k].level)].push_back(static_cast<std::int32_t>(k));
  }
  levels.resize(by_level.size());
  std::vector<std::int64_t> update_of(all.size());
  for (std::size_t l = levels.size(); l-- > 0;) {
    Level& level = levels[l];
    level.leaves.begin = count(leaves);
    level.fronts.begin = count(fronts);
    for (const std::int32_t k : by_level[l]) {
      const Front& front = all[index(k)];
      update_of[index(k)] = level.updates;
      if (front.leaf >= 0) {
        const std::int32_t row = front.row, col = front.col;
        leaves.push_back({row,
                          col,
                          front.place,
                          {tree.vertical(row, col), tree.vertical(row, col + 1),
                           tree.horizontal(row, col), tree.horizontal(row + 1, col)},
                          front.boundary,
                          level.updates});
      } else {
        FrontView view{};
        view.panel = level.panels;
        view.update = level.updates;
        add_front(front, update_of, tree, view);
        level.panels += std::int64_t{front.size()} * front.separator;
      }
      level.updates += std::int64_t{front.boundary} * front.boundary;
    }
    level.leaves.end = count(leaves);
    level.fronts.end = count(fronts);
  }
}

void PortPlan::add_front(const Front& front, const std::vector<std::int64_t>& update_of,
                         const ArrayTree& tree, FrontView& view) {
  view.separator = front.separator;
  view.boundary = front.boundary;
  view.chunk = count(chunks);
  for (std::size_t c = 0; c < 2; ++c) {
    if (front.child[c] < 0) continue;
    view.child_boundary[c] = tree.fronts()[index(front.child[c])].boundary;
    view.child_update[c] = update_of[index(front.child[c])];
  }
  chunks.insert(chunks.end(), front.chunks.begin(), front.chunks.end());
  places.resize(chunks.size(), {-1, -1});
  const auto put = [&](const std::vector<Run>& runs, std::int32_t start) {
    for (const Run& run : runs) {
      for (std::int32_t k = 0; k < run.size / kLeaf; ++k) {
        places[index(view.chunk + (start + run.target) / kLeaf + k)][index(run.child)] =
            run.source / kLeaf + k;
      }
    }
  };
  put(front.separator_runs, 0);
  put(front.boundary_runs, front.separator);
  fronts.push_back(view);
}

// Of symmetric matrices, and of both halves of others, what is below the diagonal is enough.
void PortPlan::cut_into_tiles(Level& level) {
  const auto add = [&](std::int32_t k, std::int32_t col, std::int32_t first_row) {
    for (std::int32_t row = first_row; row < fronts[index(k)].size(); row += kFrontTile) {
      tiles.push_back({k, row, col});
    }
  };
  std::int32_t widest = 0;
  for (std::int32_t k = level.fronts.begin; k < level.fronts.end; ++k) {
    widest = std::max(widest, fronts[index(k)].separator);
  }
  for (std::int32_t col = 0; col < widest; col += kFrontTile) {
    Column column;
    column.tiles.begin = count(tiles);
    for (std::int32_t k = level.fronts.begin; k < level.fronts.end; ++k) {
      if (col >= fronts[index(k)].separator) continue;
      tiles.push_back({k, col, col});
      ++column.diagonal;
    }
    for (std::int32_t k = level.fronts.begin; k < level.fronts.end; ++k) {
      if (col < fronts[index(k)].separator) add(k, col, col + kFrontTile);
    }
    column.tiles.end = count(tiles);
    column.width = std::min(kFrontTile, widest - col);
    level.columns.push_back(column);
  }
  level.rest.begin = count(tiles);
  for (std::int32_t k = level.fronts.begin; k < level.fronts.end; ++k) {
    for (std::int32_t col = fronts[index(k)].separator; col < fronts[index(k)].size();
         col += kFrontTile) {
      add(k, col, col);
    }
  }
  level.rest.end = count(tiles);
}

std::array<std::int64_t, 2> PortPlan::most_updates() const {
  std::array<std::int64_t, 2> most{};
  for (std::size_t l = 0; l < levels.size(); ++l) {
    most[l % 2] = std::max(most[l % 2], levels[l].updates);
  }
  return most;
}

std::int64_t PortPlan::most_panels() const {
  std::int64_t most = 0;
  for (const Level& level : levels) most = std::max(most, level.panels);
  return most;
}

}  // namespace wordline::gpu
