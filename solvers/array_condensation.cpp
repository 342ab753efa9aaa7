#include "wordline/solvers/array_condensation.hpp"

#include <algorithm>
#include <cmath>

namespace wordline {

namespace {

constexpr std::size_t kRow = ArrayParts::kRow;
constexpr std::size_t kCol = ArrayParts::kCol;
constexpr std::size_t kGate = ArrayParts::kGate;

}  // namespace

std::string ArrayCondensation::analyze(const SparsePattern& pattern, const ArrayGeometry& array) {
  if (std::string why = find_array_parts(pattern, array, parts_); !why.empty()) return why;
  values_.assign(pattern.nonzeros() + 1, 0.0);
  for (Tables& row : tables_) {
    for (std::vector<double>& table : row) table.assign(parts_.cells(), 0.0);
  }
  for (std::vector<double>& table : drivers_) table.assign(parts_.cells(), 0.0);
  inner_inverse_.assign(parts_.cells(), 0.0);
  inner_kept_ = inner_inverse_;
  blocks_.assign(parts_.blocks.size(), {});
  rhs_.assign(static_cast<std::size_t>(pattern.size), 0.0);
  return {};
}

std::string ArrayCondensation::condense(std::span<const double> values) {
  std::copy(values.begin(), values.end(), values_.begin());
  if (!parts_.singletons.can_divide(values_)) return "a source is not connected";
  gather();
  if (std::string why = condense_inner_nodes(); !why.empty()) return why;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    if (std::string why = condense_block(parts_.blocks[b], blocks_[b]); !why.empty()) return why;
  }
  matrix_.rows = parts_.rows;
  matrix_.cols = parts_.cols;
  matrix_.parallel = !parts_.planes[kRow].along_rows;
  if (std::string why = make_plane(kRow, matrix_.row); !why.empty()) return why;
  if (std::string why = make_plane(kCol, matrix_.col); !why.empty()) return why;
  if (parts_.has_gates && !factor_gate_lines()) return "a gate line is singular";
  describe_cells();
  return {};
}

void ArrayCondensation::gather() {
  for (std::size_t p = 0; p < ArrayParts::kPlanes; ++p) {
    const ArrayParts::Plane& plane = parts_.planes[p];
    std::fill(drivers_[p].begin(), drivers_[p].end(), 0.0);
    for (std::size_t q = 0; q < ArrayParts::kPlanes; ++q) {
      const ArrayParts::Slots& slots = p == q ? plane.diagonal : plane.cross[q];
      for (std::size_t cell = 0; cell < slots.size(); ++cell)
        tables_[p][q][cell] = value(slots[cell]);
    }
  }
  for (const ArrayParts::HeldNeighbour& held : parts_.to_held) {
    drivers_[held.node.plane][held.node.cell] -= value(held.slot);
  }
}

std::string ArrayCondensation::condense_inner_nodes() {
  const ArrayParts::InnerNodes& inner = parts_.inner;
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    if (inner.unknown[cell] < 0) continue;
    const double diagonal = value(inner.diagonal[cell]);
    if (diagonal == 0) return "a node inside a cell has no conductance";
    inner_inverse_[cell] = 1 / diagonal;
    for (std::size_t p = 0; p < ArrayParts::kPlanes; ++p) {
      const double out = value(inner.column[p][cell]) / diagonal;
      if (out == 0) continue;
      for (std::size_t q = 0; q < ArrayParts::kPlanes; ++q) {
        tables_[p][q][cell] -= out * value(inner.row[q][cell]);
      }
    }
  }
  return {};
}

std::string ArrayCondensation::condense_block(const ArrayParts::Block& block,
                                              BlockFactors& factors) {
  const auto size = static_cast<Eigen::Index>(block.unknowns.size());
  const auto ends = static_cast<Eigen::Index>(block.ends.size());
  Eigen::MatrixXd inside = Eigen::MatrixXd::Zero(size, size);
  Eigen::MatrixXd to_ends = Eigen::MatrixXd::Zero(size, ends);
  factors.from_ends = Eigen::MatrixXd::Zero(ends, size);
  for (const auto& c : block.inside) inside(c.row, c.column) = value(c.slot);
  for (const auto& c : block.to_ends) to_ends(c.row, c.column) = value(c.slot);
  for (const auto& c : block.from_ends) factors.from_ends(c.row, c.column) = value(c.slot);
  factors.inside.compute(inside);
  const auto pivots = factors.inside.matrixLU().diagonal().array().abs();
  if (!(pivots.minCoeff() > 0)) return "what drives it is singular by itself";
  factors.transfer = factors.inside.solve(to_ends);
  const Eigen::MatrixXd schur = factors.from_ends * factors.transfer;
  for (Eigen::Index s = 0; s < ends; ++s) {
    const ArrayParts::Node& a = block.ends[static_cast<std::size_t>(s)];
    for (Eigen::Index t = 0; t < ends; ++t) {
      const ArrayParts::Node& b = block.ends[static_cast<std::size_t>(t)];
      if (a.cell == b.cell) {
        tables_[a.plane][b.plane][a.cell] -= schur(s, t);
      } else if (schur(s, t) != 0) {
        return "its lines are connected outside of it";
      }
    }
    drivers_[a.plane][a.cell] -= factors.from_ends.row(s).sum() + schur(s, s);
  }
  return {};
}

// The segments' conductance, if all are alike. A plane without one may have any.
bool ArrayCondensation::read_segment(const ArrayParts::Plane& plane, double& segment) const {
  constexpr double kAlike = 1e-13;
  segment = 0;
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    if (parts_.is_last(plane, cell) || plane.unknown[cell] < 0) continue;
    if (plane.unknown[cell + parts_.stride(plane)] < 0) continue;
    const double next = -value(plane.next[cell]);
    if (segment == 0) segment = next;
    if (!(std::abs(next - segment) <= kAlike * segment)) return false;
    if (!(std::abs(-value(plane.previous[cell]) - segment) <= kAlike * segment)) return false;
  }
  if (segment == 0) segment = 1;
  return segment > 0;
}

// The diagonals of the planes are split into segments, drivers and cells; their sum is what counts.
std::string ArrayCondensation::make_plane(std::size_t index, ArrayPlane& result) {
  const ArrayParts::Plane& plane = parts_.planes[index];
  if (!read_segment(plane, result.segment)) return "the segments of its lines differ";
  const auto lines = static_cast<std::size_t>(plane.along_rows ? parts_.rows : parts_.cols);
  result.first.assign(lines, 0.0);
  result.last.assign(lines, 0.0);
  std::vector<double>& table = tables_[index][index];
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    const bool first = parts_.is_first(plane, cell);
    const bool last = parts_.is_last(plane, cell);
    const std::size_t line = parts_.line(plane, cell);
    if (plane.unknown[cell] < 0) {
      if (first) result.first[line] = kHeld;
      if (last) result.last[line] = kHeld;
      continue;
    }
    table[cell] -= result.segment * ((first ? 0 : 1) + (last ? 0 : 1));
    const double driver = drivers_[index][cell];
    if ((first || last) && driver > 0 && std::isfinite(driver)) {
      (first ? result.first : result.last)[line] = driver;
      table[cell] -= driver;
    }
  }
  return {};
}

void ArrayCondensation::describe_cells() {
  row_row_ = tables_[kRow][kRow];
  col_col_ = tables_[kCol][kCol];
  row_col_.resize(parts_.cells());
  col_row_.resize(parts_.cells());
  bool symmetric = true;
  gates_are_loaded_ = false;
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    row_col_[cell] = -tables_[kRow][kCol][cell];
    col_row_[cell] = -tables_[kCol][kRow][cell];
    symmetric &= row_col_[cell] == col_row_[cell];
    gates_are_loaded_ |= tables_[kGate][kRow][cell] != 0 || tables_[kGate][kCol][cell] != 0;
  }
  matrix_.row_row = row_row_;
  matrix_.row_col = row_col_;
  matrix_.col_row = symmetric ? row_col_ : col_row_;
  matrix_.col_col = col_col_;
}

// Each line is tridiagonal; its diagonal outweighs the rest, so that no pivoting is needed. The
// nodes that are held between have no equation.
bool ArrayCondensation::factor_gate_lines() {
  const ArrayParts::Plane& plane = parts_.planes[kGate];
  gate_inverse_.assign(parts_.cells(), 0.0);
  gate_ratio_.assign(parts_.cells(), 0.0);
  const std::size_t stride = parts_.stride(plane);
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    if (plane.unknown[cell] < 0) continue;
    double pivot = tables_[kGate][kGate][cell];
    if (!parts_.is_first(plane, cell)) {
      const std::size_t before = cell - stride;
      gate_ratio_[cell] = value(plane.previous[before]) * gate_inverse_[before];
      pivot -= gate_ratio_[cell] * value(plane.next[before]);
    }
    if (pivot == 0 || !std::isfinite(pivot)) return false;
    gate_inverse_[cell] = 1 / pivot;
  }
  return true;
}

void ArrayCondensation::solve_gate_lines(std::vector<double>& gate) const {
  const ArrayParts::Plane& plane = parts_.planes[kGate];
  const std::size_t stride = parts_.stride(plane);
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    if (!parts_.is_first(plane, cell)) gate[cell] -= gate_ratio_[cell] * gate[cell - stride];
  }
  for (std::size_t cell = parts_.cells(); cell-- > 0;) {
    if (!parts_.is_last(plane, cell)) gate[cell] -= value(plane.next[cell]) * gate[cell + stride];
    gate[cell] *= gate_inverse_[cell];
  }
}

void ArrayCondensation::reduce(std::span<const double> b, Tables& f) {
  std::copy(b.begin(), b.end(), rhs_.begin());
  held_.assign(rhs_.size(), 0.0);
  parts_.singletons.solve_held(values_, rhs_, held_);
  for (std::size_t p = 0; p < ArrayParts::kPlanes; ++p) {
    f[p].assign(parts_.cells(), 0.0);
    const std::vector<std::int32_t>& unknown = parts_.planes[p].unknown;
    for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
      if (unknown[cell] >= 0) f[p][cell] = rhs_[static_cast<std::size_t>(unknown[cell])];
    }
  }
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    const std::int32_t unknown = parts_.inner.unknown[cell];
    if (unknown < 0) continue;
    const double kept = rhs_[static_cast<std::size_t>(unknown)] * inner_inverse_[cell];
    inner_kept_[cell] = kept;
    for (std::size_t p = 0; p < ArrayParts::kPlanes; ++p) {
      f[p][cell] -= value(parts_.inner.column[p][cell]) * kept;
    }
  }
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const ArrayParts::Block& block = parts_.blocks[k];
    BlockFactors& factors = blocks_[k];
    factors.kept.resize(static_cast<Eigen::Index>(block.unknowns.size()));
    for (std::size_t u = 0; u < block.unknowns.size(); ++u) {
      factors.kept[static_cast<Eigen::Index>(u)] =
          rhs_[static_cast<std::size_t>(block.unknowns[u])];
    }
    factors.kept = factors.inside.solve(factors.kept).eval();
    const Eigen::VectorXd out = factors.from_ends * factors.kept;
    for (std::size_t e = 0; e < block.ends.size(); ++e) {
      f[block.ends[e].plane][block.ends[e].cell] -= out[static_cast<Eigen::Index>(e)];
    }
  }
}

void ArrayCondensation::subtract_gates(const std::vector<double>& gate, Tables& f) const {
  for (const std::size_t p : {kRow, kCol}) {
    for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
      f[p][cell] -= tables_[p][kGate][cell] * gate[cell];
    }
  }
}

void ArrayCondensation::subtract_planes(const Tables& x, std::vector<double>& f_gate) const {
  for (const std::size_t p : {kRow, kCol}) {
    for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
      f_gate[cell] -= tables_[kGate][p][cell] * x[p][cell];
    }
  }
}

void ArrayCondensation::expand(const Tables& x, std::span<double> all) {
  std::copy(held_.begin(), held_.end(), all.begin());
  for (std::size_t p = 0; p < ArrayParts::kPlanes; ++p) {
    const std::vector<std::int32_t>& unknown = parts_.planes[p].unknown;
    for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
      if (unknown[cell] >= 0) all[static_cast<std::size_t>(unknown[cell])] = x[p][cell];
    }
  }
  for (std::size_t cell = 0; cell < parts_.cells(); ++cell) {
    const std::int32_t unknown = parts_.inner.unknown[cell];
    if (unknown < 0) continue;
    double sum = 0;
    for (std::size_t p = 0; p < ArrayParts::kPlanes; ++p) {
      sum += value(parts_.inner.row[p][cell]) * x[p][cell];
    }
    all[static_cast<std::size_t>(unknown)] = inner_kept_[cell] - inner_inverse_[cell] * sum;
  }
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const ArrayParts::Block& block = parts_.blocks[k];
    Eigen::VectorXd ends(static_cast<Eigen::Index>(block.ends.size()));
    for (std::size_t e = 0; e < block.ends.size(); ++e) {
      ends[static_cast<Eigen::Index>(e)] = x[block.ends[e].plane][block.ends[e].cell];
    }
    const Eigen::VectorXd inside = blocks_[k].kept - blocks_[k].transfer * ends;
    for (std::size_t u = 0; u < block.unknowns.size(); ++u) {
      all[static_cast<std::size_t>(block.unknowns[u])] = inside[static_cast<Eigen::Index>(u)];
    }
  }
  parts_.singletons.solve_rest(values_, rhs_, all);
}

}  // namespace wordline
