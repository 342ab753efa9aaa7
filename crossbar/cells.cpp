#include "wordline/crossbar/cells.hpp"

#include "wordline/crossbar/transistor_cells.hpp"

namespace wordline::crossbar {

namespace {

// Memristors alone, from row to column lines.
class MemristorCells final : public Cells {
 public:
  explicit MemristorCells(CellMemristors memristors)
      : memristors_(std::move(memristors)),
        v_(memristors_.size()),
        i_(v_.size()),
        minus_(v_.size()) {}

  void evaluate(const ArrayTables& x) override {
    for (std::size_t k = 0; k < v_.size(); ++k) v_[k] = x.row[k] - x.col[k];
    memristors_.evaluate(0, v_, i_);
    for (std::size_t k = 0; k < v_.size(); ++k) minus_[k] = -i_[k];
  }

  ArrayTables currents() const override { return {i_, minus_}; }
  std::span<const double> cell_currents() const override { return i_; }

  CellMemristors& memristors() override { return memristors_; }
  void memristor_volts(const ArrayTables& x, std::span<double> v) const override {
    for (std::size_t k = 0; k < v.size(); ++k) v[k] = x.row[k] - x.col[k];
  }

  void put_tangents(ArrayMatrix& matrix) const override {
    const std::span<const double> g = memristors_.conductance();
    matrix.row_row = matrix.row_col = matrix.col_row = matrix.col_col = g;
  }

  std::optional<CellParts> parts() const override {
    return CellParts{.memristors = &memristors_.bank()};
  }
  CellSettings settings() override { return memristors_.settings(); }

  void sensitivities(const ArrayTables& x, std::span<double> row,
                     std::span<double> col) const override {
    for (std::size_t k = 0; k < v_.size(); ++k) {
      row[k] = memristors_.current_by_state(k, x.row[k] - x.col[k]);
      col[k] = -row[k];
    }
  }

 private:
  CellMemristors memristors_;
  std::vector<double> v_, i_, minus_;
};

std::unique_ptr<Cells> make_cells(const Crossbar& crossbar, const Circuit& circuit,
                                  CellMemristors memristors) {
  if (crossbar.cell == CellKind::k1R) {
    return std::make_unique<MemristorCells>(std::move(memristors));
  }
  return make_transistor_cells(crossbar, circuit, std::move(memristors));
}

}  // namespace

std::unique_ptr<Cells> make_cells(const Crossbar& crossbar, const Circuit& circuit) {
  return make_cells(crossbar, circuit, CellMemristors(crossbar, circuit));
}

std::unique_ptr<Cells> make_cells(const Crossbar& crossbar, const Circuit& circuit,
                                  std::span<const std::size_t> cells) {
  return make_cells(crossbar, circuit, CellMemristors(crossbar, circuit, cells));
}

}  // namespace wordline::crossbar
