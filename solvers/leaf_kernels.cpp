#include "wordline/solvers/leaf_kernels.hpp"

#include <memory>

#include "wordline/solvers/leaf_merge.hpp"

namespace wordline {

namespace {

struct Scales {
  Lanes vertical[kLeaf][kLeaf + 1];
  Lanes horizontal[kLeaf + 1][kLeaf];
};

// Blocks on the way, each size once for every place in which it waits for its partner.
template <bool kSymmetric>
struct Workspace {
  Scales scales;
  BlockMatrix<4, kSymmetric> cell[2];
  BlockMatrix<6, kSymmetric> pair[2];
  BlockMatrix<8, kSymmetric> square[2];
  BlockMatrix<12, kSymmetric> tall[2];
  BlockMatrix<16, kSymmetric> quarter[2];
  BlockMatrix<24, kSymmetric> half[2];
};

// A cell's four edges: left, right, top, bottom.
template <bool kSymmetric>
WORDLINE_INLINE void stamp_cell(const LeafGroup& group, int c, BlockMatrix<4, kSymmetric>& out) {
  const Lanes rr = group.row_row[c], cc = group.col_col[c];
  const Lanes rc = group.row_col[c];
  const Lanes cr = kSymmetric ? rc : group.col_row[c];
  Lanes left = {}, top = {};
  if (group.tapped) {
    left = group.row.tap[c];
    top = group.col.tap[c];
  }
  const Lanes right = 1 - left, bottom = 1 - top;
  auto& low = out.low;
  low[0][0] = group.row.left[c] + left * left * rr;
  low[0][1] = left * right * rr - group.row.across[c];
  low[1][1] = group.row.right[c] + right * right * rr;
  low[0][2] = -(top * left) * cr;
  low[0][3] = -(bottom * left) * cr;
  low[1][2] = -(top * right) * cr;
  low[1][3] = -(bottom * right) * cr;
  low[2][2] = group.col.left[c] + top * top * cc;
  low[2][3] = top * bottom * cc - group.col.across[c];
  low[3][3] = group.col.right[c] + bottom * bottom * cc;
  if constexpr (!kSymmetric) {
    auto& up = out.up;
    for (int k = 0; k < 4; ++k) up[k][k] = low[k][k];
    up[0][1] = low[0][1];
    up[0][2] = -(top * left) * rc;
    up[0][3] = -(bottom * left) * rc;
    up[1][2] = -(top * right) * rc;
    up[1][3] = -(bottom * right) * rc;
    up[2][3] = low[2][3];
  }
}

template <bool kSymmetric>
WORDLINE_INLINE void add_scale(const BlockMatrix<4, kSymmetric>& cell, int row, int col,
                               Scales& scales) {
  scales.vertical[row][col] += magnitude(cell.low[0][0]);
  scales.vertical[row][col + 1] += magnitude(cell.low[1][1]);
  scales.horizontal[row][col] += magnitude(cell.low[2][2]);
  scales.horizontal[row + 1][col] += magnitude(cell.low[3][3]);
}

// Scales are wanted before the first block is joined.
template <bool kSymmetric>
WORDLINE_INLINE void find_scales(const LeafGroup& group, Workspace<kSymmetric>& w) {
  w.scales = {};
  for (int c = 0; c < kLeafCells; ++c) {
    stamp_cell<kSymmetric>(group, c, w.cell[0]);
    add_scale<kSymmetric>(w.cell[0], c / kLeaf, c % kLeaf, w.scales);
  }
}

// 4 x 4 cells at (row, col).
template <bool kSymmetric>
WORDLINE_INLINE void join_quarter(const LeafGroup& group, Workspace<kSymmetric>& w, int row,
                                  int col, BlockMatrix<16, kSymmetric>& out, Lanes*& factor,
                                  Mask& good) {
  const auto& vertical = w.scales.vertical;
  const auto& horizontal = w.scales.horizontal;
  for (int right = 0; right < 2; ++right) {
    for (int lower = 0; lower < 2; ++lower) {
      const int r = row + 2 * lower, c = col + 2 * right;
      for (int k = 0; k < 2; ++k) {
        for (int i = 0; i < 2; ++i) {
          stamp_cell<kSymmetric>(group, (r + i) * kLeaf + c + k, w.cell[i]);
        }
        join<1, 1, true, kSymmetric>(w.cell[0], w.cell[1], w.pair[k], factor,
                                     &horizontal[r + 1][c + k], 1, good);
      }
      join<2, 1, false, kSymmetric>(w.pair[0], w.pair[1], w.square[lower], factor,
                                    &vertical[r][c + 1], kLeaf + 1, good);
    }
    join<2, 2, true, kSymmetric>(w.square[0], w.square[1], w.tall[right], factor,
                                 &horizontal[row + 2][col + 2 * right], 1, good);
  }
  join<4, 2, false, kSymmetric>(w.tall[0], w.tall[1], out, factor, &vertical[row][col + 2],
                                kLeaf + 1, good);
}

template <bool kSymmetric>
WORDLINE_INLINE void give_update(const Workspace<kSymmetric>& w, LeafUpdate& update) {
  const auto& scales = w.scales;
  for (int k = 0; k < kLeaf; ++k) {
    update.scale[k] = scales.vertical[k][0];
    update.scale[kLeaf + k] = scales.vertical[k][kLeaf];
    update.scale[2 * kLeaf + k] = scales.horizontal[0][k];
    update.scale[3 * kLeaf + k] = scales.horizontal[kLeaf][k];
  }
}

template <bool kSymmetric>
WORDLINE_INLINE bool eliminate_body(const LeafGroup& group, double* factors, LeafUpdate& update,
                                    Workspace<kSymmetric>& w) {
  auto* factor = reinterpret_cast<Lanes*>(factors);
  Mask good = Lanes{} == Lanes{};
  find_scales<kSymmetric>(group, w);
  for (int right = 0; right < 2; ++right) {
    for (int lower = 0; lower < 2; ++lower) {
      join_quarter<kSymmetric>(group, w, 4 * lower, 4 * right, w.quarter[lower], factor, good);
    }
    join<4, 4, true, kSymmetric>(w.quarter[0], w.quarter[1], w.half[right], factor,
                                 &w.scales.horizontal[4][4 * right], 1, good);
  }
  BlockMatrix<kLeafPorts, kSymmetric>& whole = update;
  join<8, 4, false, kSymmetric>(w.half[0], w.half[1], whole, factor, &w.scales.vertical[0][4],
                                kLeaf + 1, good);
  give_update<kSymmetric>(w, update);
  bool ok = true;
  for (int l = 0; l < kLanes; ++l) ok = ok && good[l] != 0;
  return ok;
}

using SymmetricWorkspace = Workspace<true>;
using GeneralWorkspace = Workspace<false>;

WORDLINE_INLINE bool eliminate_symmetric_leaves_body(const LeafGroup& group, double* factor,
                                                     LeafUpdate& update, SymmetricWorkspace& w) {
  return eliminate_body<true>(group, factor, update, w);
}
WORDLINE_INLINE bool eliminate_general_leaves_body(const LeafGroup& group, double* factor,
                                                   LeafUpdate& update, GeneralWorkspace& w) {
  return eliminate_body<false>(group, factor, update, w);
}
WORDLINE_KERNEL(bool, eliminate_symmetric_leaves,
                (const LeafGroup& group, double* factor, LeafUpdate& update, SymmetricWorkspace& w),
                (group, factor, update, w))
WORDLINE_KERNEL(bool, eliminate_general_leaves,
                (const LeafGroup& group, double* factor, LeafUpdate& update, GeneralWorkspace& w),
                (group, factor, update, w))

}  // namespace

bool eliminate_leaves(const LeafGroup& group, bool symmetric, double* factor, LeafUpdate& update) {
  if (symmetric) {
    static thread_local const auto kWorkspace = std::make_unique<SymmetricWorkspace>();
    return eliminate_symmetric_leaves(group, factor, update, *kWorkspace);
  }
  static thread_local const auto kWorkspace = std::make_unique<GeneralWorkspace>();
  return eliminate_general_leaves(group, factor, update, *kWorkspace);
}

}  // namespace wordline
