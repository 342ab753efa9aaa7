// What goes wrong with a GPU.
#pragma once

#include "wordline/base/error.hpp"

namespace wordline::gpu {

class CudaError : public Error {
 public:
  using Error::Error;
};

// The GPU's memory is used up; the processor's may be not.
class OutOfDeviceMemory : public CudaError {
 public:
  using CudaError::CudaError;
};

}  // namespace wordline::gpu
