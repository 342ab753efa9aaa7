// The 2n sums that solve B x = b (cuda/sparse_plan.hpp) as one lower triangular system, in
// compressed rows: values are factors, some with the other sign.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "wordline/cuda/sparse_plan.hpp"

namespace wordline::testing {

struct TriangularSystem {
  std::vector<std::int32_t> start{0}, column, slot;
  std::vector<double> sign;

  explicit TriangularSystem(const gpu::SparsePlan& plan) : place_(at(2 * plan.size)) {
    for (std::size_t k = 0; k < place_.size(); ++k) {
      place_[at(plan.solution_item[k])] = static_cast<std::int32_t>(k);
    }
    for (const std::int32_t r : plan.solution_item) add_row(plan, r);
    into_.resize(at(plan.size));
    out_of_.resize(at(plan.size));
    for (std::int32_t i = 0; i < plan.size; ++i) {
      into_[at(plan.row[at(i)])] = at(place_[at(i)]);
      out_of_[at(plan.column[at(i)])] = at(place_[at(plan.size + i)]);
    }
  }

  std::size_t size() const { return place_.size(); }

  std::vector<double> values(std::span<const double> factors) const {
    std::vector<double> values;
    for (std::size_t k = 0; k < slot.size(); ++k) values.push_back(sign[k] * factors[at(slot[k])]);
    return values;
  }

  // Of vectors b one after the other, side by side: row r of member k at r * members + k.
  std::vector<double> right_hand_sides(std::span<const double> b, std::size_t members) const {
    std::vector<double> table(size() * members);
    for (std::size_t k = 0; k < members; ++k) {
      for (std::size_t i = 0; i < into_.size(); ++i) {
        table[into_[i] * members + k] = b[k * into_.size() + i];
      }
    }
    return table;
  }
  std::vector<double> solutions(std::span<const double> table, std::size_t members) const {
    std::vector<double> x(out_of_.size() * members);
    for (std::size_t k = 0; k < members; ++k) {
      for (std::size_t j = 0; j < out_of_.size(); ++j) {
        x[k * out_of_.size() + j] = table[out_of_[j] * members + k];
      }
    }
    return x;
  }

 private:
  static std::size_t at(std::int32_t k) { return static_cast<std::size_t>(k); }

  // d z + W z + F x = b, and d x - d z + U x = 0.
  void add_row(const gpu::SparsePlan& plan, std::int32_t r) {
    const std::int32_t pivot = r % plan.size;
    const std::int32_t d = plan.upper_start[at(pivot) + 1] - 1;
    std::vector<std::pair<std::int32_t, std::pair<std::int32_t, double>>> row;
    for (std::int32_t e = plan.solution.start[at(r)]; e < plan.solution.start[at(r) + 1]; ++e) {
      row.push_back({place_[at(plan.solution.column[at(e)])], {plan.solution.slot[at(e)], 1.0}});
    }
    if (r >= plan.size) row.push_back({place_[at(pivot)], {d, -1.0}});
    row.push_back({place_[at(r)], {d, 1.0}});
    std::sort(row.begin(), row.end());
    for (const auto& [at_column, entry] : row) {
      column.push_back(at_column);
      slot.push_back(entry.first);
      sign.push_back(entry.second);
    }
    start.push_back(static_cast<std::int32_t>(column.size()));
  }

  std::vector<std::int32_t> place_;         // of z and x, in the order of their levels
  std::vector<std::size_t> into_, out_of_;  // of b by rows, of x by columns of the matrix
};

}  // namespace wordline::testing
