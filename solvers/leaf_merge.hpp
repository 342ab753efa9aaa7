// Joining two blocks of cells of a leaf, for leaf_kernels.cpp alone. The ports of a block of P x Q
// cells are numbered left (P), right (P), top (Q), bottom (Q), each from the lower index on.
#pragma once

#include <algorithm>
#include <array>

#include "wordline/solvers/front_kernels.hpp"
#include "wordline/solvers/leaf_kernels.hpp"

namespace wordline {

template <int P, int Q>
inline constexpr int kPortsOf = 2 * (P + Q);

// Consecutive ports of the joined block which are consecutive ports of one of the two.
struct PortRun {
  int child, begin, source, size;
};

// Two blocks of P x Q, side by side or one on the other.
template <int P, int Q, bool kStacked>
struct Join {
  static constexpr int kRows = kStacked ? 2 * P : P;
  static constexpr int kCols = kStacked ? Q : 2 * Q;
  static constexpr int kSeparator = kStacked ? kCols : kRows;
  static constexpr int kPorts = kPortsOf<kRows, kCols>;
  static constexpr int kChildPorts = kPortsOf<P, Q>;
  static constexpr int kSize = kSeparator + kPorts;
  static constexpr int kShortestRun = std::min(P, Q);
  // Where the separator's ports start in the two.
  static constexpr std::array<int, 2> kInner =
      kStacked ? std::array<int, 2>{2 * P + Q, 2 * P} : std::array<int, 2>{P, 0};
  static constexpr std::array<PortRun, 6> kRuns =
      kStacked ? std::array<PortRun, 6>{PortRun{0, 0, 0, P},  {1, P, 0, P},
                                        {0, 2 * P, P, P},     {1, 3 * P, P, P},
                                        {0, 4 * P, 2 * P, Q}, {1, 4 * P + Q, 2 * P + Q, Q}}
               : std::array<PortRun, 6>{PortRun{0, 0, 0, P},
                                        {1, P, P, P},
                                        {0, 2 * P, 2 * P, Q},
                                        {1, 2 * P + Q, 2 * P, Q},
                                        {0, 2 * P + 2 * Q, 2 * P + Q, Q},
                                        {1, 2 * P + 3 * Q, 2 * P + Q, Q}};
};

// a[k][i]: column k of a panel, whose rows are the separator's unknowns and the ports.
template <class J>
using Panel = Lanes[J::kSeparator][J::kSize];

// The separator's columns of the sum of two blocks. `same` holds entries with row >= column,
// `other` those of the other half, transposed.
template <class J>
WORDLINE_INLINE void gather_panel(const Lanes (&same0)[J::kChildPorts][J::kChildPorts],
                                  const Lanes (&other0)[J::kChildPorts][J::kChildPorts],
                                  const Lanes (&same1)[J::kChildPorts][J::kChildPorts],
                                  const Lanes (&other1)[J::kChildPorts][J::kChildPorts],
                                  Panel<J>& panel) {
  constexpr int kS = J::kSeparator, kFirst = J::kInner[0], kSecond = J::kInner[1];
  for (int k = 0; k < kS; ++k) {
    for (int i = k; i < kS; ++i) {
      panel[k][i] = same0[kFirst + k][kFirst + i] + same1[kSecond + k][kSecond + i];
    }
#pragma GCC unroll 1
    for (const PortRun& run : J::kRuns) {
      const auto& same = run.child == 0 ? same0 : same1;
      const auto& other = run.child == 0 ? other0 : other1;
      const int col = J::kInner[run.child == 0 ? 0 : 1] + k;
      Lanes* to = panel[k] + kS + run.begin;
      if (run.source > J::kInner[run.child == 0 ? 0 : 1]) {
        for (int i = 0; i < run.size; ++i) to[i] = same[col][run.source + i];
      } else {
        for (int i = 0; i < run.size; ++i) to[i] = other[run.source + i][col];
      }
    }
  }
}

WORDLINE_INLINE Lanes magnitude(const Lanes& x) { return x < 0 ? -x : x; }

using Mask = decltype(Lanes{} < Lanes{});

// Factors a panel L D U: `raw` becomes the columns before division, `unit` (in the factors) those
// after it, with the reciprocal pivots on the diagonal.
template <class J>
WORDLINE_INLINE void eliminate_symmetric(Panel<J>& raw, Panel<J>& unit, const Lanes* scale,
                                         std::ptrdiff_t scale_step, Mask& good) {
  for (int k = 0; k < J::kSeparator; ++k) {
    good &= raw[k][k] > kSmallestPivot * scale[k * scale_step];
    const Lanes reciprocal = 1.0 / raw[k][k];
    unit[k][k] = reciprocal;
    for (int i = k + 1; i < J::kSize; ++i) unit[k][i] = raw[k][i] * reciprocal;
    for (int j = k + 1; j < J::kSeparator; ++j) {
      const Lanes factor = raw[k][j];
      for (int i = j; i < J::kSize; ++i) raw[j][i] -= unit[k][i] * factor;
    }
  }
}

template <class J>
WORDLINE_INLINE void eliminate_general(Panel<J>& below, Panel<J>& right, Panel<J>& unit_below,
                                       Panel<J>& unit_right, const Lanes* scale,
                                       std::ptrdiff_t scale_step, Mask& good) {
  for (int k = 0; k < J::kSeparator; ++k) {
    good &= magnitude(below[k][k]) > kSmallestPivot * scale[k * scale_step];
    const Lanes reciprocal = 1.0 / below[k][k];
    unit_below[k][k] = reciprocal;
    unit_right[k][k] = reciprocal;
    for (int i = k + 1; i < J::kSize; ++i) {
      unit_below[k][i] = below[k][i] * reciprocal;
      unit_right[k][i] = right[k][i] * reciprocal;
    }
    for (int j = k + 1; j < J::kSeparator; ++j) {
      const Lanes from_right = right[k][j], from_below = below[k][j];
      for (int i = j; i < J::kSize; ++i) {
        below[j][i] -= unit_below[k][i] * from_right;
        right[j][i] -= unit_right[k][i] * from_below;
      }
    }
  }
}

// kColumns columns of one pair of runs: out = init - unit raw^T.
template <class J, int kColumns>
WORDLINE_INLINE void update_columns(const Panel<J>& unit, const Panel<J>& raw, int row, int col,
                                    int begin, int end, const Lanes* init,
                                    Lanes (&out)[J::kPorts][J::kPorts]) {
  constexpr int kS = J::kSeparator;
  Lanes factor[kColumns][kS];
#pragma GCC unroll 2
  for (int c = 0; c < kColumns; ++c) {
#pragma GCC unroll 8
    for (int k = 0; k < kS; ++k) factor[c][k] = raw[k][kS + col + c];
  }
  for (int i = begin; i < end; ++i) {
    Lanes sum[kColumns];
#pragma GCC unroll 2
    for (int c = 0; c < kColumns; ++c) {
      sum[c] = init != nullptr ? init[c * J::kChildPorts + i] : Lanes{};
    }
#pragma GCC unroll 8
    for (int k = 0; k < kS; ++k) {
      const Lanes u = unit[k][kS + row + i];
#pragma GCC unroll 2
      for (int c = 0; c < kColumns; ++c) sum[c] -= u * factor[c][k];
    }
#pragma GCC unroll 2
    for (int c = 0; c < kColumns; ++c) out[col + c][row + i] = sum[c];
  }
}

// One half of the joined block's matrix: what the two had, less what the separator carries.
template <class J>
WORDLINE_INLINE void update_ports(const Panel<J>& unit, const Panel<J>& raw,
                                  const Lanes (&half0)[J::kChildPorts][J::kChildPorts],
                                  const Lanes (&half1)[J::kChildPorts][J::kChildPorts],
                                  Lanes (&out)[J::kPorts][J::kPorts]) {
  // Unrolled, the pairs would make more code than the cache for instructions holds.
#pragma GCC unroll 1
  for (int b = 0; b < 6; ++b) {
    const PortRun col = J::kRuns[static_cast<std::size_t>(b)];
    const auto& half = col.child == 0 ? half0 : half1;
#pragma GCC unroll 1
    for (int a = b; a < 6; ++a) {
      const PortRun row = J::kRuns[static_cast<std::size_t>(a)];
      const bool inner = row.child == col.child;
      constexpr int kColumns = J::kShortestRun > 1 ? 2 : 1;
      for (int j = 0; j < col.size; j += kColumns) {
        const Lanes* init = inner ? half[col.source + j] + row.source : nullptr;
        int begin = 0;
        if (a == b) {
          // On the diagonal columns start one after the other.
          for (begin = j; begin < j + kColumns - 1; ++begin) {
            update_columns<J, 1>(unit, raw, row.begin, col.begin + begin, begin, j + kColumns - 1,
                                 init + (begin - j) * J::kChildPorts, out);
          }
        }
        update_columns<J, kColumns>(unit, raw, row.begin, col.begin + j, begin, row.size, init,
                                    out);
      }
    }
  }
}

// Joins blocks x and y; `scale` are the separator's. Moves `factor` behind what it writes.
template <int P, int Q, bool kStacked, bool kSymmetric>
WORDLINE_INLINE void join(const BlockMatrix<kPortsOf<P, Q>, kSymmetric>& x,
                          const BlockMatrix<kPortsOf<P, Q>, kSymmetric>& y,
                          BlockMatrix<Join<P, Q, kStacked>::kPorts, kSymmetric>& out,
                          Lanes*& factor, const Lanes* scale, std::ptrdiff_t scale_step,
                          Mask& good) {
  using J = Join<P, Q, kStacked>;
  auto& unit = *reinterpret_cast<Panel<J>*>(factor);
  Panel<J> raw;
  if constexpr (kSymmetric) {
    gather_panel<J>(x.low, x.low, y.low, y.low, raw);
    eliminate_symmetric<J>(raw, unit, scale, scale_step, good);
    update_ports<J>(unit, raw, x.low, y.low, out.low);
  } else {
    auto& unit_right = *reinterpret_cast<Panel<J>*>(factor + kLeafFactor);
    Panel<J> right;
    gather_panel<J>(x.low, x.up, y.low, y.up, raw);
    gather_panel<J>(x.up, x.low, y.up, y.low, right);
    eliminate_general<J>(raw, right, unit, unit_right, scale, scale_step, good);
    update_ports<J>(unit, right, x.low, y.low, out.low);
    update_ports<J>(unit_right, raw, x.up, y.up, out.up);
  }
  factor += J::kSeparator * J::kSize;
}

}  // namespace wordline
