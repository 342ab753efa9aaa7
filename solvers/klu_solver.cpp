// KLU (SuiteSparse): sparse LU for circuit matrices.

#include <suitesparse/klu.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "wordline/solvers/array_ordering.hpp"
#include "wordline/solvers/linear_solver.hpp"
#include "wordline/solvers/row_matching.hpp"

namespace wordline {

namespace {

class KluSolver final : public LinearSolver {
 public:
  explicit KluSolver(std::vector<ArrayGeometry> arrays) : arrays_(std::move(arrays)) {
    klu_defaults(&common_);
  }
  KluSolver(const KluSolver&) = delete;
  KluSolver& operator=(const KluSolver&) = delete;
  ~KluSolver() override { release(); }

  std::string_view name() const override { return on_trial_ || dissected_ ? kDissected : "klu"; }

  Factorization analyze(const SparsePattern& pattern) override {
    release();
    pattern_ = pattern;
    dissected_ = false;
    on_trial_ = !arrays_.empty();
    return on_trial_ ? analyze_dissected() : analyze_generally();
  }

  Factorization factor(std::span<const double> values) override {
    if (symbolic_ == nullptr) throw std::logic_error("KLU: factor before analyze");
    if (refactor(values)) return {};
    klu_free_numeric(&numeric_, &common_);
    numeric_ = factor_anew(symbolic_, values);
    if (numeric_ == nullptr) return {.ok = false, .singular_column = common_.singular_col};
    if (on_trial_) compare_orders(values);
    return {};
  }

  void solve(std::span<double> right_hand_sides, std::int32_t count) const override {
    klu_solve(symbolic_, numeric_, pattern_.size, count, right_hand_sides.data(), &common_);
  }

 private:
  static constexpr std::string_view kDissected = "klu, nested dissection";
  // Ratio of the smallest to the largest pivot below which the pivots are chosen anew.
  static constexpr double kSmallestPivotRatio = 1e-14;

  Factorization analyze_generally() {
    symbolic_ = klu_analyze(pattern_.size, pattern_.start.data(), pattern_.row.data(), &common_);
    // Out of memory apart, analysis fails on structurally singular matrices only.
    if (symbolic_ == nullptr) return {.ok = false};
    const bool full_rank = symbolic_->structural_rank == pattern_.size;
    return {.ok = full_rank, .singular_column = full_rank ? -1 : symbolic_->structural_rank};
  }

  // The rows of the branches of ideal sources have no diagonal entry: KLU prefers the pivots of the
  // matching, and its block triangular form, which peels such branches off, starts from them.
  Factorization analyze_dissected() {
    std::vector<std::int32_t> order = array_ordering(pattern_, arrays_);
    const std::vector<std::int32_t> row_of = match_rows(pattern_);
    std::vector<std::int32_t> rows;
    rows.reserve(order.size());
    for (const std::int32_t column : order) {
      rows.push_back(row_of[static_cast<std::size_t>(column)]);
      if (rows.back() < 0) return {.ok = false, .singular_column = column};
    }
    symbolic_ = klu_analyze_given(pattern_.size, pattern_.start.data(), pattern_.row.data(),
                                  rows.data(), order.data(), &common_);
    return {.ok = symbolic_ != nullptr};
  }

  // The old pivot order is kept as long as it gives a well-conditioned factor.
  bool refactor(std::span<const double> values) {
    return numeric_ != nullptr &&
           klu_refactor(pattern_.start.data(), pattern_.row.data(), mutable_data(values), symbolic_,
                        numeric_, &common_) != 0 &&
           klu_rcond(symbolic_, numeric_, &common_) != 0 && common_.rcond > kSmallestPivotRatio;
  }

  klu_numeric* factor_anew(klu_symbolic* symbolic, std::span<const double> values) {
    return klu_factor(pattern_.start.data(), pattern_.row.data(), mutable_data(values), symbolic,
                      &common_);
  }

  // The arrays' order stays unless minimum degree, whose work is known beforehand, is better: where
  // the arrays are a small part of the circuit.
  void compare_orders(std::span<const double> values) {
    on_trial_ = false;
    dissected_ = true;
    klu_flops(symbolic_, numeric_, &common_);
    const double work = common_.flops;
    klu_symbolic* other =
        klu_analyze(pattern_.size, pattern_.start.data(), pattern_.row.data(), &common_);
    if (other != nullptr && other->est_flops >= 0 && other->est_flops < work) {
      if (klu_numeric* better = factor_anew(other, values); better != nullptr) {
        std::swap(symbolic_, other);
        klu_free_numeric(&numeric_, &common_);
        numeric_ = better;
        dissected_ = false;
      }
    }
    klu_free_symbolic(&other, &common_);
  }

  // KLU takes its input by non-const pointer but does not write to it.
  static double* mutable_data(std::span<const double> values) {
    return const_cast<double*>(values.data());
  }

  void release() {
    klu_free_numeric(&numeric_, &common_);
    klu_free_symbolic(&symbolic_, &common_);
  }

  std::vector<ArrayGeometry> arrays_;
  SparsePattern pattern_;
  mutable klu_common common_{};  // KLU counts its work in it
  klu_symbolic* symbolic_ = nullptr;
  klu_numeric* numeric_ = nullptr;
  bool on_trial_ = false;   // the arrays' order has not been compared with the general one
  bool dissected_ = false;  // it was, and is the better one
};

}  // namespace

std::unique_ptr<LinearSolver> make_klu_solver(std::vector<ArrayGeometry> arrays) {
  return std::make_unique<KluSolver>(std::move(arrays));
}

}  // namespace wordline
