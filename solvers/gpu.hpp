// What a GPU can do of this room's work. It is declared here, where the rooms above see it, and
// defined in the room `cuda`, which knows this one: in gpu.cpp, or in gpu_without_cuda.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "wordline/solvers/array_geometry.hpp"
#include "wordline/solvers/array_solver.hpp"

namespace wordline {

// Arrays of fewer cells are not worth the way to the GPU and back.
inline constexpr std::size_t kCellsWorthGpu = std::size_t{512} * 512;

// Empty if a GPU can be used. The first call looks for one; later ones know.
std::string why_no_gpu();

// The method of ArrayKrylov on the GPU, for arrays whose lines cross. Throws Error with the reason
// where no GPU can be used. Where its memory is used up, ArrayKrylov goes on, after a warning.
std::unique_ptr<ArrayMethod> make_gpu_krylov_method(const ArrayGeometry& array);

}  // namespace wordline
