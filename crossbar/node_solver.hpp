// The voltages of an array's lines: Newton's method over the cells, and in every step one of the
// linear solvers made for arrays.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "wordline/crossbar/line_loads.hpp"
#include "wordline/crossbar/network.hpp"
#include "wordline/solvers/array_krylov.hpp"
#include "wordline/solvers/array_ladder.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/array_solver.hpp"

namespace wordline::crossbar {

// A linear step by the method that was asked for, or the one that suits the array; where iterations
// do not converge, the direct one takes over.
class LinearStep {
 public:
  LinearStep(const Network& network, Method method, int threads);

  // The residual of f with cells that draw `currents` (null: as in the matrix), kept for correct().
  ArrayNorms residual(const ArrayMatrix& matrix, const ArrayTables& f, const ArrayTables& x,
                      const ArrayTables* currents);
  // x = from + A^-1 residual, to a residual of `goal` [A]; x may be `from`. False if the matrix is
  // singular.
  bool correct(const ArrayMatrix& matrix, const ArrayTables& from, std::span<double> x_row,
               std::span<double> x_col, double goal);
  // The cells' tables have other values than at the last correct().
  void invalidate() { is_set_ = false; }

  int iterations() const { return iterations_; }  // in all
  void count_from_zero() { iterations_ = 0; }
  bool is_on_gpu() const { return gpu_ && !direct_; }
  std::string_view name() const {
    if (is_on_gpu()) return gpu_->name();
    return ladder_ ? "ladder" : direct_ ? "multifrontal" : "krylov";
  }

 private:
  bool correct_on_gpu(const ArrayMatrix& matrix, double goal);
  bool correct_directly(const ArrayMatrix& matrix);

  int threads_;
  std::optional<ArrayKrylov> krylov_;
  std::unique_ptr<ArrayMethod> gpu_;
  std::optional<ArrayMultifrontal> direct_;
  std::optional<ArrayLadder> ladder_;
  bool is_set_ = false;
  int iterations_ = 0;
  std::vector<double> r_row_, r_col_;  // the residual, or the step
};

class NodeSolver {
 public:
  // Ohmic cells of these conductances, or any cells. They and the network must outlive this.
  NodeSolver(const Network& network, const std::vector<double>& conductances,
             const Settings& settings, int threads);
  NodeSolver(const Network& network, LineLoads& cells, const Settings& settings, int threads);

  // Finds the voltages of the lines from those of the last call. `same_cells`: nothing but the
  // buses has changed since.
  SolveReport solve(const BusValues& volts, bool same_cells = false);
  // From now on a solution is found by this first. `newton` is made of the network and the cells.
  void use(std::unique_ptr<ArrayNewton> newton) { newton_ = std::move(newton); }
  bool is_on_gpu() const { return newton_ != nullptr; }
  // The cells are as evaluated at the solution, where a GPU has found it, too.
  void settle();
  // The next solution is found from 0 V.
  void restart();
  // The conductances have changed.
  void invalidate() { step_.invalidate(); }

  ArrayTables voltages() const { return {x_row_, x_col_}; }
  // The next solution is found from these.
  void start_from(const ArrayTables& x);
  // What the cells draw from the lines at the solution.
  ArrayTables currents();
  BusValues bus_currents(const BusValues& volts);

  // The adjoint voltages of the linearised array, its buses being at `weights`.
  struct Adjoint {
    std::vector<double> row, col;
    std::vector<double> i_row, i_col;  // what the cells draw in the adjoint array
    SolveReport report;
  };
  Adjoint solve_adjoint(const BusValues& weights);

  // What 1 A into a line at a cell changes, the array being linear with its present tangents and
  // the buses at rest: voltages of all lines [V], and currents from the buses into them [A].
  struct Response {
    std::vector<double> row, col;
    BusValues buses;
    SolveReport report;
  };
  Response respond(std::size_t cell, bool into_row);

 private:
  NodeSolver(const Network& network, const std::vector<double>* conductances, LineLoads* cells,
             const Settings& settings, int threads);
  ArrayMatrix matrix() const;
  ArrayNorms evaluate();
  SolveReport solve_linear(const ArrayMatrix& a, const Network::Drive& drive,
                           std::vector<double>& x_row, std::vector<double>& x_col);
  ArrayNorms residual();
  bool attempt(const BusValues& volts, SolveReport& report, bool same_cells = false);
  bool newton(SolveReport& report, bool same_cells);
  bool search_line(double before, ArrayNorms& norms);
  bool solve_on_gpu(const BusValues& volts, SolveReport& report);

  const Network& network_;
  const std::vector<double>* conductances_;  // of ohmic cells, else null
  LineLoads* cells_;
  Settings settings_;
  bool has_held_ends_;
  LinearStep step_;
  Network::Drive drive_;
  std::vector<double> x_row_, x_col_, before_row_, before_col_;
  std::vector<double> i_row_, i_col_;
  std::unique_ptr<ArrayNewton> newton_;  // null: none
  bool is_settled_ = true;               // the cells have been evaluated at the solution
};

}  // namespace wordline::crossbar
