#include "wordline/crossbar/convolution.hpp"

#include <fmt/format.h>

#include <functional>
#include <numeric>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

using Index = std::vector<std::int64_t>;

constexpr std::size_t kMostDimensions = 3;

std::int64_t product(const Index& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t or_default(const Index& numbers, std::size_t k, std::int64_t otherwise) {
  return numbers.empty() ? otherwise : numbers[k];
}

// To the next of all indices below `size`, the last fastest.
void advance(Index& at, const Index& size) {
  for (std::size_t k = at.size(); k-- > 0;) {
    if (++at[k] < size[k]) return;
    at[k] = 0;
  }
}

// Where in its channel the kernel at a place finds a tap, or -1 outside the image.
std::int64_t source_of(const Convolution& c, const Index& place, const Index& tap) {
  std::int64_t offset = 0;
  for (std::size_t k = 0; k < c.size.size(); ++k) {
    const std::int64_t x = place[k] * or_default(c.stride, k, 1) +
                           tap[k] * or_default(c.dilation, k, 1) - or_default(c.padding, k, 0);
    if (x < 0 || x >= c.size[k]) return -1;
    offset = offset * c.size[k] + x;
  }
  return offset;
}

// For every place and tap, in this order.
std::vector<std::int64_t> sources(const Convolution& c) {
  std::vector<std::int64_t> result;
  const Index places = c.places();
  Index place(places.size());
  for (std::int64_t p = 0; p < product(places); ++p) {
    Index tap(c.kernel.size());
    for (std::int64_t k = 0; k < c.taps(); ++k) {
      result.push_back(source_of(c, place, tap));
      advance(tap, c.kernel);
    }
    advance(place, places);
  }
  return result;
}

void check_group(const Convolution& c, std::int64_t group) {
  check(c);
  if (group < 0 || group >= c.groups) {
    throw Error(fmt::format("there is no group {} of {}", group, c.groups));
  }
}

std::int64_t batch_of(std::span<const double> images, const Convolution& c) {
  const std::int64_t each = c.channels * product(c.size);
  if (std::ssize(images) % each != 0) {
    throw Error(fmt::format("{} numbers are no whole images of {}", images.size(), each));
  }
  return std::ssize(images) / each;
}

}  // namespace

std::int64_t Convolution::taps() const { return product(kernel); }
std::int64_t Convolution::inputs() const { return channels / groups * taps(); }

std::vector<std::int64_t> Convolution::places() const {
  Index result;
  for (std::size_t k = 0; k < size.size(); ++k) {
    const std::int64_t reach = or_default(dilation, k, 1) * (kernel[k] - 1) + 1;
    const std::int64_t room = size[k] + 2 * or_default(padding, k, 0) - reach;
    result.push_back(room < 0 ? 0 : room / or_default(stride, k, 1) + 1);
  }
  return result;
}

void check(const Convolution& c) {
  if (c.size.empty() || c.size.size() > kMostDimensions) {
    throw Error(fmt::format("a convolution has 1 to {} dimensions, not {}", kMostDimensions,
                            c.size.size()));
  }
  const auto check_each = [&](const Index& numbers, const char* what, std::int64_t least,
                              bool may_be_empty) {
    if (may_be_empty && numbers.empty()) return;
    if (numbers.size() != c.size.size()) {
      throw Error(fmt::format("a convolution of {} dimensions with {} numbers as {}", c.size.size(),
                              numbers.size(), what));
    }
    for (const std::int64_t n : numbers) {
      if (n < least) throw Error(fmt::format("a convolution's {} cannot be {}", what, n));
    }
  };
  check_each(c.size, "size", 1, false);
  check_each(c.kernel, "kernel", 1, false);
  check_each(c.stride, "stride", 1, true);
  check_each(c.padding, "padding", 0, true);
  check_each(c.dilation, "dilation", 1, true);
  if (c.groups < 1 || c.channels < 1 || c.outputs < 1 || c.channels % c.groups != 0 ||
      c.outputs % c.groups != 0) {
    throw Error(fmt::format("{} channels and {} outputs do not fall into {} groups", c.channels,
                            c.outputs, c.groups));
  }
  if (product(c.places()) < 1) throw Error("the kernel does not fit into the image");
}

Matrix unfold_weights(std::span<const double> weights, const Convolution& c, std::int64_t group) {
  check_group(c, group);
  if (std::ssize(weights) != c.outputs * c.inputs()) {
    throw Error(fmt::format("{} weights for {} outputs of {} inputs", weights.size(), c.outputs,
                            c.inputs()));
  }
  const std::int64_t outputs = c.outputs / c.groups;
  Matrix matrix{c.inputs(), outputs, {}};
  for (std::int64_t i = 0; i < matrix.rows; ++i) {
    for (std::int64_t o = 0; o < outputs; ++o) {
      const std::int64_t at = (group * outputs + o) * c.inputs() + i;
      matrix.values.push_back(weights[static_cast<std::size_t>(at)]);
    }
  }
  return matrix;
}

Matrix unfold_images(std::span<const double> images, const Convolution& c, std::int64_t group) {
  check_group(c, group);
  const std::int64_t batch = batch_of(images, c);
  const std::int64_t places = product(c.places());
  const std::int64_t channels = c.channels / c.groups;
  const std::int64_t pixels = product(c.size);
  const std::vector<std::int64_t> from = sources(c);
  Matrix matrix{batch * places, c.inputs(), {}};
  matrix.values.reserve(static_cast<std::size_t>(matrix.rows * matrix.cols));
  for (std::int64_t n = 0; n < batch; ++n) {
    for (std::int64_t p = 0; p < places; ++p) {
      for (std::int64_t channel = 0; channel < channels; ++channel) {
        const std::int64_t first = (n * c.channels + group * channels + channel) * pixels;
        for (std::int64_t k = 0; k < c.taps(); ++k) {
          const std::int64_t at = from[static_cast<std::size_t>(p * c.taps() + k)];
          matrix.values.push_back(at < 0 ? 0 : images[static_cast<std::size_t>(first + at)]);
        }
      }
    }
  }
  return matrix;
}

std::vector<double> convolve(
    std::span<const double> images, const Convolution& c,
    const std::function<Matrix(std::int64_t group, const Matrix& inputs)>& multiply) {
  check(c);
  const std::int64_t batch = batch_of(images, c);
  const std::int64_t places = product(c.places());
  const std::int64_t outputs = c.outputs / c.groups;
  std::vector<double> result(static_cast<std::size_t>(batch * c.outputs * places));
  for (std::int64_t group = 0; group < c.groups; ++group) {
    const Matrix products = multiply(group, unfold_images(images, c, group));
    if (products.rows != batch * places || products.cols != outputs) {
      throw Error(fmt::format("{} x {} products where {} x {} are needed", products.rows,
                              products.cols, batch * places, outputs));
    }
    for (std::int64_t n = 0; n < batch; ++n) {
      for (std::int64_t o = 0; o < outputs; ++o) {
        const std::int64_t first = (n * c.outputs + group * outputs + o) * places;
        for (std::int64_t p = 0; p < places; ++p) {
          result[static_cast<std::size_t>(first + p)] = products(n * places + p, o);
        }
      }
    }
  }
  return result;
}

}  // namespace wordline::crossbar
