#include "wordline/solvers/array_reduce.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/solvers/array_merged.hpp"

namespace wordline {

namespace {

std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

bool any_driven(const std::vector<double>& ends) {
  return std::any_of(ends.begin(), ends.end(), [](double g) { return g != 0; });
}

}  // namespace

unsigned driven_sides(const ArrayMatrix& a) {
  unsigned ports = 0;
  const auto add = [&](const ArrayPlane& plane, std::int32_t length, Side first, Side last) {
    if (any_driven(plane.first)) ports |= 1U << (length == 1 ? last : first);
    if (any_driven(plane.last)) ports |= 1U << last;
  };
  add(a.row, a.cols, kLeft, kRight);
  add(a.col, a.rows, kTop, kBottom);
  return ports;
}

void ArrayReduction::plan(const ArrayMatrix& matrix, unsigned ports, bool only_across,
                          int threads) {
  if (fronts_ && ports == ports_ && matrix.is_symmetric() == symmetric_ && keep_ == kept_) return;
  ports_ = ports;
  lines_ = index(matrix.rows) + index(matrix.cols);
  symmetric_ = matrix.is_symmetric();
  kept_ = keep_;
  paths_.reset();
  fronts_.reset();
  tree_ = std::make_unique<ArrayTree>(matrix.rows, matrix.cols, ports);
  ArrayFronts::Options options;
  options.symmetric = symmetric_;
  options.keep_factors = kept_;
  options.only_across = only_across;
  options.threads = threads;
  fronts_.emplace(*tree_, options);
  buses_ = buses_of_root(*tree_, matrix.rows, matrix.cols);
}

std::vector<std::int32_t> buses_of_root(const ArrayTree& tree, std::int32_t rows,
                                        std::int32_t cols) {
  const std::vector<std::int32_t> row_places = places_of_axis(rows, true);
  const std::vector<std::int32_t> col_places = places_of_axis(cols, true);
  const Front& root = tree.fronts().back();
  const std::int32_t verticals = tree.vertical(tree.leaf_rows(), 0);
  std::vector<std::int32_t> buses;
  for (std::size_t c = index(root.separator) / kLeaf; c < root.chunks.size(); ++c) {
    const std::int32_t chunk = root.chunks[c];
    const bool of_row = chunk < verticals;
    const std::int32_t leaf =
        of_row ? chunk / (tree.leaf_cols() + 1) : (chunk - verticals) % tree.leaf_cols();
    for (std::int32_t k = 0; k < kLeaf; ++k) {
      const std::int32_t line = (of_row ? row_places : col_places)[index(leaf * kLeaf + k)];
      buses.push_back(line < 0 || of_row ? line : rows + line);
    }
  }
  return buses;
}

bool ArrayReduction::reduce(const ArrayMatrix& matrix, bool only_across, int threads,
                            std::vector<double>& y) {
  const unsigned ports = driven_sides(matrix);
  plan(matrix, ports, only_across, threads);
  cells_.set(matrix, true, ports);
  is_reduced_ = false;
  if (!fronts_->factor(cells_)) return false;
  const auto tiles = static_cast<std::int32_t>(buses_.size()) / kTile;
  for (std::int32_t j = 0; j < tiles; ++j) {
    for (std::int32_t i = 0; i < tiles; ++i) add_tile(matrix, only_across, i, j, y);
  }
  changes_.clear();
  return is_reduced_ = true;
}

std::optional<RankOne> ArrayReduction::change(std::int32_t row, std::int32_t col, double before,
                                              double after) {
  if (!is_reduced_ || !kept_ || !symmetric_ || changes_.is_full()) return std::nullopt;
  if (!paths_) paths_.emplace(*tree_);
  response_.buses.resize(lines_);
  paths_->respond(*fronts_, cells_, buses_, row, col, response_);
  const double r = response_.series;
  const double delta = (after - before) / ((1 + before * r) * (1 + after * r));
  if (!changes_.add(*paths_, response_, delta)) return std::nullopt;
  return changes_.last();
}

// Both ends of a line are one bus: what they leave is added up.
void ArrayReduction::add_tile(const ArrayMatrix& matrix, bool only_across, std::int32_t i,
                              std::int32_t j, std::vector<double>& y) const {
  const std::int32_t* row_bus = buses_.data() + std::ptrdiff_t{kTile} * i;
  const std::int32_t* col_bus = buses_.data() + std::ptrdiff_t{kTile} * j;
  const std::int32_t rows = matrix.rows;
  // A tile has a bus in its last place, whatever the padding.
  const bool across = row_bus[kTile - 1] >= rows && col_bus[kTile - 1] < rows;
  if (only_across && !across) return;
  const std::int32_t first = only_across ? rows : 0;
  const std::int32_t height = matrix.cols + (only_across ? 0 : rows);
  const double* lower = fronts_->root_tile(std::max(i, j), std::min(i, j), false);
  const double* upper = fronts_->root_tile(std::max(i, j), std::min(i, j), true);
  for (std::int32_t c = 0; c < kTile; ++c) {
    if (col_bus[c] < 0) continue;
    double* column = y.data() + index(col_bus[c]) * index(height);
    for (std::int32_t r = 0; r < kTile; ++r) {
      if (row_bus[r] < 0) continue;
      const bool below = i > j || (i == j && r >= c);
      column[row_bus[r] - first] += below ? lower[c * kTile + r] : upper[r * kTile + c];
    }
  }
}

namespace {

// The ends of a line on its bus: cells of its plane's table, and conductances. Both ends of a
// merged line are its first cell.
struct End {
  std::size_t cell;
  double conductance;
};

struct Bus {
  bool of_row;
  End first, last;
};

std::vector<Bus> buses_of(const ArrayMatrix& a) {
  const auto rows = static_cast<std::size_t>(a.rows), cols = static_cast<std::size_t>(a.cols);
  std::vector<Bus> buses;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t last = a.row.merged() ? i * cols : i * cols + cols - 1;
    buses.push_back({true, {i * cols, a.row.first[i]}, {last, a.row.last[i]}});
  }
  for (std::size_t j = 0; j < cols; ++j) {
    const std::size_t last = a.col.merged() ? j : (rows - 1) * cols + j;
    buses.push_back({false, {j, a.col.first[j]}, {last, a.col.last[j]}});
  }
  // A second driver of a node that is held leads from the bus to the bus.
  for (Bus& bus : buses) {
    if (bus.first.cell != bus.last.cell) continue;
    if (std::isinf(bus.first.conductance)) bus.last.conductance = 0;
    if (std::isinf(bus.last.conductance)) bus.first.conductance = 0;
  }
  return buses;
}

// An array's tables, with 1 V on one bus.
struct Tables {
  explicit Tables(std::size_t cells) : row(cells), col(cells) {}
  std::vector<double>& of(const Bus& bus) { return bus.of_row ? row : col; }
  std::vector<double> row, col;
};

void hold(const ArrayMatrix& a, const Bus& bus, Tables& x) {
  const auto cols = static_cast<std::size_t>(a.cols);
  const bool merged = bus.of_row ? a.row.merged() : a.col.merged();
  for (const End& end : {bus.first, bus.last}) {
    if (!std::isinf(end.conductance)) continue;
    const std::size_t cells = !merged ? 1 : bus.of_row ? cols : static_cast<std::size_t>(a.rows);
    const std::size_t step = bus.of_row ? 1 : cols;
    for (std::size_t k = 0; k < cells; ++k) x.of(bus)[end.cell + k * step] = 1;
  }
}

}  // namespace

bool reduce_merged(const ArrayMatrix& matrix, std::vector<double>& y) {
  ArrayMerged merged;
  if (!merged.factor(matrix)) return false;
  ArrayMatrix inside = matrix;  // without drivers: its residual is what flows into the nodes
  for (ArrayPlane* plane : {&inside.row, &inside.col}) {
    std::fill(plane->first.begin(), plane->first.end(), 0.0);
    std::fill(plane->last.begin(), plane->last.end(), 0.0);
  }
  const std::vector<Bus> buses = buses_of(matrix);
  const std::size_t cells = matrix.cells(), count = buses.size();
  const std::vector<double> zero(cells, 0.0);
  for (std::size_t q = 0; q < count; ++q) {
    const Bus& driven = buses[q];
    Tables held(cells), x(cells), r(cells);
    hold(matrix, driven, held);
    array_residual(inside, zero, zero, held.row, held.col, x.row, x.col);
    for (const End& end : {driven.first, driven.last}) {
      if (!std::isinf(end.conductance)) x.of(driven)[end.cell] += end.conductance;
    }
    merged.solve(x.row, x.col, false);
    for (std::size_t c = 0; c < cells; ++c) {
      x.row[c] += held.row[c];
      x.col[c] += held.col[c];
    }
    array_residual(inside, zero, zero, x.row, x.col, r.row, r.col);
    for (std::size_t p = 0; p < count; ++p) {
      Bus bus = buses[p];
      double current = 0;
      for (const End& end : {bus.first, bus.last}) {
        const double v = p == q ? 1 : 0;
        current += std::isinf(end.conductance) ? -r.of(bus)[end.cell]
                                               : end.conductance * (v - x.of(bus)[end.cell]);
      }
      y[q * count + p] = current;
    }
  }
  return true;
}

}  // namespace wordline
