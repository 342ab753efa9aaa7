#include "wordline/solvers/array_multifrontal.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

#include "wordline/solvers/array_fronts.hpp"
#include "wordline/solvers/array_merged.hpp"
#include "wordline/solvers/array_reduce.hpp"

namespace wordline {

namespace {

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

}  // namespace

class ArrayMultifrontal::Implementation {
 public:
  Implementation(std::int32_t rows, std::int32_t cols, int threads)
      : rows_(rows), cols_(cols), threads_(threads > 0 ? threads : omp_get_max_threads()) {
    if (rows < 1 || cols < 1) throw std::invalid_argument("an array has at least one cell");
  }

  // The work itself, unless a line floats.
  template <class Work>
  Factorization checked(const ArrayMatrix& matrix, const Work& work) {
    const std::int32_t line = floating_line(matrix);
    if (line >= 0) return {.ok = false, .singular_column = line};
    return {.ok = work()};
  }

  // There are no factors until the next ones are found. Were there?
  bool forget() { return std::exchange(factored_, false); }

  bool factor(const ArrayMatrix& matrix) {
    is_merged_ = matrix.row.merged() || matrix.col.merged();
    if (is_merged_) return factored_ = merged_.factor(matrix);
    if (!tree_) tree_ = std::make_unique<ArrayTree>(rows_, cols_, 0);
    const bool symmetric = matrix.is_symmetric();
    if (!fronts_ || symmetric_ != symmetric || keeps_updates_ != keep_updates_) {
      fronts_.reset();
      fronts_.emplace(*tree_, ArrayFronts::Options{.symmetric = symmetric,
                                                   .keep_factors = true,
                                                   .keep_updates = keep_updates_,
                                                   .threads = threads_});
      symmetric_ = symmetric;
      keeps_updates_ = keep_updates_;
    }
    cells_.set(matrix, false, 0);
    return factored_ = fronts_->factor(cells_);
  }

  bool update(const ArrayMatrix& matrix, std::int32_t row, std::int32_t col, bool was_factored) {
    const bool known = was_factored && keeps_updates_ && fronts_ && !is_merged_ &&
                       !matrix.row.merged() && !matrix.col.merged() &&
                       matrix.is_symmetric() == symmetric_;
    keep_updates_ = true;
    if (!known) return factor(matrix);
    cells_.set(matrix, false, 0);
    return factored_ = fronts_->refactor(cells_, leaf_of(row / kLeaf, col / kLeaf));
  }

  void solve(std::span<double> f_row, std::span<double> f_col, std::int32_t count,
             bool transposed) const;
  bool reduce(const ArrayMatrix& matrix, std::vector<double>& y);
  bool transfer(const ArrayMatrix& matrix, std::vector<double>& t);
  ArrayReduction& transfer_reduction() { return transfer_; }

 private:
  std::int32_t leaf_of(std::int32_t row, std::int32_t col) const {
    for (std::size_t k = 0; k < tree_->leaves().size(); ++k) {
      const Front& front = tree_->fronts()[index(tree_->leaves()[k])];
      if (front.row == row && front.col == col) return front.leaf;
    }
    return -1;
  }
  std::size_t cells() const { return index(rows_) * index(cols_); }
  void solve_few(double* f_row, double* f_col, std::int32_t count, bool transposed,
                 std::vector<double>& x) const;

  std::int32_t rows_, cols_;
  int threads_;
  bool factored_ = false, is_merged_ = false, symmetric_ = true;
  bool keep_updates_ = false, keeps_updates_ = false;  // wanted, and in fronts_
  LeafCells cells_;
  std::unique_ptr<ArrayTree> tree_;
  std::optional<ArrayFronts> fronts_;
  ArrayMerged merged_;
  ArrayReduction reduction_, transfer_;
};

namespace {

constexpr std::int32_t kBlock = 8;  // right-hand sides at a time

}  // namespace

void ArrayMultifrontal::Implementation::solve(std::span<double> f_row, std::span<double> f_col,
                                              std::int32_t count, bool transposed) const {
  if (!factored_) throw std::logic_error("ArrayMultifrontal: solve before factor");
  const std::int32_t step = is_merged_ || count < kBlock / 2 ? 1 : kBlock;
  const std::int32_t blocks = (count + step - 1) / step;
#pragma omp parallel num_threads(threads_) if (threads_ > 1 && blocks > 1)
  {
    std::vector<double> x;
#pragma omp for schedule(dynamic)
    for (std::int32_t b = 0; b < blocks; ++b) {
      const std::int32_t first = b * step;
      const std::size_t at = index(first) * cells();
      if (is_merged_) {
        merged_.solve(f_row.subspan(at, cells()), f_col.subspan(at, cells()), transposed);
      } else {
        solve_few(f_row.data() + at, f_col.data() + at, std::min(step, count - first), transposed,
                  x);
      }
    }
  }
}

void ArrayMultifrontal::Implementation::solve_few(double* f_row, double* f_col, std::int32_t count,
                                                  bool transposed, std::vector<double>& x) const {
  const std::size_t lanes = count == 1 ? 1 : kBlock;
  x.assign(fronts_->unknowns() * lanes, 0.0);
  const auto rows = index(rows_), cols = index(cols_);
  const std::size_t width = index(tree_->leaf_cols()) * kLeaf;
  const std::size_t table = fronts_->unknowns() / 2;
  for (std::size_t r = 0; r < index(count); ++r) {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < cols; ++j) {
        x[(i * width + j) * lanes + r] = f_row[r * cells() + i * cols + j];
        x[(table + i * width + j) * lanes + r] = f_col[r * cells() + i * cols + j];
      }
    }
  }
  cells_.clear_held(x.data(), width, table, lanes);
  fronts_->solve(x.data(), static_cast<int>(lanes), transposed);
  for (std::size_t r = 0; r < index(count); ++r) {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < cols; ++j) {
        f_row[r * cells() + i * cols + j] = x[(i * width + j) * lanes + r];
        f_col[r * cells() + i * cols + j] = x[(table + i * width + j) * lanes + r];
      }
    }
  }
}

bool ArrayMultifrontal::Implementation::reduce(const ArrayMatrix& matrix, std::vector<double>& y) {
  const std::size_t buses = index(rows_) + index(cols_);
  y.assign(buses * buses, 0.0);
  const bool merged = matrix.row.merged() || matrix.col.merged();
  return merged ? reduce_merged(matrix, y) : reduction_.reduce(matrix, false, threads_, y);
}

bool ArrayMultifrontal::Implementation::transfer(const ArrayMatrix& matrix,
                                                 std::vector<double>& t) {
  const auto rows = index(rows_), cols = index(cols_);
  t.assign(rows * cols, 0.0);
  if (!matrix.row.merged() && !matrix.col.merged()) {
    return transfer_.reduce(matrix, true, threads_, t);
  }
  std::vector<double> y;
  if (!reduce(matrix, y)) return false;
  for (std::size_t i = 0; i < rows; ++i) {
    std::copy_n(y.data() + i * (rows + cols) + rows, cols, t.data() + i * cols);
  }
  return true;
}

ArrayMultifrontal::ArrayMultifrontal(std::int32_t rows, std::int32_t cols, int threads)
    : implementation_(std::make_unique<Implementation>(rows, cols, threads)) {}
ArrayMultifrontal::~ArrayMultifrontal() = default;
ArrayMultifrontal::ArrayMultifrontal(ArrayMultifrontal&&) noexcept = default;
ArrayMultifrontal& ArrayMultifrontal::operator=(ArrayMultifrontal&&) noexcept = default;

Factorization ArrayMultifrontal::factor(const ArrayMatrix& matrix) {
  implementation_->forget();
  return implementation_->checked(matrix, [&] { return implementation_->factor(matrix); });
}
Factorization ArrayMultifrontal::update(const ArrayMatrix& matrix, std::int32_t row,
                                        std::int32_t col) {
  const bool known = implementation_->forget();
  return implementation_->checked(matrix,
                                  [&] { return implementation_->update(matrix, row, col, known); });
}
void ArrayMultifrontal::solve(std::span<double> f_row, std::span<double> f_col,
                              std::int32_t count) const {
  implementation_->solve(f_row, f_col, count, false);
}
void ArrayMultifrontal::solve_transposed(std::span<double> f_row, std::span<double> f_col,
                                         std::int32_t count) const {
  implementation_->solve(f_row, f_col, count, true);
}
Factorization ArrayMultifrontal::reduce(const ArrayMatrix& matrix, std::vector<double>& y) {
  return implementation_->checked(matrix, [&] { return implementation_->reduce(matrix, y); });
}

Factorization ArrayMultifrontal::transfer(const ArrayMatrix& matrix, std::vector<double>& t) {
  return implementation_->checked(matrix, [&] { return implementation_->transfer(matrix, t); });
}

void ArrayMultifrontal::keep_transfer() { implementation_->transfer_reduction().keep_factors(); }

std::optional<RankOne> ArrayMultifrontal::change(std::int32_t row, std::int32_t col, double before,
                                                 double after) {
  return implementation_->transfer_reduction().change(row, col, before, after);
}

}  // namespace wordline
