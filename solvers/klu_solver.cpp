// KLU (SuiteSparse): sparse LU for circuit matrices.

#include <suitesparse/klu.h>

#include <stdexcept>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

namespace {

class KluSolver final : public LinearSolver {
 public:
  KluSolver() { klu_defaults(&common_); }
  KluSolver(const KluSolver&) = delete;
  KluSolver& operator=(const KluSolver&) = delete;
  ~KluSolver() override { release(); }

  std::string_view name() const override { return "klu"; }

  Factorization analyze(const SparsePattern& pattern) override {
    release();
    pattern_ = pattern;
    symbolic_ = klu_analyze(pattern_.size, pattern_.start.data(), pattern_.row.data(), &common_);
    // Out of memory apart, analysis fails on structurally singular matrices only.
    if (symbolic_ == nullptr) return {.ok = false};
    const bool full_rank = symbolic_->structural_rank == pattern_.size;
    return {.ok = full_rank, .singular_column = full_rank ? -1 : symbolic_->structural_rank};
  }

  Factorization factor(std::span<const double> values) override {
    if (symbolic_ == nullptr) throw std::logic_error("KLU: factor before analyze");
    // KLU takes its input by non-const pointer but does not write to it.
    auto* a = const_cast<double*>(values.data());
    // The old pivot order is kept as long as it gives a well-conditioned factor.
    if (numeric_ != nullptr &&
        klu_refactor(pattern_.start.data(), pattern_.row.data(), a, symbolic_, numeric_,
                     &common_) != 0 &&
        klu_rcond(symbolic_, numeric_, &common_) != 0 && common_.rcond > kSmallestPivotRatio) {
      return {};
    }
    klu_free_numeric(&numeric_, &common_);
    numeric_ = klu_factor(pattern_.start.data(), pattern_.row.data(), a, symbolic_, &common_);
    if (numeric_ == nullptr) return {.ok = false, .singular_column = common_.singular_col};
    return {};
  }

  void solve(std::span<double> right_hand_sides, std::int32_t count) const override {
    klu_solve(symbolic_, numeric_, pattern_.size, count, right_hand_sides.data(), &common_);
  }

 private:
  // Ratio of the smallest to the largest pivot below which the pivots are chosen anew.
  static constexpr double kSmallestPivotRatio = 1e-14;

  void release() {
    klu_free_numeric(&numeric_, &common_);
    klu_free_symbolic(&symbolic_, &common_);
  }

  SparsePattern pattern_;
  mutable klu_common common_{};  // KLU counts its work in it
  klu_symbolic* symbolic_ = nullptr;
  klu_numeric* numeric_ = nullptr;
};

}  // namespace

std::unique_ptr<LinearSolver> make_klu_solver() { return std::make_unique<KluSolver>(); }

}  // namespace wordline
