// A circuit that is one crossbar array with its drivers, brought exactly into the form of an
// ArrayMatrix. Everything but the nodes of lines is eliminated: nodes held by ideal sources, nodes
// inside cells, the circuits that drive the lines. Gate lines, whose nodes see a cell through a
// transistor's gate, stay beside the two planes as a third.
//
// A circuit that does not have this form is refused with the reason; nothing is ever left out.
#pragma once

#include <Eigen/LU>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"
#include "wordline/solvers/array_parts.hpp"

namespace wordline {

class ArrayCondensation {
 public:
  // A number a cell for each plane, by ArrayParts::PlaneIndex.
  using Tables = std::array<std::vector<double>, ArrayParts::kPlanes>;

  // Empty, or why the pattern does not fit.
  std::string analyze(const SparsePattern& pattern, const ArrayGeometry& array);
  // Empty, or why the values do not fit.
  std::string condense(std::span<const double> values);

  // Of the last values.
  const ArrayMatrix& matrix() const { return matrix_; }
  bool has_gates() const { return parts_.has_gates; }
  // Whether lines and cells draw currents from gates, not just the other way round.
  bool gates_are_loaded() const { return gates_are_loaded_; }

  // The right-hand sides of the planes' equations, 0 at held nodes. Keeps the rest of b.
  void reduce(std::span<const double> b, Tables& f);
  // Solves the equations of the gate lines alone, in place.
  void solve_gate_lines(std::vector<double>& gate) const;
  // f -= what gates at x cause in the other planes' equations, or these at x in the gates'.
  void subtract_gates(const std::vector<double>& gate, Tables& f) const;
  void subtract_planes(const Tables& x, std::vector<double>& f_gate) const;
  // All unknowns, from those of the planes and what reduce() kept.
  void expand(const Tables& x, std::span<double> all);

 private:
  struct BlockFactors {
    Eigen::PartialPivLU<Eigen::MatrixXd> inside;
    Eigen::MatrixXd transfer;   // inside^-1 (u, end)
    Eigen::MatrixXd from_ends;  // (end, u)
    Eigen::VectorXd kept;
  };

  double value(std::int32_t slot) const { return values_[static_cast<std::size_t>(slot)]; }
  void gather();
  std::string condense_inner_nodes();
  std::string condense_block(const ArrayParts::Block& block, BlockFactors& factors);
  std::string make_plane(std::size_t index, ArrayPlane& plane);
  bool read_segment(const ArrayParts::Plane& plane, double& segment) const;
  bool factor_gate_lines();
  void describe_cells();

  ArrayParts parts_;
  std::vector<double> values_;  // and one 0 more, for entries that the pattern has not
  // [p][q]: what a cell has in the row of its node of plane p and the column of that of plane q.
  std::array<Tables, ArrayParts::kPlanes> tables_;
  Tables drivers_;  // S, from line ends to their drivers; part of the diagonal
  std::vector<double> inner_inverse_, inner_kept_;
  std::vector<BlockFactors> blocks_;
  std::vector<double> gate_inverse_, gate_ratio_;  // LU factors of the gate lines
  bool gates_are_loaded_ = false;
  std::vector<double> row_row_, row_col_, col_row_, col_col_;
  ArrayMatrix matrix_;
  std::vector<double> rhs_, held_;
};

}  // namespace wordline
