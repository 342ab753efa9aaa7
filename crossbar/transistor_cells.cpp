#include "wordline/crossbar/transistor_cells.hpp"

#include <algorithm>
#include <cmath>

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

class TransistorCells final : public Cells {
 public:
  TransistorCells(const Crossbar& xb, const Circuit& circuit, CellMemristors memristors)
      : memristors_(std::move(memristors)),
        transistor_(make_transistor(xb, circuit)),
        gmin_(circuit.options.gmin) {
    if (transistor_.drain_conductance() > 0 || transistor_.source_conductance() > 0) {
      throw Error("transistors with series resistances need the method klu");
    }
    if (xb.bulk != 0) throw Error("transistors whose bulk is not grounded need the method klu");
    for (std::vector<double>* table : {&gate_, &inner_, &v_, &low_, &high_, &i_row_, &row_row_,
                                       &row_col_, &col_row_, &col_col_, &row_gate_, &col_gate_}) {
      table->resize(memristors_.size());
    }
    ends_.resize(memristors_.size());
  }

  void set_gates(std::span<const double> volts) override {
    std::copy(volts.begin(), volts.end(), gate_.begin());
  }

  void evaluate(const ArrayTables& x) override {
    start(x);
    constexpr int kMostIterations = 200;  // bisection alone ends sooner
    for (int iteration = 0; iteration < kMostIterations && step(x); ++iteration) {
    }
    for (std::size_t k = 0; k < inner_.size(); ++k) condense(k);
  }

  ArrayTables currents() const override { return {i_row_, memristors_.current()}; }
  std::span<const double> cell_currents() const override { return memristors_.current(); }
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
      const double share = ends_[k].drain_slope / (g[k] + ends_[k].drain_slope);
      col[k] = gain * share;
      row[k] = -gain * ends_[k].channel.gds / (g[k] + ends_[k].drain_slope);
    }
  }

  void gate_sensitivities(std::span<double> row, std::span<double> col) const override {
    std::copy(row_gate_.begin(), row_gate_.end(), row.begin());
    std::copy(col_gate_.begin(), col_gate_.end(), col.begin());
  }

 private:
  // The transistor of a cell at the voltages it was last evaluated at, as currents and slopes of
  // the real device: into the drain, and out of the source.
  struct Transistor {
    double drain, source;
    double drain_slope, source_slope;  // of the drain's current by its voltage; of the bulk-source
                                       // junction's
    Mos1::Channel channel;
  };

  Transistor transistor(double drain, double gate, double source) const {
    const double sign = transistor_.polarity();
    const Mos1::Channel c =
        transistor_.channel(sign * (gate - source), sign * (drain - source), sign * -source);
    const Mos1::Junction bd = transistor_.bulk_drain(sign * -drain, gmin_);
    const Mos1::Junction bs = transistor_.bulk_source(sign * -source, gmin_);
    return {sign * (c.id - bd.i), sign * (c.id + bs.i), c.gds + bd.g, bs.g, c};
  }

  // The inner node lies between the voltages around it.
  void start(const ArrayTables& x) {
    for (std::size_t k = 0; k < inner_.size(); ++k) {
      low_[k] = std::min({x.row[k], x.col[k], 0.0});
      high_[k] = std::max({x.row[k], x.col[k], 0.0});
      inner_[k] = std::clamp(inner_[k], low_[k], high_[k]);
    }
  }

  // One Newton step in every cell, inside its bracket. False when none has moved any more.
  bool step(const ArrayTables& x) {
    constexpr double kSmallestStep = 1e-12;  // V
    for (std::size_t k = 0; k < inner_.size(); ++k) v_[k] = x.col[k] - inner_[k];
    memristors_.evaluate(v_);
    const std::span<const double> i = memristors_.current();
    const std::span<const double> g = memristors_.conductance();
    bool moved = false;
    for (std::size_t k = 0; k < inner_.size(); ++k) {
      const Transistor& t = ends_[k] = transistor(inner_[k], gate_[k], x.row[k]);
      const double surplus = i[k] - t.drain;  // falls as the inner node rises
      (surplus > 0 ? low_ : high_)[k] = inner_[k];
      double next = inner_[k] + surplus / (g[k] + t.drain_slope);
      if (!(next >= low_[k] && next <= high_[k])) next = 0.5 * (low_[k] + high_[k]);
      const double change = std::fabs(next - inner_[k]);
      if (change > kSmallestStep * (1 + std::fabs(next))) {
        inner_[k] = next;
        moved = true;
      }
    }
    return moved;
  }

  // Currents and tangents of the two ends of a cell.
  void condense(std::size_t k) {
    const Transistor& t = ends_[k];
    const double g = memristors_.conductance()[k];
    const double total = g + t.drain_slope;
    const double by_source = t.channel.gm + t.channel.gds + t.channel.gmb;
    i_row_[k] = -t.source;
    col_col_[k] = g * t.drain_slope / total;
    col_row_[k] = g * by_source / total;
    row_col_[k] = t.channel.gds * g / total;
    row_row_[k] = by_source * (1 - t.channel.gds / total) + t.source_slope;
    col_gate_[k] = g * t.channel.gm / total;
    row_gate_[k] = -t.channel.gm * (1 - t.channel.gds / total);
  }

  CellMemristors memristors_;
  Mos1 transistor_;
  double gmin_;
  std::vector<double> gate_, inner_, v_, low_, high_;
  std::vector<Transistor> ends_;
  std::vector<double> i_row_, row_row_, row_col_, col_row_, col_col_, row_gate_, col_gate_;
};

}  // namespace

std::unique_ptr<Cells> make_transistor_cells(const Crossbar& crossbar, const Circuit& circuit,
                                             CellMemristors memristors) {
  return std::make_unique<TransistorCells>(crossbar, circuit, std::move(memristors));
}

}  // namespace wordline::crossbar
