#include "wordline/crossbar/tangent_loads.hpp"

namespace wordline::crossbar {

namespace {

std::vector<double> copy(std::span<const double> values) { return {values.begin(), values.end()}; }

}  // namespace

void TangentLoads::set(const LineLoads& all, const ArrayTables& x, std::span<const std::size_t> at,
                       LineLoads& some) {
  some_ = &some;
  at_.assign(at.begin(), at.end());
  ArrayMatrix tangents;
  all.put_tangents(tangents);
  is_symmetric_ = tangents.is_symmetric();
  row_row_ = copy(tangents.row_row);
  row_col_ = copy(tangents.row_col);
  col_row_ = copy(tangents.col_row);
  col_col_ = copy(tangents.col_col);
  i_row_ = copy(all.currents().row);
  i_col_ = copy(all.currents().col);
  start_row_.resize(i_row_.size());
  start_col_.resize(i_row_.size());
  for (std::size_t k = 0; k < i_row_.size(); ++k) {
    start_row_[k] = i_row_[k] - row_row_[k] * x.row[k] + row_col_[k] * x.col[k];
    start_col_[k] = i_col_[k] - col_col_[k] * x.col[k] + col_row_[k] * x.row[k];
  }
  u_row_.resize(at.size());
  u_col_.resize(at.size());
  evaluate(x);
}

void TangentLoads::evaluate(const ArrayTables& x) {
  for (std::size_t k = 0; k < i_row_.size(); ++k) {
    i_row_[k] = start_row_[k] + row_row_[k] * x.row[k] - row_col_[k] * x.col[k];
    i_col_[k] = start_col_[k] + col_col_[k] * x.col[k] - col_row_[k] * x.row[k];
  }
  for (std::size_t k = 0; k < at_.size(); ++k) {
    u_row_[k] = x.row[at_[k]];
    u_col_[k] = x.col[at_[k]];
  }
  some_->evaluate({u_row_, u_col_});
  const ArrayTables i = some_->currents();
  ArrayMatrix tangents;
  some_->put_tangents(tangents);
  for (std::size_t k = 0; k < at_.size(); ++k) {
    i_row_[at_[k]] = i.row[k];
    i_col_[at_[k]] = i.col[k];
    row_row_[at_[k]] = tangents.row_row[k];
    row_col_[at_[k]] = tangents.row_col[k];
    col_row_[at_[k]] = tangents.col_row[k];
    col_col_[at_[k]] = tangents.col_col[k];
  }
}

void TangentLoads::put_tangents(ArrayMatrix& matrix) const {
  matrix.row_row = row_row_;
  matrix.row_col = row_col_;
  matrix.col_row = is_symmetric_ ? row_col_ : col_row_;
  matrix.col_col = col_col_;
}

}  // namespace wordline::crossbar
