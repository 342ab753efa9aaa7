// Random arrays for tests, and the dense nodal matrix of an array, in which buses are nodes too:
// held ends and merged lines are nodes that coincide.
#pragma once

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "wordline/solvers/array_matrix.hpp"

namespace wordline {

inline std::size_t index(int i) { return static_cast<std::size_t>(i); }

struct Array {
  ArrayMatrix matrix;
  std::vector<double> row_row, row_col, col_row, col_col;

  Array() = default;
  Array(const Array&) = delete;  // the matrix looks into the tables
  Array& operator=(const Array&) = delete;

  void resize(int rows, int cols, bool symmetric) {
    matrix.rows = rows;
    matrix.cols = cols;
    for (auto* table : {&row_row, &row_col, &col_row, &col_col}) table->assign(matrix.cells(), 0);
    matrix.row_row = row_row;
    matrix.row_col = row_col;
    matrix.col_row = symmetric ? row_col : col_row;
    matrix.col_col = col_col;
    matrix.row.first.assign(index(rows), 0);
    matrix.row.last.assign(index(rows), 0);
    matrix.col.first.assign(index(cols), 0);
    matrix.col.last.assign(index(cols), 0);
  }
  // A conductance between the lines.
  void set(std::size_t cell, double g) {
    row_row[cell] = row_col[cell] = col_row[cell] = col_col[cell] = g;
  }
};

enum class Ends { kNone, kDriven, kHeld, kMixed };

struct Options {
  int rows, cols;
  bool symmetric = true;
  bool to_ground = false;  // cells have conductances to ground
  bool merged_row = false, merged_col = false;
  Ends row_first = Ends::kDriven, row_last = Ends::kNone;
  Ends col_first = Ends::kNone, col_last = Ends::kDriven;
};

inline void drive(std::vector<double>& ends, Ends kind, std::mt19937& random) {
  std::uniform_real_distribution<double> conductance(0.01, 0.1);
  for (double& g : ends) {
    Ends one = kind;
    if (kind == Ends::kMixed) {
      one = std::array{Ends::kNone, Ends::kDriven, Ends::kHeld}[random() % 3];
    }
    g = one == Ends::kNone ? 0 : one == Ends::kHeld ? kHeld : conductance(random);
  }
}

// Cells of 1e-5 to 1e-3 S, some of them 0, some 1 S.
inline void fill(Array& array, const Options& o, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> exponent(-5, -3), share(0.5, 1);
  array.resize(o.rows, o.cols, o.symmetric);
  ArrayMatrix& m = array.matrix;
  m.row.segment = o.merged_row ? kHeld : 1.0;
  m.col.segment = o.merged_col ? kHeld : 0.5;
  for (std::size_t c = 0; c < m.cells(); ++c) {
    const unsigned kind = static_cast<unsigned>(random() % 16);
    const double g = kind == 0 ? 0 : kind == 1 ? 1 : std::pow(10, exponent(random));
    array.set(c, g);
    if (!o.symmetric) {  // like a transistor: not both terminals control the current alike
      array.row_col[c] *= share(random);
      array.col_row[c] *= share(random);
    }
    if (o.to_ground) {
      array.row_row[c] += 1e-4;
      array.col_col[c] += 2e-4;
    }
  }
  drive(m.row.first, o.row_first, random);
  drive(m.row.last, o.row_last, random);
  drive(m.col.first, o.col_first, random);
  drive(m.col.last, o.col_last, random);
}

// All nodes and buses: buses come first, those of the row lines before those of the column lines.
class Dense {
 public:
  explicit Dense(const ArrayMatrix& m) : m_(m) {
    buses_ = m.rows + m.cols;
    int next = buses_;
    for (int plane = 0; plane < 2; ++plane) number(plane == 0, next);
    full_ = Eigen::MatrixXd::Zero(next, next);
    for (int i = 0; i < m.rows; ++i) {
      for (int j = 0; j < m.cols; ++j) {
        const auto c = index(i) * index(m.cols) + index(j);
        const int row = node(true, i, j), col = node(false, i, j);
        full_(row, row) += m.row_row[c];
        full_(row, col) -= m.row_col[c];
        full_(col, col) += m.col_col[c];
        full_(col, row) -= m.col_row[c];
        if (j > 0) connect(row, node(true, i, j - 1), m.row.segment);
        if (i > 0) connect(col, node(false, i - 1, j), m.col.segment);
      }
    }
    for (int i = 0; i < m.rows; ++i) {
      connect(i, node(true, i, 0), m.row.first[index(i)]);
      connect(i, node(true, i, m.cols - 1), m.row.last[index(i)]);
    }
    for (int j = 0; j < m.cols; ++j) {
      connect(m.rows + j, node(false, 0, j), m.col.first[index(j)]);
      connect(m.rows + j, node(false, m.rows - 1, j), m.col.last[index(j)]);
    }
  }

  int node(bool row, int i, int j) const {
    return (row ? rows_ : cols_)[index(i) * index(m_.cols) + index(j)];
  }
  auto inside() const { return full_.bottomRightCorner(nodes(), nodes()); }
  Eigen::Index nodes() const { return full_.rows() - buses_; }

  Eigen::MatrixXd reduced() const {
    if (nodes() == 0) return full_;
    return full_.topLeftCorner(buses_, buses_) -
           full_.topRightCorner(buses_, nodes()) *
               inside().partialPivLu().solve(full_.bottomLeftCorner(nodes(), buses_));
  }

  // Tables of cells to unknowns, and back: sums over the cells of a node.
  Eigen::VectorXd gather(const std::vector<double>& row, const std::vector<double>& col) const {
    Eigen::VectorXd f = Eigen::VectorXd::Zero(full_.rows());
    for (std::size_t c = 0; c < m_.cells(); ++c) {
      f(rows_[c]) += row[c];
      f(cols_[c]) += col[c];
    }
    return f.tail(nodes());
  }
  Eigen::VectorXd spread(const Eigen::VectorXd& x) const {
    Eigen::VectorXd tables(2 * m_.cells());
    for (std::size_t c = 0; c < m_.cells(); ++c) {
      const auto k = static_cast<Eigen::Index>(c), cells = static_cast<Eigen::Index>(m_.cells());
      tables(k) = rows_[c] < buses_ ? 0 : x(rows_[c] - buses_);
      tables(cells + k) = cols_[c] < buses_ ? 0 : x(cols_[c] - buses_);
    }
    return tables;
  }

 private:
  void number(bool row, int& next) {
    const ArrayPlane& plane = row ? m_.row : m_.col;
    const int lines = row ? m_.rows : m_.cols, length = row ? m_.cols : m_.rows;
    auto& numbers = row ? rows_ : cols_;
    numbers.resize(m_.cells());
    for (int i = 0; i < lines; ++i) {
      const bool first = std::isinf(plane.first[index(i)]);
      const bool last = std::isinf(plane.last[index(i)]);
      const int bus = (row ? 0 : m_.rows) + i;
      const int merged = plane.merged() ? (first || last ? bus : next++) : -1;
      for (int k = 0; k < length; ++k) {
        const bool held = (first && k == 0) || (last && k == length - 1);
        const int number = plane.merged() ? merged : held ? bus : next++;
        numbers[row ? index(i) * index(m_.cols) + index(k) : index(k) * index(m_.cols) + index(i)] =
            number;
      }
    }
  }
  void connect(int a, int b, double g) {
    if (a == b || g == 0) return;
    full_(a, a) += g;
    full_(b, b) += g;
    full_(a, b) -= g;
    full_(b, a) -= g;
  }

  const ArrayMatrix& m_;
  int buses_ = 0;
  std::vector<int> rows_, cols_;
  Eigen::MatrixXd full_;
};

}  // namespace wordline
