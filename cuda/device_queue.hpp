// The kernels of kernel.hpp on the first GPU, one after the other in one stream. Throws CudaError
// where a call fails, OutOfDeviceMemory where memory is used up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wordline/cuda/launch.hpp"
#include "wordline/cuda/runtime.hpp"

namespace wordline::gpu {

class DeviceQueue {
 public:
  template <class T>
  class Table {
   public:
    Table() = default;
    explicit Table(std::size_t size) : memory_(size * sizeof(T)), size_(size) {}
    T* data() const { return static_cast<T*>(memory_.get()); }
    std::size_t size() const { return size_; }

   private:
    DeviceMemory memory_;
    std::size_t size_ = 0;
  };
  using Recording = Graph;

  DeviceQueue();

  // All 0.
  template <class T>
  Table<T> table(std::int64_t size) {
    Table<T> made(static_cast<std::size_t>(size));
    if (size > 0) clear(made.data(), made.size() * sizeof(T));
    return made;
  }
  // Return when `from` may be changed, or `to` be read.
  template <class T>
  void upload(std::span<const T> from, Table<T>& to) {
    copy(to.data(), from.data(), from.size_bytes(), cudaMemcpyHostToDevice);
  }
  template <class T>
  void download(const Table<T>& from, std::span<T> to) {
    copy(to.data(), from.data(), to.size_bytes(), cudaMemcpyDeviceToHost);
  }
  template <class K>
  void run(const K& kernel) {
    check(launch(stream_.get(), kernel), "launch of a kernel");
  }
  template <class Work>
  void repeat(Recording& recording, const Work& work) {
    recording.run(stream_, work);
  }
  std::int32_t most_shared() const { return most_shared_; }
  void wait() const { stream_.wait(); }
  const Stream& stream() const { return stream_; }

 private:
  void clear(void* memory, std::size_t bytes);
  void copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind);

  Stream stream_;
  std::int32_t most_shared_ = 0;
};

}  // namespace wordline::gpu
