// The sums of a SparsePlan, and what is done with vectors between them. Vectors of several members
// (right-hand sides) have these side by side: row r of member b at r * members + b.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "wordline/cuda/sparse_plan.hpp"

namespace wordline::gpu {

struct FactorView {
  std::int32_t size;
  const std::int32_t *lower_start, *upper_start, *index;
  double* factors;
  double* per_pivot;  // 1 / d
};

// A task of ByLevels: the entries of W, U and F.
struct Eliminate {
  using Sum = double;
  FactorView f;
  const FactorEntry* entries;
  const double* values;  // of the matrix

  // Over the shorter of the row of W and the column of U; what the other has not is no term.
  WORDLINE_HD double share(std::int32_t item, std::int32_t rank, std::int32_t team,
                           std::int32_t /*member*/) const {
    const FactorEntry e = entries[item];
    if (e.row < 0) return 0;
    const std::int32_t last = e.row < e.column ? e.row : e.column;
    Range some{f.lower_start[e.row], f.lower_start[e.row + 1]};
    Range others{f.upper_start[e.column], f.upper_start[e.column + 1] - 1};
    const bool by_row = some.size() <= others.size();
    if (!by_row) some.swap(others);
    double sum = 0;
    for (std::int32_t here = some.begin + rank; here < some.end; here += team) {
      const std::int32_t k = f.index[here];
      if (k >= last) break;
      others.begin = find(others, k, team);
      if (others.begin == others.end) break;
      if (f.index[others.begin] != k) continue;
      const double w = f.factors[by_row ? here : others.begin];
      sum += w * f.per_pivot[k] * f.factors[by_row ? others.begin : here];
    }
    return sum;
  }

  WORDLINE_HD void finish(std::int32_t item, std::int32_t /*member*/, double sum) const {
    const FactorEntry e = entries[item];
    const double value = (e.source < 0 ? 0.0 : values[e.source]) - sum;
    f.factors[e.at] = value;
    if (e.row >= 0 && e.row == e.column) f.per_pivot[e.row] = 1 / value;
  }

 private:
  struct Range {
    std::int32_t begin, end;
    WORDLINE_HD std::int32_t size() const { return end - begin; }
    WORDLINE_HD void swap(Range& other) {
      const Range kept = other;
      other = *this;
      *this = kept;
    }
  };
  // The first entry of a range that is not before k, which is likely to be about `step` away.
  WORDLINE_HD std::int32_t find(Range in, std::int32_t k, std::int32_t step) const {
    std::int32_t far = in.begin;
    while (far < in.end && f.index[far] < k) {
      in.begin = far + 1;
      far += step;
      step *= 2;
    }
    if (far < in.end) in.end = far;
    while (in.begin < in.end) {
      const std::int32_t middle = in.begin + in.size() / 2;
      if (f.index[middle] < k) {
        in.begin = middle + 1;
      } else {
        in.end = middle;
      }
    }
    return in.begin;
  }
};

struct RowsView {
  const std::int32_t* item;  // rows in the order of work
  const std::int32_t *start, *column, *slot;
};

// A task of ByLevels: v = z, then x, of B x = b, whose b is made of rows of `right`.
struct Substitute {
  using Sum = double;
  RowsView rows;
  FactorView f;
  const std::int32_t* row;  // of the matrix, for each pivot
  std::int32_t members;
  const double* right;
  double* v;

  WORDLINE_HD double share(std::int32_t item, std::int32_t rank, std::int32_t team,
                           std::int32_t member) const {
    const std::int32_t r = rows.item[item];
    double sum = 0;
    for (std::int32_t e = rows.start[r] + rank; e < rows.start[r + 1]; e += team) {
      sum += f.factors[rows.slot[e]] * v[std::int64_t{rows.column[e]} * members + member];
    }
    return sum;
  }

  WORDLINE_HD void finish(std::int32_t item, std::int32_t member, double sum) const {
    const std::int32_t r = rows.item[item];
    const bool is_forward = r < f.size;
    const std::int32_t pivot = is_forward ? r : r - f.size;
    const double per_pivot = f.per_pivot[pivot];
    v[std::int64_t{r} * members + member] =
        is_forward ? per_pivot * (right[std::int64_t{row[pivot]} * members + member] - sum)
                   : v[std::int64_t{pivot} * members + member] - per_pivot * sum;
  }
};

// A sum, and that of the sizes of its terms.
struct SizedSum {
  double value = 0, size = 0;
  WORDLINE_HD SizedSum& operator+=(const SizedSum& more) {
    value += more.value;
    size += more.size;
    return *this;
  }
};

// A task of ByLevels: r = f - A x, and of each row the error |r| / (|f| + |A| |x|).
struct TakeResidual {
  using Sum = SizedSum;
  RowsView rows;
  const double* values;
  std::int32_t members;
  const double *f, *x;
  double *r, *errors;

  WORDLINE_HD SizedSum share(std::int32_t item, std::int32_t rank, std::int32_t team,
                             std::int32_t member) const {
    const std::int32_t i = rows.item[item];
    SizedSum sum;
    for (std::int32_t e = rows.start[i] + rank; e < rows.start[i + 1]; e += team) {
      const double term = values[rows.slot[e]] * x[std::int64_t{rows.column[e]} * members + member];
      sum += {term, std::abs(term)};
    }
    return sum;
  }

  WORDLINE_HD void finish(std::int32_t item, std::int32_t member, const SizedSum& sum) const {
    constexpr double kNothing = 1e-290;  // what is as small is rounded otherwise
    const std::int64_t k = std::int64_t{rows.item[item]} * members + member;
    r[k] = f[k] - sum.value;
    errors[k] = std::abs(r[k]) / (std::abs(f[k]) + sum.size + kNothing);
  }
};

// x = v, or x += v where a member is still active: v is of pivots, x of columns.
struct Correct {
  std::int32_t size, members;
  bool is_first;
  const std::int32_t* column;  // of the matrix, for each pivot
  const std::int32_t* active;
  const double* v;
  double* x;

  WORDLINE_HD std::int64_t count() const { return std::int64_t{size} * members; }
  WORDLINE_HD void at(std::int64_t k) const {
    const std::int64_t pivot = k / members;
    const std::int64_t member = k % members;
    double& here = x[column[pivot] * std::int64_t{members} + member];
    if (is_first) {
      here = v[k];
    } else if (active[member] != 0) {
      here += v[k];
    }
  }
};

// How large a pivot is beside what it was when it was chosen, and the reverse.
struct PivotSizes {
  FactorView f;
  const double* chosen;  // 1 / d
  double* sizes;         // of two members

  WORDLINE_HD std::int64_t count() const { return f.size; }
  WORDLINE_HD void at(std::int64_t k) const {
    sizes[2 * k] = std::abs(chosen[k] / f.per_pivot[k]);
    sizes[2 * k + 1] = std::abs(f.per_pivot[k] / chosen[k]);
  }
};

// The largest size in each of `parts` parts of a vector; what is no number is larger than all.
struct Largest {
  std::int64_t size;
  std::int32_t members, parts;
  const double* from;
  double* to;

  WORDLINE_HD std::int64_t count() const { return std::int64_t{parts} * members; }
  WORDLINE_HD void at(std::int64_t k) const {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    double largest = 0;
    for (std::int64_t n = k; n < size * members; n += count()) {
      const double here = std::abs(from[n]);
      if (!(here <= largest)) largest = here < kInfinity ? here : kInfinity;
    }
    to[k] = largest;
  }
};

}  // namespace wordline::gpu
