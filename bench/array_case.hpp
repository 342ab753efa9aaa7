// The array that the benchmarks solve: ohmic cells, log-uniform between two conductances, inputs
// uniform in 0..1 V on the word lines, bit lines at 0 V.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline::bench {

// The numbers of lines that a program was called with; ends it with its usage where one is none.
std::vector<std::int32_t> sizes_of(int argc, char** argv);

struct ArrayCase {
  std::int32_t n;
  std::vector<double> g, volts;
  ArrayMatrix matrix;
  std::vector<double> f_row, f_col;

  explicit ArrayCase(std::int32_t size, double segment_ohm = 1, double driver_ohm = 20,
                     double low = 1e-5, double high = 1e-3)
      : n(size) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> exponent(std::log(low), std::log(high));
    std::uniform_real_distribution<double> volt(0, 1);
    g.resize(cells());
    for (double& value : g) value = std::exp(exponent(random));
    volts.resize(lines());
    for (double& value : volts) value = volt(random);
    matrix.rows = matrix.cols = n;
    matrix.row.segment = matrix.col.segment = 1 / segment_ohm;
    matrix.row.first.assign(lines(), 1 / driver_ohm);
    matrix.row.last.assign(lines(), 0);
    matrix.col.first.assign(lines(), 0);
    matrix.col.last.assign(lines(), 1 / driver_ohm);
    set_conductances();
    f_row.assign(cells(), 0);
    f_col.assign(cells(), 0);
    for (std::size_t i = 0; i < lines(); ++i) f_row[i * lines()] = volts[i] / driver_ohm;
  }

  ArrayCase(const ArrayCase&) = delete;
  ArrayCase& operator=(const ArrayCase&) = delete;

  std::size_t lines() const { return static_cast<std::size_t>(n); }
  std::size_t cells() const { return lines() * lines(); }
  void set_conductances() { matrix.row_row = matrix.row_col = matrix.col_row = matrix.col_col = g; }

  // The same as a sparse matrix: row plane first.
  SparsePattern pattern() const;
  std::vector<double> values(const SparsePattern& pattern) const;
};

}  // namespace wordline::bench
