// Convolutions of one, two or three dimensions as products of matrices: kernels unfolded to inputs
// x outputs, as arrays hold them, and images to one row for every place of the kernel.
//
// An input of such a matrix is a channel and a tap, in this order: its row is channel * taps + tap,
// and taps are numbered as in memory, the last dimension fastest. Weights, images and results are
// in memory as frameworks of machine learning have them:
//
//   weights   outputs x channels/groups x kernel...
//   images    batch x channels x size...
//   results   batch x outputs x places...
//
// Output o at place p is the sum over channels c and taps k of weight(o, c, k) times the image of
// channel c at p stride + k dilation - padding, 0 outside the image.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "wordline/base/matrix.hpp"

namespace wordline::crossbar {

struct Convolution {
  std::int64_t channels = 1;
  std::int64_t outputs = 1;
  // One number a dimension, in each.
  std::vector<std::int64_t> size = {};  // of the image
  std::vector<std::int64_t> kernel = {};
  std::vector<std::int64_t> stride = {};    // 1 where empty
  std::vector<std::int64_t> padding = {};   // 0 where empty
  std::vector<std::int64_t> dilation = {};  // 1 where empty
  // Channels and outputs fall into so many groups that know nothing of each other; each has a
  // matrix of its own.
  std::int64_t groups = 1;

  std::int64_t inputs() const;  // rows of a group's matrix
  std::int64_t taps() const;
  std::vector<std::int64_t> places() const;  // of the result, one number a dimension
};

// Throws Error where the numbers do not make a convolution.
void check(const Convolution& convolution);

// The matrix of a group, inputs x outputs/groups.
Matrix unfold_weights(std::span<const double> weights, const Convolution& convolution,
                      std::int64_t group = 0);

// A group's inputs: a row for every image and place, place by place.
Matrix unfold_images(std::span<const double> images, const Convolution& convolution,
                     std::int64_t group = 0);

// The result, where multiply(group, inputs) gives the products of a group's inputs with its matrix.
std::vector<double> convolve(
    std::span<const double> images, const Convolution& convolution,
    const std::function<Matrix(std::int64_t group, const Matrix& inputs)>& multiply);

}  // namespace wordline::crossbar
