#include "wordline/crossbar/layer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "wordline/base/error.hpp"
#include "wordline/solvers/dense.hpp"

namespace wordline::crossbar {

namespace {

Tiles tiles_of(const MappedWeights& mapped, const TileSettings& settings) {
  if (mapped.scheme == Scheme::kSingleColumn) return {mapped.positive, settings};
  return {mapped.positive, mapped.negative, settings};
}

// All columns but the last, less the last.
Matrix less_last_column(const Matrix& currents) {
  Matrix result{currents.rows, currents.cols - 1, {}};
  for (std::int64_t n = 0; n < result.rows; ++n) {
    for (std::int64_t j = 0; j < result.cols; ++j) {
      result.values.push_back(currents(n, j) - currents(n, result.cols));
    }
  }
  return result;
}

}  // namespace

Layer::Layer(const Matrix& weights, const LayerSettings& settings)
    : Layer(weights, map_weights(weights, settings.mapping), settings) {}

Layer::Layer(Matrix weights, MappedWeights mapped, const LayerSettings& settings)
    : weights_(std::move(weights)),
      settings_(settings),
      mapped_(std::move(mapped)),
      tiles_(tiles_of(mapped_, settings.tiles)) {
  const std::int64_t more = mapped_.scheme == Scheme::kSingleColumn ? 1 : 0;
  if (mapped_.positive.rows != weights_.rows || mapped_.positive.cols != weights_.cols + more) {
    throw Error(fmt::format("{} x {} cells for {} x {} weights", mapped_.positive.rows,
                            mapped_.positive.cols, weights_.rows, weights_.cols));
  }
  if (!(std::isfinite(settings_.volts) && settings_.volts != 0)) {
    throw Error(fmt::format("{} V for an input of 1 cannot be", settings_.volts));
  }
}

Matrix Layer::voltages(const Matrix& inputs, std::vector<double>& factors) const {
  Matrix result = inputs;
  for (double& v : result.values) v *= settings_.volts;
  factors.assign(static_cast<std::size_t>(inputs.rows), 1);
  if (settings_.limit) {
    factors = scale_inputs(result, *settings_.limit, settings_.scaled, settings_.is_scaled_always);
  }
  return result;
}

void Layer::calibrate(const Matrix& inputs) {
  std::vector<double> factors;
  tiles_.calibrate(voltages(inputs, factors));
}

void Layer::tune(const Matrix& inputs, Calibrated which) {
  calibration_ = {{1}, {0}};
  calibration_ = crossbar::calibrate(forward(inputs), exact(inputs), which);
}

Matrix Layer::forward(const Matrix& inputs) {
  std::vector<double> factors;
  Matrix outputs = tiles_.matmul(voltages(inputs, factors));
  if (mapped_.scheme == Scheme::kSingleColumn) outputs = less_last_column(outputs);
  for (double& factor : factors) factor *= mapped_.scale * settings_.volts;
  undo_scale(outputs, factors);
  calibration_.apply(outputs);
  return outputs;
}

Matrix Layer::exact(const Matrix& inputs) const {
  if (inputs.cols != weights_.rows) {
    throw Error(
        fmt::format("{} inputs for {} x {} weights", inputs.cols, weights_.rows, weights_.cols));
  }
  Matrix outputs{inputs.rows, weights_.cols, {}};
  outputs.values.resize(static_cast<std::size_t>(outputs.rows * outputs.cols));
  multiply(static_cast<std::int32_t>(inputs.rows), static_cast<std::int32_t>(weights_.cols),
           static_cast<std::int32_t>(weights_.rows), inputs.values.data(),
           static_cast<std::int32_t>(inputs.cols), weights_.values.data(),
           static_cast<std::int32_t>(weights_.cols), outputs.values.data(),
           static_cast<std::int32_t>(weights_.cols));
  return outputs;
}

}  // namespace wordline::crossbar
