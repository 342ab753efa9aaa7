// Direct solvers of sparse linear systems whose pattern stays and whose values change.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wordline/solvers/array_geometry.hpp"

namespace wordline {

// Compressed sparse columns: rows of column j are row[start[j]] .. row[start[j+1]-1], ascending.
struct SparsePattern {
  std::int32_t size = 0;
  std::vector<std::int32_t> start;
  std::vector<std::int32_t> row;

  std::size_t nonzeros() const { return row.size(); }
  // The slot of entry (i, j) in the value array, or -1.
  std::int32_t slot(std::int32_t i, std::int32_t j) const;
};

// y = A x.
void multiply(const SparsePattern& pattern, std::span<const double> values,
              std::span<const double> x, std::span<double> y);

// The pattern of a list of entries in any order, repeated ones merged. Out of it come the slots.
class PatternBuilder {
 public:
  explicit PatternBuilder(std::int32_t size) : columns_(static_cast<std::size_t>(size)) {}
  void add(std::int32_t row, std::int32_t column);
  SparsePattern build();

 private:
  std::vector<std::vector<std::int32_t>> columns_;
};

struct Factorization {
  bool ok = true;
  std::int32_t singular_column = -1;  // where elimination found no pivot
};

// The contract: analyze once per pattern, then factor for every set of values and solve any number
// of times. Right-hand sides are solved in place, `count` of them one after the other.
class LinearSolver {
 public:
  virtual ~LinearSolver() = default;
  virtual std::string_view name() const = 0;
  virtual Factorization analyze(const SparsePattern& pattern) = 0;
  virtual Factorization factor(std::span<const double> values) = 0;
  virtual void solve(std::span<double> right_hand_sides, std::int32_t count = 1) const = 0;
  // Whether a factorisation costs less than a solve, so that keeping an old one saves nothing.
  virtual bool factors_cheaply() const { return false; }
};

// Sparse LU for any matrix. Where the unknowns of crossbar arrays are told, these are eliminated in
// the order of array_ordering() if that is less work. A diagonal entry is the pivot unless it is
// smaller than `pivot_ratio` times the largest of its column.
std::unique_ptr<LinearSolver> make_klu_solver(std::vector<ArrayGeometry> arrays = {},
                                              double pivot_ratio = 1e-3);

}  // namespace wordline
