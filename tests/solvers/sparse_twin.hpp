// Sparse LU as a GPU does it, by its twin on the processor.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "wordline/cuda/host_queue.hpp"
#include "wordline/cuda/sparse_direct.hpp"

namespace wordline::testing {

inline std::unique_ptr<LinearSolver> make_sparse_twin(std::vector<ArrayGeometry> arrays = {}) {
  return std::make_unique<gpu::SparseDirect<gpu::HostQueue>>(
      make_pivoting_solver(std::move(arrays)), std::make_unique<gpu::HostQueue>(),
      [](std::string_view reason) { ADD_FAILURE() << reason; });
}

}  // namespace wordline::testing
