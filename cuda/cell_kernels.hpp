// The cells of arrays, evaluated: currents from the lines and their tangents. A thread has a cell
// of a member, and solves what is inside of it: the state of a step, the node behind a transistor.
#pragma once

#include <cstdint>
#include <variant>

#include "wordline/cuda/array_view.hpp"
#include "wordline/devices/memristor/state_step.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/devices/transistor_cell.hpp"

namespace wordline::gpu {

// Memristors of one model. States, and temperatures behind them, are in the order of the devices.
template <class M>
struct MemristorView {
  std::int64_t devices;
  const M* models;
  const MemristorPlace* places;
  double* x;
  double a0;                      // 1/s; 0: all states rest
  const std::int32_t* following;  // 0 where a state rests all the same
  const double* b;

  // At voltage v [V]: current [A] and slope [S]. A state that follows is left at its solution.
  WORDLINE_HD ValueAndSlope at(std::int64_t device, double v) const {
    const MemristorPlace& place = places[device];
    const M& model = models[place.model];
    StateSolution state{x[device], 0};
    if (a0 > 0 && following[device] != 0) {
      const std::int64_t thermal = device + devices;
      double temperature = 0;
      const bool is_thermal = has_thermal_state(model);
      const StateFormula formula{a0, b[device], is_thermal ? b[thermal] : 0.0};
      state = solve_step(model, place.polarity * v, formula, state.x, &temperature);
      x[device] = state.x;
      if (is_thermal) x[thermal] = temperature;
    }
    return current_with_state(model, place.polarity, place.multiplicity, v, state);
  }

  WORDLINE_HD static bool has_thermal_state([[maybe_unused]] const M& model) {
    if constexpr (ThermalMemristor<M>) return model.has_thermal_state();
    return false;
  }
};

// Which cells there are, and at which voltages. Members that sleep keep what they have.
struct CellsView {
  Shape shape;
  bool own_devices;           // each member has devices of its own
  const std::int32_t* awake;  // one a member; 0: it sleeps
  const double *row, *col;    // V, of the lines

  WORDLINE_HD std::int64_t device(std::int64_t k) const {
    const std::int64_t cell = k / shape.members;
    return own_devices ? k % shape.members * shape.cells() + cell : cell;
  }
  WORDLINE_HD bool sleeps(std::int64_t k) const { return awake[k % shape.members] == 0; }
};

// Memristors alone, from row to column lines.
template <class M>
struct EvaluateMemristors {
  CellsView cells;
  MemristorView<M> memristors;
  double *i_row, *i_col, *slope;

  WORDLINE_HD std::int64_t count() const { return cells.shape.size(); }
  WORDLINE_HD void at(std::int64_t k) const {
    if (cells.sleeps(k)) return;
    const ValueAndSlope current = memristors.at(cells.device(k), cells.row[k] - cells.col[k]);
    i_row[k] = current.value;
    i_col[k] = -current.value;
    slope[k] = current.slope;
  }
};

// What cells with a transistor keep, and what they give.
struct TransistorCellTables {
  const double* gate;                             // V
  double* inner;                                  // V, of the node between memristor and transistor
  double *by_row, *by_col;                        // what it follows of the lines
  double *last_row, *last_col;                    // V, of the lines when it was last solved
  double *i_row, *i_col;                          // A
  double *row_row, *row_col, *col_row, *col_col;  // S
};

template <class M>
struct EvaluateTransistorCells {
  CellsView cells;
  MemristorView<M> memristors;
  Transistor transistor;
  double gmin;
  TransistorCellTables tables;

  WORDLINE_HD std::int64_t count() const { return cells.shape.size(); }
  WORDLINE_HD void at(std::int64_t k) const {
    if (cells.sleeps(k)) return;
    const TransistorCellTables& t = tables;
    const double source = cells.row[k];
    const double bit = cells.col[k];
    transistor_cell::Step step{
        transistor_cell::bracket({source, bit}, {t.last_row[k], t.last_col[k]}, t.inner[k],
                                 t.by_row[k], t.by_col[k]),
        0, true};
    ValueAndSlope memristor{};
    transistor_cell::Point point{};
    for (int n = 0; n < transistor_cell::kMostIterations && step.is_large; ++n) {
      const double inner = step.in.inner;
      memristor = memristors.at(cells.device(k), bit - inner);
      point = transistor_at(t.gate[k], source, inner);
      step = transistor_cell::step(step.in, memristor.value - point.drain,
                                   memristor.slope + point.drain_slope);
    }
    const transistor_cell::Ends ends = transistor_cell::condense(
        point, source_junction(source), memristor.value, memristor.slope, step.change);
    t.inner[k] = step.in.inner + step.change;
    t.by_row[k] = ends.by_source;
    t.by_col[k] = ends.by_bit;
    t.last_row[k] = source;
    t.last_col[k] = bit;
    t.i_row[k] = ends.row_current;
    t.i_col[k] = ends.col_current;
    t.row_row[k] = ends.row_row;
    t.row_col[k] = ends.row_col;
    t.col_row[k] = ends.col_row;
    t.col_col[k] = ends.col_col;
  }

 private:
  WORDLINE_HD transistor_cell::Point transistor_at(double gate, double source, double inner) const {
    if (const auto* mos1 = std::get_if<Mos1>(&transistor)) {
      return transistor_cell::evaluate(*mos1, gmin, gate, source, inner);
    }
    if (const auto* mos3 = std::get_if<Mos3>(&transistor)) {
      return transistor_cell::evaluate(*mos3, gmin, gate, source, inner);
    }
    return transistor_cell::evaluate(*std::get_if<Ekv>(&transistor), gmin, gate, source, inner);
  }
  WORDLINE_HD ValueAndSlope source_junction(double source) const {
    const Mosfet* mosfet = std::get_if<Mos1>(&transistor);
    if (const auto* mos3 = std::get_if<Mos3>(&transistor)) mosfet = mos3;
    if (const auto* ekv = std::get_if<Ekv>(&transistor)) mosfet = ekv;
    return transistor_cell::source_junction(*mosfet, gmin, source);
  }
};

}  // namespace wordline::gpu
