// The conductance matrix between the buses of an ohmic array: everything that it does to linear
// order, which is all that it does.
#pragma once

#include <cstdint>

#include "wordline/crossbar/problem.hpp"
#include "wordline/solvers/array_multifrontal.hpp"

namespace wordline::crossbar {

class Transfer {
 public:
  // Throws Error where the array's equations are singular.
  Transfer(const ArrayProblem& problem, int threads);

  // outputs x inputs, S.
  const Matrix& matrix() const { return t_; }
  // One row of outputs a row of inputs.
  Matrix multiply(const Matrix& inputs) const;
  const SolveReport& report() const { return report_; }

 private:
  void choose(const ArrayProblem& problem);

  int threads_;
  std::vector<double> y_;  // between all buses: those of the word lines, then of the bit lines
  Matrix t_;
  Matrix transposed_;            // inputs x outputs, as products want it
  std::vector<double> offsets_;  // what the outputs are without inputs, A
  SolveReport report_;
};

}  // namespace wordline::crossbar
