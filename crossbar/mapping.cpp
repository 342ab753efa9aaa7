#include "wordline/crossbar/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

void check(const Matrix& weights, const Mapping& mapping) {
  if (weights.rows < 1 || weights.cols < 1 ||
      std::ssize(weights.values) != weights.rows * weights.cols) {
    throw Error(fmt::format("{} numbers are no {} x {} weights", weights.values.size(),
                            weights.rows, weights.cols));
  }
  for (const double w : weights.values) {
    if (!std::isfinite(w)) throw Error(fmt::format("a weight of {} cannot be", w));
  }
  const auto [low, high] = mapping.range;
  if (!(low >= 0 && low < high && std::isfinite(high))) {
    throw Error(fmt::format("conductances cannot range from {:g} to {:g} S", low, high));
  }
  if (mapping.clip && !(*mapping.clip > 0)) {
    throw Error(fmt::format("weights clipped to {} leave nothing", *mapping.clip));
  }
  if (mapping.retained && !(*mapping.retained >= 0 && *mapping.retained <= 1)) {
    throw Error(
        fmt::format("a retained proportion of {} is not between 0 and 1", *mapping.retained));
  }
}

double largest_weight(std::vector<double> sizes, const Mapping& mapping) {
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  const double p = mapping.retained.value_or(0);
  return sizes[static_cast<std::size_t>(std::floor(p * static_cast<double>(sizes.size() - 1)))];
}

// [low, high] to conductances.
double map_clamped(double w, double low, double high, const ConductanceRange& g) {
  return g.low + (g.high - g.low) * (std::clamp(w, low, high) - low) / (high - low);
}

double middle(const ConductanceRange& g) { return 0.5 * (g.low + g.high); }

MappedWeights map_single(const Matrix& weights, double w_max, const ConductanceRange& g) {
  MappedWeights mapped;
  mapped.scheme = Scheme::kSingleColumn;
  mapped.positive = {weights.rows, weights.cols + 1, {}};
  for (std::int64_t i = 0; i < weights.rows; ++i) {
    for (std::int64_t j = 0; j < weights.cols; ++j) {
      const double w = weights(i, j);
      mapped.positive.values.push_back(w_max == 0 ? middle(g) : map_clamped(w, -w_max, w_max, g));
    }
    mapped.positive.values.push_back(middle(g));
  }
  if (w_max > 0) mapped.scale = (g.high - g.low) / (2 * w_max);
  return mapped;
}

MappedWeights map_double(const Matrix& weights, double w_max, double w_min,
                         const ConductanceRange& g) {
  MappedWeights mapped;
  for (const auto& [cells, sign] :
       {std::pair{&mapped.positive, 1.0}, std::pair{&mapped.negative, -1.0}}) {
    *cells = {weights.rows, weights.cols, {}};
    for (const double w : weights.values) {
      cells->values.push_back(w_max == 0 ? g.low
                                         : map_clamped(std::max(sign * w, 0.0), w_min, w_max, g));
    }
  }
  if (w_max > 0) mapped.scale = (g.high - g.low) / (w_max - w_min);
  return mapped;
}

// The line through sums of n points.
struct Line {
  double n = 0, y = 0, wanted = 0, yy = 0, y_wanted = 0;

  void add(double y_value, double wanted_value) {
    ++n;
    // Running means and products about them, which do not cancel.
    const double dy = y_value - y;
    const double dw = wanted_value - wanted;
    y += dy / n;
    wanted += dw / n;
    yy += dy * (y_value - y);
    y_wanted += dy * (wanted_value - wanted);
  }
  double gain() const { return yy > 0 ? y_wanted / yy : 1; }
  double offset() const { return wanted - gain() * y; }
};

}  // namespace

MappedWeights map_weights(const Matrix& weights, const Mapping& mapping) {
  check(weights, mapping);
  Matrix clipped = weights;
  if (mapping.clip) {
    for (double& w : clipped.values) w = std::clamp(w, -*mapping.clip, *mapping.clip);
  }
  std::vector<double> sizes = clipped.values;
  for (double& w : sizes) w = std::abs(w);
  const double w_max = largest_weight(std::move(sizes), mapping);
  if (mapping.scheme == Scheme::kSingleColumn) return map_single(clipped, w_max, mapping.range);
  const double w_min = mapping.retained ? w_max * mapping.range.low / mapping.range.high : 0;
  return map_double(clipped, w_max, w_min, mapping.range);
}

Matrix unmap_weights(const MappedWeights& mapped) {
  const bool is_single = mapped.scheme == Scheme::kSingleColumn;
  const Matrix& g = mapped.positive;
  if (!is_single && mapped.negative.values.size() != g.values.size()) {
    throw Error("the two arrays of a double column scheme differ in size");
  }
  Matrix weights{g.rows, is_single ? g.cols - 1 : g.cols, {}};
  for (std::int64_t i = 0; i < weights.rows; ++i) {
    for (std::int64_t j = 0; j < weights.cols; ++j) {
      const double other = is_single ? g(i, g.cols - 1) : mapped.negative(i, j);
      weights.values.push_back((g(i, j) - other) / mapped.scale);
    }
  }
  return weights;
}

std::vector<double> scale_inputs(Matrix& inputs, double limit, ScaledTogether together,
                                 bool forced) {
  if (!(limit > 0)) throw Error(fmt::format("a limit of {} V leaves no inputs", limit));
  std::vector<double> factors;
  const std::int64_t length =
      together == ScaledTogether::kBatch ? std::ssize(inputs.values) : inputs.cols;
  for (auto first = inputs.values.begin(); first != inputs.values.end(); first += length) {
    double peak = 0;
    for (auto x = first; x != first + length; ++x) peak = std::max(peak, std::abs(*x));
    const bool is_scaled = peak > 0 && (forced || peak > limit);
    const double factor = is_scaled ? limit / peak : 1;
    if (is_scaled) {
      for (auto x = first; x != first + length; ++x) *x *= factor;
    }
    factors.push_back(factor);
  }
  if (together == ScaledTogether::kBatch) {
    factors.assign(static_cast<std::size_t>(inputs.rows), factors.empty() ? 1 : factors.front());
  }
  return factors;
}

void undo_scale(Matrix& outputs, std::span<const double> factors) {
  if (std::ssize(factors) != outputs.rows) {
    throw Error(fmt::format("{} factors for {} outputs", factors.size(), outputs.rows));
  }
  for (std::int64_t n = 0; n < outputs.rows; ++n) {
    for (std::int64_t j = 0; j < outputs.cols; ++j) {
      outputs(n, j) /= factors[static_cast<std::size_t>(n)];
    }
  }
}

void Calibration::apply(Matrix& outputs) const {
  const bool is_common = gain.size() == 1;
  if (!is_common && std::ssize(gain) != outputs.cols) {
    throw Error(fmt::format("a calibration of {} outputs for {}", gain.size(), outputs.cols));
  }
  for (std::int64_t n = 0; n < outputs.rows; ++n) {
    for (std::int64_t j = 0; j < outputs.cols; ++j) {
      const std::size_t k = is_common ? 0 : static_cast<std::size_t>(j);
      outputs(n, j) = gain[k] * outputs(n, j) + offset[k];
    }
  }
}

Calibration calibrate(const Matrix& outputs, const Matrix& wanted, Calibrated which) {
  if (outputs.rows != wanted.rows || outputs.cols != wanted.cols || outputs.values.empty()) {
    throw Error(fmt::format("{} x {} outputs cannot be calibrated by {} x {}", outputs.rows,
                            outputs.cols, wanted.rows, wanted.cols));
  }
  const bool is_common = which == Calibrated::kTogether;
  std::vector<Line> lines(is_common ? 1 : static_cast<std::size_t>(outputs.cols));
  for (std::int64_t n = 0; n < outputs.rows; ++n) {
    for (std::int64_t j = 0; j < outputs.cols; ++j) {
      lines[is_common ? 0 : static_cast<std::size_t>(j)].add(outputs(n, j), wanted(n, j));
    }
  }
  Calibration result;
  for (const Line& line : lines) {
    result.gain.push_back(line.gain());
    result.offset.push_back(line.offset());
  }
  return result;
}

}  // namespace wordline::crossbar
