#include "wordline/crossbar/read_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

void check(const Array& array, const LineCapacitance& capacitance) {
  if (!array.is_linear()) throw Error("what a read costs is known of ohmic cells alone");
  for (const double farads : {capacitance.word, capacitance.bit}) {
    if (!(farads >= 0 && std::isfinite(farads))) {
      throw Error(fmt::format("a capacitance of {} F cannot be", farads));
    }
  }
}

Solution solved(Array& array, const Buses& buses) {
  Solution solution = array.solve(buses);
  if (!solution.report.ok) throw UnsolvedError(solution.report.message);
  return solution;
}

double product(const Matrix& a, const Matrix& b) {
  return std::inner_product(a.values.begin(), a.values.end(), b.values.begin(), 0.0);
}

// With G x = b u of the nodes' voltages x at rest and C the capacitances, e = x(infinity) - x(t)
// obeys C de/dt = -G e, so that its integral over time is G^-1 C x(infinity). Sums over it are sums
// of products with voltages of an array that is driven where the sum is taken, as G is symmetric.
double charge_product(const Solution& a, const Solution& b, const LineCapacitance& capacitance) {
  return capacitance.word * product(a.word, b.word) + capacitance.bit * product(a.bit, b.bit);
}

Solution all_inputs_at_one_volt(Array& array) {
  Buses inputs;
  inputs.word.assign(static_cast<std::size_t>(array.rows()), 1.0);
  return solved(array, inputs);
}

double delay_of(Array& array, const Solution& driven, std::int32_t output,
                const LineCapacitance& capacitance) {
  const auto k = static_cast<std::size_t>(output);
  Buses there;
  there.bit.assign(static_cast<std::size_t>(array.cols()), 0.0);
  there.bit[k] = 1;
  const double current = -driven.current.bit[k];
  if (!(current > 0)) throw Error(fmt::format("no current comes out of output {}", output));
  return charge_product(driven, solved(array, there), capacitance) / current;
}

}  // namespace

ReadEnergy read_energy(Array& array, std::span<const double> voltages,
                       const LineCapacitance& capacitance) {
  check(array, capacitance);
  const Solution solution = array.solve_inputs(voltages);
  if (!solution.report.ok) throw UnsolvedError(solution.report.message);
  return {solution.power, charge_product(solution, solution, capacitance)};
}

double elmore_delay(Array& array, std::int32_t output, const LineCapacitance& capacitance) {
  check(array, capacitance);
  if (output < 0 || output >= array.cols())
    throw Error(fmt::format("there is no output {}", output));
  return delay_of(array, all_inputs_at_one_volt(array), output, capacitance);
}

double settling_time(Array& array, const LineCapacitance& capacitance, double share) {
  check(array, capacitance);
  if (!(share > 0 && share < 1)) {
    throw Error(fmt::format("a share of {} is not between 0 and 1", share));
  }
  constexpr std::int32_t kMostOutputs = 16;
  const std::int32_t count = std::min(array.cols(), kMostOutputs);
  const Solution driven = all_inputs_at_one_volt(array);
  double slowest = 0;
  for (std::int32_t k = 0; k < count; ++k) {
    const std::int64_t output =
        count == 1 ? 0 : static_cast<std::int64_t>(k) * (array.cols() - 1) / (count - 1);
    if (driven.current.bit[static_cast<std::size_t>(output)] == 0) continue;  // nothing to wait for
    slowest =
        std::max(slowest, delay_of(array, driven, static_cast<std::int32_t>(output), capacitance));
  }
  return slowest * std::log(1 / share);
}

double cell_area(std::int64_t rows, std::int64_t cols, double feature_size, double squares) {
  if (!(feature_size > 0 && squares > 0)) {
    throw Error(
        fmt::format("cells of {} times the square of {} m cannot be", squares, feature_size));
  }
  return static_cast<double>(rows) * static_cast<double>(cols) * squares * feature_size *
         feature_size;
}

}  // namespace wordline::crossbar
