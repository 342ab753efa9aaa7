// The Krylov method of a queue (a GPU, or its twin on the processor) behind the interface that
// circuits' solvers see, and many right-hand sides at once. Where the queue's memory is used up,
// ArrayKrylov goes on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/cuda/batch_krylov.hpp"
#include "wordline/cuda/errors.hpp"
#include "wordline/solvers/array_solver.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::gpu {

template <class Queue>
class KrylovMethod final : public ArrayMethod {
 public:
  // `warn` is told why the processor takes over.
  KrylovMethod(const ArrayGeometry& array, std::unique_ptr<Queue> queue,
               std::function<void(std::string_view)> warn)
      : array_(array), warn_(std::move(warn)), queue_(std::move(queue)) {}

  std::string_view name() const override {
    return processor_ != nullptr ? "krylov, as the GPU has no memory left" : "krylov on the GPU";
  }
  bool factors_cheaply() const override { return true; }

  bool set(const ArrayMatrix& matrix) override {
    matrix_ = matrix;
    return either([&] { return set_here(); }, [&] { return processor_->set(matrix); });
  }

  bool solve(std::span<const double> f_row, std::span<const double> f_col, std::span<double> x_row,
             std::span<double> x_col, double tolerance) override {
    return either([&] { return solver_->solve(f_row, f_col, x_row, x_col, tolerance)[0].ok; },
                  [&] { return processor_->solve(f_row, f_col, x_row, x_col, tolerance); });
  }

 private:
  bool set_here() {
    if (!solver_) solver_.emplace(*queue_, Shape{array_.rows, array_.cols, 1, false});
    return solver_->set({&matrix_, 1});
  }

  template <class Here, class There>
  bool either(const Here& here, const There& there) {
    if (processor_ == nullptr) {
      try {
        return here();
      } catch (const OutOfDeviceMemory& error) {
        warn_(error.what());
      }
      solver_.reset();
      queue_.reset();
      processor_ = make_krylov_method(array_);
      if (!processor_->set(matrix_)) return false;
    }
    return there();
  }

  ArrayGeometry array_;
  std::function<void(std::string_view)> warn_;
  ArrayMatrix matrix_;
  std::unique_ptr<Queue> queue_;
  std::optional<BatchKrylov<Queue>> solver_;
  std::unique_ptr<ArrayMethod> processor_;
};

template <class Queue>
class BatchMethod final : public ArrayBatchMethod {
 public:
  BatchMethod(std::unique_ptr<Queue> queue, std::int32_t rows, std::int32_t cols,
              std::int32_t members)
      : queue_(std::move(queue)), solver_(*queue_, Shape{rows, cols, members, false}) {}

  std::string_view name() const override { return "krylov on the GPU"; }
  std::int32_t members() const override { return solver_.shape().members; }
  bool set(const ArrayMatrix& matrix) override {
    try {
      return solver_.set({&matrix, 1});
    } catch (const OutOfDeviceMemory&) {
      return false;
    }
  }
  std::vector<ArrayKrylov::Outcome> solve(const ArrayTables& f, std::span<double> x_row,
                                          std::span<double> x_col, double tolerance,
                                          std::span<const double> scales) override {
    try {
      return solver_.solve(f.row, f.col, x_row, x_col, tolerance, scales);
    } catch (const OutOfDeviceMemory&) {
      ArrayKrylov::Outcome outcome;
      outcome.failure = "the GPU's memory is used up";
      return std::vector(static_cast<std::size_t>(members()), outcome);
    }
  }

 private:
  std::unique_ptr<Queue> queue_;
  BatchKrylov<Queue> solver_;
};

}  // namespace wordline::gpu
