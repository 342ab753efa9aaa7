// Convolutions as products, against sums written as the definition has them.
#include <gtest/gtest.h>

#include "matrices.hpp"
#include "wordline/base/error.hpp"
#include "wordline/crossbar/convolution.hpp"
#include "wordline/crossbar/layer.hpp"

namespace wordline::crossbar {
namespace {

using testing::expect_near;
using testing::product;
using testing::random_matrix;

std::vector<double> by_products(const std::vector<double>& images,
                                const std::vector<double>& weights, const Convolution& c) {
  return convolve(images, c, [&](std::int64_t group, const Matrix& inputs) {
    return product(inputs, unfold_weights(weights, c, group));
  });
}

TEST(Convolutions, OfOneDimensionByHand) {
  // Two channels, a kernel of 2: 1*1 + 2*10 + 5*100 + 6*1000 and so on.
  const Convolution c{.channels = 2, .outputs = 1, .size = {3}, .kernel = {2}};
  const std::vector<double> images = {1, 2, 3, 5, 6, 7};
  const std::vector<double> weights = {1, 10, 100, 1000};
  EXPECT_EQ(by_products(images, weights, c), (std::vector<double>{6521, 7632}));
  // Rows are channel and tap, in this order; columns outputs.
  const Matrix unfolded = unfold_weights(weights, c);
  EXPECT_EQ(unfolded.rows, 4);
  EXPECT_EQ(unfolded.cols, 1);
  EXPECT_EQ(unfolded.values, weights);
  EXPECT_EQ(unfold_images(images, c).values, (std::vector<double>{1, 2, 5, 6, 2, 3, 6, 7}));
}

// Two dimensions, written out: another stride, padding and dilation each way, groups.
TEST(Convolutions, OfTwoDimensionsAgreeWithTheDefinition) {
  for (const std::int64_t groups : {1, 2}) {
    const Convolution c{.channels = 4,
                        .outputs = 6,
                        .size = {7, 9},
                        .kernel = {3, 2},
                        .stride = {2, 1},
                        .padding = {1, 2},
                        .dilation = {1, 3},
                        .groups = groups};
    const std::vector<double> images = random_matrix(2, 252, -1, 1, 1).values;
    const std::vector<double> weights =
        random_matrix(6, std::int64_t{4} / groups * 6, -1, 1, 2).values;
    const std::int64_t high = 4;   // (7 + 2 - 3)/2 + 1
    const std::int64_t wide = 10;  // (9 + 4 - 4)/1 + 1
    ASSERT_EQ(c.places(), (std::vector<std::int64_t>{high, wide}));
    std::vector<double> expected;
    for (int n = 0; n < 2; ++n) {
      for (int o = 0; o < 6; ++o) {
        for (int y = 0; y < high; ++y) {
          for (int x = 0; x < wide; ++x) {
            double sum = 0;
            const auto channels = static_cast<int>(4 / groups);
            for (int k = 0; k < channels; ++k) {
              const int from = o / static_cast<int>(6 / groups) * channels + k;
              for (int a = 0; a < 3; ++a) {
                for (int b = 0; b < 2; ++b) {
                  const int row = 2 * y + a - 1;
                  const int col = x + 3 * b - 2;
                  if (row < 0 || row >= 7 || col < 0 || col >= 9) continue;
                  const int image = ((n * 4 + from) * 7 + row) * 9 + col;
                  const int weight = ((o * channels + k) * 3 + a) * 2 + b;
                  sum += images[static_cast<std::size_t>(image)] *
                         weights[static_cast<std::size_t>(weight)];
                }
              }
            }
            expected.push_back(sum);
          }
        }
      }
    }
    expect_near(by_products(images, weights, c), expected, 1e-14);
  }
}

// A kernel of 1 in a dimension is the convolution of one dimension less, image by image; a kernel
// of three dimensions that is constant sums a box.
TEST(Convolutions, OfThreeDimensions) {
  const Convolution c{.channels = 2, .outputs = 1, .size = {3, 4, 5}, .kernel = {2, 2, 2}};
  const std::vector<double> ones(120, 1);
  const std::vector<double> weights(16, 0.5);
  const std::vector<double> sums = by_products(ones, weights, c);
  EXPECT_EQ(sums, std::vector<double>(24, 8));

  const Convolution thin{.channels = 2, .outputs = 3, .size = {1, 4, 5}, .kernel = {1, 2, 3}};
  const Convolution flat{.channels = 2, .outputs = 3, .size = {4, 5}, .kernel = {2, 3}};
  const std::vector<double> images = random_matrix(3, 40, -1, 1, 3).values;
  const std::vector<double> kernels = random_matrix(3, 12, -1, 1, 4).values;
  EXPECT_EQ(by_products(images, kernels, thin), by_products(images, kernels, flat));
}

TEST(Convolutions, RunOnArrays) {
  const Convolution c{
      .channels = 3, .outputs = 4, .size = {6, 6}, .kernel = {3, 3}, .padding = {1, 1}};
  const std::vector<double> images = random_matrix(2, 108, 0, 1, 5).values;
  const std::vector<double> weights = random_matrix(4, 27, -1, 1, 6).values;
  Layer layer(unfold_weights(weights, c), {.tiles = {.shape = {16, 4}}, .volts = .2});
  const std::vector<double> found = convolve(
      images, c, [&](std::int64_t, const Matrix& inputs) { return layer.forward(inputs); });
  expect_near(found, by_products(images, weights, c), 1e-11);
}

TEST(Convolutions, ThatCannotBeAreRefused) {
  EXPECT_THROW(check({.size = {}, .kernel = {}}), Error);
  EXPECT_THROW(check({.size = {2, 2, 2, 2}, .kernel = {1, 1, 1, 1}}), Error);
  EXPECT_THROW(check({.size = {4}, .kernel = {2, 2}}), Error);
  EXPECT_THROW(check({.size = {4}, .kernel = {5}}), Error);
  EXPECT_THROW(check({.size = {4}, .kernel = {2}, .stride = {0}}), Error);
  EXPECT_THROW(check({.channels = 3, .outputs = 2, .size = {4}, .kernel = {2}, .groups = 2}),
               Error);
  const Convolution c{.size = {4}, .kernel = {2}};
  EXPECT_THROW(unfold_images(std::vector<double>(5), c), Error);
  EXPECT_THROW(unfold_weights(std::vector<double>(3), c), Error);
  EXPECT_THROW(unfold_weights(std::vector<double>(2), c, 1), Error);
}

}  // namespace
}  // namespace wordline::crossbar
