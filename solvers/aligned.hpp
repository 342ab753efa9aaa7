// A table of doubles that starts on a cache line and keeps its storage when it is resized to less.
// Tables start at different places of a page: those that began at the same one would share the same
// few lines of a cache.
#pragma once

#include <atomic>
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
      static std::atomic<std::size_t> tables = 0;
      const std::size_t stagger = tables++ % kPlaces * kStagger;
      const std::size_t bytes =
          (size * sizeof(double) + stagger + kAlignment - 1) / kAlignment * kAlignment;
      memory_.reset(std::aligned_alloc(kAlignment, bytes));
      if (memory_ == nullptr) throw std::bad_alloc();
      data_ = static_cast<double*>(memory_.get()) + stagger / sizeof(double);
      capacity_ = size;
    }
    size_ = size;
    for (std::size_t k = 0; k < size; ++k) data_[k] = 0;
  }
  double* data() { return data_; }
  const double* data() const { return data_; }
  std::size_t size() const { return size_; }
  double& operator[](std::size_t k) { return data_[k]; }
  double operator[](std::size_t k) const { return data_[k]; }

 private:
  static constexpr std::size_t kAlignment = 64;  // bytes
  static constexpr std::size_t kPlaces = 13;
  static constexpr std::size_t kStagger = 320;  // bytes
  struct Free {
    void operator()(void* p) const { std::free(p); }
  };
  std::unique_ptr<void, Free> memory_;
  double* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace wordline
