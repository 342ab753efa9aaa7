// Transconductance matrices, and products with them, by a queue (a GPU, or its twin on the
// processor), behind the interfaces that crossbars see. Where the queue's memory is used up, the
// processor goes on.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/cuda/dense_products.hpp"
#include "wordline/cuda/errors.hpp"
#include "wordline/cuda/port_reduction.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::gpu {

template <class Queue>
class TransferMethod final : public ArrayTransferMethod {
 public:
  // `warn` is told why the processor takes over, which has `threads`.
  TransferMethod(std::int32_t rows, std::int32_t cols, int threads, std::unique_ptr<Queue> queue,
                 std::function<void(std::string_view)> warn)
      : rows_(rows),
        cols_(cols),
        threads_(threads),
        warn_(std::move(warn)),
        queue_(std::move(queue)) {
    if (queue_ != nullptr) reduction_.emplace(*queue_, rows, cols);
  }

  std::string_view name() const override {
    return processor_ ? "transfer, as the GPU has no memory left" : "transfer on the GPU";
  }

  std::vector<bool> transfer(std::span<const ArrayMatrix> matrices, std::span<double> t) override {
    std::vector<bool> sound;
    for (std::size_t first = 0; first < matrices.size();) {
      const std::size_t count = std::min(matrices.size() - first, at_once(matrices[first]));
      const auto some = matrices.subspan(first, count);
      const std::vector<bool> found =
          transfer_some(some, t.subspan(first * cells(), count * cells()));
      sound.insert(sound.end(), found.begin(), found.end());
      first += count;
    }
    return sound;
  }

 private:
  std::size_t cells() const {
    return static_cast<std::size_t>(rows_) * static_cast<std::size_t>(cols_);
  }
  // As many as take some 1.3 GB.
  std::size_t at_once(const ArrayMatrix& matrix) const {
    constexpr std::size_t kCells = std::size_t{4} << 20;
    return std::max<std::size_t>(1, kCells / (cells() * (matrix.is_symmetric() ? 1 : 2)));
  }

  std::vector<bool> transfer_some(std::span<const ArrayMatrix> matrices, std::span<double> t) {
    if (!processor_) {
      try {
        std::vector<bool> sound = reduction_->reduce(matrices, true, t);
        for (std::size_t k = 0; k < sound.size(); ++k) {
          sound[k] = sound[k] && floating_line(matrices[k]) < 0;
        }
        return sound;
      } catch (const OutOfDeviceMemory& error) {
        warn_(error.what());
      }
      reduction_.reset();
      queue_.reset();
      processor_.emplace(rows_, cols_, threads_);
    }
    std::vector<bool> sound;
    std::vector<double> one;
    for (std::size_t k = 0; k < matrices.size(); ++k) {
      sound.push_back(processor_->transfer(matrices[k], one).ok);
      std::copy(one.begin(), one.end(), t.begin() + static_cast<std::ptrdiff_t>(k * cells()));
    }
    return sound;
  }

  std::int32_t rows_, cols_;
  int threads_;
  std::function<void(std::string_view)> warn_;
  std::unique_ptr<Queue> queue_;
  std::optional<PortReduction<Queue>> reduction_;
  std::optional<ArrayMultifrontal> processor_;
};

template <class Queue>
class ProductMethod final : public DenseProductMethod {
 public:
  // `load` finds a library, or null, once a product is worth one's start. `warn` is told why a
  // product is not made. Throws OutOfDeviceMemory.
  ProductMethod(std::unique_ptr<Queue> queue, std::span<const ProductShape> shapes,
                std::span<const double> values,
                std::function<std::unique_ptr<DenseLibrary>(Queue&)> load,
                std::function<void(std::string_view)> warn)
      : load_(std::move(load)),
        warn_(std::move(warn)),
        queue_(std::move(queue)),
        products_(*queue_, shapes, values) {}

  bool multiply(std::span<const double> inputs, std::int32_t batch,
                std::span<double> outputs) override {
    try {
      products_.multiply(inputs, batch, outputs, library_for(batch));
      return true;
    } catch (const OutOfDeviceMemory& error) {
      warn_(error.what());
      return false;
    }
  }

 private:
  const DenseLibrary* library_for(std::int32_t batch) {
    constexpr std::int64_t kWorthLibrary = std::int64_t{1} << 38;
    if (products_.work(batch) < kWorthLibrary) return nullptr;
    if (load_) library_ = std::exchange(load_, nullptr)(*queue_);
    return library_.get();
  }

  std::function<std::unique_ptr<DenseLibrary>(Queue&)> load_;  // until it is called
  std::function<void(std::string_view)> warn_;
  std::unique_ptr<Queue> queue_;
  DenseProducts<Queue> products_;
  std::unique_ptr<DenseLibrary> library_;
};

}  // namespace wordline::gpu
