// Products by tables, an approximation that is fast: the current of every cell over its voltage is
// tabulated once, and a product looks the currents up at the input voltages and adds them, as if
// the wires were ideal. What the approximation costs, error() says.
//
//   const LookupTables tables(deck.crossbars.at(0), deck, {.largest_voltage = 0.5});
//   Matrix currents = tables.matmul(inputs);
//   double off = tables.error(few_inputs).rms;  // beside the array with its wires, solved exactly
#pragma once

#include <cstdint>
#include <vector>

#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/product_samples.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::crossbar {

struct LookupSettings {
  double largest_voltage = 1;  // V; tables go from minus to plus this
  std::int32_t points = 65;    // of a table, equally spaced, with straight lines between them
  int threads = 0;             // 0: OpenMP's number; results do not depend on it
};

class LookupTables {
 public:
  // An array of memristors alone, at their initial states, with inputs on the word lines. Takes
  // rows x cols x points numbers of memory. Throws Error for cells with transistors or selectors,
  // and where a setting cannot be. `crossbar` and `circuit` must outlive this.
  LookupTables(const Crossbar& crossbar, const Circuit& circuit, const LookupSettings& settings);

  // Currents [A] out of the bit lines at 0 V, a row an input, for voltages [V] on the word lines.
  // Throws Error where the sizes do not fit or a voltage is beyond the tables.
  Matrix matmul(const Matrix& voltages) const;

  // Of these products beside those of Array, which knows the wires. Throws as both do.
  ProductError error(const Matrix& voltages) const;

 private:
  void add_row(std::int64_t row, double volts, double* currents) const;

  const Crossbar& crossbar_;
  const Circuit& circuit_;
  LookupSettings settings_;
  double step_;                              // V, between points
  std::vector<std::vector<double>> tables_;  // of every point, the currents of all cells
};

}  // namespace wordline::crossbar
