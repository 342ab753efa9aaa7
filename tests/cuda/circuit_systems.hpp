// Linear systems as circuits make them, for the solvers of the GPU.
#pragma once

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <ostream>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../solvers/array_systems.hpp"
#include "wordline/cuda/sparse_plan.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline::gpu {

struct CircuitSystem {
  SparsePattern pattern;
  std::vector<double> values;

  std::size_t size() const { return static_cast<std::size_t>(pattern.size); }
};

// Stamps of elements; node -1 is ground. A variation gives all elements other values, up to a
// third more or less.
class Stamps {
 public:
  explicit Stamps(unsigned variation = 0) : varies_(variation > 0), random_(variation) {}

  std::int32_t add_unknown() { return size_++; }
  void add(std::int32_t row, std::int32_t column, double value) {
    if (row >= 0 && column >= 0) entries_[{column, row}] += value;
  }
  void add_conductance(std::int32_t p, std::int32_t n, double g) {
    add_transconductance(p, n, p, n, g);
  }
  void add_transconductance(std::int32_t p, std::int32_t n, std::int32_t cp, std::int32_t cn,
                            double value) {
    const double g = varied(value);
    add(p, cp, g);
    add(p, cn, -g);
    add(n, cp, -g);
    add(n, cn, g);
  }
  // A branch of its own, whose equation is v(p) - v(n) - gain (v(cp) - v(cn)) - resistance i = ...
  void add_source(std::int32_t p, std::int32_t n, double resistance = 0, std::int32_t cp = -1,
                  std::int32_t cn = -1, double gain = 0) {
    const std::int32_t branch = add_unknown();
    add(p, branch, 1);
    add(n, branch, -1);
    add(branch, p, 1);
    add(branch, n, -1);
    const double here = varied(gain);
    add(branch, cp, -here);
    add(branch, cn, here);
    if (resistance != 0) add(branch, branch, -varied(resistance));
  }
  CircuitSystem build() const {
    PatternBuilder builder(size_);
    for (const auto& [at, value] : entries_) builder.add(at.second, at.first);
    CircuitSystem system{builder.build(), {}};
    for (const auto& [at, value] : entries_) system.values.push_back(value);
    return system;
  }

 private:
  double varied(double value) {
    return varies_ ? value * std::uniform_real_distribution<double>(0.7, 1.3)(random_) : value;
  }

  bool varies_;
  std::mt19937 random_;
  std::map<std::pair<std::int32_t, std::int32_t>, double> entries_;
  std::int32_t size_ = 0;
};

// Sections of a resistor along the line and one to ground, behind a source.
inline CircuitSystem ladder(std::int32_t sections, unsigned variation = 0) {
  Stamps s(variation);
  std::int32_t before = s.add_unknown();
  s.add_source(before, -1);
  for (std::int32_t k = 0; k < sections; ++k) {
    const std::int32_t node = s.add_unknown();
    s.add_conductance(before, node, 1e-2);
    s.add_conductance(node, -1, 1e-5 * (1 + k % 7));
    before = node;
  }
  return s.build();
}

// A square of resistors between low and high, all different, a source at each corner.
inline CircuitSystem mesh(std::int32_t side, double low, double high, unsigned variation = 0) {
  Stamps s(variation);
  std::mt19937 random(3);
  std::uniform_real_distribution<double> exponent(std::log(low), std::log(high));
  const auto g = [&] { return std::exp(exponent(random)); };
  for (std::int32_t k = 0; k < side * side; ++k) s.add_unknown();
  for (std::int32_t i = 0; i < side; ++i) {
    for (std::int32_t j = 0; j < side; ++j) {
      const std::int32_t node = i * side + j;
      if (j + 1 < side) s.add_conductance(node, node + 1, g());
      if (i + 1 < side) s.add_conductance(node, node + side, g());
    }
  }
  for (const std::int32_t corner : {0, side - 1, side * (side - 1), side * side - 1}) {
    s.add_source(corner, -1);
  }
  return s.build();
}

// Nodes tied at random, with sources that float in the midst of them, sources controlled by others
// and transconductances: zeros on the diagonal, nothing symmetric.
inline CircuitSystem amplifiers(std::int32_t nodes, unsigned seed, unsigned variation = 0) {
  Stamps s(variation);
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::int32_t> any(-1, nodes - 1);
  std::uniform_real_distribution<double> value(0.1, 1);
  for (std::int32_t k = 0; k < nodes; ++k) s.add_unknown();
  for (std::int32_t k = 0; k < nodes; ++k) {
    s.add_conductance(k, k == 0 ? -1 : k / 2, 1e-3 * value(random));
    s.add_conductance(k, any(random), 1e-4 * value(random));
    s.add_transconductance(k, -1, any(random), any(random), 1e-4 * value(random));
  }
  // On nodes of their own, so that no loops come about.
  for (std::int32_t k = 0; k < nodes / 4; ++k) {
    const std::int32_t node = s.add_unknown();
    s.add_conductance(node, any(random), 1e-3 * value(random));
    if (k % 3 == 0) {
      s.add_source(node, any(random));
    } else if (k % 3 == 1) {
      s.add_source(node, -1, 0, any(random), any(random), 10 * value(random));
    } else {
      s.add_source(node, any(random), value(random));
    }
  }
  return s.build();
}

// Stages that load nothing before them: every one is a block of its own.
inline CircuitSystem stages(std::int32_t count, unsigned variation = 0) {
  Stamps s(variation);
  std::int32_t before = -1;
  for (std::int32_t k = 0; k < count; ++k) {
    const std::int32_t in = s.add_unknown();
    const std::int32_t out = s.add_unknown();
    s.add_conductance(in, -1, 1e-3);
    s.add_conductance(in, out, 2e-3);
    s.add_conductance(out, -1, 3e-3);
    s.add_transconductance(in, -1, before, -1, 1e-3 + 1e-5 * k);
    before = out;
  }
  return s.build();
}

// Everything hangs on one supply with a resistance: a row and a column that are full.
inline CircuitSystem supply(std::int32_t loads, unsigned variation = 0) {
  Stamps s(variation);
  const std::int32_t rail = s.add_unknown();
  s.add_source(rail, -1, 0.1);
  for (std::int32_t k = 0; k < loads; ++k) {
    const std::int32_t node = s.add_unknown();
    s.add_conductance(rail, node, 1e-3 * (1 + k % 5));
    s.add_transconductance(node, -1, rail, -1, -1e-4 * (k % 3));
    s.add_conductance(node, -1, 1e-4);
  }
  return s.build();
}

// One of all of these, with its values in a variation.
struct CircuitCase {
  std::string name;
  std::function<CircuitSystem(unsigned variation)> make;
};

inline std::ostream& operator<<(std::ostream& os, const CircuitCase& one) { return os << one.name; }

inline std::vector<CircuitCase> circuit_cases() {
  const auto array_case = [](const testing::ArrayOptions& options) {
    return [options](unsigned variation) {
      testing::ArrayOptions varied = options;
      varied.seed += variation;
      const testing::ArraySystem system = testing::make_array_system(varied);
      return CircuitSystem{system.pattern, system.values};
    };
  };
  return {
      {"Resistor", [](unsigned v) { return ladder(1, v); }},
      {"Ladder", [](unsigned v) { return ladder(700, v); }},
      {"Mesh", [](unsigned v) { return mesh(24, 1e-4, 1e-3, v); }},
      {"BadlyScaledMesh", [](unsigned v) { return mesh(20, 1e-12, 1e2, v); }},
      {"Amplifiers", [](unsigned v) { return amplifiers(40, 1, v); }},
      {"ManyAmplifiers", [](unsigned v) { return amplifiers(400, 2, v); }},
      {"Stages", [](unsigned v) { return stages(150, v); }},
      {"Supply", [](unsigned v) { return supply(900, v); }},
      {"Array", array_case({.rows = 16, .cols = 12})},
      {"Transistors", array_case({.rows = 12, .cols = 9, .inner_nodes = true, .gate = 1e-3})},
      {"IdealDrivers", array_case({.rows = 9, .cols = 14, .driver = 0, .both_ends = true})},
  };
}

// With the pivots that KLU chooses.
inline SparsePlan plan_of(const CircuitSystem& system) {
  const auto klu = make_pivoting_solver();
  EXPECT_TRUE(klu->analyze(system.pattern).ok);
  EXPECT_TRUE(klu->choose_pivots(system.values).ok);
  return {system.pattern, klu->pivot_order()};
}

inline Eigen::MatrixXd dense(const CircuitSystem& system) {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(system.pattern.size, system.pattern.size);
  for (std::int32_t j = 0; j < system.pattern.size; ++j) {
    for (auto k = static_cast<std::size_t>(system.pattern.start[static_cast<std::size_t>(j)]);
         k < static_cast<std::size_t>(system.pattern.start[static_cast<std::size_t>(j) + 1]); ++k) {
      matrix(system.pattern.row[k], j) = system.values[k];
    }
  }
  return matrix;
}

// The largest of |b - A x| / (|b| + |A| |x|) of all rows, in more digits than the solvers have.
inline double error_of(const CircuitSystem& system, std::span<const double> x,
                       std::span<const double> b) {
  std::vector<long double> r(b.begin(), b.end()), size(b.size());
  for (std::size_t k = 0; k < b.size(); ++k) size[k] = std::abs(b[k]);
  for (std::size_t j = 0; j < b.size(); ++j) {
    for (auto k = static_cast<std::size_t>(system.pattern.start[j]);
         k < static_cast<std::size_t>(system.pattern.start[j + 1]); ++k) {
      const auto i = static_cast<std::size_t>(system.pattern.row[k]);
      const long double term = static_cast<long double>(system.values[k]) * x[j];
      r[i] -= term;
      size[i] += std::abs(term);
    }
  }
  long double largest = 0;
  for (std::size_t k = 0; k < b.size(); ++k) {
    if (!(std::abs(r[k]) <= largest * size[k])) largest = std::abs(r[k]) / size[k];
  }
  return static_cast<double>(largest);
}

}  // namespace wordline::gpu
