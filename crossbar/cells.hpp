// The cells of an array between its two planes of lines, evaluated all together: what they draw
// from the lines at given voltages, and the tangents.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "wordline/netlist/circuit.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_residual.hpp"

namespace wordline::crossbar {

class Cells {
 public:
  Cells() = default;
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;
  virtual ~Cells() = default;

  // Evaluates all cells at the lines' voltages x.
  virtual void evaluate(const ArrayTables& x) = 0;

  // After evaluate(): the currents [A] that the cells draw from their row and column lines, and the
  // derivatives [S] in the tables of a matrix.
  virtual ArrayTables currents() const = 0;
  virtual void put_tangents(ArrayMatrix& matrix) const = 0;

  // After evaluate(), by the quantity that makes a cell conduct (its conductance if it is ohmic,
  // else its state): the derivatives of the currents.
  virtual void sensitivities(const ArrayTables& x, std::span<double> row,
                             std::span<double> col) const = 0;

  // Cells with a select transistor: the gate voltage [V] of every cell's word line, the
  // derivatives of the currents by it, and the voltages between memristor and transistor.
  virtual void set_gates(std::span<const double> /*volts*/) {}
  virtual void gate_sensitivities(std::span<double> /*row*/, std::span<double> /*col*/) const {}
  virtual std::span<const double> inner() const { return {}; }
  // The currents through the memristors, from their first line to the other.
  virtual std::span<const double> cell_currents() const = 0;
};

// Cells of an array as a netlist describes it, at rest in their initial states. The row plane is
// the word lines of 1r cells and the source lines of 1t1r cells. Throws Error where a state cannot
// be.
std::unique_ptr<Cells> make_cells(const Crossbar& crossbar, const Circuit& circuit);

}  // namespace wordline::crossbar
