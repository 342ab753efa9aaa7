#include "wordline/solvers/gpu.hpp"

#include "wordline/base/error.hpp"
#include "wordline/cuda/probe.hpp"
#include "wordline/solvers/array_newton.hpp"

namespace wordline {

std::string why_no_gpu() { return probe_gpu().reason; }

namespace {

[[noreturn]] void refuse() { throw Error("no GPU can be used: " + why_no_gpu()); }

}  // namespace

void require_gpu() { refuse(); }

std::unique_ptr<ArrayMethod> make_gpu_krylov_method(const ArrayGeometry& /*array*/) { refuse(); }

std::unique_ptr<LinearSolver> make_gpu_sparse_solver(const std::vector<ArrayGeometry>& /*arrays*/,
                                                     double /*pivot_ratio*/) {
  refuse();
}

std::unique_ptr<ArrayBatchMethod> make_gpu_batch_method(std::int32_t /*rows*/,
                                                        std::int32_t /*cols*/,
                                                        std::int32_t /*members*/) {
  refuse();
}

std::unique_ptr<ArrayTransferMethod> make_gpu_transfer_method(std::int32_t /*rows*/,
                                                              std::int32_t /*cols*/,
                                                              int /*threads*/) {
  refuse();
}

std::unique_ptr<DenseProductMethod> make_gpu_product_method(
    std::span<const ProductShape> /*shapes*/, std::span<const double> /*values*/) {
  refuse();
}

std::unique_ptr<ArrayNewton> make_gpu_newton(const ArrayMatrix& /*lines*/,
                                             const CellParts& /*cells*/, std::int32_t /*members*/) {
  refuse();
}

}  // namespace wordline
