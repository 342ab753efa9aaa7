// Linear systems of crossbar arrays with their drivers, as the engine assembles them.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "wordline/solvers/linear_solver.hpp"

namespace wordline::testing {

struct ArraySystem {
  ArrayGeometry geometry;
  SparsePattern pattern;
  std::vector<double> values;

  std::size_t size() const { return static_cast<std::size_t>(pattern.size); }
  // |A x - b| relative to |b|, largest elements.
  double residual(const std::vector<double>& x, const std::vector<double>& b) const {
    std::vector<double> ax(size());
    multiply(pattern, values, x, ax);
    double worst = 0;
    double largest = 0;
    for (std::size_t k = 0; k < b.size(); ++k) {
      worst = std::max(worst, std::abs(ax[k] - b[k]));
      largest = std::max(largest, std::abs(b[k]));
    }
    return worst / largest;
  }
};

struct ArrayOptions {
  std::int32_t rows = 8;
  std::int32_t cols = 8;
  bool inner_nodes = false;  // 1T1R: bit line, inner node, source line; the gate is the word line
  bool source_along_columns = false;
  double segment = 1;    // S; 0: a line's nodes are one
  double driver = 0.05;  // S; 0: the first node is the bus node
  double gate = 0;       // S, from gate to inner node, source: a capacitance in a time step
  bool both_ends = false;
  bool sources = true;  // a source on every bus node; else 1 S to ground
  unsigned seed = 1;
};

class ArrayAssembler {
 public:
  explicit ArrayAssembler(const ArrayOptions& options) : o_(options), random_(options.seed) {
    geometry_.rows = o_.rows;
    geometry_.cols = o_.cols;
    add_plane(true);
    add_plane(false);
    if (o_.inner_nodes) add_plane(!o_.source_along_columns);
    for (std::int32_t i = 0; i < o_.rows; ++i) {
      for (std::int32_t j = 0; j < o_.cols; ++j) add_cell(geometry_.cell(i, j));
    }
  }

  std::int32_t add_unknown() { return size_++; }
  void add(std::int32_t row, std::int32_t column, double value) {
    entries_[{column, row}] += value;
  }
  // -1 is ground.
  void add_conductance(std::int32_t p, std::int32_t n, double g) {
    add_transconductance(p, n, p, n, g);
  }
  // The current g (v(cp) - v(cn)) from p to n.
  void add_transconductance(std::int32_t p, std::int32_t n, std::int32_t cp, std::int32_t cn,
                            double g) {
    for (const auto& [row, sign] : {std::pair{p, 1.0}, std::pair{n, -1.0}}) {
      if (row < 0) continue;
      if (cp >= 0) add(row, cp, sign * g);
      if (cn >= 0) add(row, cn, -sign * g);
    }
  }
  const ArrayGeometry& geometry() const { return geometry_; }
  std::vector<std::int32_t>& bus(std::size_t plane) { return buses_[plane]; }

  ArraySystem build() const {
    PatternBuilder builder(size_);
    for (const auto& [at, value] : entries_) builder.add(at.second, at.first);
    ArraySystem system{geometry_, builder.build(), {}};
    for (const auto& [at, value] : entries_) system.values.push_back(value);
    return system;
  }

 private:
  void add_plane(bool along_rows) {
    const std::int32_t lines = along_rows ? o_.rows : o_.cols;
    const std::int32_t length = along_rows ? o_.cols : o_.rows;
    ArrayGeometry::Plane plane{along_rows, {}};
    plane.unknown.resize(static_cast<std::size_t>(o_.rows) * static_cast<std::size_t>(o_.cols));
    buses_.emplace_back();
    for (std::int32_t line = 0; line < lines; ++line) {
      std::vector<std::int32_t> nodes;
      const std::int32_t bus = add_bus();
      buses_.back().push_back(bus);
      for (std::int32_t cell = 0; cell < length; ++cell) {
        const bool at_driver = cell == 0 || (o_.both_ends && cell == length - 1);
        std::int32_t node = -1;
        if (o_.segment == 0 && cell > 0) {
          node = nodes[0];
        } else {
          node = at_driver && o_.driver == 0 ? bus : add_unknown();
        }
        if (at_driver && node != bus && (o_.segment != 0 || cell == 0)) {
          add_conductance(bus, node, o_.driver);
        }
        if (cell > 0 && o_.segment != 0) add_conductance(nodes.back(), node, o_.segment);
        nodes.push_back(node);
        plane.unknown[along_rows ? geometry_.cell(line, cell) : geometry_.cell(cell, line)] = node;
      }
    }
    geometry_.planes.push_back(std::move(plane));
  }

  std::int32_t add_bus() {
    const std::int32_t bus = add_unknown();
    if (!o_.sources) {
      add_conductance(bus, -1, 1);
      return bus;
    }
    const std::int32_t branch = add_unknown();
    add(bus, branch, 1);
    add(branch, bus, 1);
    add(bus, bus, 0);
    return bus;
  }

  void add_cell(std::size_t cell) {
    std::uniform_real_distribution<double> conductance(1e-6, 1e-3);
    const std::int32_t word = geometry_.planes[0].unknown[cell];
    const std::int32_t bit = geometry_.planes[1].unknown[cell];
    if (!o_.inner_nodes) return add_conductance(word, bit, conductance(random_));
    const std::int32_t source = geometry_.planes[2].unknown[cell];
    const std::int32_t inner = add_unknown();
    add_conductance(bit, inner, conductance(random_));
    add_conductance(inner, source, conductance(random_));
    add_transconductance(inner, source, word, source, 0.3 * conductance(random_));
    add_conductance(word, inner, o_.gate);
    add_conductance(word, source, o_.gate);
  }

  ArrayOptions o_;
  std::mt19937 random_;
  ArrayGeometry geometry_;
  std::vector<std::vector<std::int32_t>> buses_;
  std::map<std::pair<std::int32_t, std::int32_t>, double> entries_;  // by column, then row
  std::int32_t size_ = 0;
};

inline ArraySystem make_array_system(const ArrayOptions& options) {
  return ArrayAssembler(options).build();
}

// Right-hand sides without structure, between -1 and 1.
inline std::vector<double> random_vector(std::size_t size, unsigned seed = 7) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(-1, 1);
  std::vector<double> vector(size);
  for (double& v : vector) v = value(random);
  return vector;
}

}  // namespace wordline::testing
