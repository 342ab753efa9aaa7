// Every kernel, compiled for the GPU. Without fused multiply-add, which would round otherwise than
// the twin on the processor does: bandwidth, not arithmetic, is what these kernels wait for.
#include "wordline/cuda/block_line_kernels.hpp"
#include "wordline/cuda/coarse_kernels.hpp"
#include "wordline/cuda/front_kernels.hpp"
#include "wordline/cuda/iteration_kernels.hpp"
#include "wordline/cuda/kernel.hpp"
#include "wordline/cuda/launch_kernel.cuh"
#include "wordline/cuda/leaf_elimination.hpp"
#include "wordline/cuda/line_kernels.hpp"
#include "wordline/cuda/product_kernel.hpp"
#include "wordline/cuda/sparse_kernels.hpp"
#include "wordline/cuda/sums.hpp"

namespace wordline::gpu {

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
WORDLINE_LAUNCH(SumOver<SumTable>);
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
