// The method of solvers/array_krylov.hpp for a GPU, or its twin on the processor: the row plane is
// eliminated, the column plane solved by preconditioned conjugate gradients, or by BiCGStab where a
// matrix is not symmetric or proves indefinite. Many systems of one shape at once: right-hand sides
// of one matrix, or arrays with a matrix each. Every member ends on its own.
//
// Scalars stay with the vectors; the host looks at them once in a few iterations, which are
// recorded once and then repeated as a whole.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/cuda/batch_matrix.hpp"
#include "wordline/solvers/array_coarse.hpp"
#include "wordline/solvers/array_krylov.hpp"

namespace wordline::gpu {

struct KrylovSettings {
  ArrayKrylov::TwoLevel two_level = ArrayKrylov::TwoLevel::kAuto;
  int max_iterations = 300;
  // The preconditioner's factors; residuals and solutions are of double precision in any case.
  bool single_precision = false;
};

template <class Queue>
class BatchKrylov {
 public:
  using Outcome = ArrayKrylov::Outcome;

  BatchKrylov(Queue& queue, const Shape& shape, const KrylovSettings& settings = {})
      : queue_(queue), settings_(settings), a_(queue, shape, settings.single_precision) {
    for (Table* table : {&f_row_, &f_col_, &x_row_, &x_col_, &r_row_, &r_col_, &t_, &x_, &r_, &z_,
                         &d_, &before_, &q_}) {
      *table = queue.template table<double>(shape.size());
    }
    norms_ = queue.template table<Sums>(shape.members);
  }

  const Shape& shape() const { return a_.shape(); }

  // One matrix, or one a member. False: merged lines, lines side by side, or a singular line.
  bool set(std::span<const ArrayMatrix> matrices) {
    is_sound_ = std::none_of(matrices.begin(), matrices.end(), [](const ArrayMatrix& m) {
      return m.parallel || m.row.merged() || m.col.merged();
    });
    is_sound_ = is_sound_ && a_.set(matrices);
    if (!is_sound_) return false;
    is_definite_ = std::all_of(matrices.begin(), matrices.end(),
                               [](const ArrayMatrix& m) { return m.is_symmetric(); });
    set_coarse(matrices[0], [&] { return wants_coarse_level(matrices[0]); });
    return true;
  }

  // Improves x until |f - A x| <= tolerance * max(|f|, scale), as ArrayKrylov::solve(); tables of
  // cells of one member after the other, and a scale each, or none.
  std::vector<Outcome> solve(std::span<const double> f_row, std::span<const double> f_col,
                             std::span<double> x_row, std::span<double> x_col, double tolerance,
                             std::span<const double> scales = {}) {
    std::vector<Outcome> outcomes(static_cast<std::size_t>(shape().members));
    for (Outcome& outcome : outcomes) {
      outcome.two_level = a_.has_coarse();
      if (!is_sound_) outcome.failure = "a line of the array is singular";
    }
    if (!is_sound_) return outcomes;
    upload(f_row, f_col, x_row, x_col);
    std::vector<double> goals(outcomes.size()), before(outcomes.size());
    for (int pass = 0; judge(pass, tolerance, scales, outcomes, goals, before); ++pass) {
      iterate(goals, outcomes);
    }
    for (Outcome& outcome : outcomes) outcome.symmetric = is_definite_;
    download(x_row_, x_row);
    download(x_col_, x_col);
    return outcomes;
  }

  // --- The same in parts, for Newton's method, whose tables stay in the queue's memory ---

  using Table = typename Queue::template Table<double>;

  // Lines, and the tables of cells (row_row, row_col, col_row, col_col), which kernels make; one
  // may stand in several places.
  void set(const ArrayMatrix& lines, const std::array<double*, 4>& cells) {
    matrix_ = lines;
    const auto table = [&](const double* values) {  // which only kernels read
      return std::span<const double>(values, lines.cells());
    };
    matrix_.row_row = table(cells[0]);
    matrix_.row_col = table(cells[1]);
    matrix_.col_row = table(cells[2]);
    matrix_.col_col = table(cells[3]);
    a_.set(std::vector(static_cast<std::size_t>(shape().matrices()), matrix_), cells);
  }
  // Takes what the cells' tables now hold. False: a line is singular.
  bool take_cells() {
    is_sound_ = a_.factor();
    if (!is_sound_) return false;
    is_definite_ = matrix_.is_symmetric();
    set_coarse(matrix_, [&] { return !shape().own && wants_coarse_level(matrix_, mean_cell()); });
    return true;
  }
  void upload(std::span<const double> f_row, std::span<const double> f_col,
              std::span<const double> x_row, std::span<const double> x_col) {
    upload(f_row, f_row_);
    upload(f_col, f_col_);
    upload(x_row, x_row_);
    upload(x_col, x_col_);
  }
  Table& x_row() { return x_row_; }
  Table& x_col() { return x_col_; }
  void download(const Table& from, std::span<double> to) {
    if (shape().members == 1) return queue_.template download<double>(from, to);
    queue_.run(Interleave{shape().cells(), shape().members, true, from.data(), q_.data()});
    queue_.template download<double>(q_, to);
  }
  // The residuals for cells that draw these currents (null: those of the matrix): sums of squares
  // of f, of the residual, and of what rounding can make of it.
  std::vector<Sums> residuals(const double* i_row, const double* i_col) {
    a_.sum_all(Residual{a_.view(), f_row_.data(), f_col_.data(), x_row_.data(), x_col_.data(),
                        r_row_.data(), r_col_.data(), i_row, i_col},
               norms_.data());
    return sums();
  }
  // x += A^-1 of these, until the linear residuals are below `goals` [A]; members without one stay.
  std::vector<Outcome> correct(const std::vector<double>& goals) {
    std::vector<Outcome> outcomes(goals.size());
    iterate(goals, outcomes);
    for (Outcome& outcome : outcomes) {
      outcome.ok = outcome.iterations < settings_.max_iterations;
      if (!outcome.ok) outcome.failure = "too many iterations";
      outcome.two_level = a_.has_coarse();
      outcome.symmetric = is_definite_;
    }
    return outcomes;
  }

 private:
  static constexpr int kPasses = 4;  // these three as solvers/array_krylov.cpp
  static constexpr double kFewestDigits = 0.1;
  static constexpr double kReserve = 0.7;
  static constexpr int kRepeated = 4;  // iterations; even, as two vectors change places

  std::vector<Sums> sums() {
    std::vector<Sums> sums(static_cast<std::size_t>(shape().members));
    queue_.template download<Sums>(norms_, sums);
    return sums;
  }
  double mean_cell() {
    a_.sum_all(SumTable{shape(), a_.view().col_col}, norms_.data());
    return sums()[0].first / static_cast<double>(shape().cells());
  }

  template <class Wants>
  void set_coarse(const ArrayMatrix& matrix, const Wants& wants) {
    using TwoLevel = ArrayKrylov::TwoLevel;
    const bool wanted =
        settings_.two_level == TwoLevel::kAuto ? wants() : settings_.two_level == TwoLevel::kOn;
    a_.set_coarse(matrix, wanted);
    if (a_.has_moved()) {
      conjugate_.forget();
      stabilised_.forget();
    }
  }

  // Finds the residuals. Goals are those of members that are to be iterated, 0 for others; false if
  // there are none.
  bool judge(int pass, double tolerance, std::span<const double> scales,
             std::vector<Outcome>& outcomes, std::vector<double>& goals,
             std::vector<double>& before) {
    const std::vector<Sums> sums = residuals(nullptr, nullptr);
    bool any = false;
    for (std::size_t b = 0; b < outcomes.size(); ++b) {
      if (pass > 0 && goals[b] == 0) continue;
      const double scale = scales.empty() ? 0.0 : scales[b];
      goals[b] = judge_one(pass, tolerance, scale, sums[b], outcomes[b], before[b]);
      any = any || goals[b] > 0;
    }
    return any;
  }

  double judge_one(int pass, double tolerance, double scale, const Sums& sums, Outcome& outcome,
                   double& before) {
    constexpr double kRoundings = 2 * std::numeric_limits<double>::epsilon();
    const double residual = std::sqrt(sums.second);
    const double rounding = kRoundings * std::sqrt(sums.third + sums.first);
    const double drive = std::max(std::sqrt(sums.first), scale);
    const double goal = tolerance * drive;
    outcome.residual = drive > 0 ? residual / drive : residual;
    outcome.rounding = drive > 0 ? rounding / drive : rounding;
    const bool has_digits = drive == 0 || rounding < kFewestDigits * drive;
    outcome.ok = residual <= (has_digits ? std::max(goal, rounding) : goal);
    const bool stands = pass > 0 && residual > 0.25 * before;
    if (residual <= goal || (outcome.ok && (stands || pass == kPasses))) return 0;
    before = residual;
    if (!std::isfinite(residual)) outcome.failure = "the solution is not finite";
    if (pass > 0 && !has_digits) outcome.failure = "the array's matrix is singular";
    if (pass == kPasses) outcome.failure = "the residual stagnates";
    if (outcome.iterations >= settings_.max_iterations) outcome.failure = "too many iterations";
    if (!outcome.failure.empty()) return 0;
    // Without a drive only 0 will do, and an iteration ends where it finds nothing more.
    return std::max(goal, std::numeric_limits<double>::min());
  }

  // x += A^-1 of the residuals.
  void iterate(const std::vector<double>& goals, std::vector<Outcome>& outcomes) {
    start(goals, outcomes);
    if (is_definite_) {
      conjugate_gradients();
      if (!is_definite_) restart();
    }
    if (!is_definite_) stabilised_gradients();
    for (std::size_t b = 0; b < outcomes.size(); ++b)
      outcomes[b].iterations = states_[b].iterations;
    a_.solve_rows(r_row_.data(), a_.view().row_col, x_.data(), t_.data());
    queue_.run(
        AddCorrections{shape(), a_.members(), t_.data(), x_.data(), x_row_.data(), x_col_.data()});
  }

  void start(const std::vector<double>& goals, const std::vector<Outcome>& outcomes) {
    states_.assign(goals.size(), Member{});
    const std::vector<double>& segments = a_.col_segments();
    for (std::size_t b = 0; b < goals.size(); ++b) {
      if (goals[b] == 0) continue;
      // The reduced equations are divided by the segments' conductance.
      const double target = kReserve * goals[b] / segments[segments.size() > 1 ? b : 0];
      states_[b].target = target * target;
      states_[b].state = State::kIterating;
      states_[b].iterations = outcomes[b].iterations;
      states_[b].is_corrected = true;
    }
    put_states();
    a_.solve_rows(r_row_.data(), nullptr, nullptr, t_.data());
    start_reduced();
  }
  void start_reduced() {
    queue_.run(StartReduced{a_.view(), r_col_.data(), t_.data(), r_.data(), x_.data(),
                            before_.data(), a_.members()});
  }

  // Members that were not positive definite after all.
  void restart() {
    for (Member& m : states_) {
      if (m.state == State::kIndefinite) m.state = State::kIterating;
    }
    put_states();
    start_reduced();
  }

  // True while a member iterates.
  bool look() {
    queue_.template download<Member>(a_.member_table(), states_);
    return std::any_of(states_.begin(), states_.end(),
                       [](const Member& m) { return m.iterates(); });
  }
  void put_states() { queue_.template upload<Member>(states_, a_.member_table()); }

  void conjugate_gradients() {
    a_.precondition(r_.data(), z_.data());
    a_.after_precondition(BeginConjugate{});
    do {
      queue_.repeat(conjugate_, [&] {
        for (int k = 0; k < kRepeated; k += 2) {
          conjugate_step(before_.data(), d_.data());
          conjugate_step(d_.data(), before_.data());
        }
      });
    } while (look());
    is_definite_ = std::none_of(states_.begin(), states_.end(),
                                [](const Member& m) { return m.state == State::kIndefinite; });
  }
  void conjugate_step(const double* before, double* d) {
    a_.product(z_.data(), before, d, q_.data(), StepLength{settings_.max_iterations});
    a_.precondition(r_.data(), z_.data(), x_.data(), d, q_.data());
    a_.after_precondition(NextConjugate{});
  }

  void stabilised_gradients() {
    for (Table* table : {&shadow_, &p_, &v_}) {
      if (table->size() == 0) *table = queue_.template table<double>(shape().size());
    }
    a_.sum(BeginStabilised{shape(), r_.data(), shadow_.data(), p_.data()}, BeginRho{});
    do {
      queue_.repeat(stabilised_, [&] {
        for (int k = 0; k < kRepeated; ++k) stabilised_step();
      });
    } while (look());
  }
  void stabilised_step() {
    const Shape& s = shape();
    a_.precondition(p_.data(), d_.data());
    a_.product(d_.data(), nullptr, d_.data(), v_.data());
    a_.sum(DotProducts{s, v_.data(), shadow_.data()}, StabilisedLength{settings_.max_iterations});
    a_.sum(SubtractDirection{s, a_.members(), v_.data(), r_.data()}, EndHalfWay{});
    a_.precondition(r_.data(), z_.data());
    a_.product(z_.data(), nullptr, z_.data(), q_.data());
    a_.sum(DotProducts{s, q_.data(), r_.data()}, StabilisingLength{});
    a_.sum(StabilisedStep{s, a_.members(), d_.data(), z_.data(), q_.data(), shadow_.data(),
                          x_.data(), r_.data()},
           NextStabilised{});
    queue_.run(NextDirection{s, a_.members(), r_.data(), v_.data(), p_.data()});
  }

  // Tables of one member after the other; q_ is free before and after iterations.
  void upload(std::span<const double> from, Table& to) {
    if (shape().members == 1) return queue_.template upload<double>(from, to);
    queue_.template upload<double>(from, q_);
    queue_.run(Interleave{shape().cells(), shape().members, false, q_.data(), to.data()});
  }

  Queue& queue_;
  KrylovSettings settings_;
  BatchMatrix<Queue> a_;
  ArrayMatrix matrix_;  // whose cells kernels make
  bool is_sound_ = false;
  bool is_definite_ = false;  // not found otherwise yet
  std::vector<Member> states_;
  Table f_row_, f_col_, x_row_, x_col_;
  Table r_row_, r_col_, t_;
  Table x_, r_, z_, d_, before_, q_;
  Table shadow_, p_, v_;
  typename Queue::template Table<Sums> norms_;
  typename Queue::Recording conjugate_, stabilised_;
};

}  // namespace wordline::gpu
