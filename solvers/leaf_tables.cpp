// Between tables of numbers and those of eight leaves side by side.

#include <algorithm>

#include "wordline/solvers/front_kernels.hpp"
#include "wordline/solvers/leaf_kernels.hpp"

namespace wordline {

namespace {

WORDLINE_INLINE void interleave_body(const double* const (&from)[kLanes],
                                     const std::ptrdiff_t (&step)[kLanes], LeafTable& to) {
  for (int r = 0; r < kLeaf; ++r) {
    Lanes x[8];
#pragma GCC unroll 8
    for (int l = 0; l < kLanes; ++l) x[l] = load(from[l] + r * step[l]);
    transpose(x);
#pragma GCC unroll 8
    for (int c = 0; c < kLeaf; ++c) to[r * kLeaf + c] = x[c];
  }
}

WORDLINE_INLINE std::int32_t place(const std::array<std::int32_t, 4>& places, int side) {
  return places[static_cast<std::size_t>(side)];
}

// Sides a >= b of a leaf: the block between them stands below the diagonal of the leaf's own order
// too, or it is turned over.
enum class Turn : std::uint8_t { kAsIs, kOver };

WORDLINE_INLINE void spread_block(const Lanes (&half)[kLeafPorts][kLeafPorts], int a, int b,
                                  Turn turn,
                                  const std::array<std::int32_t, 4>* const (&places)[kLanes],
                                  double* const (&out)[kLanes], int count) {
  bool wanted[kLanes] = {};
  bool any = false;
  for (int l = 0; l < count; ++l) {
    const int pa = place(*places[l], a), pb = place(*places[l], b);
    wanted[l] = pa >= 0 && pb >= 0 && (turn == Turn::kAsIs) == (pa >= pb);
    any = any || wanted[l];
  }
  if (!any) return;
  const bool over = turn == Turn::kOver;
  for (int j = 0; j < kLeaf; ++j) {
    Lanes x[8];
#pragma GCC unroll 8
    for (int i = 0; i < kLeaf; ++i) {
      const int row = over ? j : i, col = over ? i : j;
      const bool above = a == b && row < col;
      x[i] =
          above ? half[kLeaf * b + row][kLeaf * a + col] : half[kLeaf * b + col][kLeaf * a + row];
    }
    transpose(x);
    for (int l = 0; l < count; ++l) {
      if (!wanted[l]) continue;
      const int pa = place(*places[l], a), pb = place(*places[l], b);
      const int slab = over ? pb : pa, tile = over ? pa : pb;  // in unknowns
      store(Slabs{out[l], 4}.tile(slab / kLeaf, tile / kLeaf) + std::ptrdiff_t{kLeaf} * j, x[l]);
    }
  }
}

WORDLINE_INLINE void spread_body(const LeafUpdate& update, bool symmetric, bool upper,
                                 const std::array<std::int32_t, 4>* const (&places)[kLanes],
                                 double* const (&out)[kLanes], int count) {
  const auto& same = upper ? update.up : update.low;
  const auto& other = upper || symmetric ? update.low : update.up;
  for (int b = 0; b < 4; ++b) {
    for (int a = b; a < 4; ++a) {
      spread_block(same, a, b, Turn::kAsIs, places, out, count);
      if (a > b) spread_block(other, a, b, Turn::kOver, places, out, count);
    }
  }
}

}  // namespace

WORDLINE_KERNEL(void, interleave,
                (const double* const (&from)[kLanes], const std::ptrdiff_t (&step)[kLanes],
                 LeafTable& to),
                (from, step, to))
WORDLINE_KERNEL(void, spread,
                (const LeafUpdate& update, bool symmetric, bool upper,
                 const std::array<std::int32_t, 4>* const (&places)[kLanes],
                 double* const (&out)[kLanes], int count),
                (update, symmetric, upper, places, out, count))

}  // namespace wordline
