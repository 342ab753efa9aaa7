// The methods for array matrices, behind the interface that ArraySolver sees.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "wordline/solvers/array_krylov.hpp"
#include "wordline/solvers/array_ladder.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/array_residual.hpp"
#include "wordline/solvers/array_solver.hpp"

namespace wordline {

namespace {

class KrylovMethod final : public ArrayMethod {
 public:
  KrylovMethod(const ArrayGeometry& array, int threads)
      : solver_(array.rows, array.cols, ArrayKrylov::Settings{.threads = threads}) {}
  std::string_view name() const override { return "krylov"; }
  bool factors_cheaply() const override { return true; }
  bool set(const ArrayMatrix& matrix) override {
    return !matrix.parallel && solver_.set(matrix).ok;
  }
  bool solve(std::span<const double> f_row, std::span<const double> f_col, std::span<double> x_row,
             std::span<double> x_col, double tolerance) override {
    return solver_.solve({f_row, f_col}, x_row, x_col, tolerance).ok;
  }

 private:
  ArrayKrylov solver_;
};

// A method whose factors come without pivoting: the residual tells whether they are good, and
// corrects what they leave.
template <class Solver>
class DirectMethod final : public ArrayMethod {
 public:
  DirectMethod(std::string_view name, bool parallel, const ArrayGeometry& array, Solver solver)
      : name_(name),
        parallel_(parallel),
        solver_(std::move(solver)),
        cols_(array.cols),
        r_row_(array.cells()),
        r_col_(array.cells()) {}
  std::string_view name() const override { return name_; }
  bool factors_cheaply() const override { return parallel_; }
  bool set(const ArrayMatrix& matrix) override {
    matrix_ = matrix;
    return matrix.parallel == parallel_ && solver_.factor(matrix).ok;
  }
  bool solve(std::span<const double> f_row, std::span<const double> f_col, std::span<double> x_row,
             std::span<double> x_col, double tolerance) override {
    constexpr int kPasses = 3;
    for (int pass = 0;; ++pass) {
      const ArrayNorms norms = array_residual(matrix_, {f_row, f_col}, {x_row, x_col}, nullptr,
                                              r_row_.data(), r_col_.data(), cols_, 1);
      if (norms.residual <= std::max(tolerance * norms.drive, norms.rounding)) return true;
      if (pass == kPasses || !std::isfinite(norms.residual)) return false;
      solver_.solve(r_row_, r_col_);
      for (std::size_t k = 0; k < r_row_.size(); ++k) {
        x_row[k] += r_row_[k];
        x_col[k] += r_col_[k];
      }
    }
  }

 private:
  std::string_view name_;
  bool parallel_;  // of the two kinds of array matrices, the one it is for
  Solver solver_;
  ArrayMatrix matrix_;
  std::int64_t cols_;
  std::vector<double> r_row_, r_col_;
};

}  // namespace

std::unique_ptr<ArrayMethod> make_krylov_method(const ArrayGeometry& array, int threads) {
  return std::make_unique<KrylovMethod>(array, threads);
}

std::unique_ptr<ArrayMethod> make_multifrontal_method(const ArrayGeometry& array, int threads) {
  return std::make_unique<DirectMethod<ArrayMultifrontal>>(
      "multifrontal", false, array, ArrayMultifrontal(array.rows, array.cols, threads));
}

std::unique_ptr<ArrayMethod> make_ladder_method(const ArrayGeometry& array) {
  return std::make_unique<DirectMethod<ArrayLadder>>("ladder", true, array, ArrayLadder());
}

}  // namespace wordline
