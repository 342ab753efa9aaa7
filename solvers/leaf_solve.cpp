// The triangular solves of a group of leaves.

#include <array>
#include <vector>

#include "wordline/solvers/leaf_kernels.hpp"

namespace wordline {

namespace {

// The joins in the order of elimination, with the nodes of their separators and ports.
struct JoinNodes {
  int separator, size;
  std::array<std::int16_t, 5 * kLeaf> node;
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
  static const JoinList list;
  return list.joins();
}

WORDLINE_INLINE void forward_joins_body(const JoinNodes* joins, std::size_t count,
                                        const double* lower, double* y) {
  for (std::size_t q = 0; q < count; ++q) {
    const JoinNodes& j = joins[q];
    const std::int16_t* node = j.node.data();
    for (int k = 0; k < j.separator; ++k, lower += j.size * kLanes) {
      const Lanes known = load(y + node[k] * kLanes);
      for (int i = k + 1; i < j.size; ++i) {
        double* to = y + node[i] * kLanes;
        store(to, load(to) - load(lower + i * kLanes) * known);
      }
      store(y + node[k] * kLanes, known * load(lower + k * kLanes));
    }
  }
}

WORDLINE_INLINE void backward_joins_body(const JoinNodes* joins, std::size_t count,
                                         const double* upper, double* y) {
  upper += kLeafFactor * kLanes;
  for (std::size_t q = count; q-- > 0;) {
    const JoinNodes& j = joins[q];
    const std::int16_t* node = j.node.data();
    for (int k = j.separator - 1; k >= 0; --k) {
      upper -= j.size * kLanes;
      Lanes sum[2] = {load(y + node[k] * kLanes), Lanes{}};
      for (int i = k + 1; i < j.size; ++i) {
        sum[i % 2] -= load(upper + i * kLanes) * load(y + node[i] * kLanes);
      }
      store(y + node[k] * kLanes, sum[0] + sum[1]);
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

void backward_leaves(const double* upper, double* y) {
  backward_joins(joins().data(), joins().size(), upper, y);
}

}  // namespace wordline
