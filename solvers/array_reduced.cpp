#include "wordline/solvers/array_reduced.hpp"

#include <omp.h>

#include <algorithm>
#include <utility>

#include "wordline/solvers/blocks.hpp"

namespace wordline {

namespace {

// Pivots below this fraction of their diagonal are nothing but rounding.
constexpr double kSmallestPivot = 1e-14;

std::int32_t round_up(std::int32_t n, std::int32_t step) { return (n + step - 1) / step * step; }

double end_conductance(const std::vector<double>& ends, std::int32_t line) {
  return ends.empty() ? 0.0 : ends[static_cast<std::size_t>(line)];
}

}  // namespace

ReducedArray::ReducedArray(std::int32_t rows, std::int32_t cols, int threads)
    : rows_(rows),
      cols_(cols),
      padded_rows_(round_up(rows, kBlock)),
      padded_cols_(round_up(cols, kBlock)),
      // Rows that start 4 KB apart would share the same few lines of a cache.
      stride_(padded_cols_ % 256 == 0 ? padded_cols_ + kBlock : padded_cols_),
      size_(static_cast<std::size_t>(padded_rows_ * stride_)),
      threads_(threads) {
  for (AlignedTable* table : {&p_, &diagonal_, &row_factors_, &column_factors_, &t_}) {
    table->assign(size_);
  }
  r_row_.assign(size_);
  r_col_.assign(size_);
  scratch_.assign(static_cast<std::size_t>(threads_) * static_cast<std::size_t>(padded_cols_) *
                  kBlock);
}

RowLines ReducedArray::row_lines(std::int32_t block) const {
  const std::int64_t at = std::int64_t{block} * kBlock * padded_cols_;
  // On its own, this may be any thread of a team outside, which shares nothing of it.
  const int thread = threads_ > 1 ? omp_get_thread_num() : 0;
  const std::int64_t mine = std::int64_t{thread} * padded_cols_ * kBlock;
  return {padded_cols_, stride_, row_factors_.data() + at, scratch_.data() + mine};
}

std::int32_t ReducedArray::strips() const {
  return round_up(cols_, kBlock * kStripLanes) / (kBlock * kStripLanes);
}

Strip ReducedArray::strip(std::int32_t k) const {
  const std::int32_t first = k * kStripLanes;
  const std::int32_t lanes = std::min(kStripLanes, padded_cols_ / kBlock - first);
  return {rows_, lanes, stride_, column_factors_.data() + std::ptrdiff_t{first} * kBlock};
}

// The diagonals of a block of rows, divided by their segments' conductances; infinity where a node
// is held, and in the padding.
void ReducedArray::set_diagonals(std::int32_t block, std::span<double> row_diagonal) {
  const ArrayMatrix& a = matrix_;
  std::fill(row_diagonal.begin(), row_diagonal.end(), kHeld);
  for (std::int32_t l = 0; l < kBlock; ++l) {
    const std::int32_t i = block * kBlock + l;
    double* row = row_diagonal.data() + std::ptrdiff_t{l} * padded_cols_;
    double* col = diagonal_.data() + i * stride_;
    std::fill(col, col + stride_, kHeld);
    if (i >= rows_) continue;
    const std::ptrdiff_t cell = static_cast<std::ptrdiff_t>(i) * cols_;
    const double sides = (i > 0 ? 1.0 : 0.0) + (i < rows_ - 1 ? 1.0 : 0.0);
    affine(cols_, 2, 1 / a.row.segment, a.row_row.data() + cell, row);
    affine(cols_, sides, 1 / a.col.segment, a.col_col.data() + cell, col);
    row[0] += end_conductance(a.row.first, i) / a.row.segment - 1;
    row[cols_ - 1] += end_conductance(a.row.last, i) / a.row.segment - 1;
    for (std::int32_t j = 0; i == 0 && j < cols_; ++j) {
      col[j] += end_conductance(a.col.first, j) / a.col.segment;
    }
    for (std::int32_t j = 0; i == rows_ - 1 && j < cols_; ++j) {
      col[j] += end_conductance(a.col.last, j) / a.col.segment;
    }
  }
}

// In products padding and held nodes count nothing, as they do nothing in solutions.
void ReducedArray::clear_diagonal() {
  for_blocks(threads_, padded_rows_, [&](std::int32_t i) {
    double* row = diagonal_.data() + i * stride_;
    const bool whole = i >= rows_ || (holds_columns_ && (i == 0 || i == rows_ - 1));
    std::replace(row + (whole ? 0 : cols_), row + stride_, kHeld, 0.0);
  });
}

bool ReducedArray::factor() {
  const auto holds = [](const std::vector<double>& ends) {
    return std::find(ends.begin(), ends.end(), kHeld) != ends.end();
  };
  holds_columns_ = holds(matrix_.col.first) || holds(matrix_.col.last);
  if (!matrix_.is_symmetric() && q_.size() == 0) q_.assign(size_);
  std::vector<char> sound(static_cast<std::size_t>(blocks()), 0);
  for_blocks(threads_, blocks(), [&](std::int32_t block) {
    for (std::int32_t i = block * kBlock; i < std::min(rows_, (block + 1) * kBlock); ++i) {
      const auto cell = static_cast<std::ptrdiff_t>(i) * cols_;
      std::copy_n(matrix_.row_col.begin() + cell, cols_, p_.data() + i * stride_);
      if (!matrix_.is_symmetric()) {
        std::copy_n(matrix_.col_row.begin() + cell, cols_, q_.data() + i * stride_);
      }
    }
    double* row_diagonal = row_lines(block).scratch;
    set_diagonals(block, {row_diagonal, static_cast<std::size_t>(padded_cols_) * kBlock});
    const double pivot =
        factor_rows(padded_cols_, padded_cols_, row_diagonal,
                    row_factors_.data() + std::int64_t{block} * kBlock * padded_cols_);
    sound[static_cast<std::size_t>(block)] = pivot > kSmallestPivot;
  });
  std::vector<char> sound_strips(static_cast<std::size_t>(strips()), 0);
  for_blocks(threads_, strips(), [&](std::int32_t k) {
    const Strip s = strip(k);
    const std::int64_t at = s.c - column_factors_.data();
    const double pivot =
        factor_columns(rows_, s.lanes, stride_, diagonal_.data() + at, column_factors_.data() + at);
    sound_strips[static_cast<std::size_t>(k)] = pivot > kSmallestPivot;
  });
  clear_diagonal();
  const auto is_sound = [](char c) { return c != 0; };
  return std::all_of(sound.begin(), sound.end(), is_sound) &&
         std::all_of(sound_strips.begin(), sound_strips.end(), is_sound);
}

ArrayNorms ReducedArray::residual(const ArrayTables& f, const ArrayTables& x,
                                  const ArrayTables* currents) {
  return array_residual(matrix_, f, x, currents, r_row_.data(), r_col_.data(), stride_, threads_);
}

void ReducedArray::start(Plane& r) {
  for_blocks(threads_, blocks(), [&](std::int32_t block) {
    const std::int64_t at = std::int64_t{block} * kBlock * stride_;
    const double* q = (matrix_.is_symmetric() ? p_ : q_).data() + at;
    wordline::solve_rows(row_lines(block),
                         {r_row_.data() + at, 1 / matrix_.row.segment, nullptr, nullptr},
                         t_.data() + at);
    reduce_right_hand_side(static_cast<std::int32_t>(kBlock * stride_), 1 / matrix_.col.segment,
                           r_col_.data() + at, q, t_.data() + at, r.data() + at);
    clear_held(block, r);
  });
}

void ReducedArray::finish(const Plane& correction, const ArrayTables& from, std::span<double> x_row,
                          std::span<double> x_col) {
  for_blocks(threads_, blocks(), [&](std::int32_t block) {
    const std::int64_t at = std::int64_t{block} * kBlock * stride_;
    // P times the correction is a current in A; the right-hand side takes it as r_row is.
    double* f = t_.data() + at;
    reduce_right_hand_side(static_cast<std::int32_t>(kBlock * stride_), 1, r_row_.data() + at,
                           p_.data() + at, correction.data() + at, f);
    wordline::solve_rows(row_lines(block), {f, 1 / matrix_.row.segment, nullptr, nullptr}, f);
    for (std::int32_t i = block * kBlock; i < std::min(rows_, (block + 1) * kBlock); ++i) {
      const auto k = static_cast<std::ptrdiff_t>(i) * cols_;
      wordline::add(cols_, from.row.data() + k, t_.data() + i * stride_, x_row.data() + k);
      wordline::add(cols_, from.col.data() + k, correction.data() + i * stride_, x_col.data() + k);
    }
  });
}

// Nothing flows into held nodes that would have to be found, nor into the padding, whose first row
// is the last line's neighbour in a product.
void ReducedArray::clear_held(std::int32_t block, Plane& plane) const {
  for (std::int32_t i = std::max(rows_, block * kBlock); i < (block + 1) * kBlock; ++i) {
    std::fill_n(plane.data() + i * stride_, stride_, 0.0);
  }
  for (const auto& [i, ends] :
       {std::pair{0, &matrix_.col.first}, std::pair{rows_ - 1, &matrix_.col.last}}) {
    if (!holds_columns_ || i / kBlock != block || ends->empty()) continue;
    double* row = plane.data() + i * stride_;
    for (std::int32_t j = 0; j < cols_; ++j) {
      if ((*ends)[static_cast<std::size_t>(j)] == kHeld) row[j] = 0;
    }
  }
}

double ReducedArray::product(const Plane& z, const Plane* before, double beta, Plane& d, Plane& q,
                             const Plane& with) const {
  const double coupling = 1 / (matrix_.row.segment * matrix_.col.segment);
  return sum_of_blocks(threads_, blocks(), [&](std::int32_t block) {
    const std::int64_t at = std::int64_t{block} * kBlock * stride_;
    const double part = reduced_product(
        row_lines(block), {.z = z.data() + at,
                           .before = before != nullptr ? before->data() + at : nullptr,
                           .beta = beta,
                           .d = d.data() + at,
                           .q = q.data() + at,
                           .p = p_.data() + at,
                           .q_weight = (matrix_.is_symmetric() ? p_ : q_).data() + at,
                           .diagonal = diagonal_.data() + at,
                           .coupling = coupling,
                           .with = with.data() + at,
                           .has_above = block > 0,
                           .has_below = block + 1 < blocks()});
    clear_held(block, q);
    return part;
  });
}

Dots ReducedArray::update_strips(double alpha, Plane* x, const Plane* d, Plane& r, const Plane* q,
                                 Plane& z) const {
  return sum_of_blocks(threads_, strips(), [&](std::int32_t k) {
    const std::int64_t at = std::int64_t{k} * kStripLanes * kBlock;
    return update_columns(strip(k), {.alpha = alpha,
                                     .x = x != nullptr ? x->data() + at : nullptr,
                                     .d = d != nullptr ? d->data() + at : nullptr,
                                     .r = r.data() + at,
                                     .q = q != nullptr ? q->data() + at : nullptr,
                                     .z = z.data() + at});
  });
}

Dots ReducedArray::update(double alpha, Plane& x, const Plane& d, Plane& r, const Plane& q,
                          Plane& z) const {
  return update_strips(alpha, &x, &d, r, &q, z);
}

Dots ReducedArray::precondition(Plane& r, Plane& z) const {
  return update_strips(0, nullptr, nullptr, r, nullptr, z);
}

// The numbers of a block of rows, and where they begin.
struct ReducedArray::Part {
  std::int64_t begin, size;
};

template <class Work>
auto ReducedArray::sum_of_parts(const Work& work) const {
  const std::int64_t size = kBlock * stride_;
  return sum_of_blocks(threads_, blocks(), [&](std::int32_t block) {
    return work(Part{block * size, size});
  });
}

template <class Work>
void ReducedArray::for_parts(const Work& work) const {
  const std::int64_t size = kBlock * stride_;
  for_blocks(threads_, blocks(), [&](std::int32_t block) { work(Part{block * size, size}); });
}

double ReducedArray::dot(const Plane& a, const Plane& b) const {
  return sum_of_parts([&](const Part& part) {
    return wordline::dot(part.size, a.data() + part.begin, b.data() + part.begin);
  });
}

Dots ReducedArray::both_dots(const Plane& a, const Plane& b) const {
  return sum_of_parts([&](const Part& part) {
    return wordline::both_dots(part.size, a.data() + part.begin, b.data() + part.begin);
  });
}

void ReducedArray::combine(double a, const Plane& x, double b, Plane& y) const {
  for_parts([&](const Part& part) {
    wordline::combine(part.size, a, x.data() + part.begin, b, y.data() + part.begin);
  });
}

double ReducedArray::subtract(double a, const Plane& v, Plane& r) const {
  return sum_of_parts([&](const Part& part) {
    return wordline::subtract(part.size, a, v.data() + part.begin, r.data() + part.begin);
  });
}

Dots ReducedArray::stabilised_step(double a, const Plane& d, double b, const Plane& z,
                                   const Plane& q, const Plane& shadow, Plane& x, Plane& r) const {
  return sum_of_parts([&](const Part& part) {
    const std::int64_t at = part.begin;
    return wordline::stabilised_step(part.size, {.a = a,
                                                 .b = b,
                                                 .d = d.data() + at,
                                                 .z = z.data() + at,
                                                 .q = q.data() + at,
                                                 .shadow = shadow.data() + at,
                                                 .x = x.data() + at,
                                                 .r = r.data() + at});
  });
}

void ReducedArray::next_direction(double a, double b, const Plane& r, const Plane& before,
                                  const Plane& v, Plane& p) const {
  for_parts([&](const Part& part) {
    const std::int64_t at = part.begin;
    wordline::next_direction(part.size, a, b, r.data() + at, before.data() + at, v.data() + at,
                             p.data() + at);
  });
}

}  // namespace wordline
