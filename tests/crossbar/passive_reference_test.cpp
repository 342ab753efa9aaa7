// Passive arrays with resistance in lines, drivers and senses, against an independent evaluation of
// the nodal equations in double precision (NumPy, 12 digits printed). Word lines are driven at
// column 0, bit lines are read at the last row; both kinds of line end in the same resistance.
#include <gtest/gtest.h>

#include "matrices.hpp"
#include "wordline/crossbar/array.hpp"

namespace wordline::crossbar {
namespace {

using testing::expect_near;
using testing::matrix;
using testing::pattern;
using testing::pattern_volts;

// Printed digits, and residuals of 1e-13 in well-conditioned arrays.
constexpr double kPrinted = 1e-10;

Array passive(const Matrix& g, double driver, double segment) {
  return {g,
          {.segment = segment, .driver = driver, .driven = DrivenEnds::kFirst},
          {.segment = segment, .driver = driver, .driven = DrivenEnds::kLast},
          {.tolerance = 1e-13}};
}

const Matrix kA = matrix({{1e-3, 2e-4}, {5e-4, 1e-4}});
const std::vector<double> kVolts = {.3, .2};

TEST(PassiveReference, CurrentsOfSmallArrays) {
  struct Case {
    const char* name;
    Matrix g;
    double driver, segment;
    std::vector<double> volts, currents;
  };
  const Matrix wide = matrix({{1e-3, 2e-4, 3e-4}, {5e-4, 1e-4, 8e-4}});
  const Matrix tall = matrix({{1e-3, 5e-4}, {2e-4, 1e-4}, {3e-4, 8e-4}});
  const std::vector<Case> cases = {
      {"T-P1", kA, 0, 0, kVolts, {4e-4, 8e-5}},
      {"T-P2", kA, 20, 5, kVolts, {3.79209295742e-4, 7.78082052068e-5}},
      {"T-P3", kA, 5, 5, kVolts, {3.93507058903e-4, 7.93386112029e-5}},
      {"T-P4", kA, 1000, 100, kVolts, {1.05944301839e-4, 4.09692675551e-5}},
      {"T-P6", wide, 20, 5, kVolts, {3.76149435277e-4, 7.70210968615e-5, 2.36275324523e-4}},
      {"T-P6t", tall, 20, 5, {.3, .2, .1}, {3.46949290801e-4, 2.35912133166e-4}},
      {"T-P7", matrix({{1e-3}}), 20, 5, {.3}, {.3 / 1040}},
      {"T-P7a", matrix({{1e-3}, {5e-4}}), 20, 5, kVolts, {3.80501079103e-4}},
      {"T-P7b", matrix({{1e-3, 5e-4}}), 20, 5, {.3}, {2.85694130926e-4, 1.43905191874e-4}},
  };
  for (const Case& c : cases) {
    Array array = passive(c.g, c.driver, c.segment);
    expect_near(array.read(c.volts), c.currents, kPrinted, c.name);
  }
}

TEST(PassiveReference, EverythingAboutOneSolution) {
  Array array = passive(kA, 20, 5);
  const Solution s = array.solve({kVolts, {}, {}});
  expect_near(s.word.values, {.293152979784, .292861964997, .197706670197, .197608643958}, kPrinted,
              "T-P2n, word lines");
  expect_near(s.bit.values, {.00900492618284, .00184717889024, .00758418591484, .00155616410414},
              kPrinted, "T-P2n, bit lines");
  expect_near(s.current.word, {3.42351010822e-4, 1.14666490127e-4}, kPrinted, "T-P2s");
  EXPECT_NEAR(s.power, 1.25638601272e-4, kPrinted * 1.3e-4);
  double cells = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    cells += (s.word.values[k] - s.bit.values[k]) * s.cell_current.values[k];
  }
  EXPECT_NEAR(cells, 1.19594974512e-4, kPrinted * 1.2e-4);  // T-P2p
}

TEST(PassiveReference, TransferMatricesAndBiasedBitLines) {
  // Here a row an output.
  expect_near(passive(kA, 20, 5).transfer().values,
              {9.44055565336e-4, 4.79963130706e-4, 1.93877275043e-4, 9.82251134694e-5}, kPrinted,
              "T-P2m");
  expect_near(passive(kA, 1000, 100).transfer().values,
              {2.38405007208e-4, 1.72113998383e-4, 9.36653890784e-5, 6.4348254158e-5}, kPrinted,
              "T-P4, matrix");
  Array array = passive(kA, 20, 5);
  const Solution s = array.solve({kVolts, {.1, -.05}, {}});
  expect_near({-s.current.bit[0], -s.current.bit[1]}, {2.36102430066e-4, 9.31183207038e-5},
              kPrinted, "T-P5");
}

TEST(PassiveReference, CurrentsOfPatternArrays) {
  const auto currents = [](std::int64_t rows, std::int64_t cols, double driver, double segment) {
    Array array = passive(pattern(rows, cols), driver, segment);
    return array.read(pattern_volts(rows).values);
  };
  const auto ends_and_sum = [&](std::int64_t n, double driver, double segment) {
    const std::vector<double> i = currents(n, n, driver, segment);
    double sum = 0;
    for (const double x : i) sum += x;
    return std::vector<double>{i.front(), i.back(), sum};
  };
  expect_near(currents(4, 4, 10, 2),
              {2.6123523986e-4, 1.88421987901e-4, 2.49147184443e-4, 1.44882392545e-4}, kPrinted,
              "T-P9");
  expect_near(currents(4, 8, 10, 2),
              {2.56950891349e-4, 1.84704019428e-4, 2.43849375987e-4, 1.41468884947e-4,
               2.32974444199e-4, 1.95863274097e-4, 1.91028833163e-4, 2.51137000477e-4},
              kPrinted, "T-P10");
  expect_near(ends_and_sum(8, 10, 2), {4.64152872784e-4, 4.54006750099e-4, 3.53745812461e-3},
              kPrinted, "T-P11");
  expect_near(ends_and_sum(32, 10, 2), {1.22706913561e-3, 9.27742045924e-4, .0341788178753},
              kPrinted, "T-P12");
  expect_near(ends_and_sum(64, 10, 2), {1.60332550249e-3, 8.45118473427e-4, .0710900977826},
              kPrinted, "T-P13");
  expect_near(ends_and_sum(64, 2, 2), {1.88813866919e-3, 9.38016966017e-4, .0812218215577},
              kPrinted, "T-P14");
}

// T-P19.
TEST(PassiveReference, InvariantsOfLinearReciprocalCircuits) {
  const Matrix g = pattern(5, 7);
  Array array = passive(g, 10, 2);
  Settings settings{.inputs = Lines::kBit, .outputs = Lines::kWord, .tolerance = 1e-13};
  Array backwards(g, {.segment = 2, .driver = 10},
                  {.segment = 2, .driver = 10, .driven = DrivenEnds::kLast}, settings);
  const Matrix there = array.transfer();
  const Matrix back = backwards.transfer();
  for (std::int64_t i = 0; i < 5; ++i) {
    for (std::int64_t j = 0; j < 7; ++j) EXPECT_NEAR(there(j, i), back(i, j), 1e-14);
  }
  const Solution s = array.solve({pattern_volts(5).values, {}, {}});
  double balance = 0;
  for (const double i : s.current.word) balance += i;
  for (const double i : s.current.bit) balance += i;
  EXPECT_NEAR(balance, 0, 1e-14);
  std::vector<double> doubled = pattern_volts(5).values;
  for (double& v : doubled) v *= 2;
  const std::vector<double> once = array.read(pattern_volts(5).values);
  std::vector<double> twice = array.read(doubled);
  for (double& i : twice) i /= 2;
  expect_near(twice, once, 1e-12, "linear");
  expect_near(passive(g, 1e-9, 1e-9).transfer().values, passive(g, 0, 0).transfer().values, 1e-9,
              "small resistances");
}

}  // namespace
}  // namespace wordline::crossbar
