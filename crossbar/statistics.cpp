#include "wordline/crossbar/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The number that a normal one stays below with probability p, by halving.
double normal_quantile(double p) {
  double low = -40, high = 40;
  for (double z = 0; low < z && z < high; z = 0.5 * (low + high)) {
    (0.5 * std::erfc(-z / std::sqrt(2.0)) < p ? low : high) = z;
  }
  return high;
}

}  // namespace

Statistics::Statistics(std::vector<double> values)
    : sorted_(std::move(values)), mean_(kNone), deviation_(kNone) {
  std::erase_if(sorted_, [](double value) { return std::isnan(value); });
  std::sort(sorted_.begin(), sorted_.end());
  if (sorted_.empty()) return;
  const double n = static_cast<double>(sorted_.size());
  // Counted from the least number, so that numbers that are all alike have their own mean.
  const double least = sorted_.front();
  double above = 0;
  for (const double value : sorted_) above += value - least;
  mean_ = least + above / n;
  if (sorted_.size() < 2) return;
  double squares = 0;
  for (const double value : sorted_) squares += (value - mean_) * (value - mean_);
  deviation_ = std::sqrt(squares / (n - 1));
}

double Statistics::quantile(double p) const {
  if (sorted_.empty()) return kNone;
  const double place = std::clamp(p, 0.0, 1.0) * static_cast<double>(sorted_.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 == sorted_.size()) return sorted_.back();
  return std::lerp(sorted_[below], sorted_[below + 1], place - static_cast<double>(below));
}

Yield yield_of(std::int64_t passed, std::int64_t count, double confidence) {
  if (!(confidence > 0 && confidence < 1)) {
    throw Error(fmt::format("a confidence of {} is not between 0 and 1", confidence));
  }
  Yield yield{passed, count};
  if (count == 0) return yield;
  const double n = static_cast<double>(count);
  const double p = yield.share();
  const double z = normal_quantile(0.5 * (1 + confidence));
  const double scale = 1 / (1 + z * z / n);
  const double centre = scale * (p + z * z / (2 * n));
  const double half = scale * z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  yield.low = passed == 0 ? 0.0 : centre - half;
  yield.high = passed == count ? 1.0 : centre + half;
  return yield;
}

}  // namespace wordline::crossbar
