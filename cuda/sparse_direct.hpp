// Sparse LU with a queue (a GPU, or its twin on the processor) behind the contract of all linear
// solvers: KLU chooses the pivots, the queue factors again with them as long as they serve, and
// solves. Where the queue's memory is used up, KLU goes on alone.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/cuda/errors.hpp"
#include "wordline/cuda/sparse_factors.hpp"
#include "wordline/solvers/pivot_order.hpp"

namespace wordline::gpu {

template <class Queue>
class SparseDirect final : public LinearSolver {
 public:
  // `warn` is told why the processor takes over.
  SparseDirect(std::unique_ptr<PivotingSolver> klu, std::unique_ptr<Queue> queue,
               std::function<void(std::string_view)> warn)
      : klu_(std::move(klu)), queue_(std::move(queue)), warn_(std::move(warn)) {}

  std::string_view name() const override {
    name_ = queue_ != nullptr ? "LU on the GPU, pivots of " + std::string(klu_->name())
                              : std::string(klu_->name()) + ", as the GPU has no memory left";
    return name_;
  }

  bool factors_cheaply() const override { return klu_->factors_cheaply(); }

  Factorization analyze(const SparsePattern& pattern) override {
    pattern_ = pattern;
    factors_.reset();
    return klu_->analyze(pattern);
  }

  Factorization factor(std::span<const double> values) override {
    if (queue_ == nullptr) return klu_->factor(values);
    const bool is_same =
        factors_ && std::equal(values.begin(), values.end(), values_.begin(), values_.end());
    if (is_same) return {};
    values_.assign(values.begin(), values.end());
    try {
      if (factors_ && factors_->plan().covers(values) && factors_->factor(values)) {
        are_pivots_new_ = false;
        return {};
      }
      return choose_pivots();
    } catch (const OutOfDeviceMemory& error) {
      return go_on_without(error);
    }
  }

  void solve(std::span<double> right_hand_sides, std::int32_t count) const override {
    if (queue_ == nullptr) return klu_->solve(right_hand_sides, count);
    const std::vector<double> b(right_hand_sides.begin(), right_hand_sides.end());
    bool is_factored = true;
    try {
      // There are no better pivots than new ones.
      if (solve_here(b, right_hand_sides, count) || are_pivots_new_) return;
      is_factored = choose_pivots().ok;
      if (is_factored) solve_here(b, right_hand_sides, count);
    } catch (const OutOfDeviceMemory& error) {
      is_factored = go_on_without(error).ok;
      std::copy(b.begin(), b.end(), right_hand_sides.begin());
      if (is_factored) klu_->solve(right_hand_sides, count);
    }
    if (is_factored) return;
    std::fill(right_hand_sides.begin(), right_hand_sides.end(),
              std::numeric_limits<double>::quiet_NaN());
  }

 private:
  Factorization choose_pivots() const {
    factors_.reset();
    const Factorization outcome = klu_->choose_pivots(values_);
    if (!outcome.ok) return outcome;
    are_pivots_new_ = true;
    factors_.emplace(*queue_, SparsePlan(pattern_, klu_->pivot_order()), values_);
    return {};
  }

  static constexpr double kMostLeft = 1e-3;

  // False where the pivots do not serve: what they leave of an error is not small.
  bool solve_here(std::span<const double> b, std::span<double> x, std::int32_t count) const {
    if (!factors_) return false;
    const auto refined = factors_->solve(b, x, count);
    return std::all_of(refined.begin(), refined.end(), [](const auto& one) {
      return std::isfinite(one.error) && one.contraction <= kMostLeft;
    });
  }

  Factorization go_on_without(const OutOfDeviceMemory& error) const {
    warn_(error.what());
    factors_.reset();
    queue_.reset();
    return klu_->factor(values_);
  }

  // A solve may find that pivots do not serve, or memory used up.
  mutable std::unique_ptr<PivotingSolver> klu_;
  mutable std::unique_ptr<Queue> queue_;
  std::function<void(std::string_view)> warn_;
  SparsePattern pattern_;
  std::vector<double> values_;
  mutable std::optional<SparseFactors<Queue>> factors_;
  mutable bool are_pivots_new_ = false;
  mutable std::string name_;
};

}  // namespace wordline::gpu
