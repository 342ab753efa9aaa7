// What a GPU can do of this room's work. It is declared here, where the rooms above see it, and
// defined in the room `cuda`, which knows this one: in gpu.cpp, or in gpu_without_cuda.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/solvers/array_geometry.hpp"
#include "wordline/solvers/array_krylov.hpp"
#include "wordline/solvers/array_solver.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// Arrays of fewer cells are not worth the way to the GPU and back.
inline constexpr std::size_t kCellsWorthGpu = std::size_t{512} * 512;

// Empty if a GPU can be used. The first call looks for one; later ones know.
std::string why_no_gpu();
// Throws Error with the reason where none can be used.
void require_gpu();

// The method of ArrayKrylov on the GPU, for arrays whose lines cross. Throws Error with the reason
// where no GPU can be used. Where its memory is used up, ArrayKrylov goes on, after a warning.
std::unique_ptr<ArrayMethod> make_gpu_krylov_method(const ArrayGeometry& array);

// make_klu_solver() with the pivots of KLU, but eliminations and solutions on the GPU. Throws Error
// with the reason where no GPU can be used. Where its memory is used up, KLU goes on, after a
// warning.
std::unique_ptr<LinearSolver> make_gpu_sparse_solver(const std::vector<ArrayGeometry>& arrays = {},
                                                     double pivot_ratio = 1e-3);

// A fixed number of right-hand sides of one matrix at once.
class ArrayBatchMethod {
 public:
  virtual ~ArrayBatchMethod() = default;
  virtual std::string_view name() const = 0;
  virtual std::int32_t members() const = 0;
  // Takes a matrix, which stays while it is solved. False if it is singular, merged or parallel.
  virtual bool set(const ArrayMatrix& matrix) = 0;
  // As ArrayKrylov::solve() for each of them, with a scale each; tables of one after the other.
  virtual std::vector<ArrayKrylov::Outcome> solve(const ArrayTables& f, std::span<double> x_row,
                                                  std::span<double> x_col, double tolerance,
                                                  std::span<const double> scales) = 0;
};

// Throws Error with the reason where no GPU can be used. Null where its memory does not hold so
// many; where it does not in solve(), outcomes say so.
std::unique_ptr<ArrayBatchMethod> make_gpu_batch_method(std::int32_t rows, std::int32_t cols,
                                                        std::int32_t members);

// The transconductance matrices of arrays of one size.
class ArrayTransferMethod {
 public:
  virtual ~ArrayTransferMethod() = default;
  virtual std::string_view name() const = 0;
  // As ArrayMultifrontal::transfer(), for matrices without merged lines that differ in their cells
  // alone; one table after the other. False for those that are singular.
  virtual std::vector<bool> transfer(std::span<const ArrayMatrix> matrices,
                                     std::span<double> t) = 0;
};

// Throws Error with the reason where no GPU can be used. Where its memory is used up,
// ArrayMultifrontal goes on with so many threads (0: OpenMP's number), after a warning.
std::unique_ptr<ArrayTransferMethod> make_gpu_transfer_method(std::int32_t rows, std::int32_t cols,
                                                              int threads);

// A dense matrix, inputs x outputs, among many: which of all inputs it takes.
struct ProductShape {
  std::int32_t first_input, inputs, outputs;
};

// Products with matrices that stay on the GPU.
class DenseProductMethod {
 public:
  virtual ~DenseProductMethod() = default;
  // `inputs`: a row an input vector, `batch` of them. `outputs`: batch x outputs for each matrix,
  // one after the other. False where memory is used up.
  virtual bool multiply(std::span<const double> inputs, std::int32_t batch,
                        std::span<double> outputs) = 0;
};

// `values`: the matrices row by row, one after the other. Throws Error with the reason where no GPU
// can be used. Null where its memory does not hold them.
std::unique_ptr<DenseProductMethod> make_gpu_product_method(std::span<const ProductShape> shapes,
                                                            std::span<const double> values);

}  // namespace wordline
