// Right-hand sides and solutions of array matrices, and the dense solution that a solver's is
// compared with.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "dense_array_method.hpp"
#include "random_array.hpp"
#include "wordline/solvers/array_residual.hpp"

namespace wordline::testing {

struct Tables {
  std::vector<double> row, col;
  ArrayTables view() const { return {row, col}; }
};

inline Tables random_tables(std::size_t cells, unsigned seed) {
  return {random_currents(cells, seed), random_currents(cells, seed + 1000)};
}

inline double norm(const Tables& t) {
  double squares = 0;
  for (const double v : t.row) squares += v * v;
  for (const double v : t.col) squares += v * v;
  return std::sqrt(squares);
}

inline double distance(const Tables& a, const Tables& b) {
  Tables d = a;
  for (std::size_t k = 0; k < d.row.size(); ++k) {
    d.row[k] -= b.row[k];
    d.col[k] -= b.col[k];
  }
  return norm(d);
}

// By the plain equations, which are no solver's kernels; held nodes have none.
inline Tables residual_of(const ArrayMatrix& a, const Tables& f, const Tables& x) {
  Tables r{std::vector<double>(a.cells()), std::vector<double>(a.cells())};
  array_residual(a, f.row, f.col, x.row, x.col, r.row, r.col);
  return r;
}

// The solution whose held nodes are those of x.
inline Tables dense_solution(const ArrayMatrix& a, const Tables& f, Tables x) {
  DenseArrayMethod dense;
  EXPECT_TRUE(dense.set(a));
  const Tables r = residual_of(a, f, x);
  Tables step = r;
  dense.solve(r.row, r.col, step.row, step.col, 0);
  for (std::size_t k = 0; k < x.row.size(); ++k) {
    x.row[k] += step.row[k];
    x.col[k] += step.col[k];
  }
  return x;
}

// Held nodes at voltages, the others at 0 V.
inline Tables start(const RandomArray& array, unsigned seed) {
  Tables x = random_tables(array.matrix.cells(), seed);
  for (std::size_t k = 0; k < x.row.size(); ++k) {
    x.row[k] = array.is_held(true, k) ? 1e3 * x.row[k] : 0;
    x.col[k] = array.is_held(false, k) ? 1e3 * x.col[k] : 0;
  }
  return x;
}

// Right-hand sides are 1e-3 A, the held nodes of `start` up to 1 V, whose currents through the
// segments scale the residual too.
inline double scale_of(const RandomArray& array, const Tables& x) {
  return norm(x) * std::max(array.matrix.row.segment, array.matrix.col.segment);
}

}  // namespace wordline::testing
