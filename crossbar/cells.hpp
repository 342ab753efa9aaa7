// The cells of an array between its two planes of lines, evaluated all together: what they draw
// from the lines at given voltages, and the tangents.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "wordline/crossbar/cell_memristors.hpp"
#include "wordline/crossbar/line_loads.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::crossbar {

class Cells : public LineLoads {
 public:
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

  virtual CellMemristors& memristors() = 0;
  // After evaluate() at x: the voltages across the memristors.
  virtual void memristor_volts(const ArrayTables& x, std::span<double> v) const = 0;
};

// Cells of an array as a netlist describes it, at rest in their initial states: all, or those of a
// list. The row plane is the word lines of 1r cells and the source lines of 1t1r cells. Throws
// Error where a state cannot be.
std::unique_ptr<Cells> make_cells(const Crossbar& crossbar, const Circuit& circuit);
std::unique_ptr<Cells> make_cells(const Crossbar& crossbar, const Circuit& circuit,
                                  std::span<const std::size_t> cells);

}  // namespace wordline::crossbar
