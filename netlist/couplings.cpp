#include "wordline/netlist/couplings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>

namespace wordline {

namespace {

struct CoupledSet {
  std::vector<std::int32_t> inductors;
  std::vector<std::size_t> couplings;  // rows of Circuit::mutuals
};

std::vector<CoupledSet> coupled_sets(const Circuit& circuit) {
  std::vector<std::int32_t> set(circuit.inductors.size());
  std::iota(set.begin(), set.end(), 0);
  const auto find = [&set](std::int32_t k) {
    while (set[static_cast<std::size_t>(k)] != k) k = set[static_cast<std::size_t>(k)];
    return k;
  };
  for (const MutualInductance& m : circuit.mutuals.rows) {
    set[static_cast<std::size_t>(find(m.first))] = find(m.second);
  }
  std::map<std::int32_t, CoupledSet> sets;
  for (std::size_t k = 0; k < circuit.mutuals.size(); ++k) {
    sets[find(circuit.mutuals.rows[k].first)].couplings.push_back(k);
  }
  for (std::int32_t k = 0; k < static_cast<std::int32_t>(set.size()); ++k) {
    const auto found = sets.find(find(k));
    if (found != sets.end()) found->second.inductors.push_back(k);
  }
  std::vector<CoupledSet> result;
  for (auto& [root, coupled] : sets) result.push_back(std::move(coupled));
  return result;
}

// Cholesky's factorisation in place; false where a pivot is negative, or zero with anything below.
// Windings that are coupled by 1 have pivots of zero.
bool is_positive_semidefinite(std::vector<std::vector<double>>& a) {
  constexpr double kRounding = 1e-12;
  for (std::size_t j = 0; j < a.size(); ++j) {
    if (!(a[j][j] > -kRounding)) return false;
    const bool is_zero = a[j][j] < kRounding;
    for (std::size_t i = j + 1; i < a.size(); ++i) {
      if (is_zero) {
        if (std::abs(a[i][j]) > std::sqrt(kRounding)) return false;
        continue;
      }
      const double factor = a[i][j] / a[j][j];
      for (std::size_t k = j + 1; k <= i; ++k) a[i][k] -= factor * a[k][j];
    }
  }
  return true;
}

std::vector<std::vector<double>> coefficients(const Circuit& circuit, const CoupledSet& coupled) {
  const std::size_t n = coupled.inductors.size();
  std::vector<std::vector<double>> matrix(n, std::vector<double>(n));
  for (std::size_t k = 0; k < n; ++k) matrix[k][k] = 1;
  const auto place = [&](std::int32_t inductor) {
    const auto found =
        std::lower_bound(coupled.inductors.begin(), coupled.inductors.end(), inductor);
    return static_cast<std::size_t>(found - coupled.inductors.begin());
  };
  for (const std::size_t row : coupled.couplings) {
    const MutualInductance& m = circuit.mutuals.rows[row];
    const std::size_t i = place(m.first);
    const std::size_t j = place(m.second);
    matrix[std::max(i, j)][std::min(i, j)] += m.coupling;
  }
  return matrix;
}

}  // namespace

std::vector<Fault> check_couplings(const Circuit& circuit, const std::vector<const char*>& places) {
  std::vector<Fault> faults;
  for (const CoupledSet& coupled : coupled_sets(circuit)) {
    std::vector<std::vector<double>> matrix = coefficients(circuit, coupled);
    if (is_positive_semidefinite(matrix)) continue;
    std::vector<std::string> names;
    for (const std::int32_t k : coupled.inductors) names.push_back(circuit.inductors.names[k]);
    faults.push_back({places[coupled.couplings.back()],
                      fmt::format("the couplings of {} do not fit together: some currents would "
                                  "have negative energy",
                                  fmt::join(names, ", ")),
                      "couplings of the same core are alike, or smaller"});
  }
  return faults;
}

}  // namespace wordline
