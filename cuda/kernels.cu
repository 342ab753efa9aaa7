// Every kernel, compiled for the GPU. Without fused multiply-add, which would round otherwise than
// the twin on the processor does: bandwidth, not arithmetic, is what these kernels wait for.
#include <cuda_runtime.h>

#include "wordline/cuda/block_line_kernels.hpp"
#include "wordline/cuda/coarse_kernels.hpp"
#include "wordline/cuda/front_kernels.hpp"
#include "wordline/cuda/iteration_kernels.hpp"
#include "wordline/cuda/kernel.hpp"
#include "wordline/cuda/launch.hpp"
#include "wordline/cuda/leaf_elimination.hpp"
#include "wordline/cuda/line_kernels.hpp"
#include "wordline/cuda/product_kernel.hpp"
#include "wordline/cuda/sparse_kernels.hpp"
#include "wordline/cuda/sums.hpp"

namespace wordline::gpu {
namespace {

constexpr unsigned kThreads = 256;
// Few numbers, which cost the more each, are spread over all multiprocessors.
constexpr unsigned kFewThreads = 64;
constexpr std::int64_t kFew = std::int64_t{1} << 16;

template <class K>
__global__ void __launch_bounds__(kThreads) run_each(const K kernel) {
  const std::int64_t k = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (k < kernel.count()) kernel.at(k);
}

template <class K>
__global__ void run_blocks(const K kernel) {
  extern __shared__ double shared[];
  const int phases = kernel.phases();
  for (int phase = 0; phase < phases; ++phase) {
    kernel.at({static_cast<std::int32_t>(blockIdx.x), static_cast<std::int32_t>(threadIdx.x), phase,
               shared});
    __syncthreads();
  }
}

}  // namespace

template <class K>
cudaError_t launch(cudaStream_t stream, const K& kernel) {
  if constexpr (KernelOfEach<K>) {
    const unsigned threads = kernel.count() <= kFew ? kFewThreads : kThreads;
    const std::int64_t blocks = (kernel.count() + threads - 1) / threads;
    if (blocks == 0) return cudaSuccess;
    run_each<<<static_cast<unsigned>(blocks), threads, 0, stream>>>(kernel);
  } else {
    const int bytes = kernel.shared() * static_cast<int>(sizeof(double));
    // More than this has to be asked for.
    constexpr int kUnasked = 48 * 1024;
    if (bytes > kUnasked) {
      const cudaError_t error =
          cudaFuncSetAttribute(run_blocks<K>, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
      if (error != cudaSuccess) return error;
    }
    run_blocks<<<static_cast<unsigned>(kernel.blocks()), static_cast<unsigned>(kernel.threads()),
                 static_cast<std::size_t>(bytes), stream>>>(kernel);
  }
  return cudaGetLastError();
}

#define WORDLINE_LAUNCH(...) template cudaError_t launch(cudaStream_t, const __VA_ARGS__&)

WORDLINE_LAUNCH(FactorLines);
WORDLINE_LAUNCH(SolveRows);
WORDLINE_LAUNCH(SolveRowsByBlocks);
WORDLINE_LAUNCH(Product);
WORDLINE_LAUNCH(ProductByBlocks);
WORDLINE_LAUNCH(Update);
WORDLINE_LAUNCH(UpdateByBlocks);
WORDLINE_LAUNCH(StartReduced);
WORDLINE_LAUNCH(AddCorrections);
WORDLINE_LAUNCH(Interleave);
WORDLINE_LAUNCH(NextDirection);
WORDLINE_LAUNCH(SumOver<Residual>);
WORDLINE_LAUNCH(SumOver<BeginStabilised>);
WORDLINE_LAUNCH(SumOver<DotProducts>);
WORDLINE_LAUNCH(SumOver<SubtractDirection>);
WORDLINE_LAUNCH(SumOver<StabilisedStep>);
WORDLINE_LAUNCH(SumOver<AddCoarse>);
WORDLINE_LAUNCH(Reduce<Keep>);
WORDLINE_LAUNCH(Reduce<BeginConjugate>);
WORDLINE_LAUNCH(Reduce<StepLength>);
WORDLINE_LAUNCH(Reduce<NextConjugate>);
WORDLINE_LAUNCH(Reduce<BeginRho>);
WORDLINE_LAUNCH(Reduce<StabilisedLength>);
WORDLINE_LAUNCH(Reduce<EndHalfWay>);
WORDLINE_LAUNCH(Reduce<StabilisingLength>);
WORDLINE_LAUNCH(Reduce<NextStabilised>);
WORDLINE_LAUNCH(SumCellsOverRows);
WORDLINE_LAUNCH(SumCellsOverCols);
WORDLINE_LAUNCH(RestrictRows);
WORDLINE_LAUNCH(RestrictCols);
WORDLINE_LAUNCH(CoarseProduct);
WORDLINE_LAUNCH(ByLevels<Eliminate>);
WORDLINE_LAUNCH(ByLevels<Substitute>);
WORDLINE_LAUNCH(ByLevels<TakeResidual>);
WORDLINE_LAUNCH(Correct);
WORDLINE_LAUNCH(PivotSizes);
WORDLINE_LAUNCH(Largest);
WORDLINE_LAUNCH(EliminateLeaves);
WORDLINE_LAUNCH(UpdateTiles);
WORDLINE_LAUNCH(FactorDiagonals);
WORDLINE_LAUNCH(SolveBelow);
WORDLINE_LAUNCH(GatherPorts);
WORDLINE_LAUNCH(Multiply);

}  // namespace wordline::gpu
