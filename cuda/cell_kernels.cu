// The kernels of Newton's method for arrays: cells of every memristor model whose parameters are
// plain numbers, and steps.
#include <tuple>
#include <type_traits>

#include "wordline/cuda/cell_kernels.hpp"
#include "wordline/cuda/launch_kernel.cuh"
#include "wordline/cuda/newton_kernels.hpp"
#include "wordline/devices/memristor/models.hpp"

namespace wordline::gpu {
namespace {

template <class K>
using Launch = cudaError_t (*)(cudaStream_t, const K&);

template <class M>
auto launches_of() {
  if constexpr (std::is_trivially_copyable_v<M>) {
    return std::tuple<Launch<EvaluateMemristors<M>>, Launch<EvaluateTransistorCells<M>>>(
        launch<EvaluateMemristors<M>>, launch<EvaluateTransistorCells<M>>);
  } else {
    return std::tuple<>();
  }
}

template <class... M>
auto launches_of_all(MemristorList<M...> /*models*/) {
  return std::tuple_cat(launches_of<M>()...);
}

}  // namespace

template cudaError_t launch(cudaStream_t, const KeepVoltages&);
template cudaError_t launch(cudaStream_t, const HalveStep&);

// Whose only purpose is that all these exist.
extern const auto kCellLaunches = launches_of_all(MemristorModels{});

}  // namespace wordline::gpu
