// The memristors of an array's cells, and cells of a memristor with a select transistor behind it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "wordline/crossbar/cells.hpp"
#include "wordline/devices/memristor/memristor_bank.hpp"

namespace wordline::crossbar {

// All memristors of an array in their initial states, row by row.
class CellMemristors {
 public:
  CellMemristors(const Crossbar& crossbar, const Circuit& circuit);

  std::size_t size() const { return state_.size(); }
  // Currents i [A] at voltages v [V] of those from `first` on, and conductance().
  void evaluate(std::size_t first, std::span<const double> v, std::span<double> i) {
    const auto part = [&](std::vector<double>& table) {
      return std::span(table).subspan(first, v.size());
    };
    bank_->currents(first, v, part(state_), i, part(g_));
  }
  std::span<const double> conductance() const { return g_; }  // dI/dV, S
  double current_by_state(std::size_t k, double v) const {
    return bank_->current(k, v, state_[k]).dx / bank_->shown_state(state_[k]).slope;
  }

 private:
  std::unique_ptr<MemristorBank> bank_;
  std::vector<double> state_, g_;
};

// Memristor from the column (bit) line to an inner node, transistor from there to the row (source)
// line. The inner node is solved in the cell, whose tangents are those of its two ends alone.
// Throws Error for what has more nodes inside: transistors with series resistances.
std::unique_ptr<Cells> make_transistor_cells(const Crossbar& crossbar, const Circuit& circuit,
                                             CellMemristors memristors);

}  // namespace wordline::crossbar
