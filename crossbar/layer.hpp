// A layer of a network in arrays: weights mapped to conductances, over tiles, with converters; its
// outputs are sums of weights times inputs again, as near as the arrays allow.
//
//   wordline::crossbar::Layer layer(weights, {.mapping = {.range = {1e-6, 1e-4}}, .limit = 0.3});
//   layer.tune(samples); wordline::Matrix outputs = layer.forward(inputs);
#pragma once

#include <optional>

#include "wordline/crossbar/mapping.hpp"
#include "wordline/crossbar/tiles.hpp"

namespace wordline::crossbar {

struct LayerSettings {
  Mapping mapping = {};
  TileSettings tiles = {};
  double volts = 1;  // V for an input of 1
  // Voltages are scaled down to it [V] where they exceed it, or always if forced. The outputs are
  // scaled back.
  std::optional<double> limit = {};
  ScaledTogether scaled = ScaledTogether::kBatch;
  bool is_scaled_always = false;
};

class Layer {
 public:
  // weights: inputs x outputs.
  Layer(const Matrix& weights, const LayerSettings& settings);
  // The same with conductances that have been changed since they were mapped. Throws Error where
  // the sizes do not fit.
  Layer(Matrix weights, MappedWeights mapped, const LayerSettings& settings);

  const Matrix& weights() const { return weights_; }
  const MappedWeights& mapped() const { return mapped_; }
  Tiles& tiles() { return tiles_; }

  // Fits the ADC's range to these inputs.
  void calibrate(const Matrix& inputs);
  // Fits gain and offset of the outputs to the exact products of these inputs. What was fitted
  // before is forgotten first, so that a second time changes nothing.
  void tune(const Matrix& inputs, Calibrated which = Calibrated::kTogether);
  const Calibration& calibration() const { return calibration_; }

  // A row of outputs a row of inputs.
  Matrix forward(const Matrix& inputs);
  // As arithmetic has it.
  Matrix exact(const Matrix& inputs) const;

 private:
  Matrix voltages(const Matrix& inputs, std::vector<double>& factors) const;

  Matrix weights_;
  LayerSettings settings_;
  MappedWeights mapped_;
  Tiles tiles_;
  Calibration calibration_{{1}, {0}};
};

}  // namespace wordline::crossbar
