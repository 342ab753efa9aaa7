#include "wordline/cuda/device_queue.hpp"

namespace wordline::gpu {

DeviceQueue::DeviceQueue() {
  int bytes = 0;
  check(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0),
        "cudaDeviceGetAttribute");
  most_shared_ = bytes / static_cast<int>(sizeof(double));
}

void DeviceQueue::clear(void* memory, std::size_t bytes) {
  check(cudaMemsetAsync(memory, 0, bytes, stream_.get()), "cudaMemsetAsync");
}

void DeviceQueue::copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (bytes == 0) return;
  check(cudaMemcpyAsync(to, from, bytes, kind, stream_.get()), "cudaMemcpyAsync");
  stream_.wait();
}

}  // namespace wordline::gpu
