// An array of which some cells are evaluated, while all others stay on their tangents at a solution
// of all.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "wordline/crossbar/line_loads.hpp"

namespace wordline::crossbar {

class TangentLoads final : public LineLoads {
 public:
  // `all` has been evaluated at x. `some` are loads of these cells, in this order, and are
  // evaluated there.
  void set(const LineLoads& all, const ArrayTables& x, std::span<const std::size_t> at,
           LineLoads& some);

  void evaluate(const ArrayTables& x) override;
  ArrayTables currents() const override { return {i_row_, i_col_}; }
  void put_tangents(ArrayMatrix& matrix) const override;

  // Of the lines at those cells, in the last evaluate().
  ArrayTables lines() const { return {u_row_, u_col_}; }

 private:
  LineLoads* some_ = nullptr;
  std::vector<std::size_t> at_;
  bool is_symmetric_ = false;
  std::vector<double> start_row_, start_col_;                  // A, at 0 V on the tangents
  std::vector<double> row_row_, row_col_, col_row_, col_col_;  // S
  std::vector<double> i_row_, i_col_;                          // A
  std::vector<double> u_row_, u_col_;                          // V
};

}  // namespace wordline::crossbar
