// What NVIDIA's libraries make, in C++: released by itself, and every call that fails throws.
#pragma once

#include <cublas_v2.h>
#include <cuda_runtime_api.h>
#include <cusparse.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace wordline::testing {

inline void check(cudaError_t error, const char* call) {
  if (error != cudaSuccess) {
    throw std::runtime_error(std::string(call) + ": " + cudaGetErrorString(error));
  }
}
inline void check(cusparseStatus_t status, const char* call) {
  if (status != CUSPARSE_STATUS_SUCCESS) {
    throw std::runtime_error(std::string(call) + ": " + cusparseGetErrorString(status));
  }
}
inline void check(cublasStatus_t status, const char* call) {
  if (status != CUBLAS_STATUS_SUCCESS) {
    throw std::runtime_error(std::string(call) + ": " + cublasGetStatusString(status));
  }
}

template <auto kDestroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};
template <class Handle, auto kDestroy>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Destroy<kDestroy>>;

using Sparse = Owned<cusparseHandle_t, cusparseDestroy>;
using Blas = Owned<cublasHandle_t, cublasDestroy>;
using SparseMatrix = Owned<cusparseSpMatDescr_t, cusparseDestroySpMat>;
using DenseVector = Owned<cusparseDnVecDescr_t, cusparseDestroyDnVec>;

template <class T>
class OnDevice {
 public:
  explicit OnDevice(std::size_t size) : size_(size) {
    void* memory = nullptr;
    check(cudaMalloc(&memory, std::max<std::size_t>(size, 1) * sizeof(T)), "cudaMalloc");
    memory_.reset(static_cast<T*>(memory));
  }
  explicit OnDevice(const std::vector<T>& values) : OnDevice(values.size()) {
    check(cudaMemcpy(data(), values.data(), size_ * sizeof(T), cudaMemcpyHostToDevice),
          "cudaMemcpy");
  }
  T* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }
  void copy_from(const T* other) {
    check(cudaMemcpy(data(), other, size_ * sizeof(T), cudaMemcpyDeviceToDevice), "cudaMemcpy");
  }

 private:
  std::size_t size_;
  std::unique_ptr<T, Destroy<cudaFree>> memory_;
};

}  // namespace wordline::testing
