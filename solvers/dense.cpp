#include "wordline/solvers/dense.hpp"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <new>

#include <omp.h>

#include "wordline/solvers/front_kernels.hpp"

// NOLINTBEGIN(readability-identifier-naming): LAPACK's names
extern "C" {
void dpotrf_(const char*, const int*, double*, const int*, int*);
void dpotrs_(const char*, const int*, const int*, const double*, const int*, double*, const int*,
             int*);
void dgetrf_(const int*, const int*, double*, const int*, int*, int*);
void dgetrs_(const char*, const int*, const int*, const double*, const int*, const int*, double*,
             const int*, int*);
}
// NOLINTEND(readability-identifier-naming)

namespace wordline {

namespace {

void one_thread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

}  // namespace

void AlignedBuffer::reserve(std::size_t size) {
  if (size <= size_) return;
  const std::size_t bytes = (size * sizeof(double) + 63) / 64 * 64;
  auto* p = static_cast<double*>(std::aligned_alloc(64, bytes));
  if (p == nullptr) throw std::bad_alloc();
  std::memset(p, 0, bytes);
  data_.reset(p);
  size_ = size;
}

namespace {

void multiply_either(bool transposed, std::int32_t m, std::int32_t n, std::int32_t k,
                     const double* a, std::int32_t lda, const double* b, std::int32_t ldb,
                     double* c, std::int32_t ldc, int threads) {
  one_thread();
  if (threads <= 0) threads = omp_get_max_threads();
  // Blocks do not depend on the number of threads, nor do the results.
  const std::int32_t block = 256;
  const std::int32_t blocks = (m + block - 1) / block;
#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1 && blocks > 1)
  for (std::int32_t q = 0; q < blocks; ++q) {
    const std::int32_t first = q * block;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans,
                std::min(block, m - first), n, k, 1, a + static_cast<std::ptrdiff_t>(first) * lda,
                lda, b, ldb, 0, c + static_cast<std::ptrdiff_t>(first) * ldc, ldc);
  }
}

}  // namespace

void multiply(std::int32_t m, std::int32_t n, std::int32_t k, const double* a, std::int32_t lda,
              const double* b, std::int32_t ldb, double* c, std::int32_t ldc, int threads) {
  multiply_either(false, m, n, k, a, lda, b, ldb, c, ldc, threads);
}

void multiply_transposed(std::int32_t m, std::int32_t n, std::int32_t k, const double* a,
                         std::int32_t lda, const double* b, std::int32_t ldb, double* c,
                         std::int32_t ldc, int threads) {
  multiply_either(true, m, n, k, a, lda, b, ldb, c, ldc, threads);
}

void add_outer(std::int32_t m, std::int32_t n, double factor, const double* x, const double* y,
               double* a, std::int32_t lda) {
  one_thread();
  cblas_dger(CblasRowMajor, m, n, factor, x, 1, y, 1, a, lda);
}

double* DenseFactors::reset(std::int32_t n) {
  if (n > n_ || pivots_ == nullptr) {
    pivots_ = std::make_unique<std::int32_t[]>(static_cast<std::size_t>(n) + 1);
  }
  n_ = n;
  const std::size_t size = static_cast<std::size_t>(n) * static_cast<std::size_t>(n);
  a_.reserve(size + 1);
  std::fill_n(a_.data(), size, 0.0);
  return a_.data();
}

bool DenseFactors::factor(bool symmetric, const double* scale) {
  one_thread();
  symmetric_ = symmetric;
  int info = 0;
  if (n_ == 0) return true;
  if (symmetric) {
    dpotrf_("L", &n_, a_.data(), &n_, &info);
  } else {
    dgetrf_(&n_, &n_, a_.data(), &n_, pivots_.get(), &info);
  }
  if (info != 0) return false;
  const auto n = static_cast<std::size_t>(n_);
  for (std::size_t k = 0; k < n; ++k) {
    const double pivot = a_.data()[k * n + k];
    const double size = symmetric ? pivot * pivot : std::abs(pivot);
    if (!(size > kSmallestPivot * std::abs(scale[k]))) return false;
  }
  return true;
}

void DenseFactors::solve(double* b, std::int32_t count, bool transposed) const {
  int info = 0;
  if (n_ == 0) return;
  if (symmetric_) {
    dpotrs_("L", &n_, &count, a_.data(), &n_, b, &n_, &info);
  } else {
    dgetrs_(transposed ? "T" : "N", &n_, &count, a_.data(), &n_, pivots_.get(), b, &n_, &info);
  }
}

}  // namespace wordline
