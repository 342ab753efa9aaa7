#include "wordline/cuda/by_levels.hpp"

#include <algorithm>
#include <cstddef>

namespace wordline::gpu {

namespace {

// Terms from which a team is worth its sum in the end.
std::int32_t team_of(std::int32_t terms) { return terms > 128 ? 0 : terms > 16 ? 1 : 2; }

}  // namespace

LevelOrder order_by_levels(std::span<const std::int32_t> level,
                           std::span<const std::int32_t> terms) {
  LevelOrder order;
  const std::int32_t levels = level.empty() ? 0 : *std::max_element(level.begin(), level.end()) + 1;
  order.levels.resize(static_cast<std::size_t>(levels));
  const auto team = [&](std::size_t item) {
    return static_cast<std::size_t>(team_of(terms[item]));
  };
  for (std::size_t k = 0; k < level.size(); ++k) {
    ++order.levels[static_cast<std::size_t>(level[k])].count[team(k)];
  }
  // Where the next item of each level and team goes.
  std::vector<std::int32_t> next;
  std::int32_t first = 0;
  for (Level& l : order.levels) {
    l.first = first;
    for (const std::int32_t count : l.count) {
      next.push_back(first);
      first += count;
    }
  }
  order.item.resize(level.size());
  for (std::size_t k = 0; k < level.size(); ++k) {
    const std::size_t bin = static_cast<std::size_t>(level[k]) * Level::kTeams + team(k);
    order.item[static_cast<std::size_t>(next[bin]++)] = static_cast<std::int32_t>(k);
  }
  return order;
}

std::vector<LevelRun> runs_of(std::span<const Level> levels, std::int32_t lanes) {
  std::vector<LevelRun> runs;
  bool was_narrow = false;
  for (std::size_t k = 0; k < levels.size(); ++k) {
    const std::int64_t threads = levels[k].threads() * lanes;
    const auto blocks = static_cast<std::int32_t>((threads + kLevelThreads - 1) / kLevelThreads);
    const bool is_narrow = blocks <= 1;
    if (is_narrow && was_narrow) {
      ++runs.back().count;
    } else {
      runs.push_back({static_cast<std::int32_t>(k), 1, blocks});
    }
    was_narrow = is_narrow;
  }
  return runs;
}

}  // namespace wordline::gpu
