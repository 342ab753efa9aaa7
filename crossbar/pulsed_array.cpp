#include "wordline/crossbar/pulsed_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>

#include "wordline/crossbar/moving_circuit.hpp"
#include "wordline/crossbar/parallel.hpp"
#include "wordline/crossbar/pulsed_problem.hpp"
#include "wordline/crossbar/state_integrator.hpp"

namespace wordline::crossbar {

namespace {

// As many cells are cheaper as a few than as all.
constexpr std::size_t kFew = 8;
// By how much voltages at a few cells may differ from those of the whole circuit, as a part of the
// largest voltage on a bus.
constexpr double kLinearError = 2e-6;

bool are_zero(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0; });
}

}  // namespace

class PulsedArray::Implementation {
 public:
  Implementation(const Crossbar& crossbar, const Circuit& circuit, const PulseSettings& settings)
      : problem_(make_pulsed_problem(crossbar, circuit, settings)),
        settings_(settings),
        network_(problem_.network()),
        cells_(make_cells(*problem_.crossbar, problem_.circuit)),
        nodes_(network_, *cells_, problem_.settings, thread_count(settings.threads)),
        all_cells_(network_.cells()),
        gates_(network_.cells()),
        near_nodes_(network_, tangents_, problem_.settings, thread_count(settings.threads)),
        energies_{network_.rows(), network_.cols(), std::vector<double>(network_.cells())} {
    std::iota(all_cells_.begin(), all_cells_.end(), std::size_t{0});
  }

  const ArrayProblem& problem() const { return problem_; }
  const Matrix& energies() const { return energies_; }
  double time() const { return time_; }
  const std::vector<CellTrace>& traces() const { return traces_.all(); }

  Crossbar crossbar() const {
    Crossbar now = *problem_.crossbar;
    now.values_are_conductances = false;
    now.values.clear();
    for (const double x : memristors().states()) {
      now.values.push_back(memristors().bank().shown_state(x).value);
    }
    return now;
  }

  std::size_t index(CellPlace cell) const {
    if (cell.row < 0 || cell.row >= network_.rows() || cell.col < 0 ||
        cell.col >= network_.cols()) {
      throw Error(fmt::format("there is no cell ({}, {})", cell.row, cell.col));
    }
    return static_cast<std::size_t>(cell.row) * static_cast<std::size_t>(network_.cols()) +
           static_cast<std::size_t>(cell.col);
  }

  double conductance(std::size_t k) const { return conductance(k, memristors().states()[k]); }
  bool can_have(std::size_t k, double siemens) const {
    const MemristorBank& bank = memristors().bank();
    const double x = bank.state_for_conductance(k, siemens, problem_.crossbar->v_read);
    return bank.bounds(k).hold(x);
  }

  double change(std::size_t k, double volts, double width) const {
    constexpr double kRounding = 1e-12;
    const double x = memristors().states()[k];
    const double there = memristors().bank().solve_step(k, volts, 1 / width, -x / width, x).x;
    const double before = conductance(k, x);
    const double moved = conductance(k, there) - before;
    return std::abs(moved) > kRounding * before ? moved : 0;
  }

  void watch(const std::vector<CellPlace>& cells) {
    for (const CellPlace& cell : cells) index(cell);
    traces_ = CellTraces(cells);
  }

  PulseReport apply(const ArrayPulse& pulse);

 private:
  CellMemristors& memristors() { return cells_->memristors(); }
  const CellMemristors& memristors() const { return cells_->memristors(); }
  double conductance(std::size_t k, double x) const {
    return wordline::conductance(memristors().bank(), k, x, problem_.crossbar->v_read);
  }

  // What there is before and after the states have moved.
  struct Rest {
    std::vector<double> volts;  // V, across each memristor
    std::vector<double> rate;   // state/s
    std::vector<double> power;  // W, into each cell
    double delivered = 0;       // W
  };
  // What the integrator did for these cells, in this order.
  struct Moved {
    std::vector<std::size_t> cells;
    StateIntegrator::Outcome outcome;
  };
  // Some cells taken out of the array, and how its lines answer to them where they are few.
  struct Taken {
    std::vector<std::size_t> at;
    std::unique_ptr<Cells> cells;
    std::optional<LineResponse> response;
  };

  Buses checked(const Buses& volts) const;
  void set_clock();
  bool idles(double width);
  void set_buses(const Buses& volts);
  void solve();
  void solve_anew() {
    is_solved_ = cells_are_same_ = false;
    solve();
  }
  void look(Rest& now);
  std::vector<std::size_t> fast(const std::vector<double>& rate, double width) const;
  Moved move(const std::vector<std::size_t>& moving, double width);
  bool has_taken(const std::vector<std::size_t>& cells, std::size_t most) const;
  void take(const std::vector<std::size_t>& cells);
  std::optional<Moved> move_few(const std::vector<std::size_t>& moving, double width);
  std::optional<Moved> move_many(const std::vector<std::size_t>& moving, double width);
  std::optional<Moved> move_all(const std::vector<std::size_t>& moving, double width);
  std::optional<Moved> run(MovingCircuit& circuit, const std::vector<std::size_t>& moving,
                           double width);
  bool put_back(MovingCircuit& circuit);
  void rewind();
  void finish(const Rest& begin, const Rest& end, const Moved& moved,
              const std::vector<std::size_t>& moving, double width);
  void record(double time, MovingCircuit& circuit);
  void record(double time);

  ArrayProblem problem_;
  PulseSettings settings_;
  Network network_;
  std::unique_ptr<Cells> cells_;
  NodeSolver nodes_;
  std::vector<std::size_t> all_cells_;  // 0, 1, 2 ...
  std::vector<double> gates_;           // V, of every cell
  BusValues volts_;                     // V, of the buses that carry current
  bool is_solved_ = false;              // for these voltages and the present states
  bool cells_are_same_ = false;         // as at the last solution
  std::optional<Taken> taken_;
  TangentLoads tangents_;
  NodeSolver near_nodes_;       // of the lines with these
  Rest begin_, end_;            // of the present pulse
  std::vector<double> before_;  // states at its beginning
  Matrix energies_;
  double time_ = 0;
  CellTraces traces_;
};

// With a voltage for every line.
Buses PulsedArray::Implementation::checked(const Buses& volts) const {
  Buses all = problem_.filled(volts);
  for (const std::vector<double>* buses : {&all.word, &all.bit, &all.source}) {
    for (const double v : *buses) {
      if (!std::isfinite(v)) throw Error(fmt::format("a pulse of {} V cannot be", v));
    }
  }
  return all;
}

// Devices may know what time it is.
void PulsedArray::Implementation::set_clock() {
  const auto slope = [this] {
    return memristors().bank().current(0, 0, memristors().states()[0]).dv;
  };
  const double before = slope();
  memristors().bank().set_time(time_);
  if (taken_) taken_->cells->memristors().bank().set_time(time_);
  if (slope() != before) is_solved_ = cells_are_same_ = false;
}

// Nothing flows where all buses are at 0 V. Whether nothing moves either; then time passes, and the
// voltages of the last pulse are kept for the next.
bool PulsedArray::Implementation::idles(double width) {
  const std::vector<double> none(memristors().size());
  std::vector<double> rate(none.size());
  memristors().bank().rates(none, memristors().states(), rate);
  if (!are_zero(rate)) return false;
  for (const double time : {time_, time_ + width}) {
    traces_.add(time, [&](CellPlace cell) {
      return std::array{0.0, 0.0, conductance(index(cell))};
    });
  }
  time_ += width;
  return true;
}

void PulsedArray::Implementation::set_buses(const Buses& volts) {
  BusValues planes = problem_.planes(volts);
  if (problem_.has_transistors() && problem_.gates(volts) != gates_) {
    gates_ = problem_.gates(volts);
    cells_->set_gates(gates_);
    is_solved_ = cells_are_same_ = false;
    taken_.reset();
  }
  is_solved_ = is_solved_ && planes.row == volts_.row && planes.col == volts_.col;
  volts_ = std::move(planes);
}

// With all states at rest, from the last voltages.
void PulsedArray::Implementation::solve() {
  if (is_solved_) return;
  if (are_zero(volts_.row) && are_zero(volts_.col)) {
    nodes_.restart();
    cells_are_same_ = false;
  }
  const SolveReport report = nodes_.solve(volts_, cells_are_same_);
  if (!report.ok) throw UnsolvedError("the array was not solved: " + report.message);
  nodes_.settle();
  is_solved_ = cells_are_same_ = true;
}

void PulsedArray::Implementation::look(Rest& now) {
  const ArrayTables x = nodes_.voltages();
  const ArrayTables i = cells_->currents();
  now.volts.resize(memristors().size());
  now.rate.resize(now.volts.size());
  now.power.resize(now.volts.size());
  cells_->memristor_volts(x, now.volts);
  memristors().bank().rates(now.volts, memristors().states(), now.rate);
  for (std::size_t k = 0; k < now.power.size(); ++k) {
    now.power[k] = x.row[k] * i.row[k] + x.col[k] * i.col[k];
  }
  now.delivered = power(volts_, nodes_.bus_currents(volts_));
}

// The cells whose states move by more than their tolerance.
std::vector<std::size_t> PulsedArray::Implementation::fast(const std::vector<double>& rate,
                                                           double width) const {
  std::vector<std::size_t> cells;
  for (std::size_t k = 0; k < rate.size(); ++k) {
    if (rate[k] == 0) continue;
    const Bounds b = memristors().bank().bounds(k);
    if (std::abs(rate[k]) * width > settings_.state_tolerance * (b.high - b.low)) {
      cells.push_back(k);
    }
  }
  return cells;
}

// Besides others, of which they are not more than `most` together.
bool PulsedArray::Implementation::has_taken(const std::vector<std::size_t>& cells,
                                            std::size_t most) const {
  return taken_ && taken_->at.size() <= most &&
         std::includes(taken_->at.begin(), taken_->at.end(), cells.begin(), cells.end());
}

void PulsedArray::Implementation::take(const std::vector<std::size_t>& cells) {
  taken_ = Taken{cells, make_cells(*problem_.crossbar, problem_.circuit, cells), std::nullopt};
  std::vector<double> gates;
  for (const std::size_t k : cells) gates.push_back(gates_[k]);
  taken_->cells->set_gates(gates);
  taken_->cells->memristors().bank().set_time(time_);
}

// The whole circuit at the states that the cells have come to. False if they were not in it: the
// others have not stayed on their tangents.
bool PulsedArray::Implementation::put_back(MovingCircuit& circuit) {
  const std::vector<std::size_t>& at = taken_->at;
  for (std::size_t k = 0; k < at.size(); ++k) {
    memristors().states()[at[k]] = circuit.cells().memristors().states()[k];
  }
  std::vector<double> row, col;
  circuit.put_lines(row, col);
  nodes_.start_from({row, col});
  solve_anew();
  const ArrayTables x = nodes_.voltages();
  double largest = 0;
  double difference = 0;
  for (const std::vector<double>* side : {&volts_.row, &volts_.col}) {
    for (const double v : *side) largest = std::max(largest, std::abs(v));
  }
  for (std::size_t k = 0; k < at.size(); ++k) {
    difference = std::max({difference, std::abs(x.row[at[k]] - circuit.lines().row[k]),
                           std::abs(x.col[at[k]] - circuit.lines().col[k])});
  }
  return difference <= kLinearError * largest;
}

std::optional<PulsedArray::Implementation::Moved> PulsedArray::Implementation::run(
    MovingCircuit& circuit, const std::vector<std::size_t>& moving, double width) {
  const std::vector<std::size_t>& at = taken_->at;
  std::vector<std::size_t> moving_here;
  for (std::size_t k = 0; k < at.size(); ++k) {
    if (std::binary_search(moving.begin(), moving.end(), at[k])) moving_here.push_back(k);
  }
  StateIntegrator integrator(circuit, moving_here, settings_.state_tolerance);
  Moved moved{at, integrator.run(width, [&](double time) { record(time_ + time, circuit); })};
  if (!moved.outcome.ok) return std::nullopt;
  // Where none is on a tangent, there is nothing to confirm.
  if (put_back(circuit) || at.size() == all_cells_.size()) return moved;
  return std::nullopt;
}

std::optional<PulsedArray::Implementation::Moved> PulsedArray::Implementation::move_few(
    const std::vector<std::size_t>& moving, double width) {
  if (!taken_->response) taken_->response.emplace(nodes_, *cells_, taken_->at);
  FewCells circuit(*taken_->cells, *taken_->response, nodes_.voltages(), volts_, begin_.delivered);
  return run(circuit, moving, width);
}

std::optional<PulsedArray::Implementation::Moved> PulsedArray::Implementation::move_many(
    const std::vector<std::size_t>& moving, double width) {
  tangents_.set(*cells_, nodes_.voltages(), taken_->at, *taken_->cells);
  near_nodes_.start_from(nodes_.voltages());
  ManyCells circuit(*taken_->cells, tangents_, near_nodes_, volts_);
  return run(circuit, moving, width);
}

// On a GPU it costs least to evaluate all cells, and there is nothing to confirm.
std::optional<PulsedArray::Implementation::Moved> PulsedArray::Implementation::move_all(
    const std::vector<std::size_t>& moving, double width) {
  AllCells circuit(*cells_, nodes_, volts_);
  Moved moved{all_cells_, StateIntegrator(circuit, moving, settings_.state_tolerance)
                              .run(width, [&](double time) { record(time_ + time); })};
  if (!moved.outcome.ok) return std::nullopt;
  solve_anew();
  return moved;
}

void PulsedArray::Implementation::rewind() {
  std::copy(before_.begin(), before_.end(), memristors().states().begin());
  traces_.rewind(time_);
  solve_anew();
}

// The cheapest way first; what its end does not confirm is done again by the next.
PulsedArray::Implementation::Moved PulsedArray::Implementation::move(
    const std::vector<std::size_t>& moving, double width) {
  if (moving.empty()) return {};
  std::vector<std::size_t> cells = moving;
  for (const CellTrace& trace : traces_.all()) cells.push_back(index(trace.cell));
  std::sort(cells.begin(), cells.end());
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  const auto begin_again = [&](const std::vector<std::size_t>& with, std::size_t most) {
    if (!has_taken(with, most)) take(with);
    for (std::size_t k = 0; k < taken_->at.size(); ++k) {
      taken_->cells->memristors().states()[k] = before_[taken_->at[k]];
    }
  };
  if (cells.size() <= kFew) {
    // Lines that are known may have changed their answer.
    for (const std::size_t most : {kFew, std::size_t{0}}) {
      begin_again(cells, most);
      const bool was_known = taken_->response.has_value();
      if (auto moved = move_few(moving, width)) return std::move(*moved);
      rewind();
      if (!was_known) break;
    }
  }
  if (nodes_.is_on_gpu() && cells.size() > kFew) {
    if (auto moved = move_all(moving, width)) return std::move(*moved);
    rewind();
  }
  for (const std::vector<std::size_t>* with : {&cells, &all_cells_}) {
    begin_again(*with, 2 * with->size());
    if (auto moved = move_many(moving, width)) return std::move(*moved);
    rewind();
  }
  throw UnsolvedError("the array was not solved: the states run away in no time");
}

// Energies, and the states that are slow.
void PulsedArray::Implementation::finish(const Rest& begin, const Rest& end, const Moved& moved,
                                         const std::vector<std::size_t>& moving, double width) {
  const auto mean = [&](std::size_t k) { return 0.5 * width * (begin.power[k] + end.power[k]); };
  for (std::size_t k = 0; k < begin.power.size(); ++k) energies_.values[k] += mean(k);
  for (std::size_t k = 0; k < moved.cells.size(); ++k) {
    energies_.values[moved.cells[k]] += moved.outcome.cell_energy[k] - mean(moved.cells[k]);
  }
  auto next = moving.begin();
  for (std::size_t k = 0; k < begin.rate.size(); ++k) {
    if (next != moving.end() && *next == k) {
      ++next;
      continue;
    }
    const double change = 0.5 * width * (begin.rate[k] + end.rate[k]);
    if (change == 0) continue;
    const Bounds bounds = memristors().bank().bounds(k);
    double& x = memristors().states()[k];
    x = std::clamp(x + change, bounds.low, bounds.high);
    is_solved_ = cells_are_same_ = false;
  }
}

PulseReport PulsedArray::Implementation::apply(const ArrayPulse& pulse) {
  if (!(pulse.width > 0 && std::isfinite(pulse.width))) {
    throw Error(fmt::format("a pulse of {:g} s cannot be", pulse.width));
  }
  set_clock();
  const Buses volts = checked(pulse.volts);
  const bool is_zero = are_zero(volts.word) && are_zero(volts.bit) && are_zero(volts.source);
  if (is_zero && idles(pulse.width)) return {};
  set_buses(volts);
  solve();
  before_.assign(memristors().states().begin(), memristors().states().end());
  look(begin_);
  record(time_);
  std::vector<std::size_t> moving = fast(begin_.rate, pulse.width);
  Moved moved;
  while (true) {
    moved = move(moving, pulse.width);
    if (moving.empty()) break;
    look(end_);
    std::vector<std::size_t> all;
    const std::vector<std::size_t> late = fast(end_.rate, pulse.width);
    std::set_union(moving.begin(), moving.end(), late.begin(), late.end(), std::back_inserter(all));
    if (all.size() == moving.size()) break;
    moving = std::move(all);
    rewind();
  }
  finish(begin_, moving.empty() ? begin_ : end_, moved, moving, pulse.width);
  time_ += pulse.width;
  set_clock();
  if (moving.empty()) record(time_);
  return {.delivered = moving.empty() ? begin_.delivered * pulse.width : moved.outcome.delivered,
          .moved = static_cast<int>(moving.size()),
          .steps = moved.outcome.steps,
          .rejected = moved.outcome.rejected};
}

void PulsedArray::Implementation::record(double time, MovingCircuit& circuit) {
  if (traces_.all().empty()) return;
  const std::vector<std::size_t>& at = taken_->at;
  std::vector<double> v(at.size());
  circuit.cells().memristor_volts(circuit.lines(), v);
  traces_.add(time, [&](CellPlace cell) {
    const auto place = std::lower_bound(at.begin(), at.end(), index(cell));
    const auto k = static_cast<std::size_t>(place - at.begin());
    return std::array{v[k], circuit.cells().cell_currents()[k],
                      conductance(*place, circuit.cells().memristors().states()[k])};
  });
}

// Of the whole circuit.
void PulsedArray::Implementation::record(double time) {
  if (traces_.all().empty()) return;
  nodes_.settle();
  std::vector<double> v(memristors().size());
  cells_->memristor_volts(nodes_.voltages(), v);
  traces_.add(time, [&](CellPlace cell) {
    const std::size_t k = index(cell);
    return std::array{v[k], cells_->cell_currents()[k], conductance(k)};
  });
}

PulsedArray::PulsedArray(const Crossbar& crossbar, const Circuit& circuit,
                         const PulseSettings& settings)
    : implementation_(std::make_unique<Implementation>(crossbar, circuit, settings)) {}
PulsedArray::~PulsedArray() = default;
PulsedArray::PulsedArray(PulsedArray&&) noexcept = default;
PulsedArray& PulsedArray::operator=(PulsedArray&&) noexcept = default;

std::int32_t PulsedArray::rows() const { return implementation_->problem().rows(); }
std::int32_t PulsedArray::cols() const { return implementation_->problem().cols(); }
bool PulsedArray::has_transistors() const { return implementation_->problem().has_transistors(); }
bool PulsedArray::sources_along_columns() const { return implementation_->problem().is_parallel(); }
Crossbar PulsedArray::crossbar() const { return implementation_->crossbar(); }
PulseReport PulsedArray::apply(const ArrayPulse& pulse) { return implementation_->apply(pulse); }
double PulsedArray::conductance(CellPlace cell) const {
  return implementation_->conductance(implementation_->index(cell));
}
Matrix PulsedArray::conductances() const {
  Matrix g{rows(), cols(), {}};
  for (std::size_t k = 0; k < static_cast<std::size_t>(g.rows * g.cols); ++k) {
    g.values.push_back(implementation_->conductance(k));
  }
  return g;
}
bool PulsedArray::can_have(CellPlace cell, double siemens) const {
  return implementation_->can_have(implementation_->index(cell), siemens);
}
double PulsedArray::change(CellPlace cell, double volts, double width) const {
  return implementation_->change(implementation_->index(cell), volts, width);
}
const Matrix& PulsedArray::energies() const { return implementation_->energies(); }
double PulsedArray::time() const { return implementation_->time(); }
void PulsedArray::watch(const std::vector<CellPlace>& cells) { implementation_->watch(cells); }
const std::vector<CellTrace>& PulsedArray::traces() const { return implementation_->traces(); }

}  // namespace wordline::crossbar
