// Dense matrix products and factorizations by OpenBLAS, which is kept to one thread: the callers
// know better what to run side by side, and results must not depend on the number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace wordline {

// Memory for kernels, at a cache line.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size) { reserve(size); }
  // At least `size` doubles, all 0 where they are new. Contents are lost when it grows.
  void reserve(std::size_t size);
  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(double* p) const { std::free(p); }
  };
  std::unique_ptr<double, Free> data_;
  std::size_t size_ = 0;
};

// C = A B, row by row: A is m x k with rows `lda` apart, B k x n, C m x n. `threads`: 0 takes
// OpenMP's number.
void multiply(std::int32_t m, std::int32_t n, std::int32_t k, const double* a, std::int32_t lda,
              const double* b, std::int32_t ldb, double* c, std::int32_t ldc, int threads = 1);

// The same with B transposed: n x k.
void multiply_transposed(std::int32_t m, std::int32_t n, std::int32_t k, const double* a,
                         std::int32_t lda, const double* b, std::int32_t ldb, double* c,
                         std::int32_t ldc, int threads = 1);

// A += factor x y^T, row by row: m x n.
void add_outer(std::int32_t m, std::int32_t n, double factor, const double* x, const double* y,
               double* a, std::int32_t lda);

// Factors of a dense matrix, column by column: Cholesky of the lower half, or LU with pivoting.
class DenseFactors {
 public:
  // n x n doubles to fill before factor().
  double* reset(std::int32_t n);
  // False where the matrix is singular or, if symmetric, not positive definite. A pivot counts as 0
  // where it is rounding beside `scale`: the diagonal entry before anything was eliminated.
  bool factor(bool symmetric, const double* scale);
  // In place, `count` right-hand sides n apart.
  void solve(double* b, std::int32_t count, bool transposed) const;
  std::int32_t size() const { return n_; }

 private:
  std::int32_t n_ = 0;
  bool symmetric_ = false;
  AlignedBuffer a_;
  std::unique_ptr<std::int32_t[]> pivots_;
};

}  // namespace wordline
