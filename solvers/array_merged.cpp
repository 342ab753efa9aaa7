#include "wordline/solvers/array_merged.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/solvers/front_kernels.hpp"
#include "wordline/base/instruction_sets.hpp"

namespace wordline {

namespace {

// Row `first` of a ladder's inverse beyond its diagonal is the next row times `ratio`. Both halves
// of the Schur complement, row by row: upper[k] -= from_row other[k] t[k], lower[k] -= ...
WORDLINE_INLINE void subtract_row_body(double* t, double ratio, std::size_t first, std::size_t size,
                                       double kept, double other, const double* kept_all,
                                       const double* other_all, double* upper, double* lower) {
  for (std::size_t k = first + 1; k < size; ++k) t[k] *= ratio;
  for (std::size_t k = first; k < size; ++k) {
    upper[k] -= kept * other_all[k] * t[k];
  }
  if (lower == nullptr) return;
  for (std::size_t k = first; k < size; ++k) {
    lower[k] -= other * kept_all[k] * t[k];
  }
}
WORDLINE_KERNEL(void, subtract_row,
                (double* t, double ratio, std::size_t first, std::size_t size, double kept,
                 double other, const double* kept_all, const double* other_all, double* upper,
                 double* lower),
                (t, ratio, first, size, kept, other, kept_all, other_all, upper, lower))

bool held(const ArrayPlane& plane, std::size_t line) {
  return std::isinf(plane.first[line]) || std::isinf(plane.last[line]);
}

bool vanished(double pivot, double scale) {
  return !(std::abs(pivot) > kSmallestPivot * std::abs(scale));
}

}  // namespace

// One line on its way: couplings to the kept lines, and its inverse t. Entries beyond the diagonal
// follow from row to row: t(i, k) = ratio(i) t(i+1, k), i < k.
struct ArrayMerged::Ladder {
  explicit Ladder(std::size_t n) : kept(n), other(n), inverse(n), ratio(n), work(n) {}
  std::vector<double> kept, other, inverse, ratio, work;
};

bool ArrayMerged::factor(const ArrayMatrix& matrix) {
  matrix_ = matrix;
  kept_rows_ = matrix.row.merged();
  const auto rows = static_cast<std::size_t>(matrix.rows);
  const auto cols = static_cast<std::size_t>(matrix.cols);
  kept_ = kept_rows_ ? rows : cols;
  lines_ = kept_rows_ ? cols : rows;
  keep_ = kept_rows_ ? &matrix_.row : &matrix_.col;
  eliminate_ = kept_rows_ ? &matrix_.col : &matrix_.row;
  table_ = kept_rows_ ? Table{1, cols} : Table{cols, 1};
  kept_own_ = kept_rows_ ? matrix_.row_row : matrix_.col_col;
  kept_other_ = kept_rows_ ? matrix_.row_col : matrix_.col_row;
  own_ = kept_rows_ ? matrix_.col_col : matrix_.row_row;
  other_ = kept_rows_ ? matrix_.col_row : matrix_.row_col;
  set_diagonals();
  pivot_.assign(rows * cols, 1.0);
  share_.assign(rows * cols, 0.0);
  // Its upper half row by row, then the transposed lower half.
  std::vector<double> schur((matrix_.is_symmetric() ? 1 : 2) * kept_ * kept_);
  Ladder ladder(kept_);
  for (std::size_t line = 0; line < lines_; ++line) {
    if (!eliminate_line(line, ladder, schur)) return false;
  }
  return factor_dense(schur);
}

void ArrayMerged::set_diagonals() {
  diagonal_.assign(kept_, 0.0);
  for (std::size_t m = 0; m < kept_; ++m) {
    for (std::size_t line = 0; line < lines_; ++line) {
      diagonal_[m] += kept_own_[table_.at(line, m)];
    }
    diagonal_[m] = held(*keep_, m) ? 1 : diagonal_[m] + keep_->first[m] + keep_->last[m];
  }
}

bool ArrayMerged::eliminate_line(std::size_t line, Ladder& ladder, std::vector<double>& schur) {
  for (std::size_t m = 0; m < kept_; ++m) {
    const std::size_t cell = table_.at(line, m);
    const double coupled = held(*keep_, m) ? 0 : 1;
    ladder.kept[m] = coupled * kept_other_[cell];
    ladder.other[m] = coupled * other_[cell];
  }
  const bool ok = eliminate_->merged() ? invert_node(line, ladder) : invert_ladder(line, ladder);
  if (ok) subtract(ladder, schur);
  return ok;
}

// All cells of the line are one node.
bool ArrayMerged::invert_node(std::size_t line, Ladder& ladder) {
  double sum = eliminate_->first[line] + eliminate_->last[line];
  double scale = sum;
  for (std::size_t m = 0; m < kept_; ++m) {
    sum += own_[table_.at(line, m)];
    scale += std::abs(own_[table_.at(line, m)]);
  }
  const bool is_held = std::isinf(sum);
  if (!is_held && vanished(sum, scale)) return false;
  pivot_[table_.at(line, 0)] = is_held ? 1 : sum;
  std::fill(ladder.inverse.begin(), ladder.inverse.end(), is_held ? 0 : 1 / sum);
  std::fill(ladder.ratio.begin(), ladder.ratio.end(), 1.0);
  return true;
}

bool ArrayMerged::invert_ladder(std::size_t line, Ladder& ladder) {
  const std::size_t n = kept_;
  const double g = eliminate_->segment;
  const double first = eliminate_->first[line], last = eliminate_->last[line];
  std::vector<double>& diagonal = ladder.work;
  for (std::size_t m = 0; m < n; ++m) {
    diagonal[m] = own_[table_.at(line, m)] + (m > 0 ? g : 0) + (m + 1 < n ? g : 0) +
                  (m == 0 ? first : 0) + (m + 1 == n ? last : 0);
  }
  const auto held_at = [&](std::size_t m) { return std::isinf(diagonal[m]); };
  const auto segment_after = [&](std::size_t m) {
    return m + 1 < n && !held_at(m) && !held_at(m + 1) ? g : 0;
  };
  for (std::size_t m = 0; m < n; ++m) {
    const std::size_t cell = table_.at(line, m);
    double pivot = held_at(m) ? 1 : diagonal[m];
    if (m > 0) pivot -= segment_after(m - 1) * share_[table_.at(line, m - 1)];
    if (vanished(pivot, held_at(m) ? 1 : diagonal[m])) return false;
    pivot_[cell] = pivot;
    share_[cell] = segment_after(m) / pivot;
    ladder.ratio[m] = share_[cell];
  }
  // The inverse's diagonal is 1 / (pivot - what the nodes behind carry), from the other end.
  double behind = 0;
  for (std::size_t m = n; m-- > 0;) {
    const double pivot = pivot_[table_.at(line, m)] - behind;
    const double scale = held_at(m) ? 1 : diagonal[m];
    if (vanished(pivot, scale)) return false;
    ladder.inverse[m] = held_at(m) ? 0 : 1 / pivot;
    const double before = m > 0 ? segment_after(m - 1) : 0;
    behind = before * before / (scale - behind);
  }
  return true;
}

void ArrayMerged::subtract(const Ladder& ladder, std::vector<double>& schur) const {
  const std::size_t n = kept_;
  std::vector<double> t(n);
  for (std::size_t m = n; m-- > 0;) {
    t[m] = ladder.inverse[m];
    double* upper = &schur[m * n];
    double* lower = matrix_.is_symmetric() ? nullptr : &schur[(n + m) * n];
    subtract_row(t.data(), ladder.ratio[m], m, n, ladder.kept[m], ladder.other[m],
                 ladder.kept.data(), ladder.other.data(), upper, lower);
  }
}

bool ArrayMerged::factor_dense(const std::vector<double>& schur) {
  const std::size_t n = kept_;
  double* a = dense_.reset(static_cast<std::int32_t>(n));
  const std::size_t lower = matrix_.is_symmetric() ? 0 : n;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = i; k < n; ++k) {
      const double diagonal = i == k ? diagonal_[i] : 0;
      a[k * n + i] = diagonal + schur[i * n + k];
      a[i * n + k] = diagonal + schur[(lower + i) * n + k];
    }
  }
  return dense_.factor(matrix_.is_symmetric(), diagonal_.data());
}

// In place: what the line's own equations say with the kept lines at 0 V.
void ArrayMerged::solve_line(std::size_t line, std::span<double> x) const {
  const std::size_t n = eliminate_->merged() ? 1 : kept_;
  for (std::size_t m = 1; m < n; ++m) {
    const std::size_t before = table_.at(line, m - 1);
    x[table_.at(line, m)] += share_[before] * x[before];
  }
  for (std::size_t m = n; m-- > 0;) {
    const std::size_t cell = table_.at(line, m);
    x[cell] /= pivot_[cell];
    if (m + 1 < n) x[cell] += share_[cell] * x[table_.at(line, m + 1)];
  }
}

void ArrayMerged::solve(std::span<double> f_row, std::span<double> f_col, bool transposed) const {
  const std::span<double> f_kept = kept_rows_ ? f_row : f_col;
  const std::span<double> f = kept_rows_ ? f_col : f_row;
  const std::span<const double> to_kept = transposed ? other_ : kept_other_;
  const std::span<const double> to_line = transposed ? kept_other_ : other_;
  const bool node = eliminate_->merged();
  std::vector<double> right(kept_, 0.0);
  for (std::size_t line = 0; line < lines_; ++line) {
    const std::size_t first = table_.at(line, 0), last = table_.at(line, kept_ - 1);
    if (node) {
      for (std::size_t m = 1; m < kept_; ++m) f[first] += f[table_.at(line, m)];
    }
    const bool held_first = std::isinf(eliminate_->first[line]);
    const bool held_last = std::isinf(eliminate_->last[line]);
    if (held_first || (node && held_last)) f[first] = 0;
    if (held_last && !node) f[last] = 0;
    solve_line(line, f);
    for (std::size_t m = 0; m < kept_; ++m) {
      const std::size_t cell = table_.at(line, m);
      right[m] += f_kept[cell] + to_kept[cell] * f[node ? first : cell];
    }
  }
  for (std::size_t m = 0; m < kept_; ++m) {
    if (held(*keep_, m)) right[m] = 0;
  }
  dense_.solve(right.data(), 1, transposed);
  for (std::size_t line = 0; line < lines_; ++line) {
    for (std::size_t m = 0; m < kept_; ++m) f_kept[table_.at(line, m)] = right[m];
  }
  add_carried(to_line, right, f);
}

// What the kept lines' solution adds to that of the others.
void ArrayMerged::add_carried(std::span<const double> to_line, const std::vector<double>& kept,
                              std::span<double> x) const {
  const bool node = eliminate_->merged();
  std::vector<double> carried(matrix_.cells(), 0.0);
  for (std::size_t line = 0; line < lines_; ++line) {
    const bool held_first = std::isinf(eliminate_->first[line]);
    const bool held_last = std::isinf(eliminate_->last[line]);
    const std::size_t first = table_.at(line, 0), last = table_.at(line, kept_ - 1);
    for (std::size_t m = 0; m < kept_; ++m) {
      const std::size_t cell = table_.at(line, m);
      carried[node ? first : cell] += to_line[cell] * kept[m];
    }
    if (held_first || (node && held_last)) carried[first] = 0;
    if (held_last && !node) carried[last] = 0;
    solve_line(line, carried);
    for (std::size_t m = 0; m < kept_; ++m) {
      const std::size_t cell = table_.at(line, m);
      if (node) {
        if (m > 0) x[cell] = x[first] + carried[first];
      } else {
        x[cell] += carried[cell];
      }
    }
    if (node) x[first] += carried[first];
  }
}

}  // namespace wordline
