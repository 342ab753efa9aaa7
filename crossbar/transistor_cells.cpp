#include "wordline/crossbar/transistor_cells.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <span>
#include <vector>

#include "wordline/base/instruction_sets.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/devices/transistor_cell.hpp"

namespace wordline::crossbar {

namespace {

// So few cells are solved at a time that their tables stay in the cache.
constexpr std::size_t kChunk = 1024;

// What is needed of a cell only while it is solved, kChunk of each.
struct Scratch {
  double v[kChunk], current[kChunk];        // V, A: of the memristors
  double low[kChunk], high[kChunk];         // V: between what the inner node must lie
  double small[kChunk];                     // V: steps of the inner node that may be the last
  double change[kChunk];                    // V: of the inner node, still to be made where small
  double drain[kChunk], channel[kChunk];    // A: into the transistor's drain, and its channel
  double bulk[kChunk], bulk_slope[kChunk];  // A, S: of the bulk-source junction
  double gmb[kChunk];                       // S
};

// Tables of some cells.
struct CellTables {
  std::size_t cells;
  const double *gate, *source, *bit;   // V, of the lines
  const double *current, *slope;       // of the memristors: A, S
  double *last_source, *last_bit;      // V, of the lines when inner nodes were last solved
  double* inner;                       // V
  double *by_source, *by_bit;          // what the inner node follows of the lines
  double* drain_slope;                 // S
  double *gm, *gds;                    // S
  double *cell_current, *row_current;  // A: of the memristor; what the row line gives
  double *row_row, *row_col, *col_row, *col_col;
  double *low, *high, *small, *change, *drain, *channel, *bulk, *bulk_slope,
      *gmb;  // of the scratch
};

// Where inner nodes are sought first.
WORDLINE_INLINE void predict_inner_body(const Mosfet& transistor, double gmin,
                                        const CellTables& tables) {
  const Mosfet mos = transistor;  // which no store can change
  const CellTables t = tables;
#pragma GCC ivdep
  for (std::size_t k = 0; k < t.cells; ++k) {
    const transistor_cell::Bracket in =
        transistor_cell::bracket({t.source[k], t.bit[k]}, {t.last_source[k], t.last_bit[k]},
                                 t.inner[k], t.by_source[k], t.by_bit[k]);
    t.low[k] = in.low;
    t.high[k] = in.high;
    t.small[k] = in.small;
    t.inner[k] = in.inner;
    const ValueAndSlope bulk = transistor_cell::source_junction(mos, gmin, t.source[k]);
    t.bulk[k] = bulk.value;
    t.bulk_slope[k] = bulk.slope;
    t.last_source[k] = t.source[k];
    t.last_bit[k] = t.bit[k];
  }
}

// Makes the last small step, along the tangents; currents and tangents of the two ends of a cell.
WORDLINE_INLINE void condense_cells_body(const CellTables& tables) {
  const CellTables t = tables;
#pragma GCC ivdep
  for (std::size_t k = 0; k < t.cells; ++k) {
    const transistor_cell::Ends ends = transistor_cell::condense(
        {t.drain[k], t.channel[k], t.drain_slope[k], t.gm[k], t.gds[k], t.gmb[k]},
        {t.bulk[k], t.bulk_slope[k]}, t.current[k], t.slope[k], t.change[k]);
    t.inner[k] += t.change[k];
    t.cell_current[k] = ends.col_current;
    t.row_current[k] = ends.row_current;
    t.by_source[k] = ends.by_source;
    t.by_bit[k] = ends.by_bit;
    t.col_col[k] = ends.col_col;
    t.col_row[k] = ends.col_row;
    t.row_col[k] = ends.row_col;
    t.row_row[k] = ends.row_row;
  }
}

// Evaluates the transistors and moves the inner nodes by one Newton step inside their brackets.
// Returns whether one has moved; a small step is left in `change`.
template <class Model>
WORDLINE_INLINE bool step_inner_body(const Model& transistor, double gmin,
                                     const CellTables& tables) {
  const Model mos = transistor;  // which no store can change
  const CellTables t = tables;
  int moved = 0;
#pragma GCC ivdep
  for (std::size_t k = 0; k < t.cells; ++k) {
    const transistor_cell::Point at =
        transistor_cell::evaluate(mos, gmin, t.gate[k], t.source[k], t.inner[k]);
    const transistor_cell::Step step =
        transistor_cell::step({t.low[k], t.high[k], t.inner[k], t.small[k]},
                              t.current[k] - at.drain, t.slope[k] + at.drain_slope);
    t.drain[k] = at.drain;
    t.channel[k] = at.channel;
    t.drain_slope[k] = at.drain_slope;
    t.gm[k] = at.gm;
    t.gds[k] = at.gds;
    t.gmb[k] = at.gmb;
    t.low[k] = step.in.low;
    t.high[k] = step.in.high;
    t.inner[k] = step.in.inner;
    t.change[k] = step.change;
    moved |= step.is_large ? 1 : 0;
  }
  return moved != 0;
}

WORDLINE_KERNEL(void, predict_inner,
                (const Mosfet& transistor, double gmin, const CellTables& tables),
                (transistor, gmin, tables))
WORDLINE_KERNEL(bool, step_inner, (const Mos1& transistor, double gmin, const CellTables& tables),
                (transistor, gmin, tables))
WORDLINE_KERNEL(bool, step_inner, (const Mos3& transistor, double gmin, const CellTables& tables),
                (transistor, gmin, tables))
WORDLINE_KERNEL(bool, step_inner, (const Ekv& transistor, double gmin, const CellTables& tables),
                (transistor, gmin, tables))
WORDLINE_KERNEL(void, condense_cells, (const CellTables& tables), (tables))

template <class Model>
class TransistorCells final : public Cells {
 public:
  TransistorCells(const Model& transistor, double gmin, CellMemristors memristors)
      : memristors_(std::move(memristors)), transistor_(transistor), gmin_(gmin) {
    if (transistor_.drain_conductance() > 0 || transistor_.source_conductance() > 0) {
      throw Error("transistors with series resistances need the method klu");
    }
    const std::initializer_list<std::span<double>*> tables = {
        &gate_, &last_source_, &last_bit_, &inner_,   &by_source_, &by_bit_,  &drain_slope_, &gm_,
        &gds_,  &current_,     &i_row_,    &row_row_, &row_col_,   &col_row_, &col_col_};
    // Tables that began at the same place of a page would share the same few lines of a cache.
    constexpr std::size_t kStagger = 24;
    const std::size_t step = memristors_.size() + kStagger;
    memory_.resize(tables.size() * step);
    std::size_t first = 0;
    for (std::span<double>* table : tables) {
      *table = std::span(memory_).subspan(first, memristors_.size());
      first += step;
    }
  }

  void set_gates(std::span<const double> volts) override {
    std::copy(volts.begin(), volts.end(), gate_.begin());
  }

  void evaluate(const ArrayTables& x) override {
    for (std::size_t first = 0; first < inner_.size(); first += kChunk) {
      solve(x, first, std::min(kChunk, inner_.size() - first));
    }
  }

  ArrayTables currents() const override { return {i_row_, current_}; }
  std::span<const double> cell_currents() const override { return current_; }
  std::span<const double> inner() const override { return inner_; }
  CellMemristors& memristors() override { return memristors_; }
  void memristor_volts(const ArrayTables& x, std::span<double> v) const override {
    for (std::size_t k = 0; k < v.size(); ++k) v[k] = x.col[k] - inner_[k];
  }

  void put_tangents(ArrayMatrix& matrix) const override {
    matrix.row_row = row_row_;
    matrix.row_col = row_col_;
    matrix.col_row = col_row_;
    matrix.col_col = col_col_;
  }

  std::optional<CellParts> parts() const override {
    return CellParts{&memristors_.bank(), transistor_, gmin_};
  }
  CellSettings settings() override {
    CellSettings settings = memristors_.settings();
    settings.gates = gate_;
    return settings;
  }

  void sensitivities(const ArrayTables& x, std::span<double> row,
                     std::span<double> col) const override {
    // With the inner node free, a current source of what the memristor gains stands across it.
    const std::span<const double> g = memristors_.conductance();
    for (std::size_t k = 0; k < inner_.size(); ++k) {
      const double gain = memristors_.current_by_state(k, x.col[k] - inner_[k]);
      const double total = g[k] + drain_slope_[k];
      col[k] = gain * drain_slope_[k] / total;
      row[k] = -gain * gds_[k] / total;
    }
  }

  void gate_sensitivities(std::span<double> row, std::span<double> col) const override {
    const std::span<const double> g = memristors_.conductance();
    for (std::size_t k = 0; k < inner_.size(); ++k) {
      const double total = g[k] + drain_slope_[k];
      col[k] = g[k] * gm_[k] / total;
      row[k] = -gm_[k] * (1 - gds_[k] / total);
    }
  }

 private:
  void solve(const ArrayTables& x, std::size_t first, std::size_t count) {
    const CellTables cells = tables(x, first, count);
    predict_inner(transistor_, gmin_, cells);
    bool moved = true;
    for (int iteration = 0; iteration < transistor_cell::kMostIterations && moved; ++iteration) {
      for (std::size_t k = 0; k < count; ++k) scratch_->v[k] = x.col[first + k] - cells.inner[k];
      memristors_.evaluate(first, {scratch_->v, count}, {scratch_->current, count});
      moved = step_inner(transistor_, gmin_, cells);
    }
    condense_cells(cells);
  }

  CellTables tables(const ArrayTables& x, std::size_t first, std::size_t count) {
    return {.cells = count,
            .gate = &gate_[first],
            .source = &x.row[first],
            .bit = &x.col[first],
            .current = scratch_->current,
            .slope = &memristors_.conductance()[first],
            .last_source = &last_source_[first],
            .last_bit = &last_bit_[first],
            .inner = &inner_[first],
            .by_source = &by_source_[first],
            .by_bit = &by_bit_[first],
            .drain_slope = &drain_slope_[first],
            .gm = &gm_[first],
            .gds = &gds_[first],
            .cell_current = &current_[first],
            .row_current = &i_row_[first],
            .row_row = &row_row_[first],
            .row_col = &row_col_[first],
            .col_row = &col_row_[first],
            .col_col = &col_col_[first],
            .low = scratch_->low,
            .high = scratch_->high,
            .small = scratch_->small,
            .change = scratch_->change,
            .drain = scratch_->drain,
            .channel = scratch_->channel,
            .bulk = scratch_->bulk,
            .bulk_slope = scratch_->bulk_slope,
            .gmb = scratch_->gmb};
  }

  CellMemristors memristors_;
  Model transistor_;
  double gmin_;
  std::vector<double> memory_;  // of all tables
  std::unique_ptr<Scratch> scratch_ = std::make_unique<Scratch>();
  std::span<double> gate_, last_source_, last_bit_, inner_, by_source_, by_bit_;
  std::span<double> drain_slope_, gm_, gds_;
  std::span<double> current_;  // through the memristors
  std::span<double> i_row_, row_row_, row_col_, col_row_, col_col_;
};

}  // namespace

std::unique_ptr<Cells> make_transistor_cells(const Crossbar& crossbar, const Circuit& circuit,
                                             CellMemristors memristors) {
  const ModelCard& card = circuit.models[static_cast<std::size_t>(crossbar.transistor)];
  const Options& options = circuit.options;
  const Transistor transistor = make_transistor(
      *card.type, card.values, {.w = crossbar.width, .l = crossbar.length},
      options.temperature + kZeroCelsius, options.nominal_temperature + kZeroCelsius);
  return std::visit(
      [&]<class Model>(const Model& model) -> std::unique_ptr<Cells> {
        return std::make_unique<TransistorCells<Model>>(model, options.gmin, std::move(memristors));
      },
      transistor);
}

}  // namespace wordline::crossbar
