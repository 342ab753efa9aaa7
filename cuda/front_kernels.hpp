// The fronts of one level of an elimination tree, those of many arrays at once: each is the sum of
// its children's updates, factored as P Q^T in the columns of its separator, as in
// solvers/front_kernels.hpp, and leaves what remains between the unknowns of its boundary.
//
// Panels and updates stand column by column, on and below the diagonal, where chunks of 8 x 8 are
// whole. A matrix that is not symmetric has two halves: the second is the transposed matrix, P and
// Q exchanged.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "wordline/cuda/kernel.hpp"
#include "wordline/cuda/port_plan.hpp"
#include "wordline/cuda/register_tile.hpp"
#include "wordline/solvers/front_kernels.hpp"

namespace wordline::gpu {

struct LevelView {
  const FrontView* fronts;
  const std::array<std::int32_t, 2>* places;
  const std::int32_t* chunks;
  std::int32_t members, halves;                      // arrays; 1 if they are symmetric, else 2
  std::int64_t panel_size, update_size, below_size;  // of a half of a member
  double *panels, *updates;
  const double* below;  // updates of the level below

  WORDLINE_HD std::int64_t half_of(std::int32_t member, std::int32_t half) const {
    return std::int64_t{member} * halves + half;
  }
  WORDLINE_HD double* panel(const FrontView& f, std::int32_t member, std::int32_t half) const {
    return panels + half_of(member, half) * panel_size + f.panel;
  }
  // P's half is Q's other one.
  WORDLINE_HD double* other_panel(const FrontView& f, std::int32_t member,
                                  std::int32_t half) const {
    return panel(f, member, halves - 1 - half);
  }
  WORDLINE_HD double* update(const FrontView& f, std::int32_t member, std::int32_t half) const {
    return updates + half_of(member, half) * update_size + f.update;
  }
  WORDLINE_HD const double* child(const FrontView& f, std::size_t c, std::int32_t member,
                                  std::int32_t half) const {
    return below + half_of(member, half) * below_size + f.child_update[c];
  }
};

// What thread k works on, of `each` threads for a tile of a half of a member.
struct TileShare {
  FrontTile tile;
  std::int32_t member, half, thread;

  WORDLINE_HD static TileShare of(std::int64_t k, std::int32_t each, const FrontTile* tiles,
                                  std::int32_t count, const LevelView& level) {
    const auto thread = static_cast<std::int32_t>(k % each);
    const std::int64_t unit = k / each;
    const auto batch = static_cast<std::int32_t>(unit / count);
    return {tiles[unit % count], batch / level.halves, batch % level.halves, thread};
  }
};

// Tiles of the sum of the children less the product of the columns of P and Q that are known: those
// to the left of a tile of the separator, all of them for a tile of the update.
struct UpdateTiles {
  LevelView level;
  const FrontTile* tiles;
  std::int32_t tile_count;

  WORDLINE_HD std::int64_t count() const {
    return std::int64_t{RegisterTile::kThreads} * tile_count * level.members * level.halves;
  }
  WORDLINE_HD void at(std::int64_t k) const {
    const TileShare share = TileShare::of(k, RegisterTile::kThreads, tiles, tile_count, level);
    const FrontView& f = level.fronts[share.tile.front];
    const std::int32_t row = share.tile.row, col = share.tile.col;
    RegisterTile product(share.thread);
    product.add_products(level.panel(f, share.member, share.half), f.size(), row, f.size(),
                         level.other_panel(f, share.member, share.half), f.size(), col, f.size(),
                         std::min(col, f.separator));
    const bool is_panel = col < f.separator;
    const std::int32_t end = is_panel ? f.separator : f.size();
    const std::int32_t first = is_panel ? 0 : f.separator;
    double* to = is_panel ? level.panel(f, share.member, share.half)
                          : level.update(f, share.member, share.half);
    for (std::int32_t b = 0; b < RegisterTile::kEach; ++b) {
      for (std::int32_t a = 0; a < RegisterTile::kEach; ++a) {
        const std::int32_t chunk_row = row / kLeaf + a, chunk_col = col / kLeaf + b;
        if (chunk_row * kLeaf >= f.size() || chunk_col * kLeaf >= end || chunk_row < chunk_col) {
          continue;
        }
        const std::int32_t i = chunk_row * kLeaf + product.i - first;
        const std::int32_t j = chunk_col * kLeaf + product.j - first;
        to[i + std::int64_t{j} * (f.size() - first)] =
            assembled(f, share, chunk_row, chunk_col) - product.sum[a][b];
      }
    }
  }

 private:
  // This thread's number of a chunk of the front.
  WORDLINE_HD double assembled(const FrontView& f, const TileShare& share, std::int32_t chunk_row,
                               std::int32_t chunk_col) const {
    double sum = 0;
    for (std::size_t c = 0; c < 2; ++c) {
      const std::int32_t row = level.places[f.chunk + chunk_row][c];
      const std::int32_t col = level.places[f.chunk + chunk_col][c];
      if (row < 0 || col < 0) continue;
      const std::int32_t i = row * kLeaf + share.thread % kLeaf;
      const std::int32_t j = col * kLeaf + share.thread / kLeaf;
      sum += level.child(f, c, share.member, share.half)[i + std::int64_t{j} * f.child_boundary[c]];
    }
    return sum;
  }
};

// The diagonal entries of the padded array's unknowns before any elimination: what the cell before
// an unknown and the cell after it give. Of one member after the other.
struct Scales {
  double *before, *after;
  std::int64_t unknowns;
  WORDLINE_HD double of(std::int32_t member, std::int32_t chunk, std::int32_t k) const {
    const std::int64_t at = member * unknowns + std::int64_t{chunk} * kLeaf + k;
    return before[at] + after[at];
  }
};

// Whether a pivot is more than rounding beside its scale; what is no number is not.
WORDLINE_HD inline bool is_pivot(double pivot, double scale, bool symmetric) {
  return (symmetric ? pivot : std::abs(pivot)) > kSmallestPivot * scale;
}

// Factors the tiles on the diagonal, a block of threads each, a pivot a phase. The reciprocals of
// the diagonals of P and Q stand on them.
struct FactorDiagonals {
  static constexpr std::int32_t kHeight = kFrontTile + 1;  // of a column in shared memory

  LevelView level;
  const FrontTile* tiles;
  std::int32_t tile_count, width;  // of the widest
  Scales scales;
  std::int32_t* failed;  // of every member

  WORDLINE_HD std::int32_t blocks() const { return tile_count * level.members; }
  WORDLINE_HD std::int32_t threads() const { return width > 2 * kLeaf ? 256 : 64; }
  WORDLINE_HD std::int32_t phases() const { return width + 2; }
  WORDLINE_HD std::int32_t shared() const { return kFrontTile * kHeight; }
  WORDLINE_HD void at(const Place& place) const {
    const FrontTile& tile = tiles[place.block % tile_count];
    const std::int32_t member = place.block / tile_count;
    const FrontView& f = level.fronts[tile.front];
    const std::int32_t here = end_of_tile(tile.col, f.separator) - tile.col;
    if (place.phase == 0) {
      load(f, tile.col, member, here, place);
    } else if (place.phase <= width) {
      const std::int32_t pivot = place.phase - 1;
      if (pivot < here) eliminate(f, tile.col, member, here, pivot, place);
    } else {
      store(f, tile.col, member, here, place);
    }
  }

 private:
  template <class Visit>
  WORDLINE_HD void for_entries(std::int32_t first, std::int32_t end, std::int32_t thread,
                               const Visit& visit) const {
    const std::int32_t n = end - first;
    for (std::int32_t e = thread; e < n * n; e += threads()) visit(first + e % n, first + e / n);
  }
  WORDLINE_HD void load(const FrontView& f, std::int32_t col, std::int32_t member,
                        std::int32_t here, const Place& place) const {
    const double* p = level.panel(f, member, 0);
    const double* q = level.other_panel(f, member, 0);
    for_entries(0, here, place.thread, [&](std::int32_t i, std::int32_t j) {
      const std::int32_t low = col + std::max(i, j), high = col + std::min(i, j);
      place.shared[i + j * kHeight] = (i >= j ? p : q)[low + std::int64_t{high} * f.size()];
    });
  }
  WORDLINE_HD void eliminate(const FrontView& f, std::int32_t col, std::int32_t member,
                             std::int32_t here, std::int32_t k, const Place& place) const {
    double* a = place.shared;
    const double pivot = a[k + k * kHeight];
    if (place.thread == 0) {
      const std::int32_t at = col + k;
      const double scale = scales.of(member, level.chunks[f.chunk + at / kLeaf], at % kLeaf);
      if (!is_pivot(pivot, scale, level.halves == 1)) failed[member] = 1;
    }
    for_entries(k + 1, here, place.thread, [&](std::int32_t i, std::int32_t j) {
      a[i + j * kHeight] -= a[i + k * kHeight] * (a[k + j * kHeight] / pivot);
    });
  }
  WORDLINE_HD void store(const FrontView& f, std::int32_t col, std::int32_t member,
                         std::int32_t here, const Place& place) const {
    const bool symmetric = level.halves == 1;
    double* p = level.panel(f, member, 0);
    double* q = level.other_panel(f, member, 0);
    const double* a = place.shared;
    for_entries(0, here, place.thread, [&](std::int32_t i, std::int32_t j) {
      if (i < j) return;
      const double pivot = a[j + j * kHeight];
      const double reciprocal = 1 / (symmetric ? std::sqrt(pivot) : pivot);
      const std::int64_t at = col + i + std::int64_t{col + j} * f.size();
      p[at] = i == j ? reciprocal : a[i + j * kHeight] * reciprocal;
      if (!symmetric) q[at] = i == j ? 1 : a[j + i * kHeight];
    });
  }
};

// The rows of P below a diagonal tile that is factored, a thread each: those of a column's tiles.
struct SolveBelow {
  LevelView level;
  const FrontTile* tiles;
  std::int32_t tile_count;

  WORDLINE_HD std::int64_t count() const {
    return std::int64_t{kFrontTile} * tile_count * level.members * level.halves;
  }
  WORDLINE_HD void at(std::int64_t k) const {
    const TileShare share = TileShare::of(k, kFrontTile, tiles, tile_count, level);
    const FrontView& f = level.fronts[share.tile.front];
    const std::int32_t col = share.tile.col;
    const std::int32_t end = end_of_tile(col, f.separator);
    const std::int32_t i = share.tile.row + share.thread;
    if (i < end || i >= f.size()) return;
    const std::int64_t size = f.size();
    double* x = level.panel(f, share.member, share.half);
    const double* y = level.other_panel(f, share.member, share.half);
    for (std::int32_t p = col; p < end; ++p) {
      double sum = x[i + p * size];
      for (std::int32_t m = col; m < p; ++m) sum -= x[i + m * size] * y[p + m * size];
      x[i + p * size] = sum * x[p + p * size];
    }
  }
};

// What the root leaves between buses, out of each of their one or two ends: entry (p, q), at p + q
// outputs, between bus first_output + p and bus q.
struct GatherPorts {
  LevelView level;  // the root's
  FrontView root;
  const std::array<std::int32_t, 2>* ends;  // of every bus, in the root's boundary; -1: none
  std::int32_t first_output, outputs, inputs;
  double* y;  // of one member after the other

  WORDLINE_HD std::int64_t count() const { return std::int64_t{level.members} * outputs * inputs; }
  WORDLINE_HD void at(std::int64_t k) const {
    const auto p = static_cast<std::int32_t>(k % outputs);
    const auto q = static_cast<std::int32_t>(k / outputs % inputs);
    const auto member = static_cast<std::int32_t>(k / outputs / inputs);
    double sum = 0;
    for (const std::int32_t i : ends[first_output + p]) {
      for (const std::int32_t j : ends[q]) {
        if (i >= 0 && j >= 0) sum += entry(member, i, j);
      }
    }
    y[k] = sum;
  }

 private:
  WORDLINE_HD double entry(std::int32_t member, std::int32_t i, std::int32_t j) const {
    const double* half = level.update(root, member, i >= j ? 0 : level.halves - 1);
    return half[std::max(i, j) + std::int64_t{std::min(i, j)} * root.boundary];
  }
};

}  // namespace wordline::gpu
