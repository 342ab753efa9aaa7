#include "wordline/crossbar/quantisation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

constexpr int kMostBits = 24;

double magnitude(const Interval& range) {
  return std::max(std::abs(range.low), std::abs(range.high));
}

// F: of all values, or the one that the share `overflow` of them exceeds; 0 if all are 0.
double peak(std::span<const double> values, double overflow) {
  if (overflow == 0) {
    double most = 0;
    for (const double x : values) most = std::max(most, std::abs(x));
    return most;
  }
  std::vector<double> sizes;
  for (const double x : values) {
    if (x != 0) sizes.push_back(std::abs(x));
  }
  if (sizes.empty()) return 0;
  const auto clipped =
      static_cast<std::size_t>(std::floor(overflow * static_cast<double>(values.size()) + 0.5));
  const auto at = sizes.begin() + static_cast<std::ptrdiff_t>(std::min(clipped, sizes.size() - 1));
  std::nth_element(sizes.begin(), at, sizes.end(), std::greater<>());
  return *at;
}

double smallest_size(std::span<const double> values) {
  double least = 0;
  for (const double x : values) {
    if (x != 0 && (least == 0 || std::abs(x) < least)) least = std::abs(x);
  }
  return least;
}

void to_levels(const Quantiser& q, std::span<double> values) {
  Interval range;
  if (q.range) {
    range = *q.range;
  } else {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const double f = peak(values, q.overflow);
    range = {std::max(*low, -f), std::min(*high, f)};
  }
  const double step = (range.high - range.low) / (q.levels - 1);
  for (double& x : values) {
    if (step == 0) {
      x = range.low;
      continue;
    }
    const double k = std::floor((x - range.low) / step + 0.5);
    const double last = q.levels - 1;
    x = k >= last ? range.high : range.low + step * std::max(k, 0.0);
  }
}

void to_signs(std::span<double> values) {
  double sum = 0;
  for (const double x : values) sum += std::abs(x);
  const double mean = sum / static_cast<double>(values.size());
  for (double& x : values) x = x < 0 ? -mean : mean;
}

void to_fixed_point(const Quantiser& q, std::span<double> values) {
  if (q.range) {
    for (double& x : values) x = std::clamp(x, q.range->low, q.range->high);
  }
  if (q.levels == 2) return to_signs(values);
  const double f = q.range ? magnitude(*q.range) : peak(values, q.overflow);
  if (f == 0) return;
  const double step = std::exp2(std::ceil(std::log2(f))) * 2 / q.levels;
  const std::int32_t half = q.levels / 2;
  const double lowest = -half;
  const double highest = q.levels - half - 1;
  for (double& x : values) x = step * std::clamp(std::floor(x / step + 0.5), lowest, highest);
}

void to_log_levels(const Quantiser& q, std::span<double> values) {
  const Interval range =
      q.range ? *q.range : Interval{smallest_size(values), peak(values, q.overflow)};
  if (range.high == 0) return;
  const std::int32_t count = q.levels / 2;
  const double low = std::log(std::min(range.low, range.high));
  const double high = std::log(range.high);
  const double step = count > 1 ? (high - low) / (count - 1) : 0;
  for (double& x : values) {
    if (x == 0) continue;
    const double y = std::clamp(std::log(std::abs(x)), low, high);
    const double level = step == 0 ? high : low + step * std::floor((y - low) / step + 0.5);
    x = std::copysign(std::exp(level), x);
  }
}

}  // namespace

std::int32_t levels_of_bits(int bits) {
  if (bits < 1 || bits > kMostBits) {
    throw Error(fmt::format("a converter of {} bits cannot be; 1 to {} can", bits, kMostBits));
  }
  return std::int32_t{1} << bits;
}

void check(const Quantiser& q) {
  if (q.levels < 2)
    throw Error(fmt::format("a converter needs 2 levels or more, not {}", q.levels));
  if (!(q.overflow >= 0 && q.overflow <= 1)) {
    throw Error(fmt::format("an overflow of {} is no share between 0 and 1", q.overflow));
  }
  if (!q.range) return;
  const auto [low, high] = *q.range;
  if (!std::isfinite(low) || !std::isfinite(high) || !(low < high)) {
    throw Error(fmt::format("a converter's range from {} to {} is empty", low, high));
  }
  if (q.law == Law::kLog && !(low > 0)) {
    throw Error(fmt::format("a logarithmic converter's range starts above 0, not at {}", low));
  }
}

void quantise(const Quantiser& q, std::span<double> values) {
  if (values.empty()) return;
  switch (q.law) {
    case Law::kLevels:
      return to_levels(q, values);
    case Law::kFixedPoint:
      return to_fixed_point(q, values);
    default:
      return to_log_levels(q, values);
  }
}

Interval calibrated_range(const Quantiser& q, std::span<const double> values) {
  double f = peak(values, q.overflow);
  if (f == 0) f = 1;
  if (q.law == Law::kLog) {
    const double least = smallest_size(values);
    return {least > 0 && least < f ? least : f / q.levels, f};
  }
  const bool is_signed = std::any_of(values.begin(), values.end(), [](double x) { return x < 0; });
  if (q.law == Law::kFixedPoint) return {-f, f};
  return is_signed ? Interval{-f, f * (1 - 2.0 / q.levels)} : Interval{0, f};
}

}  // namespace wordline::crossbar
