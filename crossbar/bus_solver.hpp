// An array solved for the voltages of its buses.
#pragma once

#include <memory>

#include "wordline/crossbar/problem.hpp"

namespace wordline::crossbar {

class BusSolver {
 public:
  BusSolver() = default;
  BusSolver(const BusSolver&) = delete;
  BusSolver& operator=(const BusSolver&) = delete;
  virtual ~BusSolver() = default;

  // From the solution of the last call.
  virtual SolveReport solve(const Buses& volts) = 0;
  // After solve(): from every bus into its line [A].
  virtual Buses currents() = 0;
  virtual Solution solution() = 0;
  // After solve(): of the outputs, each weighted.
  virtual Gradient gradient(std::span<const double> weights) = 0;
  // Forgets the last solution.
  virtual void restart() = 0;
  // The problem's conductances are others than at the last call.
  virtual void invalidate() = 0;
};

// By the methods made for arrays. `problem` must outlive the solver. Null where none of them fits.
std::unique_ptr<BusSolver> make_plane_solver(const ArrayProblem& problem, int threads);
// By the engine, on the plain circuit: KLU.
std::unique_ptr<BusSolver> make_circuit_solver(const ArrayProblem& problem);
// The one of them that `problem` asks for, or that fits.
std::unique_ptr<BusSolver> make_bus_solver(const ArrayProblem& problem, int threads);

}  // namespace wordline::crossbar
