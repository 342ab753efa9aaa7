// The triangular solves of a group of leaves.

#include <array>
#include <cmath>
#include <vector>

#include "wordline/solvers/leaf_kernels.hpp"

namespace wordline {

namespace {

constexpr std::size_t kMostNodes = std::size_t{5} * kLeaf;  // of a join
constexpr std::ptrdiff_t kStep = kLanes;                    // doubles from number to number

// The joins in the order of elimination, with the nodes of their separators and ports.
struct JoinNodes {
  int separator, size;
  std::array<std::int16_t, kMostNodes> node;
};

class JoinList {
 public:
  JoinList() { split(0, 0, kLeaf, kLeaf); }
  const std::vector<JoinNodes>& joins() const { return joins_; }

 private:
  static void add(JoinNodes& j, int node) {
    j.node[static_cast<std::size_t>(j.size++)] = static_cast<std::int16_t>(node);
  }

  void split(int row, int col, int rows, int cols) {
    if (rows == 1 && cols == 1) return;
    JoinNodes j{};
    if (rows > cols) {
      split(row, col, rows / 2, cols);
      split(row + rows / 2, col, rows / 2, cols);
      for (int k = 0; k < cols; ++k) add(j, horizontal_node(row + rows / 2, col + k));
    } else {
      split(row, col, rows, cols / 2);
      split(row, col + cols / 2, rows, cols / 2);
      for (int k = 0; k < rows; ++k) add(j, vertical_node(row + k, col + cols / 2));
    }
    j.separator = j.size;
    for (const int line : {col, col + cols}) {
      for (int k = 0; k < rows; ++k) add(j, vertical_node(row + k, line));
    }
    for (const int line : {row, row + rows}) {
      for (int k = 0; k < cols; ++k) add(j, horizontal_node(line, col + k));
    }
    joins_.push_back(j);
  }

  std::vector<JoinNodes> joins_;
};

const std::vector<JoinNodes>& joins() {
  static const JoinList kList;
  return kList.joins();
}

// The kColumns columns of a join's panel from k on.
template <int kColumns>
WORDLINE_INLINE void forward_columns(const JoinNodes& j, int k, const double* lower, double* y) {
  const std::int16_t* node = j.node.data();
  const std::ptrdiff_t column = j.size * kStep;
  Lanes known[kColumns];
#pragma GCC unroll 4
  for (int c = 0; c < kColumns; ++c) {
    known[c] = load(y + node[k + c] * kStep);
#pragma GCC unroll 4
    for (int b = 0; b < c; ++b) known[c] -= load(lower + b * column + (k + c) * kStep) * known[b];
  }
  for (int i = k + kColumns; i < j.size; ++i) {
    Lanes sum = load(y + node[i] * kStep);
#pragma GCC unroll 4
    for (int c = 0; c < kColumns; ++c) sum -= load(lower + c * column + i * kStep) * known[c];
    store(y + node[i] * kStep, sum);
  }
#pragma GCC unroll 4
  for (int c = 0; c < kColumns; ++c) {
    store(y + node[k + c] * kStep, known[c] * load(lower + c * column + (k + c) * kStep));
  }
}

template <int kColumns>
WORDLINE_INLINE void backward_columns(const JoinNodes& j, int k, const double* upper, double* y) {
  const std::int16_t* node = j.node.data();
  const std::ptrdiff_t column = j.size * kStep;
  Lanes sum[kColumns];
#pragma GCC unroll 4
  for (int c = 0; c < kColumns; ++c) sum[c] = load(y + node[k + c] * kStep);
  for (int i = k + kColumns; i < j.size; ++i) {
    const Lanes known = load(y + node[i] * kStep);
#pragma GCC unroll 4
    for (int c = 0; c < kColumns; ++c) sum[c] -= load(upper + c * column + i * kStep) * known;
  }
#pragma GCC unroll 4
  for (int c = kColumns - 1; c >= 0; --c) {
#pragma GCC unroll 4
    for (int b = c + 1; b < kColumns; ++b) {
      sum[c] -= load(upper + c * column + (k + b) * kStep) * sum[b];
    }
    store(y + node[k + c] * kStep, sum[c]);
  }
}

// Separators have 1, 2, 4 or 8 columns.
WORDLINE_INLINE void forward_joins_body(const JoinNodes* joins, std::size_t count,
                                        const double* lower, double* y) {
  for (std::size_t q = 0; q < count; ++q) {
    const JoinNodes& j = joins[q];
    const std::ptrdiff_t column = j.size * kStep;
    if (j.separator == 1) forward_columns<1>(j, 0, lower, y);
    if (j.separator == 2) forward_columns<2>(j, 0, lower, y);
    for (int k = 0; k + 4 <= j.separator; k += 4) {
      forward_columns<4>(j, k, lower + k * column, y);
    }
    lower += j.separator * column;
  }
}

WORDLINE_INLINE void backward_joins_body(const JoinNodes* joins, std::size_t count,
                                         const double* upper, double* y) {
  upper += kLeafFactor * kStep;
  for (std::size_t q = count; q-- > 0;) {
    const JoinNodes& j = joins[q];
    const std::ptrdiff_t column = j.size * kStep;
    upper -= j.separator * column;
    if (j.separator == 1) backward_columns<1>(j, 0, upper, y);
    if (j.separator == 2) backward_columns<2>(j, 0, upper, y);
    for (int k = j.separator - 4; k >= 0; k -= 4) {
      backward_columns<4>(j, k, upper + k * column, y);
    }
  }
}
WORDLINE_KERNEL(void, forward_joins,
                (const JoinNodes* joins, std::size_t count, const double* lower, double* y),
                (joins, count, lower, y))
WORDLINE_KERNEL(void, backward_joins,
                (const JoinNodes* joins, std::size_t count, const double* upper, double* y),
                (joins, count, upper, y))

}  // namespace

void forward_leaves(const double* lower, double* y) {
  forward_joins(joins().data(), joins().size(), lower, y);
}

// Joins that the right-hand side does not reach are not read.
void forward_leaf(const double* lower, std::int32_t lane, double* y) {
  lower += lane;
  for (const JoinNodes& j : joins()) {
    const std::int16_t* node = j.node.data();
    bool reached = false;
    for (int k = 0; k < j.separator; ++k) reached = reached || y[node[k]] != 0;
    for (int k = 0; reached && k < j.separator; ++k) {
      const double* column = lower + kStep * k * j.size;
      const double known = y[node[k]];
      for (int i = k + 1; i < j.size; ++i) y[node[i]] -= column[kStep * i] * known;
      y[node[k]] = known * std::sqrt(column[kStep * k]);
    }
    lower += kStep * j.separator * j.size;
  }
}

void backward_leaves(const double* upper, double* y) {
  backward_joins(joins().data(), joins().size(), upper, y);
}

}  // namespace wordline
