// The CUDA runtime in C++: what is made here is released by itself, and every call that fails
// throws with its name and the runtime's reason.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <memory>
#include <type_traits>

#include "wordline/cuda/errors.hpp"

namespace wordline::gpu {

// Throws where `error` is one; `call` says what was tried.
void check(cudaError_t error, const char* call);

class Stream {
 public:
  Stream();
  cudaStream_t get() const { return stream_.get(); }
  void wait() const;

 private:
  struct Destroy {
    void operator()(cudaStream_t stream) const;
  };
  std::unique_ptr<std::remove_pointer_t<cudaStream_t>, Destroy> stream_;
};

// Memory of the device.
class DeviceMemory {
 public:
  DeviceMemory() = default;
  // Throws OutOfDeviceMemory where there is not so much.
  explicit DeviceMemory(std::size_t bytes);
  void* get() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> memory_;
};

// A sequence of kernels that is recorded when it comes a second time, and then launched as a whole:
// the first time loads the kernels, for which a recording is no place.
class Graph {
 public:
  template <class Work>
  void run(const Stream& stream, const Work& work) {
    if (graph_ == nullptr && !is_known_) {
      work();
      is_known_ = true;
      return;
    }
    if (graph_ == nullptr) record(stream, work);
    launch(stream);
  }
  // The next work is another.
  void forget() {
    graph_.reset();
    is_known_ = false;
  }

 private:
  template <class Work>
  void record(const Stream& stream, const Work& work) {
    begin(stream);
    try {
      work();
    } catch (...) {
      abandon(stream);
      throw;
    }
    end(stream);
  }
  static void begin(const Stream& stream);
  static void abandon(const Stream& stream);
  void end(const Stream& stream);
  void launch(const Stream& stream) const;

  struct Destroy {
    void operator()(cudaGraphExec_t graph) const;
  };
  std::unique_ptr<std::remove_pointer_t<cudaGraphExec_t>, Destroy> graph_;
  bool is_known_ = false;
};

}  // namespace wordline::gpu
