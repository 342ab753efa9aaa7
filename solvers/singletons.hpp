// The part of a linear system that solves itself: equations of one unknown, and unknowns of one
// equation. In a circuit these are the nodes that ideal sources hold, and the sources' currents.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline {

// Takes singletons away until none is left. What remains is the core: its unknowns are neither held
// nor read off at the end. Values are those of the pattern's entries.
class Singletons {
 public:
  Singletons() = default;
  explicit Singletons(const SparsePattern& pattern);

  // False if the equations and the unknowns that remain have different numbers, so that the core is
  // no square block of the matrix on its diagonal.
  bool has_square_core() const { return has_square_core_; }
  bool in_core(std::int32_t unknown) const { return in_core_[static_cast<std::size_t>(unknown)]; }
  bool is_held(std::int32_t unknown) const { return is_held_[static_cast<std::size_t>(unknown)]; }
  // Whether no value vanishes that the solution divides by.
  bool can_divide(std::span<const double> values) const;

  // Finds the held unknowns of x, and takes their terms out of the right-hand side b.
  void solve_held(std::span<const double> values, std::span<double> b, std::span<double> x) const;
  // Finds what is read off, when all others of x are there.
  void solve_rest(std::span<const double> values, std::span<const double> b,
                  std::span<double> x) const;

 private:
  struct Entry {
    std::int32_t unknown;  // the row in a list of a column, the column in a list of a row
    std::int32_t slot;
  };
  struct Pivot {
    std::int32_t row, column, slot;
    std::vector<Entry> others;  // of its column where it is held, else of its row
  };

  std::vector<Pivot> held_, rest_;
  std::vector<bool> in_core_, is_held_;
  bool has_square_core_ = true;
};

}  // namespace wordline
