// Sums of which some need the results of others: what needs nothing is the first level, what needs
// only the first is the second. Within a level sums are made in any order, short ones by a thread,
// long ones by a team of threads whose shares are added up in the order of the threads.
//
// A task makes the sums:
//   using Sum = ...;                                  whole doubles, a `+=`, empty when made
//   Sum share(std::int32_t item, std::int32_t rank, std::int32_t team, std::int32_t member) const;
//       the terms rank, rank + team, rank + 2 team, ... of an item
//   void finish(std::int32_t item, std::int32_t member, const Sum& sum) const;
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wordline/cuda/kernel.hpp"

namespace wordline::gpu {

// A level: items first, first + 1, ..., those of the largest teams first.
struct Level {
  static constexpr std::int32_t kTeams = 3;
  std::int32_t first = 0;
  std::int32_t count[kTeams] = {};  // of items with teams of team(k) threads

  WORDLINE_HD static std::int32_t team(std::int32_t k) { return k == 0 ? 32 : k == 1 ? 8 : 1; }
  WORDLINE_HD std::int64_t threads() const {
    std::int64_t n = 0;
    for (std::int32_t k = 0; k < kTeams; ++k) n += std::int64_t{count[k]} * team(k);
    return n;
  }

  struct Share {
    std::int32_t item, rank, team;  // no item: -1
  };
  // What a thread of the level does.
  WORDLINE_HD Share share(std::int64_t thread) const {
    std::int32_t item = first;
    for (std::int32_t k = 0; k < kTeams; ++k) {
      const std::int64_t threads = std::int64_t{count[k]} * team(k);
      if (thread < threads) {
        return {item + static_cast<std::int32_t>(thread / team(k)),
                static_cast<std::int32_t>(thread % team(k)), team(k)};
      }
      thread -= threads;
      item += count[k];
    }
    return {-1, 0, 1};
  }
};

// Items in the order in which they are worked on.
struct LevelOrder {
  std::vector<std::int32_t> item;
  std::vector<Level> levels;
};
// From the level of each item, 0 the first, and its number of terms. No level may be left out.
LevelOrder order_by_levels(std::span<const std::int32_t> level,
                           std::span<const std::int32_t> terms);

inline constexpr std::int32_t kLevelThreads = 256;  // of a block

// Levels that one launch goes through.
struct LevelRun {
  std::int32_t first, count, blocks;
};
// Narrow levels are worked on one after the other by one block, of which a wide level has many;
// `lanes` members of each item side by side.
std::vector<LevelRun> runs_of(std::span<const Level> levels, std::int32_t lanes);

// Every item of the levels of a run, for each of `members`, whose numbers are made side by side.
template <class Task>
struct ByLevels {
  static constexpr std::int32_t kMostLanes = 8;
  using Sum = typename Task::Sum;

  Task task;
  const Level* levels;
  LevelRun run;
  std::int32_t members, lanes;

  WORDLINE_HD std::int32_t blocks() const { return run.blocks * ((members + lanes - 1) / lanes); }
  WORDLINE_HD std::int32_t threads() const { return kLevelThreads; }
  WORDLINE_HD std::int32_t phases() const { return 2 * run.count; }
  WORDLINE_HD std::int32_t shared() const {
    return static_cast<std::int32_t>(kLevelThreads * sizeof(Sum) / sizeof(double));
  }

  WORDLINE_HD void at(const Place& place) const {
    const std::int32_t member = place.block / run.blocks * lanes + place.thread % lanes;
    const std::int64_t thread =
        std::int64_t{place.block % run.blocks} * (kLevelThreads / lanes) + place.thread / lanes;
    const Level::Share share = levels[run.first + place.phase / 2].share(thread);
    if (share.item < 0 || member >= members) return;
    Sum* sums = reinterpret_cast<Sum*>(place.shared) + place.thread;
    if (place.phase % 2 == 0) {
      *sums = task.share(share.item, share.rank, share.team, member);
    } else if (share.rank == 0) {
      Sum sum = sums[0];
      for (std::int32_t k = 1; k < share.team; ++k) sum += sums[std::ptrdiff_t{k} * lanes];
      task.finish(share.item, member, sum);
    }
  }
};

}  // namespace wordline::gpu
