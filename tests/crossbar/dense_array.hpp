// An ohmic array solved the plain way: every node and bus an unknown of one dense nodal matrix.
// Nodes that a zero resistance joins are found by union.
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <numeric>
#include <vector>

#include "wordline/crossbar/array.hpp"

namespace wordline::testing {

class DenseArray {
 public:
  DenseArray(const Matrix& g, const crossbar::Wires& word, const crossbar::Wires& bit)
      : rows_(static_cast<int>(g.rows)), cols_(static_cast<int>(g.cols)) {
    const int nodes = 2 * rows_ * cols_ + rows_ + cols_;
    joined_.resize(static_cast<std::size_t>(nodes));
    std::iota(joined_.begin(), joined_.end(), 0);
    for (int i = 0; i < rows_; ++i)
      add_line(word, cols_, bus_of_word(i), [&](int k) { return word_node(i, k); });
    for (int j = 0; j < cols_; ++j)
      add_line(bit, rows_, bus_of_bit(j), [&](int k) { return bit_node(k, j); });
    for (int i = 0; i < rows_; ++i) {
      for (int j = 0; j < cols_; ++j)
        resistors_.push_back({word_node(i, j), bit_node(i, j), g(i, j)});
    }
    matrix_ = Eigen::MatrixXd::Zero(nodes, nodes);
    for (const Resistor& r : resistors_) {
      const int p = find(r.p);
      const int n = find(r.n);
      matrix_(p, p) += r.siemens;
      matrix_(n, n) += r.siemens;
      matrix_(p, n) -= r.siemens;
      matrix_(n, p) -= r.siemens;
    }
  }

  // Currents from the buses, words first, into the array, for unit voltages on each of them.
  Eigen::MatrixXd bus_conductances() const {
    std::vector<int> free;
    std::vector<int> held;
    const int buses = rows_ + cols_;
    for (int b = 0; b < buses; ++b) held.push_back(find(first_bus() + b));
    for (int k = 0; k < matrix_.rows(); ++k) {
      if (find(k) == k && std::find(held.begin(), held.end(), k) == held.end()) free.push_back(k);
    }
    const Eigen::MatrixXd a_ff = matrix_(free, free);
    const Eigen::MatrixXd a_fh = matrix_(free, held);
    const Eigen::MatrixXd x =
        free.empty() ? Eigen::MatrixXd(0, buses) : Eigen::MatrixXd(-a_ff.fullPivLu().solve(a_fh));
    return matrix_(held, held) + matrix_(held, free) * x;
  }

 private:
  struct Resistor {
    int p, n;
    double siemens;
  };

  int word_node(int i, int j) const { return i * cols_ + j; }
  int bit_node(int i, int j) const { return rows_ * cols_ + i * cols_ + j; }
  int first_bus() const { return 2 * rows_ * cols_; }
  int bus_of_word(int i) const { return first_bus() + i; }
  int bus_of_bit(int j) const { return first_bus() + rows_ + j; }

  int find(int node) const {
    while (joined_[static_cast<std::size_t>(node)] != node)
      node = joined_[static_cast<std::size_t>(node)];
    return node;
  }

  void connect(int p, int n, double ohm) {
    if (ohm > 0) {
      resistors_.push_back({p, n, 1 / ohm});
    } else {
      joined_[static_cast<std::size_t>(find(p))] = find(n);
    }
  }

  template <class Node>
  void add_line(const crossbar::Wires& wires, int cells, int bus, const Node& node) {
    if (wires.driven != DrivenEnds::kLast) connect(node(0), bus, wires.driver);
    if (wires.driven != DrivenEnds::kFirst) connect(node(cells - 1), bus, wires.driver);
    for (int k = 0; k + 1 < cells; ++k) connect(node(k), node(k + 1), wires.segment);
  }

  int rows_, cols_;
  std::vector<int> joined_;
  std::vector<Resistor> resistors_;
  Eigen::MatrixXd matrix_;
};

}  // namespace wordline::testing
