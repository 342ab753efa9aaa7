// A library for products of dense matrices, which a GPU may have beside our kernels.
#pragma once

#include <cstdint>

namespace wordline::gpu {

class DenseLibrary {
 public:
  DenseLibrary() = default;
  DenseLibrary(const DenseLibrary&) = delete;
  DenseLibrary& operator=(const DenseLibrary&) = delete;
  virtual ~DenseLibrary() = default;

  // Column by column, of columns `lda` apart.
  struct Factor {
    const double* values;
    std::int32_t rows, cols, lda;
  };
  // c = a b, whose columns stand side by side; after what was given to the queue before.
  virtual void multiply(const Factor& a, const Factor& b, double* c) const = 0;
};

}  // namespace wordline::gpu
