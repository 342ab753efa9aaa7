#include "wordline/crossbar/moving_circuit.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace wordline::crossbar {

double power(const BusValues& volts, const BusValues& currents) {
  const auto of = [](const std::vector<double>& v, const std::vector<double>& i) {
    return std::inner_product(i.begin(), i.end(), v.begin(), 0.0);
  };
  return of(volts.row, currents.row) + of(volts.col, currents.col);
}

double AllCells::delivered() { return power(volts_, nodes_.bus_currents(volts_)); }

void AllCells::put_lines(std::vector<double>& row, std::vector<double>& col) const {
  const ArrayTables x = nodes_.voltages();
  row.assign(x.row.begin(), x.row.end());
  col.assign(x.col.begin(), x.col.end());
}

LineResponse::LineResponse(NodeSolver& nodes, const Cells& cells, std::vector<std::size_t> at)
    : at_(std::move(at)) {
  for (const bool into_row : {true, false}) {
    for (const std::size_t cell : at_) {
      responses_.push_back(nodes.respond(cell, into_row));
      if (!responses_.back().report.ok) {
        throw UnsolvedError("the array was not solved: the residual stagnates");
      }
    }
  }
  ArrayMatrix tables;
  cells.put_tangents(tables);
  for (const std::size_t cell : at_) {
    tangents_.push_back(
        {tables.row_row[cell], tables.row_col[cell], tables.col_row[cell], tables.col_col[cell]});
  }
}

double LineResponse::ohm(std::size_t of, std::size_t by) const {
  const std::size_t n = at_.size();
  const NodeSolver::Response& response = responses_[by];
  return of < n ? response.row[at_[of]] : response.col[at_[of - n]];
}

FewCells::FewCells(Cells& cells, const LineResponse& response, const ArrayTables& x,
                   const BusValues& volts, double power)
    : MovingCircuit(cells),
      response_(response),
      began_(x),
      count_(std::ssize(response.cells())),
      ohm_(2 * count_, 2 * count_),
      start_(2 * count_),
      i_start_(Eigen::VectorXd::Zero(2 * count_)),
      drawn_(2 * count_),
      pushed_(Eigen::VectorXd::Zero(2 * count_)),
      power_by_(2 * count_),
      power_(power) {
  for (Eigen::Index k = 0; k < count_; ++k) {
    start_[k] = began_.row[response.cells()[static_cast<std::size_t>(k)]];
    start_[count_ + k] = began_.col[response.cells()[static_cast<std::size_t>(k)]];
  }
  for (Eigen::Index by = 0; by < 2 * count_; ++by) {
    const auto port = static_cast<std::size_t>(by);
    power_by_[by] = crossbar::power(volts, response.response(port).buses);
    for (Eigen::Index of = 0; of < 2 * count_; ++of) {
      ohm_(of, by) = response.ohm(static_cast<std::size_t>(of), port);
    }
  }
  for (const std::vector<double>* side : {&volts.row, &volts.col}) {
    for (const double v : *side) scale_ = std::max(scale_, std::abs(v));
  }
  u_ = start_;
  evaluate();
  i_start_ = drawn_;
  pushed_.setZero();
}

ArrayTables FewCells::lines() const {
  const std::span<const double> all(u_.data(), static_cast<std::size_t>(u_.size()));
  return {all.first(all.size() / 2), all.last(all.size() / 2)};
}

// What the cells draw now, and the currents into the ports that make up for it.
void FewCells::evaluate() {
  cells().evaluate(lines());
  const ArrayTables i = cells().currents();
  drawn_ << Eigen::Map<const Eigen::VectorXd>(i.row.data(), count_),
      Eigen::Map<const Eigen::VectorXd>(i.col.data(), count_);
  pushed_ = i_start_ - drawn_;
  for (Eigen::Index k = 0; k < count_; ++k) {
    const LineResponse::Tangent& t = response_.tangent(static_cast<std::size_t>(k));
    const double by_row = u_[k] - start_[k];
    const double by_col = u_[count_ + k] - start_[count_ + k];
    pushed_[k] += t.row_row * by_row - t.row_col * by_col;
    pushed_[count_ + k] += t.col_col * by_col - t.col_row * by_row;
  }
}

// Of the residual: 1 + Z (di/du - tangent).
Eigen::MatrixXd FewCells::jacobian() const {
  ArrayMatrix now;
  cells().put_tangents(now);
  Eigen::MatrixXd beyond = Eigen::MatrixXd::Zero(2 * count_, 2 * count_);
  for (Eigen::Index k = 0; k < count_; ++k) {
    const auto at = static_cast<std::size_t>(k);
    const LineResponse::Tangent& t = response_.tangent(at);
    beyond(k, k) = now.row_row[at] - t.row_row;
    beyond(k, count_ + k) = t.row_col - now.row_col[at];
    beyond(count_ + k, k) = t.col_row - now.col_row[at];
    beyond(count_ + k, count_ + k) = now.col_col[at] - t.col_col;
  }
  return Eigen::MatrixXd::Identity(2 * count_, 2 * count_) + ohm_ * beyond;
}

bool FewCells::solve() {
  constexpr int kMostIterations = 60;
  constexpr double kGoal = 1e-12;      // of the buses' voltages
  constexpr double kRounding = 1e-10;  // below this a residual that does not fall is rounding
  constexpr int kMostHalvings = 10;
  evaluate();
  Eigen::VectorXd f = residual();
  for (int iteration = 0; iteration < kMostIterations; ++iteration) {
    const double error = f.lpNorm<Eigen::Infinity>();
    if (error <= kGoal * scale_) return true;
    if (!std::isfinite(error)) return false;
    const Eigen::VectorXd step = jacobian().partialPivLu().solve(f);
    const Eigen::VectorXd before = u_;
    for (int halvings = 0; halvings < kMostHalvings; ++halvings) {
      u_ = before - std::ldexp(1.0, -halvings) * step;
      evaluate();
      f = residual();
      if (f.lpNorm<Eigen::Infinity>() < error) break;
    }
    if (!(f.lpNorm<Eigen::Infinity>() < error)) return error <= kRounding * scale_;
  }
  return false;
}

double FewCells::delivered() { return power_ + power_by_.dot(pushed_); }

void FewCells::put_lines(std::vector<double>& row, std::vector<double>& col) const {
  row.assign(began_.row.begin(), began_.row.end());
  col.assign(began_.col.begin(), began_.col.end());
  for (Eigen::Index port = 0; port < pushed_.size(); ++port) {
    const NodeSolver::Response& response = response_.response(static_cast<std::size_t>(port));
    for (std::size_t k = 0; k < row.size(); ++k) {
      row[k] += pushed_[port] * response.row[k];
      col[k] += pushed_[port] * response.col[k];
    }
  }
}

}  // namespace wordline::crossbar
