// A table of doubles that starts on a cache line and keeps its storage when it is resized to less.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace wordline {

class AlignedTable {
 public:
  // All zero.
  void assign(std::size_t size) {
    if (size > capacity_) {
      const std::size_t bytes = (size * sizeof(double) + kAlignment - 1) / kAlignment * kAlignment;
      data_.reset(static_cast<double*>(std::aligned_alloc(kAlignment, bytes)));
      if (data_ == nullptr) throw std::bad_alloc();
      capacity_ = size;
    }
    size_ = size;
    for (std::size_t k = 0; k < size; ++k) data_[k] = 0;
  }
  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  double& operator[](std::size_t k) { return data_[k]; }
  double operator[](std::size_t k) const { return data_[k]; }

 private:
  static constexpr std::size_t kAlignment = 64;
  struct Free {
    void operator()(double* p) const { std::free(p); }
  };
  std::unique_ptr<double[], Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace wordline
