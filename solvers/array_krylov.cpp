#include "wordline/solvers/array_krylov.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "wordline/solvers/array_coarse.hpp"
#include "wordline/solvers/array_reduced.hpp"

namespace wordline {

namespace {

// Arrays below this size are not worth a second thread.
constexpr std::size_t kCellsPerThread = std::size_t{96} * 96;
// Passes of iteration, each on the true residual of the one before.
constexpr int kPasses = 4;
// Of a residual that is accepted for its rounding.
constexpr double kFewestDigits = 0.1;

int thread_count(const ArrayKrylov::Settings& settings, std::int32_t rows, std::int32_t cols) {
  const int most = settings.threads > 0 ? settings.threads : omp_get_max_threads();
  const std::size_t cells = static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols);
  return std::clamp(static_cast<int>(cells / kCellsPerThread), 1, most);
}

}  // namespace

class ArrayKrylov::Implementation {
 public:
  Implementation(std::int32_t rows, std::int32_t cols, const Settings& settings)
      : settings_(settings),
        threads_(thread_count(settings, rows, cols)),
        array_(rows, cols, threads_) {
    for (Plane* plane : {&x_, &r_, &z_, &d_, &before_, &q_}) array_.clear(*plane);
  }

  Factorization set(const ArrayMatrix& matrix) {
    array_.describe(matrix);
    sound_ = !matrix.row.merged() && !matrix.col.merged() && array_.factor();
    if (!sound_) return {.ok = false};
    use_coarse_ = wants_coarse(matrix);
    if (use_coarse_ && !coarse_) {
      coarse_.emplace(array_.rows(), array_.cols(), array_.stride(), threads_);
    }
    // Without a coarse matrix there is only more to iterate.
    if (use_coarse_) use_coarse_ = coarse_->set(matrix);
    definite_ = matrix.is_symmetric();
    return {};
  }

  Outcome solve(const ArrayTables& f, std::span<double> x_row, std::span<double> x_col,
                double tolerance, double scale) {
    Outcome outcome = start_outcome();
    double before = 0;
    for (int pass = 0; outcome.failure.empty(); ++pass) {
      const ArrayNorms norms = array_.residual(f, {x_row, x_col}, nullptr);
      const double drive = std::max(norms.drive, scale);
      const double goal = tolerance * drive;
      outcome.residual = drive > 0 ? norms.residual / drive : norms.residual;
      outcome.rounding = drive > 0 ? norms.rounding / drive : norms.rounding;
      // Where the rounding is of the size of what is driven, no digit is left: a singular matrix.
      const bool has_digits = drive == 0 || norms.rounding < kFewestDigits * drive;
      outcome.ok = norms.residual <= (has_digits ? std::max(goal, norms.rounding) : goal);
      // Below its rounding a residual that does not fall any more is as good as none.
      const bool stands = pass > 0 && norms.residual > 0.25 * before;
      if (norms.residual <= goal || (outcome.ok && (stands || pass == kPasses))) break;
      before = norms.residual;
      if (!std::isfinite(norms.residual)) outcome.failure = "the solution is not finite";
      if (pass > 0 && !has_digits) outcome.failure = "the array's matrix is singular";
      if (pass == kPasses) outcome.failure = "the residual stagnates";
      if (outcome.iterations >= settings_.max_iterations) outcome.failure = "too many iterations";
      if (outcome.failure.empty()) iterate(goal, outcome, {x_row, x_col}, x_row, x_col);
    }
    return outcome;
  }

  ArrayNorms residual(const ArrayMatrix& matrix, const ArrayTables& f, const ArrayTables& x,
                      const ArrayTables* currents) {
    array_.describe(matrix);
    return array_.residual(f, x, currents);
  }

  Outcome correct(const ArrayTables& from, std::span<double> x_row, std::span<double> x_col,
                  double goal) {
    Outcome outcome = start_outcome();
    if (!outcome.failure.empty()) return outcome;
    iterate(goal, outcome, from, x_row, x_col);
    outcome.ok = outcome.iterations < settings_.max_iterations;
    if (!outcome.ok) outcome.failure = "too many iterations";
    return outcome;
  }

 private:
  using Plane = ReducedArray::Plane;

  bool wants_coarse(const ArrayMatrix& a) const {
    if (settings_.two_level != TwoLevel::kAuto) return settings_.two_level == TwoLevel::kOn;
    return wants_coarse_level(a);
  }

  Outcome start_outcome() const {
    Outcome outcome;
    outcome.two_level = use_coarse_;
    outcome.symmetric = definite_;
    if (!sound_) outcome.failure = "a line of the array is singular";
    return outcome;
  }

  // x = from + A^-1 of the kept residual, to a residual of `goal` [A].
  void iterate(double goal, Outcome& outcome, const ArrayTables& from, std::span<double> x_row,
               std::span<double> x_col) {
    // The reduced equations are divided by the segments' conductance.
    constexpr double kReserve = 0.7;
    const double target = kReserve * goal / array_.matrix().col.segment;
    array_.start(r_);
    array_.clear(x_);
    if (definite_ && !conjugate_gradients(target, outcome)) {
      // It was not positive definite after all.
      definite_ = false;
      array_.start(r_);
      array_.clear(x_);
    }
    if (!definite_) stabilised_gradients(target, outcome);
    outcome.symmetric = definite_;
    array_.finish(x_, from, x_row, x_col);
  }

  double precondition() {
    const Dots sums = array_.precondition(r_, z_);
    if (!use_coarse_) return sums.other;
    coarse_->add_correction(r_, z_);
    return array_.dot(r_, z_);
  }

  // False if the matrix proves indefinite.
  bool conjugate_gradients(double target, Outcome& outcome) {
    double rz = precondition();
    double beta = 0;
    while (outcome.iterations < settings_.max_iterations) {
      const double dq = array_.product(z_, beta == 0 ? &z_ : &before_, beta, d_, q_, d_);
      if (!(dq > 0) || !(rz > 0)) return rz == 0;
      ++outcome.iterations;
      const Dots sums = array_.update(rz / dq, x_, d_, r_, q_, z_);
      if (!(sums.self > target * target)) return true;
      double next = sums.other;
      if (use_coarse_) {
        coarse_->add_correction(r_, z_);
        next = array_.dot(r_, z_);
      }
      beta = next / rz;
      rz = next;
      std::swap(d_, before_);
    }
    return true;
  }

  // z = M^-1 r
  void precondition(Plane& r, Plane& z) {
    array_.precondition(r, z);
    if (use_coarse_) coarse_->add_correction(r, z);
  }

  // BiCGStab (van der Vorst 1992), preconditioned from the right.
  void stabilised_gradients(double target, Outcome& outcome) {
    if (shadow_.size() == 0) {
      for (Plane* plane : {&shadow_, &p_, &v_}) array_.clear(*plane);
    }
    array_.combine(1, r_, 0, shadow_);
    double rho = array_.dot(shadow_, r_);
    Plane* p = &shadow_;  // the first direction is the residual
    while (outcome.iterations < settings_.max_iterations) {
      ++outcome.iterations;
      precondition(*p, d_);
      const double alpha = rho / array_.product(d_, nullptr, 0, d_, v_, shadow_);
      if (!std::isfinite(alpha)) return;  // a breakdown; the next pass starts afresh
      if (array_.subtract(alpha, v_, r_) <= target * target) {
        return array_.combine(alpha, d_, 1, x_);
      }
      precondition(r_, z_);
      const double qr = array_.product(z_, nullptr, 0, z_, q_, r_);
      const double omega = qr / array_.dot(q_, q_);
      const Dots next = array_.stabilised_step(alpha, d_, omega, z_, q_, shadow_, x_, r_);
      if (!(next.self > target * target)) return;
      const double beta = next.other / rho * (alpha / omega);
      rho = next.other;
      if (!std::isfinite(beta)) return;
      array_.next_direction(beta, omega, r_, *p, v_, p_);
      p = &p_;
    }
  }

  Settings settings_;
  int threads_;
  ReducedArray array_;
  std::optional<ArrayCoarse> coarse_;
  bool sound_ = false;
  bool use_coarse_ = false;
  bool definite_ = false;  // not found otherwise yet
  Plane x_, r_, z_, d_, before_, q_;
  Plane shadow_, p_, v_;
};

ArrayKrylov::ArrayKrylov(std::int32_t rows, std::int32_t cols, const Settings& settings)
    : implementation_(std::make_unique<Implementation>(rows, cols, settings)) {}
ArrayKrylov::~ArrayKrylov() = default;
ArrayKrylov::ArrayKrylov(ArrayKrylov&&) noexcept = default;
ArrayKrylov& ArrayKrylov::operator=(ArrayKrylov&&) noexcept = default;

Factorization ArrayKrylov::set(const ArrayMatrix& matrix) { return implementation_->set(matrix); }

ArrayKrylov::Outcome ArrayKrylov::solve(const ArrayTables& f, std::span<double> x_row,
                                        std::span<double> x_col, double tolerance, double scale) {
  return implementation_->solve(f, x_row, x_col, tolerance, scale);
}

ArrayNorms ArrayKrylov::residual(const ArrayMatrix& matrix, const ArrayTables& f,
                                 const ArrayTables& x, const ArrayTables* currents) {
  return implementation_->residual(matrix, f, x, currents);
}

ArrayKrylov::Outcome ArrayKrylov::correct(const ArrayTables& from, std::span<double> x_row,
                                          std::span<double> x_col, double goal) {
  return implementation_->correct(from, x_row, x_col, goal);
}

}  // namespace wordline
