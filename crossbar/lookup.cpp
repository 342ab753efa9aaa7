#include "wordline/crossbar/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"
#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/cells.hpp"
#include "wordline/crossbar/parallel.hpp"

namespace wordline::crossbar {

LookupTables::LookupTables(const Crossbar& crossbar, const Circuit& circuit,
                           const LookupSettings& settings)
    : crossbar_(crossbar),
      circuit_(circuit),
      settings_(settings),
      step_(2 * settings.largest_voltage / (settings.points - 1)) {
  if (crossbar.has_inner_nodes()) {
    throw Error("tables are of cells of one memristor, without transistors and selectors");
  }
  if (!(settings.largest_voltage > 0 && std::isfinite(settings.largest_voltage))) {
    throw Error(fmt::format("tables cannot go to {} V", settings.largest_voltage));
  }
  if (settings.points < 3 || settings.points % 2 == 0) {
    throw Error(fmt::format("a table of {} points cannot be: an odd number has one at 0 V",
                            settings.points));
  }
  const auto cells = make_cells(crossbar, circuit);
  const std::size_t count = static_cast<std::size_t>(crossbar.rows) * crossbar.cols;
  const std::vector<double> at_ground(count, 0.0);
  std::vector<double> volts(count);
  const std::int32_t middle = settings.points / 2;
  for (std::int32_t k = 0; k < settings.points; ++k) {
    std::fill(volts.begin(), volts.end(), (k - middle) * step_);
    cells->evaluate({volts, at_ground});
    const std::span<const double> currents = cells->cell_currents();
    tables_.emplace_back(currents.begin(), currents.end());
  }
}

void LookupTables::add_row(std::int64_t row, double volts, double* currents) const {
  const double place = std::clamp((volts + settings_.largest_voltage) / step_, 0.0,
                                  static_cast<double>(settings_.points - 1));
  const auto below = std::min(static_cast<std::size_t>(place), tables_.size() - 2);
  const double weight = place - static_cast<double>(below);
  const std::int64_t first = row * crossbar_.cols;
  const double* const low = tables_[below].data() + first;
  const double* const high = tables_[below + 1].data() + first;
  for (std::int64_t j = 0; j < crossbar_.cols; ++j) {
    currents[j] += low[j] + weight * (high[j] - low[j]);
  }
}

Matrix LookupTables::matmul(const Matrix& voltages) const {
  if (voltages.cols != crossbar_.rows) {
    throw Error(
        fmt::format("{} voltages in an input for {} word lines", voltages.cols, crossbar_.rows));
  }
  for (const double volts : voltages.values) {
    if (!(std::abs(volts) <= settings_.largest_voltage)) {
      throw Error(fmt::format("{} V is beyond the tables, which end at {} V", volts,
                              settings_.largest_voltage));
    }
  }
  Matrix currents{voltages.rows, crossbar_.cols, {}};
  currents.values.resize(static_cast<std::size_t>(currents.rows * currents.cols));
  for_each_index(voltages.rows, thread_count(settings_.threads), [&](std::int64_t k) {
    double* const row = currents.values.data() + k * currents.cols;
    for (std::int64_t i = 0; i < crossbar_.rows; ++i) add_row(i, voltages(k, i), row);
  });
  return currents;
}

ProductError LookupTables::error(const Matrix& voltages) const {
  Settings settings;
  settings.threads = settings_.threads;
  return product_error(matmul(voltages), Array(crossbar_, circuit_, settings).matmul(voltages));
}

}  // namespace wordline::crossbar
