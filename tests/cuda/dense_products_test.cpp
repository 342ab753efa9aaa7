// Products with matrices in the GPU's memory, by its twin on the processor, against Eigen's.
#include "wordline/cuda/dense_products.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <limits>

#include "wordline/cuda/host_queue.hpp"

namespace wordline::gpu {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::span<const double> span_of(const Rows& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}

// Sums of at most 200 products of numbers up to 1, in another order: 200 roundings of 1e-16 each.
constexpr double kTolerance = 1e-13;

TEST(DenseProducts, AreThoseOfEigenForAnySize) {
  for (const Order order : {Order::kForwards, Order::kBackwards}) {
    for (const auto& [inputs, outputs, batch] :
         {std::tuple{1, 1, 1}, {7, 5, 3}, {64, 32, 32}, {200, 33, 65}, {31, 100, 1}}) {
      SCOPED_TRACE(std::to_string(inputs) + " " + std::to_string(outputs));
      std::srand(1);
      const Rows t = Rows::Random(inputs, outputs), x = Rows::Random(batch, inputs);
      HostQueue queue(12288, std::numeric_limits<std::size_t>::max(), order);
      const ProductShape shape{0, inputs, outputs};
      DenseProducts<HostQueue> products(queue, {&shape, 1}, span_of(t));
      Rows y(batch, outputs);
      products.multiply(span_of(x), batch, {y.data(), static_cast<std::size_t>(y.size())});
      EXPECT_LE((y - x * t).cwiseAbs().maxCoeff(), kTolerance);
    }
  }
}

// In the place of a GPU's library.
class EigenLibrary final : public DenseLibrary {
 public:
  void multiply(const Factor& a, const Factor& b, double* c) const override {
    const auto view = [](const Factor& f) {
      return Eigen::Map<const Eigen::MatrixXd, 0, Eigen::OuterStride<>>(
          f.values, f.rows, f.cols, Eigen::OuterStride<>(f.lda));
    };
    Eigen::Map<Eigen::MatrixXd>(c, a.rows, b.cols) = view(a) * view(b);
  }
};

// As tiles do: some share their inputs, and sizes differ at the end.
TEST(DenseProducts, TakeEachMatrixToItsInputs) {
  constexpr int kBatch = 70;
  const std::vector<ProductShape> shapes = {{0, 40, 50}, {0, 40, 9}, {40, 33, 50}, {40, 33, 9}};
  std::srand(2);
  const Rows x = Rows::Random(kBatch, 73);
  std::vector<Rows> matrices;
  std::vector<double> values;
  for (const ProductShape& s : shapes) {
    matrices.push_back(Rows::Random(s.inputs, s.outputs));
    const auto these = span_of(matrices.back());
    values.insert(values.end(), these.begin(), these.end());
  }
  HostQueue queue;
  DenseProducts<HostQueue> products(queue, shapes, values);
  const EigenLibrary library;
  for (const DenseLibrary* by :
       {static_cast<const DenseLibrary*>(nullptr), static_cast<const DenseLibrary*>(&library)}) {
    std::vector<double> y(std::size_t{kBatch} * 118);
    products.multiply(span_of(x), kBatch, y, by);
    const double* at = y.data();
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      const Eigen::Map<const Rows> found(at, kBatch, shapes[k].outputs);
      const Rows expected = x.middleCols(shapes[k].first_input, shapes[k].inputs) * matrices[k];
      EXPECT_LE((found - expected).cwiseAbs().maxCoeff(), kTolerance) << k;
      at += found.size();
    }
  }
}

}  // namespace
}  // namespace wordline::gpu
