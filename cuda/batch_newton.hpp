// The method of crossbar/node_solver.hpp with all tables in the memory of a queue (a GPU, or its
// twin on the processor): cells are evaluated, residuals of both planes taken, and every step is
// solved only as well as it deserves. Where a residual does not fall, the step is halved. Many
// members of one shape at once, each of which ends on its own.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/cuda/batch_cells.hpp"
#include "wordline/cuda/batch_krylov.hpp"
#include "wordline/cuda/errors.hpp"
#include "wordline/cuda/newton_kernels.hpp"
#include "wordline/devices/cell_parts.hpp"
#include "wordline/solvers/array_newton.hpp"

namespace wordline::gpu {

template <class Queue>
class BatchNewton final : public ArrayNewton {
 public:
  // Null where the cells' model is not for a GPU.
  static std::unique_ptr<BatchNewton> make(std::unique_ptr<Queue> queue, const ArrayMatrix& lines,
                                           const CellParts& parts, std::int32_t members) {
    const Shape shape{lines.rows, lines.cols, members, members > 1};
    auto cells = make_batch_cells(*queue, shape, parts);
    if (cells == nullptr) return nullptr;
    return std::unique_ptr<BatchNewton>(new BatchNewton(std::move(queue), lines, std::move(cells)));
  }

  std::string_view name() const override { return "newton on the GPU"; }
  std::int32_t members() const override { return shape().members; }
  void set(const CellSettings& settings) override { cells_->set(settings); }

  std::vector<Outcome> solve(const ArrayTables& f, std::span<double> x_row, std::span<double> x_col,
                             std::span<const double> goals) override {
    members_.assign(goals.size(), Progress{});
    for (std::size_t b = 0; b < goals.size(); ++b) members_[b].goal = goals[b];
    try {
      krylov_.upload(f.row, f.col, x_row, x_col);
      iterate();
      krylov_.download(krylov_.x_row(), x_row);
      krylov_.download(krylov_.x_col(), x_col);
    } catch (const OutOfDeviceMemory&) {
      for (Progress& m : members_) end(m, "the GPU's memory is used up");
    }
    std::vector<Outcome> outcomes;
    for (const Progress& m : members_) outcomes.push_back(m.outcome);
    return outcomes;
  }

  void currents(std::span<double> row, std::span<double> col) override {
    krylov_.download(cells_->i_row(), row);
    krylov_.download(cells_->i_col(), col);
  }
  void states(std::span<double> x) override { cells_->states(x); }

 private:
  using Table = typename Queue::template Table<double>;
  // As those of crossbar/node_solver.cpp.
  static constexpr int kMostIterations = 60;
  static constexpr double kLooseGoal = 1e-3;
  static constexpr double kSmallestPart = 1e-3;
  static constexpr std::string_view kNoConvergence = "Newton's method does not converge";

  // How far a member has come.
  struct Progress {
    Outcome outcome;
    bool goes_on = true;
    double goal = 0;                    // A
    double residual = 0, rounding = 0;  // A
    double before = 0;                  // A, before the last step
  };

  BatchNewton(std::unique_ptr<Queue> queue, const ArrayMatrix& lines,
              std::unique_ptr<BatchCells<Queue>> cells)
      : queue_(std::move(queue)),
        cells_(std::move(cells)),
        krylov_(*queue_, cells_->shape()),
        kept_row_(queue_->template table<double>(shape().size())),
        kept_col_(queue_->template table<double>(shape().size())) {
    krylov_.set(lines, cells_->tangents());
  }

  const Shape& shape() const { return cells_->shape(); }

  void iterate() {
    wake(goes_on);
    evaluate();
    for (int iteration = 0; judge(iteration); ++iteration) {
      if (!krylov_.take_cells()) return end_all("a line of the array is singular");
      step(iteration);
      wake(goes_on);
      evaluate();
      search_lines();
    }
  }

  // Whether members go on.
  bool judge(int iteration) {
    for (std::size_t b = 0; b < members_.size(); ++b) {
      Progress& m = members_[b];
      if (!m.goes_on) continue;
      m.outcome.residual = m.residual;
      // Below its rounding a residual that does not fall any more is as good as none.
      const bool stands = iteration > 0 && m.residual > 0.25 * m.before;
      if (m.residual <= m.goal || (stands && m.residual <= m.rounding)) {
        m.outcome.ok = true;
        m.goes_on = false;
      } else if (!std::isfinite(m.residual)) {
        end(m, "the solution is not finite");
      } else if (iteration == kMostIterations) {
        end(m, kNoConvergence);
      }
    }
    return std::any_of(members_.begin(), members_.end(), goes_on);
  }

  // About as accurate as the next residual will be, if the convergence stays better than linear
  // (Eisenstat and Walker 1996).
  void step(int iteration) {
    std::vector<double> goals(members_.size());
    for (std::size_t b = 0; b < members_.size(); ++b) {
      Progress& m = members_[b];
      if (!m.goes_on) continue;
      const double fall = iteration == 0 ? 1 : m.residual / m.before;
      const double loose = std::min(kLooseGoal, 0.5 * fall * std::sqrt(fall)) * m.residual;
      goals[b] = std::max(0.3 * m.goal, loose);
      m.before = m.residual;
      ++m.outcome.newton;
    }
    queue_->run(KeepVoltages{shape(), krylov_.x_row().data(), krylov_.x_col().data(),
                             kept_row_.data(), kept_col_.data()});
    const auto linear = krylov_.correct(goals);
    for (std::size_t b = 0; b < members_.size(); ++b) {
      Progress& m = members_[b];
      m.outcome.inner += linear[b].iterations;
      if (m.goes_on && !linear[b].ok) end(m, linear[b].failure);
    }
  }

  // Halves the steps of the members whose residuals have not fallen.
  void search_lines() {
    const auto is_lost = [](const Progress& m) {
      return m.goes_on && !(m.residual <= std::max(m.goal, m.rounding)) && !(m.residual < m.before);
    };
    for (double part = 0.5; wake(is_lost) && part > kSmallestPart; part *= 0.5) {
      queue_->run(HalveStep{shape(), cells_->awake(), kept_row_.data(), kept_col_.data(),
                            krylov_.x_row().data(), krylov_.x_col().data()});
      evaluate();
    }
    for (Progress& m : members_) {
      if (is_lost(m)) end(m, kNoConvergence);
    }
  }

  // Those that are next to be evaluated; false if there are none.
  template <class Which>
  bool wake(const Which& which) {
    awake_.clear();
    for (const Progress& m : members_) awake_.push_back(which(m) ? 1 : 0);
    if (std::find(awake_.begin(), awake_.end(), 1) == awake_.end()) return false;
    cells_->wake(awake_);
    return true;
  }

  // Cells and residuals of those that are awake.
  void evaluate() {
    constexpr double kRoundings = 2 * std::numeric_limits<double>::epsilon();
    cells_->evaluate(krylov_.x_row(), krylov_.x_col());
    const std::vector<Sums> sums =
        krylov_.residuals(cells_->i_row().data(), cells_->i_col().data());
    for (std::size_t b = 0; b < members_.size(); ++b) {
      if (awake_[b] == 0) continue;
      members_[b].residual = std::sqrt(sums[b].second);
      members_[b].rounding = kRoundings * std::sqrt(sums[b].third + sums[b].first);
    }
  }

  static bool goes_on(const Progress& m) { return m.goes_on; }
  static void end(Progress& m, std::string_view failure) {
    m.goes_on = false;
    m.outcome.ok = false;
    m.outcome.failure = failure;
  }
  void end_all(std::string_view failure) {
    for (Progress& m : members_) {
      if (m.goes_on) end(m, failure);
    }
  }

  std::unique_ptr<Queue> queue_;
  std::unique_ptr<BatchCells<Queue>> cells_;
  BatchKrylov<Queue> krylov_;
  Table kept_row_, kept_col_;
  std::vector<Progress> members_;
  std::vector<std::int32_t> awake_;
};

}  // namespace wordline::gpu
