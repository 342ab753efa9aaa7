#include <algorithm>
#include <numeric>

#include "wordline/crossbar/bus_solver.hpp"
#include "wordline/crossbar/cells.hpp"
#include "wordline/crossbar/node_solver.hpp"

namespace wordline::crossbar {

namespace {

class PlaneSolver final : public BusSolver {
 public:
  PlaneSolver(const ArrayProblem& problem, int threads)
      : problem_(problem), network_(problem.network()) {
    if (problem.is_linear()) {
      nodes_.emplace(network_, problem.conductances.values, problem.settings, threads);
    } else {
      cells_ = make_cells(*problem.crossbar, problem.circuit);
      nodes_.emplace(network_, *cells_, problem.settings, threads);
    }
  }

  SolveReport solve(const Buses& volts) override {
    volts_ = volts;
    planes_ = problem_.planes(volts);
    if (problem_.has_transistors()) cells_->set_gates(problem_.gates(volts));
    report_ = nodes_->solve(planes_);
    return report_;
  }

  Buses currents() override { return problem_.currents(nodes_->bus_currents(planes_)); }

  Solution solution() override;
  Gradient gradient(std::span<const double> weights) override;
  void restart() override { nodes_->restart(); }
  void invalidate() override { nodes_->invalidate(); }

 private:
  std::size_t row_of(std::size_t cell) const {
    return cell / static_cast<std::size_t>(network_.cols());
  }

  Matrix table(std::span<const double> values) const {
    return {network_.rows(), network_.cols(), {values.begin(), values.end()}};
  }

  void add_cells(const NodeSolver::Adjoint& adjoint, Gradient& gradient) const;
  void add_gates(const NodeSolver::Adjoint& adjoint, Gradient& gradient) const;

  const ArrayProblem& problem_;
  Network network_;
  std::unique_ptr<Cells> cells_;  // null: ohmic
  std::optional<NodeSolver> nodes_;
  Buses volts_;
  BusValues planes_;
  SolveReport report_;
};

Solution PlaneSolver::solution() {
  Solution s;
  nodes_->settle();
  const ArrayTables x = nodes_->voltages();
  s.bit = table(x.col);
  if (problem_.has_transistors()) {
    s.source = table(x.row);
    s.inner = table(cells_->inner());
    s.word = Matrix{network_.rows(), network_.cols(), std::vector<double>(network_.cells())};
    for (std::size_t k = 0; k < network_.cells(); ++k) s.word.values[k] = volts_.word[row_of(k)];
  } else {
    s.word = table(x.row);
  }
  s.cell_current = table(cells_ ? cells_->cell_currents() : nodes_->currents().row);
  s.current = currents();
  const auto power = [](const std::vector<double>& v, const std::vector<double>& i) {
    return std::inner_product(i.begin(), i.end(), v.begin(), 0.0);
  };
  s.power = power(volts_.word, s.current.word) + power(volts_.bit, s.current.bit) +
            power(volts_.source, s.current.source);
  s.report = report_;
  return s;
}

// With the currents I = A x of all buses and the adjoint voltages y, which are the weights at the
// outputs and draw no current elsewhere, the weighted outputs are -y.A x, and change by -y.dA x.
Gradient PlaneSolver::gradient(std::span<const double> weights) {
  const Buses weighted = problem_.output_buses(weights);
  const BusValues planes = problem_.planes(weighted);
  const NodeSolver::Adjoint adjoint = nodes_->solve_adjoint(planes);
  if (!adjoint.report.ok)
    throw Error("the adjoint equations were not solved: " + adjoint.report.message);

  const ArrayTables y{adjoint.row, adjoint.col};
  const ArrayTables drawn{adjoint.i_row, adjoint.i_col};
  Gradient gradient;
  Buses by_voltage = problem_.currents(network_.bus_currents(planes, y, drawn));
  switch (problem_.settings.inputs) {
    case Lines::kWord:
      gradient.inputs = std::move(by_voltage.word);
      break;
    case Lines::kBit:
      gradient.inputs = std::move(by_voltage.bit);
      break;
    case Lines::kSource:
      gradient.inputs = std::move(by_voltage.source);
      break;
  }
  for (double& value : gradient.inputs) value = -value;
  add_cells(adjoint, gradient);
  if (problem_.has_transistors() && problem_.settings.inputs == Lines::kWord) {
    add_gates(adjoint, gradient);
  }
  // A resistance R that carries i changes -y.A x by i_y i_x.
  const Network::Products products = network_.current_products(
      {planes_, nodes_->voltages(), nodes_->currents()}, {planes, y, drawn});
  gradient.bit_segment = products.col_segment;
  gradient.bit_driver = products.col_driver;
  (problem_.has_transistors() ? gradient.source_segment : gradient.word_segment) =
      products.row_segment;
  (problem_.has_transistors() ? gradient.source_driver : gradient.word_driver) =
      products.row_driver;
  return gradient;
}

void PlaneSolver::add_cells(const NodeSolver::Adjoint& adjoint, Gradient& gradient) const {
  const ArrayTables x = nodes_->voltages();
  gradient.cells = Matrix{network_.rows(), network_.cols(), std::vector<double>(network_.cells())};
  std::vector<double>& by_cell = gradient.cells.values;
  if (!cells_) {
    for (std::size_t k = 0; k < by_cell.size(); ++k) {
      by_cell[k] = -(adjoint.row[k] - adjoint.col[k]) * (x.row[k] - x.col[k]);
    }
    return;
  }
  std::vector<double> row(by_cell.size());
  std::vector<double> col(by_cell.size());
  cells_->sensitivities(x, row, col);
  for (std::size_t k = 0; k < by_cell.size(); ++k) {
    by_cell[k] = -(adjoint.row[k] * row[k] + adjoint.col[k] * col[k]);
  }
}

void PlaneSolver::add_gates(const NodeSolver::Adjoint& adjoint, Gradient& gradient) const {
  std::vector<double> row(network_.cells());
  std::vector<double> col(network_.cells());
  cells_->gate_sensitivities(row, col);
  for (std::size_t k = 0; k < row.size(); ++k) {
    gradient.inputs[row_of(k)] -= adjoint.row[k] * row[k] + adjoint.col[k] * col[k];
  }
}

}  // namespace

std::unique_ptr<BusSolver> make_plane_solver(const ArrayProblem& problem, int threads) {
  if (problem.is_parallel() && (problem.source.segment == 0 || problem.bit.segment == 0)) {
    return nullptr;  // ladders whose rungs meet in one node
  }
  if (problem.has_selectors()) return nullptr;  // nodes in cells that nothing eliminates
  return std::make_unique<PlaneSolver>(problem, threads);
}

}  // namespace wordline::crossbar
