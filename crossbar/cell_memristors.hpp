// The memristors of an array's cells, evaluated together. Their states rest, or those of some cells
// follow an integration formula.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "wordline/devices/memristor/memristor_bank.hpp"
#include "wordline/netlist/circuit.hpp"
#include "wordline/solvers/array_newton.hpp"

namespace wordline::crossbar {

class CellMemristors {
 public:
  // Those of all cells, row by row, or of the cells of a list, in their initial states. Throws
  // Error, naming the cell, where a state cannot be.
  CellMemristors(const Crossbar& crossbar, const Circuit& circuit);
  CellMemristors(const Crossbar& crossbar, const Circuit& circuit,
                 std::span<const std::size_t> cells);

  std::size_t size() const { return state_.size(); }
  MemristorBank& bank() { return *bank_; }
  const MemristorBank& bank() const { return *bank_; }
  // The integrated states. Those that follow a formula are its solution at the last voltages.
  std::span<double> states() { return state_; }
  std::span<const double> states() const { return state_; }

  // From now on the states of these, in rising order, solve a0 x + b = dx/dt, with one b each
  // [state/s]. All others rest, and all do without any.
  void follow(std::vector<std::size_t> which);
  void set_formula(double a0, std::span<const double> b);
  // The states and this, for a GPU.
  CellSettings settings() {
    return {.states = state_, .gates = {}, .a0 = a0_, .following = following_, .b = b_};
  }

  // Currents i [A] at voltages v [V] of those from `first` on, and conductance().
  void evaluate(std::size_t first, std::span<const double> v, std::span<double> i);
  // dI/dV [S], the states' answer in it.
  std::span<const double> conductance() const { return g_; }
  double current_by_state(std::size_t k, double v) const {
    return bank_->current(k, v, state_[k]).dx / bank_->shown_state(state_[k]).slope;
  }

 private:
  std::unique_ptr<MemristorBank> bank_;
  std::vector<double> state_, g_;
  std::vector<std::size_t> following_;
  double a0_ = 0;
  std::vector<double> b_;
};

}  // namespace wordline::crossbar
