// KLU (SuiteSparse) for complex matrices.

#include <suitesparse/klu.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "wordline/solvers/array_ordering.hpp"
#include "wordline/solvers/complex_solver.hpp"
#include "wordline/solvers/row_matching.hpp"

namespace wordline {

namespace {

// KLU takes a complex number as two doubles side by side, as std::complex lies in memory.
double* parts(std::complex<double>* numbers) { return reinterpret_cast<double*>(numbers); }

class ComplexKluSolver final : public ComplexSolver {
 public:
  explicit ComplexKluSolver(std::vector<ArrayGeometry> arrays) : arrays_(std::move(arrays)) {
    klu_defaults(&common_);
  }
  ComplexKluSolver(const ComplexKluSolver&) = delete;
  ComplexKluSolver& operator=(const ComplexKluSolver&) = delete;
  ~ComplexKluSolver() override { release(); }

  Factorization analyze(const SparsePattern& pattern) override {
    release();
    pattern_ = pattern;
    row_of_ = match_rows(pattern_);
    const auto without = std::find(row_of_.begin(), row_of_.end(), -1);
    if (without != row_of_.end()) {
      return {.ok = false, .singular_column = static_cast<std::int32_t>(without - row_of_.begin())};
    }
    symbolic_ = klu_analyze(pattern_.size, pattern_.start.data(), pattern_.row.data(), &common_);
    on_trial_ = !arrays_.empty();
    return {.ok = symbolic_ != nullptr};
  }

  Factorization factor(std::span<const std::complex<double>> values) override {
    if (symbolic_ == nullptr) throw std::logic_error("KLU: factor before analyze");
    values_.assign(values.begin(), values.end());
    if (refactor()) return {};
    klu_z_free_numeric(&numeric_, &common_);
    numeric_ = factor_anew(symbolic_);
    if (numeric_ == nullptr) return {.ok = false, .singular_column = common_.singular_col};
    if (std::exchange(on_trial_, false)) try_dissection();
    return {};
  }

  void solve(std::span<std::complex<double>> x) const override {
    klu_z_solve(symbolic_, numeric_, pattern_.size, 1, parts(x.data()), &common_);
  }

  void solve_transposed(std::span<std::complex<double>> x) const override {
    constexpr int kNotConjugated = 0;
    klu_z_tsolve(symbolic_, numeric_, pattern_.size, 1, parts(x.data()), kNotConjugated, &common_);
  }

 private:
  // Ratio of the smallest to the largest pivot below which the pivots are chosen anew.
  static constexpr double kSmallestPivotRatio = 1e-14;

  bool refactor() {
    return numeric_ != nullptr &&
           klu_z_refactor(pattern_.start.data(), pattern_.row.data(), parts(values_.data()),
                          symbolic_, numeric_, &common_) != 0 &&
           klu_z_rcond(symbolic_, numeric_, &common_) != 0 && common_.rcond > kSmallestPivotRatio;
  }

  klu_numeric* factor_anew(klu_symbolic* symbolic) {
    return klu_z_factor(pattern_.start.data(), pattern_.row.data(), parts(values_.data()), symbolic,
                        &common_);
  }

  double work(klu_symbolic* symbolic, klu_numeric* numeric) {
    klu_z_flops(symbolic, numeric, &common_);
    return common_.flops;
  }

  // Takes the arrays' own order where it is less work.
  void try_dissection() {
    std::vector<std::int32_t> order = array_ordering(pattern_, arrays_);
    std::vector<std::int32_t> rows;
    rows.reserve(order.size());
    for (const std::int32_t column : order) {
      rows.push_back(row_of_[static_cast<std::size_t>(column)]);
    }
    klu_symbolic* other =
        klu_analyze_given(pattern_.size, pattern_.start.data(), pattern_.row.data(), rows.data(),
                          order.data(), &common_);
    if (other == nullptr) return;
    klu_numeric* numeric = factor_anew(other);
    if (numeric != nullptr && work(other, numeric) < work(symbolic_, numeric_)) {
      std::swap(symbolic_, other);
      std::swap(numeric_, numeric);
    }
    klu_z_free_numeric(&numeric, &common_);
    klu_free_symbolic(&other, &common_);
  }

  void release() {
    klu_z_free_numeric(&numeric_, &common_);
    klu_free_symbolic(&symbolic_, &common_);
  }

  std::vector<ArrayGeometry> arrays_;
  SparsePattern pattern_;
  std::vector<std::complex<double>> values_;
  std::vector<std::int32_t> row_of_;  // a pivot's row for every column
  mutable klu_common common_{};       // KLU counts its work in it
  klu_symbolic* symbolic_ = nullptr;
  klu_numeric* numeric_ = nullptr;
  bool on_trial_ = false;  // the arrays' order has not been tried
};

}  // namespace

std::unique_ptr<ComplexSolver> make_complex_klu_solver(std::vector<ArrayGeometry> arrays) {
  return std::make_unique<ComplexKluSolver>(std::move(arrays));
}

}  // namespace wordline
