// The circuit of an array while states of some cells move: for states that solve an integration
// formula, the voltages of the lines. Buses stay at their voltages. All other cells stay on their
// tangents at the solution where it began, or are evaluated as well.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "wordline/crossbar/cells.hpp"
#include "wordline/crossbar/node_solver.hpp"
#include "wordline/crossbar/tangent_loads.hpp"

namespace wordline::crossbar {

class MovingCircuit {
 public:
  explicit MovingCircuit(Cells& cells) : cells_(cells) {}
  MovingCircuit(const MovingCircuit&) = delete;
  MovingCircuit& operator=(const MovingCircuit&) = delete;
  virtual ~MovingCircuit() = default;

  // Those that are evaluated, whose memristors have the formula.
  Cells& cells() { return cells_; }
  const Cells& cells() const { return cells_; }
  // Finds voltages and states from the last ones. False where it does not.
  virtual bool solve() = 0;
  // After solve(): the voltages of the lines at those cells, what these draw from them [A], and
  // what all buses deliver [W].
  virtual ArrayTables lines() const = 0;
  virtual ArrayTables currents() { return cells_.currents(); }
  virtual double delivered() = 0;
  // After solve(): the voltages of all lines.
  virtual void put_lines(std::vector<double>& row, std::vector<double>& col) const = 0;

 private:
  Cells& cells_;
};

// All cells, by Newton's method for all lines, as a GPU does it.
class AllCells : public MovingCircuit {
 public:
  // `nodes` are a solver with these cells.
  AllCells(Cells& cells, NodeSolver& nodes, const BusValues& volts)
      : MovingCircuit(cells), nodes_(nodes), volts_(volts) {}

  bool solve() override { return nodes_.solve(volts_).ok; }
  ArrayTables lines() const override { return nodes_.voltages(); }
  ArrayTables currents() override { return nodes_.currents(); }
  double delivered() override;
  void put_lines(std::vector<double>& row, std::vector<double>& col) const override;

 private:
  NodeSolver& nodes_;
  const BusValues& volts_;
};

// Many cells, all others on their tangents.
class ManyCells final : public AllCells {
 public:
  // `nodes` are a solver with these loads, in which the cells are.
  ManyCells(Cells& cells, const TangentLoads& loads, NodeSolver& nodes, const BusValues& volts)
      : AllCells(cells, nodes, volts), loads_(loads) {}

  ArrayTables lines() const override { return loads_.lines(); }
  ArrayTables currents() override { return cells().currents(); }

 private:
  const TangentLoads& loads_;
};

// What bus voltages and currents deliver [W].
double power(const BusValues& volts, const BusValues& currents);

// How the lines of an array answer to currents into them at a few cells, as long as all other cells
// stay on their tangents.
class LineResponse {
 public:
  // Around the present solution, whose tangents the cells have. Throws UnsolvedError.
  LineResponse(NodeSolver& nodes, const Cells& cells, std::vector<std::size_t> at);

  std::span<const std::size_t> cells() const { return at_; }
  std::size_t ports() const { return 2 * at_.size(); }
  // Port k is the row line at cell k, port cells().size() + k its column line. The voltage [V] of
  // port `of` for 1 A into port `by`.
  double ohm(std::size_t of, std::size_t by) const;
  const NodeSolver::Response& response(std::size_t port) const { return responses_[port]; }
  // dI/dV [S] of what a cell's lines (row, column) give by their voltages, at the solution.
  struct Tangent {
    double row_row, row_col, col_row, col_col;
  };
  const Tangent& tangent(std::size_t k) const { return tangents_[k]; }

 private:
  std::vector<std::size_t> at_;
  std::vector<NodeSolver::Response> responses_;
  std::vector<Tangent> tangents_;
};

// A few cells, by what the lines between them answer.
class FewCells final : public MovingCircuit {
 public:
  // `cells` are those of the response, in its order. They begin at the solution x, which must stay,
  // where buses of these voltages deliver `power` [W].
  FewCells(Cells& cells, const LineResponse& response, const ArrayTables& x, const BusValues& volts,
           double power);

  bool solve() override;
  ArrayTables lines() const override;
  double delivered() override;
  void put_lines(std::vector<double>& row, std::vector<double>& col) const override;

 private:
  void evaluate();
  Eigen::VectorXd residual() const { return u_ - start_ - ohm_ * pushed_; }
  Eigen::MatrixXd jacobian() const;

  const LineResponse& response_;
  ArrayTables began_;  // V, of all lines
  Eigen::Index count_;
  Eigen::MatrixXd ohm_;        // between ports
  Eigen::VectorXd start_, u_;  // V, of the ports
  Eigen::VectorXd i_start_;    // A, that the cells draw from the ports
  Eigen::VectorXd drawn_;      // A, now
  Eigen::VectorXd pushed_;     // A, into the ports, beyond what the tangents say
  Eigen::VectorXd power_by_;   // W/A
  double power_;               // W
  double scale_ = 0;           // V, of the buses
};

}  // namespace wordline::crossbar
