// A LinearSolver for circuits that are one crossbar array with its drivers: everything else is
// eliminated (ArrayCondensation), the two planes of lines go to a solver of array matrices. Gate
// lines that the cells load are iterated with them to the same residual.
//
// Circuits that do not have this form, matrices that a method cannot factor and systems on which it
// stagnates go to a general solver; name() says so.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "wordline/solvers/array_geometry.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// A method for array matrices.
class ArrayMethod {
 public:
  virtual ~ArrayMethod() = default;
  virtual std::string_view name() const = 0;
  // Whether set() costs less than solve().
  virtual bool factors_cheaply() const = 0;
  // Takes a matrix, which stays while it is solved. False if it is singular or beyond the method.
  virtual bool set(const ArrayMatrix& matrix) = 0;
  // Improves x until |f - A x| <= tolerance |f|; false if that is not reached. All are tables of
  // cells; held nodes have f = x = 0.
  virtual bool solve(std::span<const double> f_row, std::span<const double> f_col,
                     std::span<double> x_row, std::span<double> x_col, double tolerance) = 0;
};

// ArrayKrylov and ArrayMultifrontal. `threads`: 0 takes OpenMP's number.
std::unique_ptr<ArrayMethod> make_krylov_method(const ArrayGeometry& array, int threads = 0);
std::unique_ptr<ArrayMethod> make_multifrontal_method(const ArrayGeometry& array, int threads = 0);
// ArrayLadder, for arrays whose conducting lines both run along columns; the others are for arrays
// whose lines cross.
std::unique_ptr<ArrayMethod> make_ladder_method(const ArrayGeometry& array);

using GeneralSolverMaker = std::function<std::unique_ptr<LinearSolver>(const ArrayGeometry&)>;

// `tolerance` is that of the residual of the planes' equations, relative to their right-hand side.
// The general solver is KLU unless another is made.
std::unique_ptr<LinearSolver> make_array_solver(ArrayGeometry array,
                                                std::unique_ptr<ArrayMethod> method,
                                                double tolerance,
                                                GeneralSolverMaker make_general = {});

}  // namespace wordline
