// Weights to conductances and back, scaling, calibration. T-M..: reference cases of MemTorch's
// mapping, whose weights are outputs x inputs; here they stand inputs x outputs.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "matrices.hpp"
#include "wordline/base/error.hpp"
#include "wordline/crossbar/layer.hpp"
#include "wordline/crossbar/mapping.hpp"

namespace wordline::crossbar {
namespace {

using testing::expect_near;
using testing::matrix;
using testing::product;
using testing::random_matrix;

constexpr double kRounding = 1e-14;
const ConductanceRange kRange{1e-4, 1e-2};
const Matrix kWeights = matrix({{.5, .25}, {-1, 0}});  // of T-M1, transposed

TEST(Mapping, PutsSignsIntoTwoArrays) {
  const MappedWeights m = map_weights(kWeights, {.range = kRange});
  expect_near(m.positive.values, {5.05e-3, 2.575e-3, 1e-4, 1e-4}, kRounding, "T-M1, T-M6");
  expect_near(m.negative.values, {1e-4, 1e-4, 1e-2, 1e-4}, kRounding, "T-M1, T-M6");
  expect_near(unmap_weights(m).values, kWeights.values, kRounding);
}

TEST(Mapping, PutsZeroIntoTheMiddleOfASingleColumn) {
  const MappedWeights m = map_weights(kWeights, {.range = kRange, .scheme = Scheme::kSingleColumn});
  // T-M2: MemTorch clamps negative weights to 0. With -1..1 over 1e-4..1e-2 S, g = 5.05e-3
  // + 4.95e-3 w; the last column is that of 0.
  expect_near(m.positive.values, {7.525e-3, 6.2875e-3, 5.05e-3, 1e-4, 5.05e-3, 5.05e-3}, kRounding);
  EXPECT_TRUE(m.negative.values.empty());
  expect_near(unmap_weights(m).values, kWeights.values, 1e-13);
}

TEST(Mapping, RetainsAProportion) {
  const Matrix w = matrix({{.5, .25}, {-1, .1}});
  const auto mapped = [&](double p) { return map_weights(w, {.range = kRange, .retained = p}); };
  expect_near(mapped(.5).positive.values, {1e-2, 5e-3, 1e-4, 2e-3}, kRounding, "T-M3");
  expect_near(mapped(.5).negative.values, {1e-4, 1e-4, 1e-2, 1e-4}, kRounding, "T-M3");
  expect_near(mapped(0).positive.values, {5e-3, 2.5e-3, 1e-4, 1e-3}, kRounding, "T-M4");
  expect_near(mapped(.1).positive.values, {5e-3, 2.5e-3, 1e-4, 1e-3}, kRounding, "T-M4");
  expect_near(mapped(1).positive.values, {1e-2, 1e-2, 1e-4, 1e-2}, kRounding, "T-M5");
}

TEST(Mapping, ClipsWeightsFirst) {
  const MappedWeights m = map_weights(kWeights, {.range = kRange, .clip = .5});
  expect_near(unmap_weights(m).values, {.5, .25, -.5, 0}, kRounding);
  EXPECT_NEAR(m.scale, 9.9e-3 / .5, 1e-16);
}

TEST(Mapping, OfNothingIsNothing) {
  for (const Scheme scheme : {Scheme::kSingleColumn, Scheme::kDoubleColumn}) {
    const MappedWeights m = map_weights(matrix({{0, 0}}), {.range = kRange, .scheme = scheme});
    EXPECT_EQ(unmap_weights(m).values, (std::vector<double>{0, 0}));
  }
}

TEST(Mapping, ThatCannotBeIsRefused) {
  EXPECT_THROW(map_weights(matrix({{NAN}}), {.range = kRange}), Error);
  EXPECT_THROW(map_weights(kWeights, {.range = {1e-3, 1e-3}}), Error);
  EXPECT_THROW(map_weights(kWeights, {.range = {-1, 1}}), Error);
  EXPECT_THROW(map_weights(kWeights, {.range = kRange, .clip = 0}), Error);
  EXPECT_THROW(map_weights(kWeights, {.range = kRange, .retained = 1.1}), Error);
  EXPECT_THROW(map_weights({2, 2, {1}}, {.range = kRange}), Error);
}

TEST(InputScaling, KeepsTheLimitAndIsUndone) {
  Matrix x = matrix({{1, -2}});
  EXPECT_EQ(scale_inputs(x, .3, ScaledTogether::kBatch), std::vector<double>{.15});
  EXPECT_EQ(x.values, (std::vector<double>{.15, -.3}));  // T-M8
  x = matrix({{.1, -.2}});
  EXPECT_EQ(scale_inputs(x, .3, ScaledTogether::kBatch), std::vector<double>{1});
  EXPECT_EQ(x.values, (std::vector<double>{.1, -.2}));  // T-M8
  scale_inputs(x, .3, ScaledTogether::kBatch, true);
  expect_near(x.values, {.15, -.3}, kRounding, "T-M8, forced");

  Matrix batch = matrix({{1, -2}, {.1, .6}});
  const std::vector<double> each = scale_inputs(batch, .3, ScaledTogether::kInput);
  expect_near(batch.values, {.15, -.3, .05, .3}, kRounding);
  undo_scale(batch, each);
  expect_near(batch.values, {1, -2, .1, .6}, kRounding);
  EXPECT_THROW(scale_inputs(batch, 0, ScaledTogether::kBatch), Error);
}

TEST(Calibration, FindsTheLineThatWasPutIn) {
  const Matrix wanted = random_matrix(200, 3, -1, 1, 1);
  Matrix outputs = wanted;
  for (double& y : outputs.values) y = (y - .25) / 3;
  const Calibration c = calibrate(outputs, wanted, Calibrated::kTogether);
  EXPECT_NEAR(c.gain.at(0), 3, 1e-13);
  EXPECT_NEAR(c.offset.at(0), .25, 1e-13);
  // Every output its own.
  for (std::int64_t n = 0; n < outputs.rows; ++n) outputs(n, 2) *= 7;
  const Calibration own = calibrate(outputs, wanted, Calibrated::kEachOutput);
  EXPECT_NEAR(own.gain.at(0), 3, 1e-13);
  EXPECT_NEAR(own.gain.at(2), 3.0 / 7, 1e-13);
  own.apply(outputs);
  expect_near(outputs.values, wanted.values, 1e-13);
  const Calibration flat = calibrate(matrix({{2}, {2}}), matrix({{3}, {5}}), Calibrated::kTogether);
  EXPECT_EQ(flat.gain.at(0), 1);
  EXPECT_EQ(flat.offset.at(0), 2);
}

TEST(LayerOfArrays, GivesTheSumsOfWeights) {
  // T-M7: currents of 3.465e-3 and 7.425e-4 A are 0.35 and 0.075.
  Layer layer(kWeights, {.mapping = {.range = kRange}});
  expect_near(layer.forward(matrix({{.3, -.2}})).values, {.35, .075}, 1e-12);
  EXPECT_NEAR(1 / layer.mapped().scale, 101.01010101, 1e-8);
}

TEST(LayerOfArrays, AgreesWithArithmeticInEveryScheme) {
  const Matrix w = random_matrix(70, 30, -1, 1, 2);
  const Matrix x = random_matrix(100, 70, -2, 2, 3);
  const Matrix expected = product(x, w);
  for (const Scheme scheme : {Scheme::kSingleColumn, Scheme::kDoubleColumn}) {
    LayerSettings settings{.mapping = {.range = {1e-6, 1e-4}, .scheme = scheme},
                           .tiles = {.shape = {32, 16}},
                           .volts = .2,
                           .limit = .3};
    Layer layer(w, settings);
    expect_near(layer.forward(x).values, expected.values, 1e-11);
    expect_near(layer.exact(x).values, expected.values, 1e-13);
    settings.scaled = ScaledTogether::kInput;
    settings.is_scaled_always = true;
    expect_near(Layer(w, settings).forward(x).values, expected.values, 1e-11);
  }
}

// MemTorch's second tuning throws the first away.
TEST(LayerOfArrays, IsTunedAgainstItsWiresAndASecondTimeToNoEffect) {
  const Matrix w = random_matrix(64, 20, -1, 1, 4);
  const Matrix x = random_matrix(300, 64, -1, 1, 5);
  Layer layer(
      w, {.mapping = {.range = {1e-6, 1e-4}},
          .tiles = {.word = {.segment = 1, .driver = 100}, .bit = {.segment = 1, .driver = 100}}});
  const auto error = [&] {
    const Matrix y = layer.forward(x);
    const Matrix exact = layer.exact(x);
    double sum = 0;
    for (std::size_t k = 0; k < y.values.size(); ++k) {
      sum += std::pow(y.values[k] - exact.values[k], 2);
    }
    return std::sqrt(sum / static_cast<double>(y.values.size()));
  };
  const double before = error();
  layer.tune(x);
  const double after = error();
  EXPECT_LT(after, .5 * before);
  const Calibration first = layer.calibration();
  EXPECT_GT(first.gain.at(0), 1.05);  // wires take current away
  layer.tune(x);
  EXPECT_EQ(layer.calibration().gain, first.gain);
  EXPECT_EQ(layer.calibration().offset, first.offset);
}

TEST(LayerOfArrays, RefusesWhatDoesNotFit) {
  EXPECT_THROW(Layer(kWeights, {.mapping = {.range = kRange}}).forward(matrix({{1}})), Error);
  EXPECT_THROW(Layer(kWeights, {.mapping = {.range = kRange}, .volts = 0}), Error);
  const MappedWeights other = map_weights(matrix({{1, 2, 3}}), {.range = kRange});
  EXPECT_THROW(Layer(kWeights, other, {}), Error);
}

}  // namespace
}  // namespace wordline::crossbar
