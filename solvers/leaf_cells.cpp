#include "wordline/solvers/leaf_cells.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/solvers/cell_device.hpp"

namespace wordline {

namespace {

using Kind = LineStamp::Kind;

void set_lane(LeafLines& lines, std::size_t cell, int lane, const LineStamp& stamp) {
  lines.left[cell][lane] = stamp.left;
  lines.right[cell][lane] = stamp.right;
  lines.across[cell][lane] = stamp.across;
  lines.tap[cell][lane] = stamp.tap;
}

void fill(LeafLines& lines, double segment) {
  for (std::size_t c = 0; c < kLeafCells; ++c) {
    lines.left[c] = lines.right[c] = lines.across[c] = Lanes{} + segment;
    lines.tap[c] = Lanes{};
  }
}

}  // namespace

void LeafCells::set(const ArrayMatrix& matrix, bool ported, unsigned ports) {
  matrix_ = matrix;
  rows_ = places_of_axis(matrix.rows, ported);
  cols_ = places_of_axis(matrix.cols, ported);
  if (ported) {
    stamp_ported(matrix.row, rows_, matrix.cols, ((ports >> kRight) & 1U) != 0, row_stamps_);
    stamp_ported(matrix.col, cols_, matrix.rows, ((ports >> kBottom) & 1U) != 0, col_stamps_);
  } else {
    stamp_grounded(matrix.row, rows_, matrix.cols, row_stamps_);
    stamp_grounded(matrix.col, cols_, matrix.rows, col_stamps_);
  }
}

CellTie LeafCells::tie(const ArrayTree& tree, std::int32_t row, std::int32_t col) const {
  // Padding stands before the last place; see places_of_axis().
  if (row == matrix_.rows - 1) row = static_cast<std::int32_t>(rows_.size()) - 1;
  if (col == matrix_.cols - 1) col = static_cast<std::int32_t>(cols_.size()) - 1;
  CellTie tie{row / kLeaf, col / kLeaf, row % kLeaf, col % kLeaf, 0, 0, 0};
  const LineStamp& of_row = row_stamps_.at(row, tie.leaf_col, tree.leaf_cols(), tie.col);
  const LineStamp& of_col = col_stamps_.at(col, tie.leaf_row, tree.leaf_rows(), tie.row);
  tie.row_tap = of_row.tap;
  tie.col_tap = of_col.tap;
  for (const LineStamp* stamp : {&of_row, &of_col}) {
    if (stamp->kind == Kind::kBehind) tie.series += 1 / stamp->source;
  }
  return tie;
}

void LeafCells::clear_held(double* x, std::size_t width, std::size_t table,
                           std::size_t lanes) const {
  const auto clear = [&](double g, std::size_t unknown) {
    if (std::isinf(g)) std::fill_n(x + unknown * lanes, lanes, 0.0);
  };
  const auto rows = static_cast<std::size_t>(matrix_.rows);
  const auto cols = static_cast<std::size_t>(matrix_.cols);
  for (std::size_t i = 0; i < rows; ++i) {
    clear(matrix_.row.first[i], i * width);
    clear(matrix_.row.last[i], i * width + cols - 1);
  }
  for (std::size_t j = 0; j < cols; ++j) {
    clear(matrix_.col.first[j], table + j);
    clear(matrix_.col.last[j], table + (rows - 1) * width + j);
  }
}

bool LeafCells::gather(const ArrayTree& tree, std::int32_t first, std::int32_t count,
                       LeafGroup& group) const {
  Place leaf[kLanes];
  for (int l = 0; l < kLanes; ++l) {
    const std::int32_t number = first + std::min<std::int32_t>(l, count - 1);
    const Front& front =
        tree.fronts()[static_cast<std::size_t>(tree.leaves()[static_cast<std::size_t>(number)])];
    leaf[l] = {front.row, front.col};
  }
  gather_table(matrix_.row_row, leaf, group.row_row);
  gather_table(matrix_.row_col, leaf, group.row_col);
  gather_table(matrix_.col_row, leaf, group.col_row);
  gather_table(matrix_.col_col, leaf, group.col_col);
  fill(group.row, matrix_.row.segment);
  fill(group.col, matrix_.col.segment);
  group.tapped = false;
  bool ok = true;
  for (int l = 0; l < kLanes; ++l) {
    const bool edge = leaf[l].row == 0 || leaf[l].row == tree.leaf_rows() - 1 || leaf[l].col == 0 ||
                      leaf[l].col == tree.leaf_cols() - 1;
    if (edge) ok = stamp_lane(tree, leaf[l], l, group) && ok;
  }
  return ok;
}

void LeafCells::gather_table(std::span<const double> values, const Place (&leaf)[kLanes],
                             LeafTable& table) const {
  const auto cols = static_cast<std::size_t>(matrix_.cols);
  double padded[kLanes][kLeafCells];
  const double* from[kLanes];
  std::ptrdiff_t step[kLanes];
  for (std::size_t l = 0; l < kLanes; ++l) {
    const std::int32_t* rows = rows_.data() + std::ptrdiff_t{kLeaf} * leaf[l].row;
    const std::int32_t* places = cols_.data() + std::ptrdiff_t{kLeaf} * leaf[l].col;
    if (rows[7] - rows[0] == 7 && places[7] - places[0] == 7) {
      from[l] = values.data() + static_cast<std::size_t>(rows[0]) * cols +
                static_cast<std::size_t>(places[0]);
      step[l] = matrix_.cols;
      continue;
    }
    for (std::size_t c = 0; c < kLeafCells; ++c) {
      const std::int32_t row = rows[c / kLeaf], col = places[c % kLeaf];
      padded[l][c] =
          row < 0 || col < 0
              ? 0
              : values[static_cast<std::size_t>(row) * cols + static_cast<std::size_t>(col)];
    }
    from[l] = padded[l];
    step[l] = kLeaf;
  }
  interleave(from, step, table);
}

bool LeafCells::stamp_lane(const ArrayTree& tree, const Place& leaf, int lane,
                           LeafGroup& group) const {
  bool ok = true;
  for (std::int32_t r = 0; r < kLeaf; ++r) {
    for (std::int32_t c = 0; c < kLeaf; ++c) {
      const std::size_t cell = static_cast<std::size_t>(r) * kLeaf + static_cast<std::size_t>(c);
      const LineStamp& row = row_stamps_.at(leaf.row * kLeaf + r, leaf.col, tree.leaf_cols(), c);
      const LineStamp& col = col_stamps_.at(leaf.col * kLeaf + c, leaf.row, tree.leaf_rows(), r);
      set_lane(group.row, cell, lane, row);
      set_lane(group.col, cell, lane, col);
      group.tapped = group.tapped || row.tap != 0 || col.tap != 0;
      if (row.kind == Kind::kPlain && col.kind == Kind::kPlain) continue;
      CellDevice d{group.row_row[cell][lane], group.row_col[cell][lane], group.col_row[cell][lane],
                   group.col_col[cell][lane]};
      ok = d.adapt(row, col) && ok;
      group.row_row[cell][lane] = d.row_row;
      group.row_col[cell][lane] = d.row_col;
      group.col_row[cell][lane] = d.col_row;
      group.col_col[cell][lane] = d.col_col;
    }
  }
  return ok;
}

}  // namespace wordline
