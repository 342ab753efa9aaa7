// The conductance matrix between the buses of an ohmic array: everything that it does to linear
// order, which is all that it does. Single cells may change: each costs a small part of a new
// matrix.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wordline/crossbar/problem.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/gpu.hpp"

namespace wordline::crossbar {

class Transfer {
 public:
  // On a GPU, if `problem` says so: throws Error where none can be used. rebuild() is due.
  Transfer(const ArrayProblem& problem, int threads);

  // A cell's conductance has changed [S]. Nothing is done yet.
  void change(std::int32_t row, std::int32_t col, double before, double after);
  // Makes all changes. False: rebuild() is needed, as after the first of them, and on a GPU after
  // any.
  bool update();
  // From all of the array. Throws Error where its equations are singular.
  void rebuild(const ArrayProblem& problem);

  // What follows is as of the last update() or rebuild().
  //
  // outputs x inputs, S.
  const Matrix& matrix() const { return t_; }
  // One row of outputs a row of inputs.
  Matrix multiply(const Matrix& inputs);
  const SolveReport& report() const { return report_; }

 private:
  void find_top();
  bool find(const ArrayMatrix& matrix);
  void product(const Matrix& inputs, Matrix& outputs);
  bool product_on_gpu(const Matrix& inputs, Matrix& outputs);
  void grow(const RankOne& by);

  struct Change {
    std::int32_t row, col;
    double before, after;
  };

  int threads_;
  bool from_words_, is_merged_;
  double bias_;  // V, of the buses that are not inputs
  ArrayMultifrontal solver_;
  std::unique_ptr<ArrayTransferMethod> gpu_;          // in its place
  std::unique_ptr<DenseProductMethod> gpu_products_;  // with t_, once they were asked for
  std::vector<double> y_;                             // scratch
  Matrix t_;
  std::vector<double> transposed_;  // inputs x outputs, as large products want it; or nothing
  std::size_t top_ = 0;             // among the values of t_: a large one
  double peak_ = 0;                 // the largest that t_ or a change of it has had, S
  std::vector<Change> changes_;     // to be made
  bool is_stale_ = true;            // changes were lost, or nothing is there yet
  bool is_kept_ = false;            // the solver keeps factors
  SolveReport report_;
};

}  // namespace wordline::crossbar
