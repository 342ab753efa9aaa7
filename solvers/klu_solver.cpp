// KLU (SuiteSparse): sparse LU for circuit matrices.

#include <suitesparse/klu.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "wordline/solvers/array_ordering.hpp"
#include "wordline/solvers/elimination.hpp"
#include "wordline/solvers/linear_solver.hpp"
#include "wordline/solvers/pivot_order.hpp"
#include "wordline/solvers/row_matching.hpp"

namespace wordline {

namespace {

// Columns whose rows ascend, without the diagonal.
SparsePattern off_diagonal(std::int32_t size, const std::vector<std::int32_t>& start,
                           const std::vector<std::int32_t>& row) {
  SparsePattern pattern{.size = size, .start = {0}, .row = {}};
  pattern.row.reserve(row.size());
  for (std::int32_t j = 0; j < size; ++j) {
    const auto first = pattern.row.end() - pattern.row.begin();
    for (auto k = start[static_cast<std::size_t>(j)]; k < start[static_cast<std::size_t>(j) + 1];
         ++k) {
      const std::int32_t i = row[static_cast<std::size_t>(k)];
      if (i != j) pattern.row.push_back(i);
    }
    std::sort(pattern.row.begin() + first, pattern.row.end());
    pattern.start.push_back(static_cast<std::int32_t>(pattern.row.size()));
  }
  return pattern;
}

class KluSolver final : public PivotingSolver {
 public:
  KluSolver(std::vector<ArrayGeometry> arrays, double pivot_ratio) : arrays_(std::move(arrays)) {
    klu_defaults(&common_);
    common_.tol = pivot_ratio;
  }
  KluSolver(const KluSolver&) = delete;
  KluSolver& operator=(const KluSolver&) = delete;
  ~KluSolver() override { release(); }

  std::string_view name() const override { return on_trial_ || dissected_ ? kDissected : "klu"; }

  Factorization analyze(const SparsePattern& pattern) override {
    release();
    pattern_ = pattern;
    in_use_.assign(pattern.nonzeros(), 0);
    patterns_ = 0;
    return match(pattern_);
  }

  Factorization factor(std::span<const double> values) override {
    if (const Factorization outcome = cover(values); !outcome.ok) return outcome;
    if (!take(values) && numeric_ != nullptr) return {};
    return refactor() ? Factorization{} : choose_pivots();
  }

  Factorization choose_pivots(std::span<const double> values) override {
    if (const Factorization outcome = cover(values); !outcome.ok) return outcome;
    take(values);
    return choose_pivots();
  }

  PivotOrder pivot_order() const override {
    if (numeric_ == nullptr) throw std::logic_error("KLU: pivot_order before factor");
    const auto n = static_cast<std::size_t>(pattern_.size);
    PivotOrder order;
    order.row.resize(n);
    order.column.resize(n);
    order.block.resize(static_cast<std::size_t>(symbolic_->nblocks) + 1);
    std::vector<std::int32_t> lower_start(n + 1), upper_start(n + 1);
    std::vector<std::int32_t> lower(static_cast<std::size_t>(numeric_->lnz));
    std::vector<std::int32_t> upper(static_cast<std::size_t>(numeric_->unz));
    // Without values KLU gives no rows either.
    std::vector<double> unused(std::max(lower.size(), upper.size()));
    if (klu_extract(numeric_, symbolic_, lower_start.data(), lower.data(), unused.data(),
                    upper_start.data(), upper.data(), unused.data(), nullptr, nullptr, nullptr,
                    order.row.data(), order.column.data(), nullptr, order.block.data(),
                    &common_) == 0) {
      throw std::logic_error("KLU: the factors cannot be taken out");
    }
    order.lower = off_diagonal(pattern_.size, lower_start, lower);
    order.upper = off_diagonal(pattern_.size, upper_start, upper);
    order.slots = slots_;
    return order;
  }

  // Circuits without dense parts: a factorisation is a few solves, each of which saved Newton's
  // method more than that.
  bool factors_cheaply() const override {
    constexpr int kFewEntries = 8;  // of the factors, per unknown
    return numeric_ != nullptr && arrays_.empty() &&
           numeric_->lnz + numeric_->unz <= kFewEntries * pattern_.size;
  }

  void solve(std::span<double> right_hand_sides, std::int32_t count) const override {
    if (!replay_) {
      klu_solve(symbolic_, numeric_, pattern_.size, count, right_hand_sides.data(), &common_);
      return;
    }
    const auto size = static_cast<std::size_t>(pattern_.size);
    for (std::size_t k = 0; k < static_cast<std::size_t>(count); ++k) {
      replay_->solve(right_hand_sides.subspan(k * size, size));
    }
  }

 private:
  static constexpr std::string_view kDissected = "klu, nested dissection";
  // Ratio of the smallest to the largest pivot below which the pivots are chosen anew.
  static constexpr double kSmallestPivotRatio = 1e-14;
  static constexpr int kMostPatterns = 6;
  // A small matrix that is factored so often is worth a list of its operations.
  static constexpr int kOften = 10;
  static constexpr std::int32_t kSmall = 300;

  Factorization cover(std::span<const double> values) {
    if (pattern_.start.empty()) throw std::logic_error("KLU: factor before analyze");
    return symbolic_ == nullptr || !covers(values) ? take_into_use(values) : Factorization{};
  }

  bool covers(std::span<const double> values) const {
    if (slots_.size() == values.size()) return true;
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (in_use_[k] == 0 && values[k] != 0) return false;
    }
    return true;
  }

  // Takes the values over; false where they are those that were taken last.
  bool take(std::span<const double> values) {
    bool is_new = false;
    for (std::size_t k = 0; k < slots_.size(); ++k) {
      const double value = values[static_cast<std::size_t>(slots_[k])];
      is_new |= value != values_[k];
      values_[k] = value;
    }
    return is_new;
  }

  // Entries that are zero so far are left out: a transistor's gate, for one, is tied to its channel
  // in the pattern, but draws nothing until its capacitance counts, and the matrix falls into
  // blocks without it. Patterns only grow, and after some changes hold all.
  Factorization take_into_use(std::span<const double> values) {
    release();
    const bool take_all = ++patterns_ > kMostPatterns;
    used_ = {.size = pattern_.size, .start = {0}, .row = {}};
    slots_.clear();
    for (std::size_t j = 0; j < static_cast<std::size_t>(pattern_.size); ++j) {
      for (auto k = pattern_.start[j]; k < pattern_.start[j + 1]; ++k) {
        const auto slot = static_cast<std::size_t>(k);
        if (values[slot] != 0 || take_all) in_use_[slot] = 1;
        if (in_use_[slot] == 0) continue;
        used_.row.push_back(pattern_.row[slot]);
        slots_.push_back(k);
      }
      used_.start.push_back(static_cast<std::int32_t>(used_.row.size()));
    }
    values_.resize(slots_.size());
    dissected_ = false;
    on_trial_ = !arrays_.empty();
    if (const Factorization outcome = match(used_); !outcome.ok) return outcome;
    if (on_trial_) {
      analyze_dissected();
    } else {
      symbolic_ = klu_analyze(used_.size, used_.start.data(), used_.row.data(), &common_);
    }
    return {.ok = symbolic_ != nullptr};
  }

  // Finds the rows for the columns; not ok where that shows the matrix to be singular.
  Factorization match(const SparsePattern& pattern) {
    row_of_ = match_rows(pattern);
    const auto without = std::find(row_of_.begin(), row_of_.end(), -1);
    if (without == row_of_.end()) return {};
    return {.ok = false, .singular_column = static_cast<std::int32_t>(without - row_of_.begin())};
  }

  // The rows of the branches of ideal sources have no diagonal entry: KLU prefers the pivots of the
  // matching, and its block triangular form, which peels such branches off, starts from them.
  void analyze_dissected() {
    std::vector<std::int32_t> order = array_ordering(used_, arrays_);
    std::vector<std::int32_t> rows;
    rows.reserve(order.size());
    for (const std::int32_t column : order) {
      rows.push_back(row_of_[static_cast<std::size_t>(column)]);
    }
    symbolic_ = klu_analyze_given(used_.size, used_.start.data(), used_.row.data(), rows.data(),
                                  order.data(), &common_);
  }

  // The old pivot order is kept as long as it gives a well-conditioned factor.
  bool refactor() {
    if (replay_) return replay_->factor(values_, kSmallestPivotRatio);
    if (!refactor_by_klu()) return false;
    if (++refactorizations_ < kOften || pattern_.size > kSmall || !factors_cheaply()) return true;
    const auto size = static_cast<std::size_t>(pattern_.size);
    replay_.emplace(used_, values_, std::span(numeric_->Pnum, size), std::span(symbolic_->Q, size));
    if (!replay_->factor(values_, kSmallestPivotRatio)) replay_.reset();
    return true;
  }

  bool refactor_by_klu() {
    return numeric_ != nullptr &&
           klu_refactor(used_.start.data(), used_.row.data(), values_.data(), symbolic_, numeric_,
                        &common_) != 0 &&
           klu_rcond(symbolic_, numeric_, &common_) != 0 && common_.rcond > kSmallestPivotRatio;
  }

  klu_numeric* factor_anew(klu_symbolic* symbolic) {
    return klu_factor(used_.start.data(), used_.row.data(), values_.data(), symbolic, &common_);
  }

  // For the values that were taken.
  Factorization choose_pivots() {
    replay_.reset();
    refactorizations_ = 0;
    klu_free_numeric(&numeric_, &common_);
    numeric_ = factor_anew(symbolic_);
    if (numeric_ == nullptr) return {.ok = false, .singular_column = common_.singular_col};
    if (on_trial_) compare_orders();
    return {};
  }

  // The arrays' order stays unless minimum degree, whose work is known beforehand, is better: where
  // the arrays are a small part of the circuit.
  void compare_orders() {
    on_trial_ = false;
    dissected_ = true;
    klu_flops(symbolic_, numeric_, &common_);
    const double work = common_.flops;
    klu_symbolic* other = klu_analyze(used_.size, used_.start.data(), used_.row.data(), &common_);
    if (other != nullptr && other->est_flops >= 0 && other->est_flops < work) {
      if (klu_numeric* better = factor_anew(other); better != nullptr) {
        std::swap(symbolic_, other);
        klu_free_numeric(&numeric_, &common_);
        numeric_ = better;
        dissected_ = false;
      }
    }
    klu_free_symbolic(&other, &common_);
  }

  void release() {
    replay_.reset();
    refactorizations_ = 0;
    klu_free_numeric(&numeric_, &common_);
    klu_free_symbolic(&symbolic_, &common_);
  }

  std::vector<ArrayGeometry> arrays_;
  SparsePattern pattern_;
  // What of it was ever not zero, and the values of that.
  std::vector<char> in_use_;
  SparsePattern used_;
  std::vector<std::int32_t> slots_;
  std::vector<double> values_;
  std::vector<std::int32_t> row_of_;  // a pivot's row for every column
  int patterns_ = 0;
  mutable klu_common common_{};  // KLU counts its work in it
  klu_symbolic* symbolic_ = nullptr;
  klu_numeric* numeric_ = nullptr;
  std::optional<Elimination> replay_;  // holds the factors where there is one
  int refactorizations_ = 0;           // by KLU, with these pivots
  bool on_trial_ = false;   // the arrays' order has not been compared with the general one
  bool dissected_ = false;  // it was, and is the better one
};

}  // namespace

std::unique_ptr<PivotingSolver> make_pivoting_solver(std::vector<ArrayGeometry> arrays,
                                                     double pivot_ratio) {
  return std::make_unique<KluSolver>(std::move(arrays), pivot_ratio);
}

std::unique_ptr<LinearSolver> make_klu_solver(std::vector<ArrayGeometry> arrays,
                                              double pivot_ratio) {
  return make_pivoting_solver(std::move(arrays), pivot_ratio);
}

}  // namespace wordline
