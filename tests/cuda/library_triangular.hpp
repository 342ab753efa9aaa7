// The solution of B x = b by factors that are there (cuda/sparse_plan.hpp), by cuSPARSE: its 2n
// sums are one lower triangular system, which SpSV solves for one right-hand side, SpSM for many.
// The independent witness of the GPU's own kernels, and what they have to be faster than.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "wordline/cuda/sparse_plan.hpp"

namespace wordline::testing {

class LibraryTriangular {
 public:
  // Throws where a call fails.
  LibraryTriangular(const gpu::SparsePlan& plan, std::span<const double> factors,
                    std::int32_t members);
  LibraryTriangular(LibraryTriangular&&) noexcept;
  ~LibraryTriangular();

  // Other factors in the same places.
  void update(std::span<const double> factors);
  // Members one after the other.
  std::vector<double> solve(std::span<const double> b);
  // The solution alone, for the right-hand sides of the last solve(); returns when it is there.
  void substitute();

 private:
  struct Objects;
  std::unique_ptr<Objects> objects_;
};

}  // namespace wordline::testing
