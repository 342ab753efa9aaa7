// States of an array's cells through a stretch of time in which its buses stay at their voltages.
//
// Every step is implicit in states and voltages: three stages, each a solution of the circuit with
// the states' formula in its cells (Alexander's L-stable method of third order, SIAM J. Numer.
// Anal. 14 (1977) 1006). What lies between it and the embedded method of second order is its error;
// steps are as long as that allows. Energies are integrated by the same formula.
#pragma once

#include <functional>
#include <vector>

#include "wordline/crossbar/moving_circuit.hpp"

namespace wordline::crossbar {

class StateIntegrator {
 public:
  // The states of `moving` among the circuit's cells, in rising order. `tolerance` is for the error
  // of a state in a step, as a part of its range.
  StateIntegrator(MovingCircuit& circuit, std::vector<std::size_t> moving, double tolerance);

  struct Outcome {
    bool ok = true;  // false: the shortest step is not solved
    int steps = 0, rejected = 0;
    double delivered = 0;             // J, from the buses
    std::vector<double> cell_energy;  // J, into each of the circuit's cells from its lines
  };
  // Leaves the states at the end in the cells, which then rest. `accepted` is told the time [s]
  // since the beginning after each step.
  Outcome run(double duration, const std::function<void(double)>& accepted);

 private:
  struct Stage {
    std::vector<double> rate;   // state/s
    std::vector<double> power;  // W: into each cell, then what the buses deliver
  };
  bool step(double h);
  bool solve_stage(double h, int stage);
  double error(double h) const;
  double first_step(double duration);

  MovingCircuit& circuit_;
  std::vector<std::size_t> moving_;
  double tolerance_;
  std::vector<Bounds> bounds_;
  std::vector<double> start_;  // states where the step begins
  std::vector<double> b_;
  Stage stages_[3];
};

}  // namespace wordline::crossbar
