// The conductances between an array's buses as the GPU finds them, by its twin on the processor:
// against a dense nodal solve in which buses are nodes, and against ArrayMultifrontal, which shares
// the tree but none of the arithmetic.
#include "wordline/cuda/port_reduction.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "../solvers/array_support.hpp"
#include "wordline/cuda/host_queue.hpp"
#include "wordline/solvers/array_multifrontal.hpp"

namespace wordline::gpu {
namespace {

// Condition numbers are below 1e5 (segments of 1 S, cells and drivers of 1e-5 S and more), so that
// rounding stays below 1e-11; the rest is room for the dense reference.
constexpr double kTolerance = 1e-10;

std::string text(const Options& o) {
  std::string s = std::to_string(o.rows) + " x " + std::to_string(o.cols);
  s += o.symmetric ? " symmetric" : "";
  for (const Ends e : {o.row_first, o.row_last, o.col_first, o.col_last}) {
    s += " " + std::to_string(static_cast<int>(e));
  }
  return s;
}

std::vector<double> reduced(const ArrayMatrix& m, bool only_across, Order order) {
  HostQueue queue(12288, std::numeric_limits<std::size_t>::max(), order);
  PortReduction<HostQueue> reduction(queue, m.rows, m.cols);
  const auto rows = static_cast<std::size_t>(m.rows), cols = static_cast<std::size_t>(m.cols);
  std::vector<double> y(only_across ? rows * cols : (rows + cols) * (rows + cols));
  EXPECT_EQ(reduction.reduce({&m, 1}, only_across, y), std::vector{true});
  return y;
}

void expect_as_dense(const Options& options, unsigned seed) {
  SCOPED_TRACE(text(options));
  Array array;
  fill(array, options, seed);
  const ArrayMatrix& m = array.matrix;
  const Eigen::MatrixXd expected = Dense(m).reduced();
  const std::vector<double> y = reduced(m, false, Order::kForwards);
  const Eigen::Map<const Eigen::MatrixXd> found(y.data(), m.rows + m.cols, m.rows + m.cols);
  EXPECT_LE((found - expected).norm(), kTolerance * expected.norm());
  const std::vector<double> t = reduced(m, true, Order::kForwards);
  const Eigen::Map<const Eigen::MatrixXd> across(t.data(), m.cols, m.rows);
  EXPECT_EQ(across, found.bottomLeftCorner(m.cols, m.rows));
  // Whatever depends on the order is a race on the GPU.
  EXPECT_EQ(reduced(m, false, Order::kBackwards), y);
}

TEST(PortReduction, AgreesWithTheDenseMatrixForArraysOfAnyShape) {
  const int sizes[][2] = {{1, 1}, {1, 2},  {2, 1},  {1, 70}, {70, 1},  {2, 8},   {8, 8},  {8, 9},
                          {9, 8}, {16, 8}, {3, 50}, {24, 5}, {17, 40}, {40, 17}, {33, 33}};
  for (const auto& size : sizes) {
    for (const bool symmetric : {true, false}) {
      expect_as_dense({.rows = size[0], .cols = size[1], .symmetric = symmetric}, 5);
    }
  }
}

TEST(PortReduction, AgreesWithTheDenseMatrixForEveryWiring) {
  unsigned seed = 0;
  constexpr Ends kKinds[] = {Ends::kNone, Ends::kDriven, Ends::kHeld, Ends::kMixed};
  for (const Ends first : kKinds) {
    for (const Ends last : kKinds) {
      if (first == Ends::kNone && last == Ends::kNone) continue;
      for (const bool symmetric : {true, false}) {
        Options o{11, 18};
        o.symmetric = symmetric;
        o.to_ground = first == Ends::kMixed || last == Ends::kMixed;
        o.row_first = o.col_last = first;
        o.row_last = o.col_first = last;
        expect_as_dense(o, ++seed);
      }
    }
  }
}

TEST(PortReduction, LeavesLinesWithoutDriversOutOfTheMatrix) {
  Options o{20, 12};
  Array array;
  fill(array, o, 4);
  array.matrix.row.first[3] = 0;
  array.matrix.col.last[7] = 0;
  for (std::size_t c = 0; c < array.matrix.cells(); ++c) array.set(c, 1e-4);
  const std::vector<double> y = reduced(array.matrix, false, Order::kForwards);
  const Eigen::Map<const Eigen::MatrixXd> found(y.data(), 32, 32);
  EXPECT_EQ(found.row(3).norm() + found.col(3).norm(), 0);
  EXPECT_EQ(found.row(27).norm() + found.col(27).norm(), 0);
  EXPECT_LE((found - Dense(array.matrix).reduced()).norm(), kTolerance * found.norm());
}

// Several tiles a separator, and fronts of several sizes in one level.
TEST(PortReduction, IsThatOfArrayMultifrontalForLargerArrays) {
  for (const auto& [rows, cols] : {std::pair{128, 128}, {100, 200}, {203, 90}}) {
    for (const bool symmetric : {true, false}) {
      Options o{rows, cols};
      o.symmetric = symmetric;
      SCOPED_TRACE(text(o));
      Array array;
      fill(array, o, 6);
      std::vector<double> expected;
      ASSERT_TRUE(ArrayMultifrontal(rows, cols).transfer(array.matrix, expected).ok);
      const std::vector<double> t = reduced(array.matrix, true, Order::kForwards);
      const auto size = static_cast<Eigen::Index>(t.size());
      const Eigen::Map<const Eigen::VectorXd> theirs(expected.data(), size), ours(t.data(), size);
      EXPECT_LE((ours - theirs).norm(), kTolerance * theirs.norm());
    }
  }
}

TEST(PortReduction, TakesManyArraysAtOnce) {
  constexpr int kArrays = 5;
  for (const bool symmetric : {true, false}) {
    std::vector<Array> arrays(kArrays);
    std::vector<ArrayMatrix> matrices;
    for (int k = 0; k < kArrays; ++k) {
      fill(arrays[index(k)], {.rows = 19, .cols = 34, .symmetric = symmetric},
           static_cast<unsigned>(k));
      ArrayMatrix m = arrays[index(k)].matrix;
      m.row.first = arrays[0].matrix.row.first;
      m.col.last = arrays[0].matrix.col.last;
      matrices.push_back(m);
    }
    HostQueue queue;
    PortReduction<HostQueue> reduction(queue, 19, 34);
    std::vector<double> all(std::size_t{kArrays} * 19 * 34);
    EXPECT_EQ(reduction.reduce(matrices, true, all), std::vector<bool>(kArrays, true));
    for (int k = 0; k < kArrays; ++k) {
      const std::vector<double> one = reduced(matrices[index(k)], true, Order::kForwards);
      EXPECT_TRUE(std::equal(one.begin(), one.end(), all.begin() + k * std::ssize(one))) << k;
    }
  }
}

// Cells that hang on nothing, in the leaves; a line that does, where its halves meet.
TEST(PortReduction, FindsThatAPivotVanished) {
  for (const bool symmetric : {true, false}) {
    for (const int lines : {20, 1}) {
      Array array;
      fill(array, {.rows = 20, .cols = 20, .symmetric = symmetric}, 1);
      for (std::size_t c = 0; c < index(20 * lines); ++c) array.set(c, 0);
      std::fill_n(array.matrix.row.first.begin(), lines, 0.0);
      HostQueue queue;
      PortReduction<HostQueue> reduction(queue, 20, 20);
      std::vector<double> y(std::size_t{40} * 40);
      EXPECT_EQ(reduction.reduce({&array.matrix, 1}, false, y), std::vector{false});
    }
  }
}

}  // namespace
}  // namespace wordline::gpu
