#include "wordline/cuda/array_newton.hpp"

#include "wordline/base/error.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::gpu {

std::unique_ptr<ArrayNewton> make_array_newton(const ArrayMatrix& /*lines*/,
                                               const CellParts& /*cells*/,
                                               std::int32_t /*members*/) {
  throw Error("no GPU can be used: " + why_no_gpu());
}

}  // namespace wordline::gpu
