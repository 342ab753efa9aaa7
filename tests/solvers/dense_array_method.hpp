// The definition of an array matrix, spelt out densely.
#pragma once

#include <Eigen/LU>

#include "wordline/solvers/array_solver.hpp"

namespace wordline::testing {

class DenseArrayMethod final : public ArrayMethod {
 public:
  std::string_view name() const override { return "dense"; }
  bool factors_cheaply() const override { return false; }

  bool set(const ArrayMatrix& a) override {
    cells_ = static_cast<Eigen::Index>(a.cells());
    matrix_ = Eigen::MatrixXd::Zero(2 * cells_, 2 * cells_);
    held_.assign(static_cast<std::size_t>(2 * cells_), false);
    for (Eigen::Index cell = 0; cell < cells_; ++cell) {
      const auto k = static_cast<std::size_t>(cell);
      matrix_(cell, cell) += a.row_row[k];
      matrix_(cell, cells_ + cell) -= a.row_col[k];
      matrix_(cells_ + cell, cell) -= a.col_row[k];
      matrix_(cells_ + cell, cells_ + cell) += a.col_col[k];
    }
    if (a.parallel) {
      for (Eigen::Index j = 0; j < a.cols; ++j) add_line(a.row, j, j, a.cols, a.rows);
    } else {
      for (Eigen::Index i = 0; i < a.rows; ++i) add_line(a.row, i, i * a.cols, 1, a.cols);
    }
    for (Eigen::Index j = 0; j < a.cols; ++j) add_line(a.col, j, cells_ + j, a.cols, a.rows);
    for (Eigen::Index k = 0; k < 2 * cells_; ++k) {
      if (!held_[static_cast<std::size_t>(k)]) continue;
      matrix_.row(k).setZero();
      matrix_.col(k).setZero();
      matrix_(k, k) = 1;
    }
    factors_.compute(matrix_);
    return factors_.matrixLU().diagonal().array().abs().minCoeff() > 1e-14;
  }

  bool solve(std::span<const double> f_row, std::span<const double> f_col, std::span<double> x_row,
             std::span<double> x_col, double /*tolerance*/) override {
    Eigen::VectorXd f(2 * cells_);
    std::copy(f_row.begin(), f_row.end(), f.data());
    std::copy(f_col.begin(), f_col.end(), f.data() + cells_);
    for (Eigen::Index k = 0; k < 2 * cells_; ++k) {
      if (held_[static_cast<std::size_t>(k)]) f[k] = 0;
    }
    const Eigen::VectorXd x = factors_.solve(f);
    std::copy(x.data(), x.data() + cells_, x_row.begin());
    std::copy(x.data() + cells_, x.data() + 2 * cells_, x_col.begin());
    return true;
  }

 private:
  void add_line(const ArrayPlane& plane, Eigen::Index line, Eigen::Index start, Eigen::Index stride,
                Eigen::Index nodes) {
    for (Eigen::Index k = 0; k + 1 < nodes; ++k) {
      const Eigen::Index p = start + k * stride;
      const Eigen::Index n = p + stride;
      matrix_(p, p) += plane.segment;
      matrix_(n, n) += plane.segment;
      matrix_(p, n) -= plane.segment;
      matrix_(n, p) -= plane.segment;
    }
    add_end(plane.first[static_cast<std::size_t>(line)], start);
    add_end(plane.last[static_cast<std::size_t>(line)], start + (nodes - 1) * stride);
  }

  void add_end(double conductance, Eigen::Index node) {
    if (conductance == kHeld) {
      held_[static_cast<std::size_t>(node)] = true;
    } else {
      matrix_(node, node) += conductance;
    }
  }

  Eigen::Index cells_ = 0;
  Eigen::MatrixXd matrix_;
  std::vector<bool> held_;
  Eigen::PartialPivLU<Eigen::MatrixXd> factors_;
};

}  // namespace wordline::testing
