// A cell's device where the ends of its lines are eliminated or held. Constant expressions:
// compiled for the processor and the GPU.
#pragma once

#include "wordline/solvers/array_stamps.hpp"
#include "wordline/solvers/front_kernels.hpp"

namespace wordline {

// In S, as seen from the unknowns.
struct CellDevice {
  double row_row, row_col, col_row, col_col;

  // False: a node hangs on nothing.
  constexpr bool adapt(const LineStamp& row, const LineStamp& col) {
    using Kind = LineStamp::Kind;
    if (row.kind == Kind::kHeld) *this = {0, 0, 0, col_col};
    if (col.kind == Kind::kHeld) *this = {row_row, 0, 0, 0};
    bool ok = true;
    if (row.kind == Kind::kBehind) {
      ok = put_behind(row.source, row_row, row_col, col_row, col_col);
    }
    if (col.kind == Kind::kBehind) {
      ok = put_behind(col.source, col_col, col_row, row_col, row_row) && ok;
    }
    return ok;
  }

 private:
  static constexpr double magnitude(double g) { return g < 0 ? -g : g; }

  // Puts the conductance `source` before the device's `near` terminal and eliminates the node
  // between.
  static constexpr bool put_behind(double source, double& near, double& near_far, double& far_near,
                                   double& far) {
    const double sum = source + near;
    if (!(magnitude(sum) > kSmallestPivot * (source + magnitude(near)))) return false;
    far -= far_near * near_far / sum;
    near *= source / sum;
    near_far *= source / sum;
    far_near *= source / sum;
    return true;
  }
};

}  // namespace wordline
