#include "wordline/crossbar/transistor_cells.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/base/instruction_sets.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/mos1.hpp"

namespace wordline::crossbar {

namespace {

Mos1 make_transistor(const Crossbar& xb, const Circuit& circuit) {
  const ModelCard& card = circuit.models[static_cast<std::size_t>(xb.transistor)];
  return {from_values<Mos1Card>(card.values),
          {.w = xb.width, .l = xb.length},
          card.type->kind == "pmos" ? -1 : 1,
          circuit.options.temperature + kZeroCelsius,
          circuit.options.nominal_temperature + kZeroCelsius};
}

// Tables of all cells, for one step of their inner nodes.
struct InnerStep {
  std::size_t cells;
  const double *gate, *source;    // V
  const double *current, *slope;  // of the memristors
  double *inner, *low, *high;     // V: where the inner node is, and between what it must lie
  double* change;                 // V: of the inner node, still to be made where small
  double *drain, *drain_slope;    // A, S: into the transistor's drain
  double *out, *out_slope;        // A: out of its source; S: of the bulk-source junction
  double *gm, *gds, *gmb;         // S
};

// Evaluates the transistors and moves the inner nodes by one Newton step inside their brackets.
// Returns whether one has moved by more than `small`; a smaller step is left in `change`.
WORDLINE_INLINE bool step_inner_body(const Mos1& transistor, double gmin, double small,
                                     const InnerStep& step) {
  const Mos1 t = transistor;  // which no store can change
  const InnerStep s = step;
  const double sign = t.polarity();
  int moved = 0;
#pragma GCC ivdep
  for (std::size_t k = 0; k < s.cells; ++k) {
    const double n = s.inner[k];
    const Mos1::Channel c =
        t.channel(sign * (s.gate[k] - s.source[k]), sign * (n - s.source[k]), sign * -s.source[k]);
    const ValueAndSlope bd = t.bulk_drain_current(sign * -n, gmin);
    const ValueAndSlope bs = t.bulk_source_current(sign * -s.source[k], gmin);
    s.drain[k] = sign * (c.id - bd.value);
    s.out[k] = sign * (c.id + bs.value);
    s.drain_slope[k] = c.gds + bd.slope;
    s.out_slope[k] = bs.slope;
    s.gm[k] = c.gm;
    s.gds[k] = c.gds;
    s.gmb[k] = c.gmb;

    const double surplus = s.current[k] - s.drain[k];  // falls as the inner node rises
    const double low = surplus > 0 ? n : s.low[k];
    const double high = surplus > 0 ? s.high[k] : n;
    const double newton = n + surplus / (s.slope[k] + s.drain_slope[k]);
    const double next = newton >= low && newton <= high ? newton : 0.5 * (low + high);
    const bool large = std::fabs(next - n) > small;
    s.low[k] = low;
    s.high[k] = high;
    s.inner[k] = large ? next : n;
    s.change[k] = large ? 0 : newton - n;
    moved |= large ? 1 : 0;
  }
  return moved != 0;
}

WORDLINE_KERNEL(bool, step_inner,
                (const Mos1& transistor, double gmin, double small, const InnerStep& step),
                (transistor, gmin, small, step))

class TransistorCells final : public Cells {
 public:
  TransistorCells(const Crossbar& xb, const Circuit& circuit, CellMemristors memristors)
      : memristors_(std::move(memristors)),
        transistor_(make_transistor(xb, circuit)),
        gmin_(circuit.options.gmin) {
    if (transistor_.drain_conductance() > 0 || transistor_.source_conductance() > 0) {
      throw Error("transistors with series resistances need the method klu");
    }
    for (std::vector<double>* table :
         {&gate_, &inner_, &v_, &low_, &high_, &change_, &drain_, &drain_slope_, &out_, &out_slope_,
          &gm_, &gds_, &gmb_, &current_, &i_row_, &row_row_, &row_col_, &col_row_, &col_col_}) {
      table->resize(memristors_.size());
    }
  }

  void set_gates(std::span<const double> volts) override {
    std::copy(volts.begin(), volts.end(), gate_.begin());
  }

  void evaluate(const ArrayTables& x) override {
    start(x);
    constexpr int kMostIterations = 200;  // bisection alone ends sooner
    for (int iteration = 0; iteration < kMostIterations && step(x); ++iteration) {
    }
    condense();
  }

  ArrayTables currents() const override { return {i_row_, current_}; }
  std::span<const double> cell_currents() const override { return current_; }
  std::span<const double> inner() const override { return inner_; }

  void put_tangents(ArrayMatrix& matrix) const override {
    matrix.row_row = row_row_;
    matrix.row_col = row_col_;
    matrix.col_row = col_row_;
    matrix.col_col = col_col_;
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
  // The inner node lies between the voltages around it.
  void start(const ArrayTables& x) {
    for (std::size_t k = 0; k < inner_.size(); ++k) {
      low_[k] = std::min(std::min(x.row[k], x.col[k]), 0.0);
      high_[k] = std::max(std::max(x.row[k], x.col[k]), 0.0);
      inner_[k] = std::max(low_[k], std::min(inner_[k], high_[k]));
    }
  }

  // One Newton step in every cell. False when none has moved any more but for a step so small that
  // its square is below rounding.
  bool step(const ArrayTables& x) {
    constexpr double kSmallStep = 1e-7;  // V
    for (std::size_t k = 0; k < inner_.size(); ++k) v_[k] = x.col[k] - inner_[k];
    memristors_.evaluate(v_);
    return step_inner(transistor_, gmin_, kSmallStep,
                      {.cells = inner_.size(),
                       .gate = gate_.data(),
                       .source = x.row.data(),
                       .current = memristors_.current().data(),
                       .slope = memristors_.conductance().data(),
                       .inner = inner_.data(),
                       .low = low_.data(),
                       .high = high_.data(),
                       .change = change_.data(),
                       .drain = drain_.data(),
                       .drain_slope = drain_slope_.data(),
                       .out = out_.data(),
                       .out_slope = out_slope_.data(),
                       .gm = gm_.data(),
                       .gds = gds_.data(),
                       .gmb = gmb_.data()});
  }

  // Makes the last small step, along the tangents; currents and tangents of the two ends of a cell.
  void condense() {
    const std::span<const double> i = memristors_.current();
    const std::span<const double> slope = memristors_.conductance();
    for (std::size_t k = 0; k < inner_.size(); ++k) {
      const double g = slope[k];
      const double per_total = 1 / (g + drain_slope_[k]);
      const double by_source = gm_[k] + gds_[k] + gmb_[k];
      inner_[k] += change_[k];
      current_[k] = i[k] - g * change_[k];
      i_row_[k] = -(out_[k] + gds_[k] * change_[k]);
      col_col_[k] = g * drain_slope_[k] * per_total;
      col_row_[k] = g * by_source * per_total;
      row_col_[k] = gds_[k] * g * per_total;
      row_row_[k] = by_source * (1 - gds_[k] * per_total) + out_slope_[k];
    }
  }

  CellMemristors memristors_;
  Mos1 transistor_;
  double gmin_;
  std::vector<double> gate_, inner_, v_, low_, high_, change_;
  std::vector<double> drain_, drain_slope_, out_, out_slope_, gm_, gds_, gmb_;
  std::vector<double> current_;  // through the memristors
  std::vector<double> i_row_, row_row_, row_col_, col_row_, col_col_;
};

}  // namespace

std::unique_ptr<Cells> make_transistor_cells(const Crossbar& crossbar, const Circuit& circuit,
                                             CellMemristors memristors) {
  return std::make_unique<TransistorCells>(crossbar, circuit, std::move(memristors));
}

}  // namespace wordline::crossbar
