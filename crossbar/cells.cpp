#include "wordline/crossbar/cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/crossbar/transistor_cells.hpp"
#include "wordline/netlist/memristor_setup.hpp"

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

  void put_tangents(ArrayMatrix& matrix) const override {
    const std::span<const double> g = memristors_.conductance();
    matrix.row_row = matrix.row_col = matrix.col_row = matrix.col_col = g;
  }

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

}  // namespace

CellMemristors::CellMemristors(const Crossbar& xb, const Circuit& circuit) {
  const ModelCard& card = circuit.models[static_cast<std::size_t>(xb.memristor)];
  const auto cells = static_cast<std::size_t>(xb.rows) * static_cast<std::size_t>(xb.cols);
  bank_ = card.type->make_bank();
  bank_->reserve(cells);
  state_.resize(cells);
  g_.resize(cells);
  for (std::size_t k = 0; k < cells; ++k) {
    try {
      state_[k] = add_memristor(*bank_, card, cell_memristor(xb, k), circuit.options.seed);
    } catch (const Error& error) {
      const auto cols = static_cast<std::size_t>(xb.cols);
      throw Error(fmt::format("cell ({}, {}): {}", k / cols, k % cols, error.what()));
    }
  }
}

std::unique_ptr<Cells> make_cells(const Crossbar& crossbar, const Circuit& circuit) {
  CellMemristors memristors(crossbar, circuit);
  if (crossbar.cell == CellKind::k1R) {
    return std::make_unique<MemristorCells>(std::move(memristors));
  }
  return make_transistor_cells(crossbar, circuit, std::move(memristors));
}

}  // namespace wordline::crossbar
