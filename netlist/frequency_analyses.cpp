#include "wordline/netlist/frequency_analyses.hpp"

#include <algorithm>
#include <cmath>

namespace wordline {

namespace {

std::vector<double> linear(const FrequencySweep& sweep) {
  std::vector<double> values = {sweep.start};
  const double step = (sweep.stop - sweep.start) / std::max(sweep.points - 1, 1);
  for (int k = 1; k < sweep.points; ++k) values.push_back(sweep.start + k * step);
  return values;
}

}  // namespace

std::vector<double> FrequencySweep::values() const {
  if (spacing == Spacing::kLinear) return linear(*this);
  constexpr double kRounding = 1e-9;
  const double extent = std::log(stop / start);
  const double per_step = std::log(spacing == Spacing::kDecade ? 10.0 : 2.0) / points;
  const auto steps = static_cast<std::int64_t>(extent / per_step + kRounding);
  std::vector<double> values = {start};
  const double step = spacing == Spacing::kDecade ? extent / static_cast<double>(steps) : per_step;
  for (std::int64_t k = 1; k <= steps; ++k) {
    values.push_back(start * std::exp(static_cast<double>(k) * step));
  }
  return values;
}

}  // namespace wordline
