// Products with matrices that stay in a queue's memory: one, or many side by side that each take
// some of the inputs, as the tiles of a larger matrix do.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "wordline/cuda/dense_library.hpp"
#include "wordline/cuda/iteration_kernels.hpp"
#include "wordline/cuda/product_kernel.hpp"
#include "wordline/cuda/uploaded.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::gpu {

template <class Queue>
class DenseProducts {
 public:
  // `values`: the matrices one after the other.
  DenseProducts(Queue& queue, std::span<const ProductShape> shapes, std::span<const double> values)
      : queue_(queue) {
    std::vector<OutputTile> tiles;
    std::int64_t at = 0;
    for (const ProductShape& s : shapes) {
      const auto matrix = static_cast<std::int32_t>(views_.size());
      views_.push_back({s.first_input, s.inputs, s.outputs, at, outputs_});
      for (std::int32_t first = 0; first < s.outputs; first += RegisterTile::kSize) {
        tiles.push_back({matrix, first});
      }
      at += std::int64_t{s.inputs} * s.outputs;
      outputs_ += s.outputs;
    }
    matrices_ = uploaded<ProductView>(queue, views_);
    tiles_ = uploaded<OutputTile>(queue, tiles);
    values_ = uploaded<double>(queue, values);
  }

  // Multiplications of products with so many inputs.
  std::int64_t work(std::int32_t batch) const {
    return static_cast<std::int64_t>(values_.size()) * batch;
  }

  // `inputs`: batch x inputs, row by row. By the library, or without one by our kernel.
  void multiply(std::span<const double> inputs, std::int32_t batch, std::span<double> outputs,
                const DenseLibrary* library = nullptr) {
    const std::int64_t lines = std::ssize(inputs) / std::max(1, batch);
    const Table<double> given = uploaded<double>(queue_, inputs);
    Table<double> found = queue_.template table<double>(outputs_ * batch);
    if (library != nullptr) {
      for (const ProductView& m : views_) {
        if (m.outputs == 0) continue;
        library->multiply(
            {values_.data() + m.matrix, m.outputs, m.inputs, m.outputs},
            {given.data() + m.first_input, m.inputs, batch, static_cast<std::int32_t>(lines)},
            found.data() + m.output * batch);
      }
      queue_.template download<double>(found, outputs);
      return;
    }
    Table<double> by_line = queue_.template table<double>(std::ssize(inputs));
    queue_.run(Interleave{lines, batch, false, given.data(), by_line.data()});
    queue_.run(Multiply{matrices_.data(), tiles_.data(), static_cast<std::int32_t>(tiles_.size()),
                        batch, values_.data(), by_line.data(), found.data()});
    queue_.template download<double>(found, outputs);
  }

 private:
  template <class T>
  using Table = typename Queue::template Table<T>;

  Queue& queue_;
  std::int64_t outputs_ = 0;  // of all matrices
  std::vector<ProductView> views_;
  Table<ProductView> matrices_;  // the same
  Table<OutputTile> tiles_;
  Table<double> values_;
};

}  // namespace wordline::gpu
