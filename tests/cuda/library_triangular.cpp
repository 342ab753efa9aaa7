#include "library_triangular.hpp"

#include <utility>

#include "library_objects.hpp"
#include "triangular_system.hpp"

namespace wordline::testing {

namespace {

using DenseMatrix = Owned<cusparseDnMatDescr_t, cusparseDestroyDnMat>;
using VectorSolver = Owned<cusparseSpSVDescr_t, cusparseSpSV_destroyDescr>;
using MatrixSolver = Owned<cusparseSpSMDescr_t, cusparseSpSM_destroyDescr>;

constexpr auto kPlain = CUSPARSE_OPERATION_NON_TRANSPOSE;
constexpr double kOne = 1;

}  // namespace

struct LibraryTriangular::Objects {
  Objects(const gpu::SparsePlan& plan, std::span<const double> factors, std::int32_t count)
      : triangle(plan),
        members(count),
        size(triangle.size()),
        start(triangle.start),
        column(triangle.column),
        value(triangle.values(factors)),
        right(size * static_cast<std::size_t>(count)),
        left(size * static_cast<std::size_t>(count)) {
    cusparseHandle_t made = nullptr;
    check(cusparseCreate(&made), "cusparseCreate");
    sparse.reset(made);
    describe_matrix();
    if (members == 1) {
      analyze_vector();
    } else {
      analyze_matrix();
    }
  }

  void describe_matrix() {
    const auto n = static_cast<std::int64_t>(size);
    cusparseSpMatDescr_t made = nullptr;
    check(cusparseCreateCsr(&made, n, n, static_cast<std::int64_t>(value.size()), start.data(),
                            column.data(), value.data(), CUSPARSE_INDEX_32I, CUSPARSE_INDEX_32I,
                            CUSPARSE_INDEX_BASE_ZERO, CUDA_R_64F),
          "cusparseCreateCsr");
    matrix.reset(made);
    cusparseFillMode_t fill = CUSPARSE_FILL_MODE_LOWER;
    check(cusparseSpMatSetAttribute(made, CUSPARSE_SPMAT_FILL_MODE, &fill, sizeof fill),
          "cusparseSpMatSetAttribute");
    cusparseDiagType_t diagonal = CUSPARSE_DIAG_TYPE_NON_UNIT;
    check(cusparseSpMatSetAttribute(made, CUSPARSE_SPMAT_DIAG_TYPE, &diagonal, sizeof diagonal),
          "cusparseSpMatSetAttribute");
  }

  void analyze_vector() {
    const auto n = static_cast<std::int64_t>(size);
    for (auto [owner, memory] :
         {std::pair{&right_vector, &right}, std::pair{&left_vector, &left}}) {
      cusparseDnVecDescr_t vector = nullptr;
      check(cusparseCreateDnVec(&vector, n, memory->data(), CUDA_R_64F), "cusparseCreateDnVec");
      owner->reset(vector);
    }
    cusparseSpSVDescr_t made = nullptr;
    check(cusparseSpSV_createDescr(&made), "cusparseSpSV_createDescr");
    vector_solver.reset(made);
    std::size_t bytes = 0;
    check(cusparseSpSV_bufferSize(sparse.get(), kPlain, &kOne, matrix.get(), right_vector.get(),
                                  left_vector.get(), CUDA_R_64F, CUSPARSE_SPSV_ALG_DEFAULT, made,
                                  &bytes),
          "cusparseSpSV_bufferSize");
    buffer = std::make_unique<OnDevice<char>>(bytes);
    check(cusparseSpSV_analysis(sparse.get(), kPlain, &kOne, matrix.get(), right_vector.get(),
                                left_vector.get(), CUDA_R_64F, CUSPARSE_SPSV_ALG_DEFAULT, made,
                                buffer->data()),
          "cusparseSpSV_analysis");
  }

  void analyze_matrix() {
    const auto n = static_cast<std::int64_t>(size);
    for (auto [owner, memory] :
         {std::pair{&right_matrix, &right}, std::pair{&left_matrix, &left}}) {
      cusparseDnMatDescr_t table = nullptr;
      check(cusparseCreateDnMat(&table, n, members, members, memory->data(), CUDA_R_64F,
                                CUSPARSE_ORDER_ROW),
            "cusparseCreateDnMat");
      owner->reset(table);
    }
    cusparseSpSMDescr_t made = nullptr;
    check(cusparseSpSM_createDescr(&made), "cusparseSpSM_createDescr");
    matrix_solver.reset(made);
    std::size_t bytes = 0;
    check(cusparseSpSM_bufferSize(sparse.get(), kPlain, kPlain, &kOne, matrix.get(),
                                  right_matrix.get(), left_matrix.get(), CUDA_R_64F,
                                  CUSPARSE_SPSM_ALG_DEFAULT, made, &bytes),
          "cusparseSpSM_bufferSize");
    buffer = std::make_unique<OnDevice<char>>(bytes);
    check(cusparseSpSM_analysis(sparse.get(), kPlain, kPlain, &kOne, matrix.get(),
                                right_matrix.get(), left_matrix.get(), CUDA_R_64F,
                                CUSPARSE_SPSM_ALG_DEFAULT, made, buffer->data()),
          "cusparseSpSM_analysis");
  }

  TriangularSystem triangle;
  std::int32_t members;
  std::size_t size;
  OnDevice<std::int32_t> start, column;
  OnDevice<double> value, right, left;  // row r of member b at r * members + b
  Sparse sparse;
  SparseMatrix matrix;
  DenseVector right_vector, left_vector;
  DenseMatrix right_matrix, left_matrix;
  // Descriptors go before the buffer that they point into.
  std::unique_ptr<OnDevice<char>> buffer;
  VectorSolver vector_solver;
  MatrixSolver matrix_solver;
};

LibraryTriangular::LibraryTriangular(const gpu::SparsePlan& plan, std::span<const double> factors,
                                     std::int32_t members)
    : objects_(std::make_unique<Objects>(plan, factors, members)) {}
LibraryTriangular::LibraryTriangular(LibraryTriangular&&) noexcept = default;
LibraryTriangular::~LibraryTriangular() = default;

void LibraryTriangular::update(std::span<const double> factors) {
  Objects& o = *objects_;
  const std::vector<double> values = o.triangle.values(factors);
  check(cudaMemcpy(o.value.data(), values.data(), values.size() * sizeof(double),
                   cudaMemcpyHostToDevice),
        "cudaMemcpy");
  if (o.members == 1) {
    check(cusparseSpSV_updateMatrix(o.sparse.get(), o.vector_solver.get(), o.value.data(),
                                    CUSPARSE_SPSV_UPDATE_GENERAL),
          "cusparseSpSV_updateMatrix");
  } else {
    check(cusparseSpSM_updateMatrix(o.sparse.get(), o.matrix_solver.get(), o.value.data(),
                                    CUSPARSE_SPSM_UPDATE_GENERAL),
          "cusparseSpSM_updateMatrix");
  }
}

void LibraryTriangular::substitute() {
  Objects& o = *objects_;
  if (o.members == 1) {
    check(cusparseSpSV_solve(o.sparse.get(), kPlain, &kOne, o.matrix.get(), o.right_vector.get(),
                             o.left_vector.get(), CUDA_R_64F, CUSPARSE_SPSV_ALG_DEFAULT,
                             o.vector_solver.get()),
          "cusparseSpSV_solve");
  } else {
    check(cusparseSpSM_solve(o.sparse.get(), kPlain, kPlain, &kOne, o.matrix.get(),
                             o.right_matrix.get(), o.left_matrix.get(), CUDA_R_64F,
                             CUSPARSE_SPSM_ALG_DEFAULT, o.matrix_solver.get()),
          "cusparseSpSM_solve");
  }
  check(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
}

std::vector<double> LibraryTriangular::solve(std::span<const double> b) {
  Objects& o = *objects_;
  const auto members = static_cast<std::size_t>(o.members);
  std::vector<double> table = o.triangle.right_hand_sides(b, members);
  const std::size_t bytes = table.size() * sizeof(double);
  check(cudaMemcpy(o.right.data(), table.data(), bytes, cudaMemcpyHostToDevice), "cudaMemcpy");
  substitute();
  check(cudaMemcpy(table.data(), o.left.data(), bytes, cudaMemcpyDeviceToHost), "cudaMemcpy");
  return o.triangle.solutions(table, members);
}

}  // namespace wordline::testing
