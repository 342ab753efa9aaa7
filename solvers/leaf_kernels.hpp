// Elimination of the inner unknowns of leaves, eight leaves at once: each number is one of Lanes, a
// lane a leaf. Blocks of cells are joined from single ones to 8 x 8, all sizes known when compiled.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "wordline/base/instruction_sets.hpp"
#include "wordline/solvers/array_tree.hpp"

namespace wordline {

inline constexpr std::int32_t kLeafCells = kLeaf * kLeaf;
inline constexpr std::int32_t kLeafPorts = 4 * kLeaf;  // left, right, top, bottom
inline constexpr std::int32_t kLeafNodes = 2 * kLeaf * (kLeaf + 1);
// The factors of a group of leaves, in numbers (of Lanes each): one panel, or two.
inline constexpr std::int32_t kLeafFactor = 1632;

using LeafTable = Lanes[kLeafCells];

// One plane of the cells of a group; see LineStamp.
struct LeafLines {
  LeafTable left, right, across, tap;
};

struct LeafGroup {
  LeafTable row_row, row_col, col_row, col_col;
  LeafLines row, col;
  bool tapped;  // any tap is not 0
};

// The matrix between the ports of a block of cells: low[j][i] is entry (i, j), i >= j, and for
// non-symmetric ones up[j][i] is entry (j, i).
template <int kPorts, bool kSymmetric>
struct BlockMatrix {
  Lanes low[kPorts][kPorts];
};
template <int kPorts>
struct BlockMatrix<kPorts, false> : BlockMatrix<kPorts, true> {
  Lanes up[kPorts][kPorts];
};

// What a group leaves.
struct LeafUpdate : BlockMatrix<kLeafPorts, false> {
  Lanes scale[kLeafPorts];  // the diagonal before elimination
};

// False where a pivot vanished. `factor` has kLeafFactor * kLanes doubles, twice that if not
// symmetric.
bool eliminate_leaves(const LeafGroup& group, bool symmetric, double* factor, LeafUpdate& update);

// Solves with unknowns y (kLeafNodes Lanes, numbered as below) in place. Forward: ports start at 0
// and end with what they receive. Backward: ports are known. `lower` is the first panel, or for
// transposed systems the second; `upper` the other one.
void forward_leaves(const double* lower, double* y);
void backward_leaves(const double* upper, double* y);
// Forward for one leaf of a symmetric group, mostly zeros. Inner unknowns end as L^-1 y, with A =
// L L^T.
void forward_leaf(const double* lower, std::int32_t lane, double* y);

constexpr std::int32_t vertical_node(std::int32_t row, std::int32_t line) {
  return row * (kLeaf + 1) + line;
}
constexpr std::int32_t horizontal_node(std::int32_t line, std::int32_t col) {
  return kLeaf * (kLeaf + 1) + line * kLeaf + col;
}

// Eight leaves' tables of 8 x 8 cells into one: row r of leaf l starts at from[l] + r * step[l].
void interleave(const double* const (&from)[kLanes], const std::ptrdiff_t (&step)[kLanes],
                LeafTable& to);

// Spreads a group's update out to its leaves: out[l] are Slabs (front_kernels.hpp), the lower
// half of what the leaf leaves in the order of its places, or with `upper` the transposed upper
// half. Leaves l >= count are left out.
void spread(const LeafUpdate& update, bool symmetric, bool upper,
            const std::array<std::int32_t, 4>* const (&places)[kLanes],
            double* const (&out)[kLanes], int count);

// out[i][k] = in[k][i].
WORDLINE_INLINE void transpose(Lanes (&x)[8]) {
  Lanes y[8];
#pragma GCC unroll 4
  for (int k = 0; k < 8; k += 2) {
    y[k] = __builtin_shufflevector(x[k], x[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    y[k + 1] = __builtin_shufflevector(x[k], x[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    const int a = k / 2 * 4 + k % 2;
    x[a] = __builtin_shufflevector(y[a], y[a + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    x[a + 2] = __builtin_shufflevector(y[a], y[a + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma GCC unroll 4
  for (int k = 0; k < 4; ++k) {
    y[k] = __builtin_shufflevector(x[k], x[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    y[k + 4] = __builtin_shufflevector(x[k], x[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
#pragma GCC unroll 8
  for (int k = 0; k < 8; ++k) x[k] = y[k];
}

}  // namespace wordline
