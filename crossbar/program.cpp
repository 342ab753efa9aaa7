#include "wordline/crossbar/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

void check(const PulsedArray& array, const Matrix& targets, const ProgramSettings& s) {
  if (targets.rows != array.rows() || targets.cols != array.cols() ||
      targets.rows * targets.cols != std::ssize(targets.values)) {
    throw Error(fmt::format("{} x {} targets for an array of {} x {}", targets.rows, targets.cols,
                            array.rows(), array.cols()));
  }
  for (const double g : targets.values) {
    if (!(g > 0 && std::isfinite(g))) throw Error(fmt::format("a target of {:g} S cannot be", g));
  }
  if (!(s.tolerance > 0 && s.tolerance < 1)) {
    throw Error(fmt::format("a tolerance of {} cannot be", s.tolerance));
  }
  if (s.most_pulses < 1 || s.sweeps < 1) throw Error("less than one pulse or sweep");
  if (!(s.gap >= 0 && std::isfinite(s.gap))) throw Error(fmt::format("gaps of {:g} s", s.gap));
}

class Programmer {
 public:
  Programmer(PulsedArray& array, const Matrix& targets, const PulseRule& rule,
             const ProgramSettings& settings)
      : array_(array),
        targets_(targets),
        rule_(rule),
        s_(settings),
        begin_(array.time()),
        seen_(array.conductances()) {
    const std::size_t cells = targets.values.size();
    const Matrix none{targets.rows, targets.cols, std::vector<double>(cells)};
    done_.energy = none;
    done_.disturbance = none;
    done_.pulses.resize(cells);
    done_.outcome.resize(cells, CellOutcome::kNotTried);
  }

  Programmed run() {
    bool goes_on = true;
    for (int sweep = 0; sweep < s_.sweeps && goes_on; ++sweep) {
      for (std::int32_t row = 0; row < array_.rows() && goes_on; ++row) {
        program_row(row);
        const std::int64_t cells = (row + 1) * targets_.cols;
        goes_on = !s_.progress || s_.progress(sweep, cells);
      }
    }
    finish();
    return std::move(done_);
  }

 private:
  struct Cell {
    CellPlace place;
    std::size_t index;
    CellHistory history;
  };
  // Pulses that can be given at once.
  using Kind = std::tuple<bool, double, double>;  // positive, gate, width
  using Group = std::vector<std::pair<std::size_t, CellPulse>>;

  void program_row(std::int32_t row) {
    std::vector<Cell> cells;
    for (std::int32_t col = 0; col < array_.cols(); ++col) {
      cells.push_back(cell({row, col}));
      if (s_.by_row) continue;
      program_cells(row, cells);
      cells.clear();
    }
    if (s_.by_row) program_cells(row, cells);
  }

  Cell cell(CellPlace place) const {
    const auto index = static_cast<std::size_t>(place.row * targets_.cols + place.col);
    return {place,
            index,
            {.target = targets_.values[index],
             .tolerance = s_.tolerance,
             .pulses = {},
             .readings = {array_.conductance(place)},
             .change = [this, place](double volts, double width) {
               return array_.change(place, volts, width);
             }}};
  }

  // Until no rule asks for a pulse any more.
  void program_cells(std::int32_t row, std::vector<Cell>& cells) {
    std::vector<std::size_t> active;
    for (std::size_t k = 0; k < cells.size(); ++k) active.push_back(k);
    while (!active.empty()) {
      std::map<Kind, Group> groups;
      std::erase_if(active, [&](std::size_t k) {
        const std::optional<CellPulse> pulse = next(cells[k]);
        if (pulse) groups[{pulse->volts > 0, pulse->gate, pulse->width}].push_back({k, *pulse});
        return !pulse.has_value();
      });
      for (const auto& [kind, group] : groups) give(row, cells, group);
    }
  }

  std::optional<CellPulse> next(Cell& cell) {
    // Pulses for other cells of its row may have come between.
    cell.history.readings.back() = array_.conductance(cell.place);
    std::optional<CellPulse> pulse = rule_(cell.history);
    CellOutcome& outcome = done_.outcome[cell.index];
    if (!pulse) {
      outcome = cell.history.is_reached() ? CellOutcome::kReached : CellOutcome::kGivenUp;
    } else if (std::ssize(cell.history.pulses) == s_.most_pulses) {
      outcome = CellOutcome::kTooMany;
      pulse.reset();
    } else if (!(pulse->volts != 0 && std::isfinite(pulse->volts) && std::isfinite(pulse->gate) &&
                 pulse->width > 0 && std::isfinite(pulse->width))) {
      throw Error(fmt::format("a pulse of {} V and {:g} s with {} V at the gate cannot be",
                              pulse->volts, pulse->width, pulse->gate));
    }
    return pulse;
  }

  // One pulse for these cells of a row.
  void give(std::int32_t row, std::vector<Cell>& cells, const Group& group) {
    std::vector<double> volts(static_cast<std::size_t>(array_.cols()));
    for (const auto& [k, pulse] : group) {
      const Cell& cell = cells[k];
      volts[static_cast<std::size_t>(cell.place.col)] = pulse.volts;
      const double g = array_.conductance(cell.place);
      done_.disturbance.values[cell.index] += g - seen_.values[cell.index];
      done_.energy.values[cell.index] -= array_.energies().values[cell.index];
    }
    const CellPulse& common = group.front().second;
    apply(
        {write_voltages(array_, s_.scheme, row, volts, {common.gate, s_.gate_off}), common.width});
    if (s_.gap > 0) apply({{}, s_.gap});
    ++done_.array_pulses;
    for (const auto& [k, pulse] : group) {
      Cell& cell = cells[k];
      const double g = array_.conductance(cell.place);
      seen_.values[cell.index] = g;
      done_.energy.values[cell.index] += array_.energies().values[cell.index];
      ++done_.pulses[cell.index];
      cell.history.pulses.push_back(pulse);
      cell.history.readings.push_back(g);
    }
  }

  void apply(const ArrayPulse& pulse) { done_.delivered += array_.apply(pulse).delivered; }

  void finish() {
    done_.conductance = array_.conductances();
    done_.error = done_.conductance;
    done_.seconds = array_.time() - begin_;
    double squares = 0;
    for (std::size_t k = 0; k < targets_.values.size(); ++k) {
      const double g = done_.conductance.values[k];
      const double target = targets_.values[k];
      double& moved = done_.disturbance.values[k];
      moved += g - seen_.values[k];
      squares += moved * moved;
      done_.largest_disturbance = std::max(done_.largest_disturbance, std::abs(moved));
      done_.error.values[k] = (g - target) / target;
      CellOutcome& outcome = done_.outcome[k];
      const bool is_near = std::abs(g - target) <= s_.tolerance * std::max(g, target);
      if (is_near) outcome = CellOutcome::kReached;
      if (!is_near && outcome == CellOutcome::kReached) outcome = CellOutcome::kDisturbed;
      done_.reached += is_near ? 1 : 0;
    }
    done_.rms_disturbance = std::sqrt(squares / static_cast<double>(targets_.values.size()));
  }

  PulsedArray& array_;
  const Matrix& targets_;
  const PulseRule& rule_;
  const ProgramSettings& s_;
  double begin_;  // s
  Matrix seen_;   // S, of each cell when it was last written
  Programmed done_;
};

}  // namespace

Programmed program(PulsedArray& array, const Matrix& targets, const PulseRule& rule,
                   const ProgramSettings& settings) {
  check(array, targets, settings);
  return Programmer(array, targets, rule, settings).run();
}

}  // namespace wordline::crossbar
