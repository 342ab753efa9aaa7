// The processor in the place of a GPU: kernels run at once, one after the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "wordline/cuda/errors.hpp"
#include "wordline/cuda/kernel.hpp"

namespace wordline::gpu {

class HostQueue {
 public:
  template <class T>
  using Table = std::vector<T>;

  // What a sequence of kernels becomes that is run again and again.
  class Recording {
   public:
    void forget() {}
  };

  // Blocks may share so many doubles; in all there is so much memory.
  explicit HostQueue(std::int32_t most_shared = 12288,
                     std::size_t bytes = std::numeric_limits<std::size_t>::max(),
                     Order order = Order::kForwards)
      : most_shared_(most_shared), bytes_left_(bytes), order_(order) {}

  // All 0. What is given back is not counted.
  template <class T>
  Table<T> table(std::int64_t size) {
    const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(T);
    if (bytes > bytes_left_) throw OutOfDeviceMemory("no memory is left");
    bytes_left_ -= bytes;
    return Table<T>(static_cast<std::size_t>(size));
  }
  template <class T>
  void upload(std::span<const T> from, Table<T>& to) {
    std::copy(from.begin(), from.end(), to.begin());
  }
  template <class T>
  void download(const Table<T>& from, std::span<T> to) {
    std::copy_n(from.begin(), to.size(), to.begin());
  }
  template <class K>
  void run(const K& kernel) {
    run_on_host(kernel, order_);
  }
  template <class Work>
  void repeat(Recording& /*recording*/, const Work& work) {
    work();
  }
  std::int32_t most_shared() const { return most_shared_; }

 private:
  std::int32_t most_shared_;
  std::size_t bytes_left_;
  Order order_;
};

}  // namespace wordline::gpu
