#include "wordline/solvers/array_coarse_inverse.hpp"

#include <algorithm>
#include <utility>

#include "wordline/solvers/dense.hpp"

namespace wordline {

namespace {

std::size_t index(std::int32_t k) { return static_cast<std::size_t>(k); }

bool holds(const std::vector<double>& ends) {
  return std::find(ends.begin(), ends.end(), kHeld) != ends.end();
}

// sum over k of f(k) times the values of both nodes there.
template <class F>
double sum_of_products(const CoarseAxis& axis, std::int32_t m, std::int32_t n, const F& f) {
  double sum = 0;
  const std::int32_t last = axis.begin[index(std::max(m, n)) + 1];
  for (std::int32_t k = axis.begin[index(std::max(0, std::min(m, n) - 1))]; k < last; ++k) {
    sum += axis.hat(m, k) * axis.hat(n, k) * f(k);
  }
  return sum;
}

// The same of the slopes of both nodes from cell to cell, for every node with itself and the next.
struct Stiffness {
  std::vector<double> self, next;
  explicit Stiffness(const CoarseAxis& axis) : self(index(axis.coarse)), next(index(axis.coarse)) {
    for (std::int32_t n = 0; n < axis.coarse; ++n) {
      for (std::int32_t k = 0; k + 1 < axis.fine; ++k) {
        const double slope = axis.hat(n, k + 1) - axis.hat(n, k);
        self[index(n)] += slope * slope;
        next[index(n)] += slope * (axis.hat(n + 1, k + 1) - axis.hat(n + 1, k));
      }
    }
  }
  double at(std::int32_t m, std::int32_t n) const {
    return m == n ? self[index(m)] : next[index(std::min(m, n))];
  }
};

// Neighbours among n nodes, and themselves.
template <class Visit>
void for_neighbours(std::int32_t n, const Visit& visit) {
  for (std::int32_t m = 0; m < n; ++m) {
    for (std::int32_t k = std::max(0, m - 1); k <= std::min(n - 1, m + 1); ++k) visit(m, k);
  }
}

}  // namespace

CoarseAxis::CoarseAxis(std::int32_t fine_size, std::int32_t coarse_size)
    : fine(fine_size), coarse(coarse_size) {
  const double spacing = static_cast<double>(fine - 1) / (coarse - 1);
  begin.assign(index(coarse) + 1, fine);
  begin[0] = 0;
  for (std::int32_t k = 0; k < fine; ++k) {
    const auto node = std::min(coarse - 2, static_cast<std::int32_t>(k / spacing));
    if (!base.empty()) {
      for (std::int32_t n = base.back() + 1; n <= node; ++n) begin[index(n)] = k;
    }
    base.push_back(node);
    weight.push_back(std::clamp(k / spacing - node, 0.0, 1.0));
  }
}

double CoarseAxis::hat(std::int32_t node, std::int32_t k) const {
  if (base[index(k)] == node) return 1 - weight[index(k)];
  return base[index(k)] + 1 == node ? weight[index(k)] : 0.0;
}

ArrayCoarseInverse::ArrayCoarseInverse(CoarseAxis rows, CoarseAxis cols)
    : rows_(std::move(rows)), cols_(std::move(cols)) {}

void ArrayCoarseInverse::add_cells(CellSums sums, double factor, double* matrix) const {
  const std::size_t n = index(size());
  for_neighbours(rows_.coarse, [&](std::int32_t a, std::int32_t next_a) {
    for_neighbours(cols_.coarse, [&](std::int32_t b, std::int32_t next_b) {
      const std::size_t which = (a != next_a ? 2U : 0U) + (b != next_b ? 1U : 0U);
      matrix[at(a, b) + n * at(next_a, next_b)] +=
          factor * sums[which * n + at(std::min(a, next_a), std::min(b, next_b))];
    });
  });
}

// The wires of a plane and its drivers.
void ArrayCoarseInverse::add_plane(const ArrayPlane& plane, bool of_rows, double* matrix) const {
  const CoarseAxis& across = of_rows ? rows_ : cols_;
  const CoarseAxis& along = of_rows ? cols_ : rows_;
  const std::size_t n = index(size());
  const Stiffness stiffness(along);
  const auto node = [&](std::int32_t line, std::int32_t place) {
    return of_rows ? at(line, place) : at(place, line);
  };
  for_neighbours(across.coarse, [&](std::int32_t p, std::int32_t q) {
    const double lines = sum_of_products(across, p, q, [](std::int32_t) { return 1.0; });
    for_neighbours(along.coarse, [&](std::int32_t a, std::int32_t b) {
      matrix[node(p, a) + n * node(q, b)] += plane.segment * lines * stiffness.at(a, b);
    });
    const auto driver = [&](const std::vector<double>& ends, std::int32_t place) {
      if (ends.empty() || holds(ends)) return;  // where ends are held, all coarse values are 0
      matrix[node(p, place) + n * node(q, place)] +=
          sum_of_products(across, p, q, [&](std::int32_t k) { return ends[index(k)]; });
    };
    driver(plane.first, 0);
    driver(plane.last, along.coarse - 1);
  });
}

// The nodes at held ends are no unknowns: their rows, or columns, become those of 1, or 0.
void ArrayCoarseInverse::drop(const ArrayPlane& plane, bool of_rows, bool with_diagonal,
                              bool by_rows, double* matrix) const {
  const std::size_t n = index(size());
  const std::int32_t lines = of_rows ? rows_.coarse : cols_.coarse;
  const std::int32_t last = (of_rows ? cols_.coarse : rows_.coarse) - 1;
  for (const auto& [ends, place] : {std::pair{&plane.first, 0}, std::pair{&plane.last, last}}) {
    for (std::int32_t line = 0; holds(*ends) && line < lines; ++line) {
      const std::size_t node = of_rows ? at(line, place) : at(place, line);
      for (std::size_t k = 0; k < n; ++k) matrix[by_rows ? node + n * k : k + n * node] = 0;
      if (with_diagonal) matrix[node + n * node] = 1;
    }
  }
}

std::vector<double> ArrayCoarseInverse::invert(const ArrayMatrix& fine, const Cells& cells) const {
  const std::size_t n = index(size());
  const bool symmetric = fine.is_symmetric();
  // Of the row plane, R; then the coupling P becomes R^-1 P.
  DenseFactors rows;
  double* r = rows.reset(size());
  add_plane(fine.row, true, r);
  add_cells(cells.row_row, 1, r);
  drop(fine.row, true, true, true, r);
  drop(fine.row, true, true, false, r);
  std::vector<double> scale(n);
  for (std::size_t k = 0; k < n; ++k) scale[k] = r[k + n * k];
  if (!rows.factor(symmetric, scale.data())) return {};
  std::vector<double> coupling(n * n);
  add_cells(cells.row_col, 1, coupling.data());
  drop(fine.row, true, false, true, coupling.data());
  rows.solve(coupling.data(), size(), false);

  std::vector<double> back(n * n), product(n * n);
  add_cells(cells.col_row, 1, back.data());
  // Column by column is row by row of the transposed matrices.
  multiply(size(), size(), size(), coupling.data(), size(), back.data(), size(), product.data(),
           size());
  DenseFactors cols;
  double* c = cols.reset(size());
  add_plane(fine.col, false, c);
  add_cells(cells.col_col, 1, c);
  for (std::size_t k = 0; k < n * n; ++k) c[k] -= product[k];
  drop(fine.col, false, true, true, c);
  drop(fine.col, false, true, false, c);
  for (std::size_t k = 0; k < n; ++k) scale[k] = c[k + n * k] + product[k + n * k];
  if (!cols.factor(symmetric, scale.data())) return {};
  std::vector<double> inverse(n * n);
  for (std::size_t k = 0; k < n; ++k) inverse[k + n * k] = 1;
  cols.solve(inverse.data(), size(), false);
  drop(fine.col, false, false, true, inverse.data());
  drop(fine.col, false, false, false, inverse.data());
  for (std::size_t i = 0; symmetric && i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      inverse[i + n * j] = inverse[j + n * i] = 0.5 * (inverse[i + n * j] + inverse[j + n * i]);
    }
  }
  return inverse;
}

}  // namespace wordline
