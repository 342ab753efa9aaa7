// Newton's method for the voltages of an array with cells that are not ohmic, wholly in the memory
// of a GPU: cells are evaluated, residuals taken and linear steps solved there. The host sees norms
// and counts, sends what drives the array and receives the solution.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_residual.hpp"

namespace wordline {

struct CellParts;  // what cells are made of: devices/cell_parts.hpp

// What cells are set to in a solution.
struct CellSettings {
  std::span<double> states;       // one a device, and their temperatures where these are states
  std::span<const double> gates;  // V, of each cell of each member; empty without transistors
  // Where a0 > 0 [1/s], states of the devices in `following` solve a0 x + b = dx/dt, with one b
  // each, and behind these one for each of their temperatures; all others rest.
  double a0 = 0;
  std::span<const std::size_t> following;
  std::span<const double> b;
};

class ArrayNewton {
 public:
  struct Outcome {
    bool ok = false;
    int newton = 0, inner = 0;  // iterations of Newton's method, and of the linear solver in all
    double residual = 0;        // A, of both planes
    std::string_view failure;   // why it is not ok
  };

  virtual ~ArrayNewton() = default;
  virtual std::string_view name() const = 0;
  virtual std::int32_t members() const = 0;

  // Other settings than at the last call. Throws Error where states of several inputs of one array
  // are to move.
  virtual void set(const CellSettings& settings) = 0;
  // Voltages of the lines, from the guess x, to residuals of `goals` [A] or what rounding leaves of
  // them; f are the currents that drivers push into the lines. Tables of one member after the
  // other. Where memory is used up, outcomes say so.
  virtual std::vector<Outcome> solve(const ArrayTables& f, std::span<double> x_row,
                                     std::span<double> x_col, std::span<const double> goals) = 0;
  // After solve(): the currents [A] that cells draw from the lines, and the states.
  virtual void currents(std::span<double> row, std::span<double> col) = 0;
  virtual void states(std::span<double> x) = 0;
};

// For one array of these lines, which must cross and not be merged. With several members, they are
// inputs of one array, or arrays of one shape where there are as many devices for each (those of
// one after those of another). Throws Error with the reason where no GPU can be used. Null, after a
// warning, where its memory does not hold so many; and where the model's equations are not for it
// (curves from files).
std::unique_ptr<ArrayNewton> make_gpu_newton(const ArrayMatrix& lines, const CellParts& cells,
                                             std::int32_t members);

}  // namespace wordline
