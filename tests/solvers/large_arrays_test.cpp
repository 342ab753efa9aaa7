// The methods for arrays against KLU on the same matrix, on arrays that a dense matrix is too large
// for.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "random_array.hpp"
#include "wordline/solvers/array_krylov.hpp"
#include "wordline/solvers/array_ladder.hpp"
#include "wordline/solvers/array_multifrontal.hpp"
#include "wordline/solvers/linear_solver.hpp"

namespace wordline {
namespace {

using testing::LineEnds;
using testing::random_currents;
using testing::RandomArray;
using testing::RandomArrayOptions;

// The matrix of both planes: row nodes, then column nodes. Held nodes have equations x = 0.
class SparseArray {
 public:
  explicit SparseArray(const RandomArray& array)
      : array_(array), cells_(static_cast<std::int32_t>(array.matrix.cells())) {
    visit([&](std::int32_t i, std::int32_t j, double) { builder_.add(i, j); });
    pattern_ = builder_.build();
    values_.assign(pattern_.nonzeros(), 0);
    visit([&](std::int32_t i, std::int32_t j, double value) {
      values_[static_cast<std::size_t>(pattern_.slot(i, j))] += value;
    });
  }

  std::vector<double> solve(std::vector<double> f) const {
    for (std::int32_t k = 0; k < 2 * cells_; ++k) {
      if (is_held(k)) f[static_cast<std::size_t>(k)] = 0;
    }
    const std::unique_ptr<LinearSolver> klu = make_klu_solver();
    EXPECT_TRUE(klu->analyze(pattern_).ok);
    EXPECT_TRUE(klu->factor(values_).ok);
    // Refined once: KLU's threshold pivoting leaves a little more than rounding.
    std::vector<double> x = f, r(f.size());
    klu->solve(x);
    multiply(pattern_, values_, x, r);
    for (std::size_t k = 0; k < r.size(); ++k) r[k] = f[k] - r[k];
    klu->solve(r);
    for (std::size_t k = 0; k < r.size(); ++k) x[k] += r[k];
    return x;
  }

 private:
  bool is_held(std::int32_t unknown) const {
    return array_.is_held(unknown < cells_, static_cast<std::size_t>(unknown % cells_));
  }

  template <class Visit>
  void visit(const Visit& visit_any) const {
    const auto visit = [&](std::int32_t i, std::int32_t j, double value) {
      if (!is_held(i) && !is_held(j)) visit_any(i, j, value);
    };
    const ArrayMatrix& a = array_.matrix;
    for (std::int32_t k = 0; k < cells_; ++k) {
      const auto cell = static_cast<std::size_t>(k);
      visit(k, k, a.row_row[cell]);
      visit(k, cells_ + k, -a.row_col[cell]);
      visit(cells_ + k, k, -a.col_row[cell]);
      visit(cells_ + k, cells_ + k, a.col_col[cell]);
    }
    for (std::int32_t k = 0; k < 2 * cells_; ++k) {
      if (is_held(k)) visit_any(k, k, 1);
    }
    for (std::int32_t i = 0; i < a.rows; ++i) {
      line(a.row, i, i * a.cols, 1, a.cols, visit);
    }
    for (std::int32_t j = 0; j < a.cols; ++j) {
      line(a.col, j, cells_ + j, a.cols, a.rows, visit);
    }
  }

  template <class Visit>
  static void line(const ArrayPlane& plane, std::int32_t index, std::int32_t start,
                   std::int32_t step, std::int32_t length, const Visit& visit) {
    for (std::int32_t k = 0; k + 1 < length; ++k) {
      const std::int32_t p = start + k * step;
      visit(p, p, plane.segment);
      visit(p + step, p + step, plane.segment);
      visit(p, p + step, -plane.segment);
      visit(p + step, p, -plane.segment);
    }
    const std::int32_t last = start + (length - 1) * step;
    visit(start, start, plane.first[static_cast<std::size_t>(index)]);
    visit(last, last, plane.last[static_cast<std::size_t>(index)]);
  }

  const RandomArray& array_;
  std::int32_t cells_;
  PatternBuilder builder_{2 * cells_};
  SparsePattern pattern_;
  std::vector<double> values_;
};

// Residuals of 1e-13, magnified by conditions of up to 1e4.
constexpr double kAllowed = 1e-9;

void expect_same(const std::vector<double>& row, const std::vector<double>& col,
                 const std::vector<double>& expected) {
  double error = 0;
  for (std::size_t k = 0; k < row.size(); ++k) {
    error = std::hypot(error, row[k] - expected[k]);
    error = std::hypot(error, col[k] - expected[row.size() + k]);
  }
  const double norm =
      std::sqrt(std::inner_product(expected.begin(), expected.end(), expected.begin(), 0.0));
  EXPECT_LE(error, kAllowed * norm);
}

class LargeArray : public ::testing::TestWithParam<RandomArrayOptions> {};

TEST_P(LargeArray, IsSolvedAsByKlu) {
  const RandomArray array(GetParam());
  const std::size_t cells = array.matrix.cells();
  const std::vector<double> f_row = random_currents(cells, 1), f_col = random_currents(cells, 2);
  std::vector<double> f = f_row;
  f.insert(f.end(), f_col.begin(), f_col.end());
  const std::vector<double> expected = SparseArray(array).solve(f);

  std::vector<double> row = f_row, col = f_col;
  ArrayMultifrontal direct(array.matrix.rows, array.matrix.cols);
  ASSERT_TRUE(direct.factor(array.matrix).ok);
  direct.solve(row, col);
  {
    SCOPED_TRACE("multifrontal");
    expect_same(row, col, expected);
  }
  for (const auto level : {ArrayKrylov::TwoLevel::kOff, ArrayKrylov::TwoLevel::kOn}) {
    SCOPED_TRACE(level == ArrayKrylov::TwoLevel::kOn ? "krylov, two levels" : "krylov");
    ArrayKrylov solver(array.matrix.rows, array.matrix.cols, {.two_level = level});
    ASSERT_TRUE(solver.set(array.matrix).ok);
    row.assign(cells, 0);
    col.assign(cells, 0);
    const ArrayKrylov::Outcome outcome = solver.solve({f_row, f_col}, row, col, 1e-13);
    ASSERT_TRUE(outcome.ok) << outcome.failure;
    EXPECT_EQ(outcome.two_level, level == ArrayKrylov::TwoLevel::kOn);
    expect_same(row, col, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Arrays, LargeArray,
    ::testing::Values(
        RandomArrayOptions{.rows = 64, .cols = 48},
        RandomArrayOptions{.rows = 48, .cols = 64, .symmetric = false},
        RandomArrayOptions{.rows = 64, .cols = 48, .segment = 10, .open = 0.3},
        RandomArrayOptions{
            .rows = 60, .cols = 70, .low = 1e-9, .high = 1e-3, .row_last = LineEnds::kHeld},
        RandomArrayOptions{.rows = 128, .cols = 128},
        RandomArrayOptions{.rows = 128,
                           .cols = 128,
                           .symmetric = false,
                           .segment = 5,
                           .col_first = LineEnds::kHeld}));

}  // namespace
}  // namespace wordline
