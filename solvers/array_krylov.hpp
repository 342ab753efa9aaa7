// Array matrices by Krylov methods on one plane of lines. The row plane is eliminated exactly, line
// by line; the column plane is solved iteratively, preconditioned by its lines: conjugate gradients
// where the matrix is symmetric and proves positive definite, else BiCGStab. A two-level correction
// (array_coarse.hpp) keeps the number of iterations low on large or hard arrays.
//
// Work and memory grow as the number of cells. Lines must not be merged; ends may be held or free.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_residual.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

class ArrayKrylov {
 public:
  enum class TwoLevel { kAuto, kOff, kOn };

  struct Settings {
    TwoLevel two_level = TwoLevel::kAuto;
    int max_iterations = 300;
    int threads = 0;  // 0: OpenMP's number; results do not depend on it
  };

  // What a solve came to. `residual` is that of both planes' equations, f - A x, computed afresh at
  // the end, over the norm of f; `rounding` is how much of it the rounding of x alone can make, and
  // a solve ends there.
  struct Outcome {
    bool ok = false;
    int iterations = 0;
    double residual = 0;
    double rounding = 0;
    bool two_level = false;
    bool symmetric = false;    // conjugate gradients did it
    std::string_view failure;  // why it is not ok
  };

  ArrayKrylov(std::int32_t rows, std::int32_t cols, const Settings& settings);
  ArrayKrylov(std::int32_t rows, std::int32_t cols) : ArrayKrylov(rows, cols, Settings{}) {}
  ~ArrayKrylov();
  ArrayKrylov(ArrayKrylov&&) noexcept;
  ArrayKrylov& operator=(ArrayKrylov&&) noexcept;

  // Factors the lines of a matrix, whose tables must stay while it is solved. Not ok: a line is
  // singular (without a driver or a conducting cell) or merged.
  Factorization set(const ArrayMatrix& matrix);

  // Improves x until |f - A x| <= tolerance * max(|f|, scale), `scale` being for arrays that are
  // driven through held ends, where f is not read and x not changed. All are tables of cells.
  Outcome solve(const ArrayTables& f, std::span<double> x_row, std::span<double> x_col,
                double tolerance, double scale = 0);

  // The two halves of a step of Newton's method: the residual of equations with nonlinear cells,
  // which draw `currents` (null: those of the matrix), in the lines of `matrix`; and x = from
  // + A^-1 residual with the matrix that was set, until the residual of that linear problem is
  // below `goal` [A]; x may be `from`.
  ArrayNorms residual(const ArrayMatrix& matrix, const ArrayTables& f, const ArrayTables& x,
                      const ArrayTables* currents);
  Outcome correct(const ArrayTables& from, std::span<double> x_row, std::span<double> x_col,
                  double goal);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace wordline
