// What draws currents from the lines of an array at its cells.
#pragma once

#include <optional>

#include "wordline/devices/cell_parts.hpp"
#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_newton.hpp"
#include "wordline/solvers/array_residual.hpp"

namespace wordline::crossbar {

class LineLoads {
 public:
  LineLoads() = default;
  LineLoads(const LineLoads&) = delete;
  LineLoads& operator=(const LineLoads&) = delete;
  virtual ~LineLoads() = default;

  // Evaluates all at the lines' voltages x.
  virtual void evaluate(const ArrayTables& x) = 0;

  // After evaluate(): the currents [A] drawn from the row and column lines, and their derivatives
  // [S] in the tables of a matrix.
  virtual ArrayTables currents() const = 0;
  virtual void put_tangents(ArrayMatrix& matrix) const = 0;

  // For a GPU that evaluates them in their place: what they are made of, where it can, and how they
  // are set now.
  virtual std::optional<CellParts> parts() const { return std::nullopt; }
  virtual CellSettings settings() { return {}; }
};

}  // namespace wordline::crossbar
