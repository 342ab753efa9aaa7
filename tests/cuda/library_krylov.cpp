#include "library_krylov.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "library_objects.hpp"

namespace wordline::testing {

namespace {

// Both planes, the row plane first, in compressed rows; and the diagonals of the lines.
struct Host {
  std::vector<std::int32_t> start{0}, column;
  std::vector<double> value, diagonal;

  explicit Host(const ArrayMatrix& a) {
    const auto cells = static_cast<std::int32_t>(a.cells());
    for (std::int32_t k = 0; k < 2 * cells; ++k) {
      const bool of_row = k < cells;
      const std::int32_t cell = of_row ? k : k - cells;
      const std::int32_t i = cell / a.cols;
      const std::int32_t j = cell % a.cols;
      const auto at = static_cast<std::size_t>(cell);
      const ArrayPlane& plane = of_row ? a.row : a.col;
      const std::int32_t place = of_row ? j : i;
      const std::int32_t length = of_row ? a.cols : a.rows;
      const auto line = static_cast<std::size_t>(of_row ? i : j);
      const std::int32_t step = of_row ? 1 : a.cols;
      double d = of_row ? a.row_row[at] : a.col_col[at];
      d += plane.segment * ((place > 0 ? 1 : 0) + (place + 1 < length ? 1 : 0));
      if (place == 0) d += plane.first[line];
      if (place + 1 == length) d += plane.last[line];
      if (!of_row) add(cell, -a.col_row[at]);
      if (place > 0) add(k - step, -plane.segment);
      add(k, d);
      if (place + 1 < length) add(k + step, -plane.segment);
      if (of_row) add(cells + cell, -a.row_col[at]);
      start.push_back(static_cast<std::int32_t>(column.size()));
      diagonal.push_back(d);
    }
  }
  void add(std::int32_t at, double conductance) {
    column.push_back(at);
    value.push_back(conductance);
  }
};

// -segment beside the diagonal, 0 beyond the ends of lines.
std::vector<double> beside(const ArrayPlane& plane, const ArrayMatrix& a, bool of_rows,
                           bool before) {
  std::vector<double> table(a.cells(), -plane.segment);
  const std::int32_t lines = of_rows ? a.rows : a.cols;
  const std::int32_t place = before ? 0 : (of_rows ? a.cols : a.rows) - 1;
  for (std::int32_t k = 0; k < lines; ++k) {
    table[static_cast<std::size_t>(of_rows ? k * a.cols + place : place * a.cols + k)] = 0;
  }
  return table;
}

class Libraries {
 public:
  explicit Libraries(const ArrayMatrix& a) : Libraries(a, Host(a)) {}

  bool solve(OnDevice<double>& x, OnDevice<double>& r, double tolerance) {
    constexpr int kMost = 3000;
    OnDevice<double> z(size_), d(size_), q(size_);
    const double goal = tolerance * norm(r);
    multiply(x, q);
    add(-1, q, r);
    precondition(r, z);
    d.copy_from(z.data());
    double rz = dot(r, z);
    for (int k = 0; k < kMost && norm(r) > goal; ++k) {
      multiply(d, q);
      const double alpha = rz / dot(d, q);
      add(alpha, d, x);
      add(-alpha, q, r);
      precondition(r, z);
      const double next = dot(r, z);
      const double beta = next / rz;
      check(cublasDscal(blas_.get(), static_cast<int>(size_), &beta, d.data(), 1), "cublasDscal");
      add(1, z, d);
      rz = next;
    }
    return norm(r) <= goal;
  }

 private:
  Libraries(const ArrayMatrix& a, const Host& host)
      : rows_(a.rows),
        cols_(a.cols),
        size_(2 * a.cells()),
        start_(host.start),
        column_(host.column),
        value_(host.value),
        diagonal_(host.diagonal),
        row_before_(beside(a.row, a, true, true)),
        row_after_(beside(a.row, a, true, false)),
        col_before_(beside(a.col, a, false, true)),
        col_after_(beside(a.col, a, false, false)),
        col_lower_(a.cells()),
        col_diagonal_(a.cells()),
        col_upper_(a.cells()),
        x_(size_),
        y_(size_) {
    cusparseHandle_t sparse = nullptr;
    check(cusparseCreate(&sparse), "cusparseCreate");
    sparse_.reset(sparse);
    cublasHandle_t blas = nullptr;
    check(cublasCreate(&blas), "cublasCreate");
    blas_.reset(blas);
    describe();
    make_buffers();
  }

  void describe() {
    const auto n = static_cast<std::int64_t>(size_);
    cusparseSpMatDescr_t matrix = nullptr;
    check(cusparseCreateCsr(&matrix, n, n, static_cast<std::int64_t>(value_.size()), start_.data(),
                            column_.data(), value_.data(), CUSPARSE_INDEX_32I, CUSPARSE_INDEX_32I,
                            CUSPARSE_INDEX_BASE_ZERO, CUDA_R_64F),
          "cusparseCreateCsr");
    matrix_.reset(matrix);
    for (auto [owner, memory] : {std::pair{&x_vector_, &x_}, std::pair{&y_vector_, &y_}}) {
      cusparseDnVecDescr_t vector = nullptr;
      check(cusparseCreateDnVec(&vector, n, memory->data(), CUDA_R_64F), "cusparseCreateDnVec");
      owner->reset(vector);
    }
  }

  void make_buffers() {
    std::size_t product = 0, strided = 0, interleaved = 0;
    const double one = 1, zero = 0;
    check(cusparseSpMV_bufferSize(sparse_.get(), CUSPARSE_OPERATION_NON_TRANSPOSE, &one,
                                  matrix_.get(), x_vector_.get(), &zero, y_vector_.get(),
                                  CUDA_R_64F, CUSPARSE_SPMV_ALG_DEFAULT, &product),
          "cusparseSpMV_bufferSize");
    check(cusparseDgtsv2StridedBatch_bufferSizeExt(sparse_.get(), cols_, row_before_.data(),
                                                   diagonal_.data(), row_after_.data(), y_.data(),
                                                   rows_, cols_, &strided),
          "cusparseDgtsv2StridedBatch_bufferSizeExt");
    check(cusparseDgtsvInterleavedBatch_bufferSizeExt(sparse_.get(), 0, rows_, col_lower_.data(),
                                                      col_diagonal_.data(), col_upper_.data(),
                                                      y_.data(), cols_, &interleaved),
          "cusparseDgtsvInterleavedBatch_bufferSizeExt");
    buffer_ = std::make_unique<OnDevice<char>>(std::max({product, strided, interleaved}));
  }

  void multiply(const OnDevice<double>& x, OnDevice<double>& y) {
    const double one = 1, zero = 0;
    x_.copy_from(x.data());
    check(cusparseSpMV(sparse_.get(), CUSPARSE_OPERATION_NON_TRANSPOSE, &one, matrix_.get(),
                       x_vector_.get(), &zero, y_vector_.get(), CUDA_R_64F,
                       CUSPARSE_SPMV_ALG_DEFAULT, buffer_->data()),
          "cusparseSpMV");
    y.copy_from(y_.data());
  }

  // The lines of the row plane stand one after the other, those of the column plane side by side;
  // the second solver overwrites its matrices.
  void precondition(const OnDevice<double>& r, OnDevice<double>& z) {
    z.copy_from(r.data());
    const std::size_t cells = size_ / 2;
    if (cols_ > 1) {
      check(cusparseDgtsv2StridedBatch(sparse_.get(), cols_, row_before_.data(), diagonal_.data(),
                                       row_after_.data(), z.data(), rows_, cols_, buffer_->data()),
            "cusparseDgtsv2StridedBatch");
    }
    col_lower_.copy_from(col_before_.data());
    col_diagonal_.copy_from(diagonal_.data() + cells);
    col_upper_.copy_from(col_after_.data());
    check(cusparseDgtsvInterleavedBatch(sparse_.get(), 0, rows_, col_lower_.data(),
                                        col_diagonal_.data(), col_upper_.data(), z.data() + cells,
                                        cols_, buffer_->data()),
          "cusparseDgtsvInterleavedBatch");
  }

  double dot(const OnDevice<double>& a, const OnDevice<double>& b) {
    double result = 0;
    check(cublasDdot(blas_.get(), static_cast<int>(size_), a.data(), 1, b.data(), 1, &result),
          "cublasDdot");
    return result;
  }
  double norm(const OnDevice<double>& a) { return std::sqrt(dot(a, a)); }
  void add(double factor, const OnDevice<double>& a, OnDevice<double>& b) {
    check(cublasDaxpy(blas_.get(), static_cast<int>(size_), &factor, a.data(), 1, b.data(), 1),
          "cublasDaxpy");
  }

  std::int32_t rows_, cols_;
  std::size_t size_;
  Sparse sparse_;
  Blas blas_;
  OnDevice<std::int32_t> start_, column_;
  OnDevice<double> value_, diagonal_, row_before_, row_after_, col_before_, col_after_;
  OnDevice<double> col_lower_, col_diagonal_, col_upper_, x_, y_;
  SparseMatrix matrix_;
  DenseVector x_vector_, y_vector_;
  std::unique_ptr<OnDevice<char>> buffer_;
};

std::vector<double> joined(std::span<const double> row, std::span<const double> col) {
  std::vector<double> both(row.begin(), row.end());
  both.insert(both.end(), col.begin(), col.end());
  return both;
}

}  // namespace

bool solve_by_libraries(const ArrayMatrix& a, std::span<const double> f_row,
                        std::span<const double> f_col, std::span<double> x_row,
                        std::span<double> x_col, double tolerance) {
  OnDevice<double> x(joined(x_row, x_col)), r(joined(f_row, f_col));
  const bool solved = Libraries(a).solve(x, r, tolerance);
  std::vector<double> both(x.size());
  check(cudaMemcpy(both.data(), x.data(), both.size() * sizeof(double), cudaMemcpyDeviceToHost),
        "cudaMemcpy");
  const auto middle = both.begin() + static_cast<std::ptrdiff_t>(x_row.size());
  std::copy(both.begin(), middle, x_row.begin());
  std::copy(middle, both.end(), x_col.begin());
  return solved;
}

}  // namespace wordline::testing
