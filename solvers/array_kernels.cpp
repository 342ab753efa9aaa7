#include "wordline/solvers/array_kernels.hpp"

#include "wordline/base/instruction_sets.hpp"

namespace wordline {

namespace {

constexpr std::ptrdiff_t kBlock = 8;  // rows of a block, and columns of a lane

WORDLINE_INLINE Lanes fill(double value) { return Lanes{} + value; }

WORDLINE_INLINE double sum(const Lanes& v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

WORDLINE_INLINE double smallest(const Lanes& v) {
  double low = v[0];
  for (int k = 1; k < kLanes; ++k) low = v[k] < low ? v[k] : low;
  return low;
}

// Eight rows of eight become columns. Only AVX-512 has these shuffles; elsewhere the way leads
// through memory.
template <InstructionSet kSet>
WORDLINE_INLINE void transpose(Lanes* r) {
  if constexpr (kSet == InstructionSet::kAvx512) {
    Lanes t[kBlock];
    Lanes u[kBlock];
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; k += 2) {
      t[k] = __builtin_shufflevector(r[k], r[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
      t[k + 1] = __builtin_shufflevector(r[k], r[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) {
      const int a = k / 4 * 4 + k % 2;
      u[k] = k % 4 < 2 ? __builtin_shufflevector(t[a], t[a + 2], 0, 1, 8, 9, 4, 5, 12, 13)
                       : __builtin_shufflevector(t[a], t[a + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) {
      const int a = k % 4;
      r[k] = k < 4 ? __builtin_shufflevector(u[a], u[a + 4], 0, 1, 2, 3, 8, 9, 10, 11)
                   : __builtin_shufflevector(u[a], u[a + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
  } else {
    double rows[kBlock * kBlock];
    double columns[kBlock * kBlock];
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) store(rows + k * kBlock, r[k]);
    for (int k = 0; k < kBlock; ++k) {
      for (int l = 0; l < kBlock; ++l) columns[k * kBlock + l] = rows[l * kBlock + k];
    }
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) r[k] = load(columns + k * kBlock);
  }
}

// The forward sweep over eight cells whose right-hand sides stand in `f`, a row each.
template <InstructionSet kSet>
WORDLINE_INLINE void sweep_forward(const RowLines& lines, std::int32_t j, Lanes* f, Lanes& y) {
  transpose<kSet>(f);
#pragma GCC unroll 8
  for (int k = 0; k < kBlock; ++k) {
    const Lanes c = load(lines.c + (j + k) * kBlock);
    y = c * f[k] + c * y;
    store(lines.scratch + (j + k) * kBlock, y);
  }
}

// The backward sweep over eight cells; leaves the solution in `x`, a row each.
template <InstructionSet kSet>
WORDLINE_INLINE void sweep_back(const RowLines& lines, std::int32_t j, Lanes* x, Lanes& last) {
#pragma GCC unroll 8
  for (int k = kBlock - 1; k >= 0; --k) {
    last = load(lines.scratch + (j + k) * kBlock) + load(lines.c + (j + k) * kBlock) * last;
    x[k] = last;
  }
  transpose<kSet>(x);
}

template <InstructionSet kSet>
WORDLINE_INLINE void sweep_product_forward(const RowLines& lines, const ReducedProduct& a) {
  const Lanes beta = fill(a.beta);
  Lanes y = {};
  for (std::int32_t j = 0; j < lines.cells; j += kBlock) {
    Lanes f[kBlock];
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) {
      const std::int64_t at = k * lines.stride + j;
      Lanes d;
      if (a.before != nullptr) {
        d = load(a.z + at) + beta * load(a.before + at);
        store(a.d + at, d);
      } else {
        d = load(a.d + at);
      }
      f[k] = d * load(a.p + at);
    }
    sweep_forward<kSet>(lines, j, f, y);
  }
}

// A row beside the block, whose d may not be formed yet.
WORDLINE_INLINE Lanes neighbour(const ReducedProduct& a, std::int64_t at) {
  if (a.before == nullptr) return load(a.d + at);
  return load(a.z + at) + a.beta * load(a.before + at);
}

template <InstructionSet kSet>
WORDLINE_INLINE double reduced_product_body(const RowLines& lines, const ReducedProduct& a) {
  sweep_product_forward<kSet>(lines, a);
  const Lanes coupling = fill(a.coupling);
  Lanes last = {};
  Lanes dot = {};
  for (std::int32_t j = lines.cells - kBlock; j >= 0; j -= kBlock) {
    Lanes t[kBlock];
    sweep_back<kSet>(lines, j, t, last);
    Lanes above = a.has_above ? neighbour(a, j - lines.stride) : Lanes{};
    Lanes here = load(a.d + j);
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) {
      const std::int64_t at = k * lines.stride + j;
      Lanes below = {};
      if (k < kBlock - 1) {
        below = load(a.d + at + lines.stride);
      } else if (a.has_below) {
        below = neighbour(a, at + lines.stride);
      }
      const Lanes q =
          load(a.diagonal + at) * here - coupling * load(a.q_weight + at) * t[k] - (above + below);
      store(a.q + at, q);
      dot += load(a.with + at) * q;
      above = here;
      here = below;
    }
  }
  return sum(dot);
}

template <InstructionSet kSet>
WORDLINE_INLINE void solve_rows_body(const RowLines& lines, const RowRightHandSide& rhs,
                                     double* x) {
  Lanes y = {};
  for (std::int32_t j = 0; j < lines.cells; j += kBlock) {
    Lanes f[kBlock];
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) {
      const std::int64_t at = k * lines.stride + j;
      f[k] = rhs.scale * load(rhs.f + at);
      if (rhs.weight != nullptr) f[k] += load(rhs.weight + at) * load(rhs.v + at);
    }
    sweep_forward<kSet>(lines, j, f, y);
  }
  Lanes last = {};
  for (std::int32_t j = lines.cells - kBlock; j >= 0; j -= kBlock) {
    Lanes t[kBlock];
    sweep_back<kSet>(lines, j, t, last);
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) store(x + k * lines.stride + j, t[k]);
  }
}

// c = 1 / (d - before), where an infinite d gives 0, and so does padding.
WORDLINE_INLINE Lanes next_factor(const Lanes& d, const Lanes& before, Lanes& low) {
  const Lanes pivot = d - before;
  const Lanes fraction = pivot / d;  // NaN where d is infinite: held, and no pivot
  low = fraction < low ? fraction : low;
  return 1.0 / pivot;
}

template <InstructionSet kSet>
WORDLINE_INLINE double factor_rows_body(std::int32_t cells, std::int64_t stride,
                                        const double* diagonal, double* c) {
  Lanes before = {};
  Lanes low = fill(1);
  for (std::int32_t j = 0; j < cells; j += kBlock) {
    Lanes d[kBlock];
#pragma GCC unroll 8
    for (int k = 0; k < kBlock; ++k) d[k] = load(diagonal + k * stride + j);
    transpose<kSet>(d);
    for (int k = 0; k < kBlock; ++k) {
      before = next_factor(d[k], before, low);
      store(c + (j + k) * kBlock, before);
    }
  }
  return smallest(low);
}

template <int kLaneCount>
WORDLINE_INLINE Dots update_columns_of(const Strip& s, const ColumnUpdate& u) {
  const Lanes alpha = fill(u.alpha);
  Lanes y[kLaneCount] = {};
  Lanes rr = {};
  for (std::int32_t i = 0; i < s.rows; ++i) {
#pragma GCC unroll 8
    for (int k = 0; k < kLaneCount; ++k) {
      const std::int64_t at = i * s.stride + k * kBlock;
      const Lanes c = load(s.c + at);
      Lanes r = load(u.r + at);
      if (u.q != nullptr) {
        store(u.x + at, load(u.x + at) + alpha * load(u.d + at));
        r -= alpha * load(u.q + at);
        store(u.r + at, r);
      }
      rr += r * r;
      y[k] = c * r + c * y[k];
      store(u.z + at, y[k]);
    }
  }
  for (auto& last : y) last = Lanes{};
  Lanes rz = {};
  for (std::int32_t i = s.rows - 1; i >= 0; --i) {
#pragma GCC unroll 8
    for (int k = 0; k < kLaneCount; ++k) {
      const std::int64_t at = i * s.stride + k * kBlock;
      y[k] = load(u.z + at) + load(s.c + at) * y[k];
      store(u.z + at, y[k]);
      rz += load(u.r + at) * y[k];
    }
  }
  return {sum(rr), sum(rz)};
}

WORDLINE_INLINE Dots update_columns_body(const Strip& s, const ColumnUpdate& u) {
  if (s.lanes == kBlock) return update_columns_of<kBlock>(s, u);
  Dots sums;
  for (std::int32_t k = 0; k < s.lanes; ++k) {
    const std::int64_t at = k * kBlock;
    const Strip lane = {s.rows, 1, s.stride, s.c + at};
    const bool moves = u.q != nullptr;
    const Dots part =
        update_columns_of<1>(lane, {u.alpha, moves ? u.x + at : nullptr, moves ? u.d + at : nullptr,
                                    u.r + at, moves ? u.q + at : nullptr, u.z + at});
    sums += part;
  }
  return sums;
}

WORDLINE_INLINE double factor_columns_body(std::int32_t rows, std::int32_t lanes,
                                           std::int64_t stride, const double* diagonal, double* c) {
  Lanes low = fill(1);
  for (std::int32_t k = 0; k < lanes; ++k) {
    Lanes before = {};
    for (std::int32_t i = 0; i < rows; ++i) {
      const std::int64_t at = i * stride + k * kBlock;
      before = next_factor(load(diagonal + at), before, low);
      store(c + at, before);
    }
  }
  return smallest(low);
}

// The current that leaves along a line through cell k, whose neighbours stand `step` apart.
WORDLINE_INLINE double along(const double* x, std::int64_t k, std::int64_t step, bool before,
                             bool after) {
  return (before ? x[k] - x[k - step] : 0.0) + (after ? x[k] - x[k + step] : 0.0);
}

template <bool kGivenCurrents, bool kParallel>
WORDLINE_INLINE void residual_cell(const ResidualRow& a, std::int32_t j, bool left, bool right,
                                   bool above, bool below) {
  const double row_line = a.row_segment * (kParallel ? along(a.x_row, j, a.cols, above, below)
                                                     : along(a.x_row, j, 1, left, right));
  const double col_line = a.col_segment * along(a.x_col, j, a.cols, above, below);
  const double row_cell =
      kGivenCurrents ? a.i_row[j] : a.row_row[j] * a.x_row[j] - a.row_col[j] * a.x_col[j];
  const double col_cell =
      kGivenCurrents ? a.i_col[j] : a.col_col[j] * a.x_col[j] - a.col_row[j] * a.x_row[j];
  a.r_row[j] = a.f_row[j] - row_cell - row_line;
  a.r_col[j] = a.f_col[j] - col_cell - col_line;
}

template <bool kGivenCurrents, bool kParallel = false>
WORDLINE_INLINE void residual_row_of(const ResidualRow& a, bool above, bool below) {
  const std::int32_t last = a.cols - 1;
  residual_cell<kGivenCurrents, kParallel>(a, 0, false, last > 0, above, below);
#pragma GCC ivdep
  for (std::int32_t j = 1; j < last; ++j) {
    residual_cell<kGivenCurrents, kParallel>(a, j, true, true, above, below);
  }
  if (last > 0) residual_cell<kGivenCurrents, kParallel>(a, last, true, false, above, below);
}

WORDLINE_INLINE void residual_row_body(const ResidualRow& row) {
  const ResidualRow a = row;  // whose pointers no store can change
  if (a.parallel && a.i_row == nullptr) {
    return residual_row_of<false, true>(a, a.has_above, a.has_below);
  }
  if (a.parallel) return residual_row_of<true, true>(a, a.has_above, a.has_below);
  if (a.i_row != nullptr) return residual_row_of<true>(a, a.has_above, a.has_below);
  if (a.has_above && a.has_below) return residual_row_of<false>(a, true, true);
  residual_row_of<false>(a, a.has_above, a.has_below);
}

WORDLINE_INLINE void reduce_right_hand_side_body(std::int32_t n, double scale, const double* f,
                                                 const double* weight, const double* t, double* r) {
  for (std::int32_t k = 0; k < n; ++k) r[k] = scale * (f[k] + weight[k] * t[k]);
}

WORDLINE_INLINE void interpolate_body(std::int32_t n, double a, const double* x, double b,
                                      const double* y, double* z) {
  for (std::int32_t k = 0; k < n; ++k) z[k] += a * x[k] + b * y[k];
}

WORDLINE_INLINE void add_product_body(std::int32_t n, double a, const double* x, const double* y,
                                      double* z) {
  for (std::int32_t k = 0; k < n; ++k) z[k] += a * x[k] * y[k];
}

WORDLINE_INLINE double dot_body(std::int64_t n, const double* a, const double* b) {
  constexpr std::int64_t kStep = 2 * std::int64_t{kLanes};
  Lanes total[2] = {};
  std::int64_t k = 0;
  for (; k + kStep <= n; k += kStep) {
    total[0] += load(a + k) * load(b + k);
    total[1] += load(a + k + kLanes) * load(b + k + kLanes);
  }
  double rest = 0;
  for (; k < n; ++k) rest += a[k] * b[k];
  return sum(total[0] + total[1]) + rest;
}

WORDLINE_INLINE Dots both_dots_body(std::int64_t n, const double* a, const double* b) {
  Lanes ab = {};
  Lanes aa = {};
  for (std::int64_t k = 0; k < n; k += kLanes) {
    const Lanes here = load(a + k);
    ab += here * load(b + k);
    aa += here * here;
  }
  return {sum(aa), sum(ab)};
}

WORDLINE_INLINE double subtract_body(std::int64_t n, double a, const double* v, double* r) {
  Lanes rr = {};
  for (std::int64_t k = 0; k < n; k += kLanes) {
    const Lanes here = load(r + k) - a * load(v + k);
    store(r + k, here);
    rr += here * here;
  }
  return sum(rr);
}

WORDLINE_INLINE Dots stabilised_step_body(std::int64_t n, const StabilisedStep& s) {
  Lanes rs = {};
  Lanes rr = {};
  for (std::int64_t k = 0; k < n; k += kLanes) {
    store(s.x + k, load(s.x + k) + (s.a * load(s.d + k) + s.b * load(s.z + k)));
    const Lanes r = load(s.r + k) - s.b * load(s.q + k);
    store(s.r + k, r);
    rs += r * load(s.shadow + k);
    rr += r * r;
  }
  return {sum(rr), sum(rs)};
}

WORDLINE_INLINE void next_direction_body(std::int64_t n, double a, double b, const double* r,
                                         const double* before, const double* v, double* p) {
  for (std::int64_t k = 0; k < n; ++k) p[k] = r[k] + a * (before[k] - b * v[k]);
}

WORDLINE_INLINE void affine_body(std::int32_t n, double a, double b, const double* x, double* y) {
  for (std::int32_t k = 0; k < n; ++k) y[k] = a + b * x[k];
}

WORDLINE_INLINE void add_body(std::int64_t n, const double* a, const double* b, double* y) {
  for (std::int64_t k = 0; k < n; ++k) y[k] = a[k] + b[k];
}

WORDLINE_INLINE void combine_body(std::int64_t n, double a, const double* x, double b, double* y) {
  for (std::int64_t k = 0; k < n; ++k) y[k] = a * x[k] + b * y[k];
}

}  // namespace

WORDLINE_KERNEL_BY_SET(double, reduced_product,
                       (const RowLines& lines, const ReducedProduct& product), (lines, product))
WORDLINE_KERNEL_BY_SET(void, solve_rows,
                       (const RowLines& lines, const RowRightHandSide& f, double* x), (lines, f, x))
WORDLINE_KERNEL_BY_SET(double, factor_rows,
                       (std::int32_t cells, std::int64_t stride, const double* diagonal, double* c),
                       (cells, stride, diagonal, c))
WORDLINE_KERNEL(Dots, update_columns, (const Strip& strip, const ColumnUpdate& update),
                (strip, update))
WORDLINE_KERNEL(double, factor_columns,
                (std::int32_t rows, std::int32_t lanes, std::int64_t stride, const double* diagonal,
                 double* c),
                (rows, lanes, stride, diagonal, c))
WORDLINE_KERNEL(void, residual_row, (const ResidualRow& row), (row))
WORDLINE_KERNEL(void, reduce_right_hand_side,
                (std::int32_t n, double scale, const double* f, const double* weight,
                 const double* t, double* r),
                (n, scale, f, weight, t, r))
WORDLINE_KERNEL(void, interpolate,
                (std::int32_t n, double a, const double* x, double b, const double* y, double* z),
                (n, a, x, b, y, z))
WORDLINE_KERNEL(void, add_product,
                (std::int32_t n, double a, const double* x, const double* y, double* z),
                (n, a, x, y, z))
WORDLINE_KERNEL(double, dot, (std::int64_t n, const double* a, const double* b), (n, a, b))
WORDLINE_KERNEL(Dots, both_dots, (std::int64_t n, const double* a, const double* b), (n, a, b))
WORDLINE_KERNEL(double, subtract, (std::int64_t n, double a, const double* v, double* r),
                (n, a, v, r))
WORDLINE_KERNEL(Dots, stabilised_step, (std::int64_t n, const StabilisedStep& step), (n, step))
WORDLINE_KERNEL(void, next_direction,
                (std::int64_t n, double a, double b, const double* r, const double* before,
                 const double* v, double* p),
                (n, a, b, r, before, v, p))
WORDLINE_KERNEL(void, affine, (std::int32_t n, double a, double b, const double* x, double* y),
                (n, a, b, x, y))
WORDLINE_KERNEL(void, add, (std::int64_t n, const double* a, const double* b, double* y),
                (n, a, b, y))
WORDLINE_KERNEL(void, combine, (std::int64_t n, double a, const double* x, double b, double* y),
                (n, a, x, b, y))

}  // namespace wordline
