// Direct solvers of complex sparse systems, as of small signals at a frequency.
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// The contract of LinearSolver for complex values, and with the transposed matrix too (A^T, not its
// conjugate), whose solutions are the adjoint ones.
class ComplexSolver {
 public:
  virtual ~ComplexSolver() = default;
  virtual Factorization analyze(const SparsePattern& pattern) = 0;
  virtual Factorization factor(std::span<const std::complex<double>> values) = 0;
  virtual void solve(std::span<std::complex<double>> right_hand_side) const = 0;
  virtual void solve_transposed(std::span<std::complex<double>> right_hand_side) const = 0;
};

// Sparse LU, with arrays in the order of array_ordering() if that is less work.
std::unique_ptr<ComplexSolver> make_complex_klu_solver(std::vector<ArrayGeometry> arrays = {});

}  // namespace wordline
