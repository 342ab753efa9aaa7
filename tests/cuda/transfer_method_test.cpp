// The twin of the GPU behind the interfaces that crossbars see: singular arrays, and where its
// memory is used up.
#include "wordline/cuda/transfer_method.hpp"

#include <gtest/gtest.h>

#include <string>

#include "../solvers/array_support.hpp"
#include "wordline/cuda/host_queue.hpp"

namespace wordline::gpu {
namespace {

using Twin = TransferMethod<HostQueue>;

std::unique_ptr<HostQueue> queue_of(std::size_t bytes) {
  return std::make_unique<HostQueue>(12288, bytes);
}

void expect_same(std::span<const double> found, std::span<const double> expected) {
  const auto size = static_cast<Eigen::Index>(expected.size());
  const Eigen::Map<const Eigen::VectorXd> f(found.data(), size), e(expected.data(), size);
  // Of two eliminations with conditions below 1e5.
  EXPECT_LE((f - e).norm(), 1e-10 * e.norm());
}

// At the first table, the last, and all between.
TEST(TransferMethodOnTwin, GoesOnWithTheProcessorWhereMemoryIsUsedUp) {
  Array array;
  fill(array, {.rows = 40, .cols = 30}, 1);
  std::vector<double> expected;
  ASSERT_TRUE(ArrayMultifrontal(40, 30).transfer(array.matrix, expected).ok);
  std::string before;
  bool has_both = false;
  for (std::size_t bytes = 10'000; bytes < 3'000'000; bytes += bytes / 4) {
    int warnings = 0;
    Twin twin(40, 30, 1, queue_of(bytes), [&](std::string_view) { ++warnings; });
    for (int k = 0; k < 2; ++k) {
      std::vector<double> t(1200);
      EXPECT_EQ(twin.transfer({&array.matrix, 1}, t), std::vector{true});
      expect_same(t, expected);
    }
    const std::string name(twin.name());
    EXPECT_LE(warnings, 1);
    EXPECT_EQ(name,
              warnings > 0 ? "transfer, as the GPU has no memory left" : "transfer on the GPU");
    has_both = has_both || (!before.empty() && name != before);
    before = name;
  }
  EXPECT_TRUE(has_both);
  EXPECT_EQ(before, "transfer on the GPU");
}

TEST(TransferMethodOnTwin, SaysWhichArraysAreSingular) {
  std::vector<Array> arrays(3);
  std::vector<ArrayMatrix> matrices;
  for (unsigned k = 0; k < 3; ++k) {
    fill(arrays[k], {.rows = 12, .cols = 20}, k);
    // Without a driver line 5 hangs on its cells alone.
    if (k > 0) arrays[k].matrix.row.first = arrays[0].matrix.row.first;
    arrays[k].matrix.row.first[5] = 0;
    arrays[k].matrix.col.last = arrays[0].matrix.col.last;
    matrices.push_back(arrays[k].matrix);
  }
  for (std::size_t j = 0; j < 20; ++j) arrays[1].set(std::size_t{5} * 20 + j, 0);
  for (const std::size_t bytes : {std::size_t{1000}, std::size_t{1} << 30}) {
    Twin twin(12, 20, 1, queue_of(bytes), [](std::string_view) {});
    std::vector<double> t(720);
    EXPECT_EQ(twin.transfer(matrices, t), (std::vector{true, false, true}));
    for (const std::size_t k : {0U, 2U}) {
      std::vector<double> expected;
      ASSERT_TRUE(ArrayMultifrontal(12, 20).transfer(matrices[k], expected).ok);
      expect_same(std::span(t).subspan(k * 240, 240), expected);
    }
  }
}

TEST(ProductMethodOnTwin, SaysWhereMemoryIsUsedUp) {
  const ProductShape shape{0, 50, 40};
  const std::vector<double> values(2000, 1.0), inputs(5000, 2.0);
  std::vector<double> outputs(4000);
  int warnings = 0;
  const auto multiply = [&](std::size_t bytes) {
    ProductMethod<HostQueue> method(queue_of(bytes), {&shape, 1}, values, nullptr,
                                    [&](std::string_view) { ++warnings; });
    return method.multiply(inputs, 100, outputs);
  };
  EXPECT_THROW(multiply(10'000), OutOfDeviceMemory);
  EXPECT_FALSE(multiply(30'000));
  EXPECT_EQ(warnings, 1);
  EXPECT_TRUE(multiply(1'000'000));
  EXPECT_EQ(warnings, 1);
  EXPECT_EQ(outputs, std::vector<double>(4000, 100.0));
}

}  // namespace
}  // namespace wordline::gpu
