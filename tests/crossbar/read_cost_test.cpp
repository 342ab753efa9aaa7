// Energy, delay and area of reads, against transients of the same array and closed forms.
#include "wordline/crossbar/read_cost.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "wordline/base/error.hpp"
#include "wordline/engine/simulator.hpp"
#include "wordline/netlist/read.hpp"

namespace wordline::crossbar {
namespace {

// One cell between two drivers: the capacitances see Rs with R + Rb, and Rb with R + Rs. The
// integral of what the output lacks is that of its node, by Rb.
TEST(ReadCost, IsThatOfTwoNodes) {
  constexpr double kCell = 10e3, kWord = 2e3, kBit = 500, kFarad = 1e-15;
  Array array({1, 1, {1 / kCell}}, {.segment = 1, .driver = kWord}, {.segment = 1, .driver = kBit});
  const double all = kCell + kWord + kBit;
  const double word = (kCell + kBit) / all;  // voltages of the nodes at 1 V
  const double bit = kBit / all;
  // By superposition the output is driven by each node's charge through the part that reaches it.
  const double lacks = kFarad * word * (kWord / all) + kFarad * bit * ((kCell + kWord) / all);
  EXPECT_NEAR(elmore_delay(array, 0, {kFarad, kFarad}), lacks * all, 1e-6 * lacks * all);
  const ReadEnergy energy = read_energy(array, std::vector<double>{2}, {kFarad, kFarad});
  EXPECT_NEAR(energy.power, 4 / all, 1e-8 / all);
  EXPECT_NEAR(energy.charge, 4 * kFarad * (word * word + bit * bit), 1e-22);
  EXPECT_NEAR(energy.energy(1e-9), 4e-9 / all + energy.charge, 1e-8 * energy.charge);
  EXPECT_NEAR(settling_time(array, {kFarad, kFarad}, 0.01),
              std::log(100) * elmore_delay(array, 0, {kFarad, kFarad}), 1e-20);
}

// 8 x 6 cells of 50 to 170 kohm and lines that count. At 1 mV the memristors of the transient stay
// what they are.
class ReadTransient : public ::testing::Test {
 protected:
  static constexpr int kRows = 8, kCols = 6;
  static constexpr double kVolts = 1e-3, kWord = 3e-15, kBit = 5e-15, kEnd = 60e-9;

  ReadTransient() {
    Matrix g{kRows, kCols, {}};
    for (int k = 0; k < kRows * kCols; ++k) g.values.push_back(6e-6 + 0.3e-6 * k);
    array_.emplace(g, Wires{.segment = 200, .driver = 5e3}, Wires{.segment = 300, .driver = 4e3});
    std::string deck = fmt::format(
        "read\n.options reltol=1e-6 vntol=1e-12 abstol=1e-18 chgtol=1e-22\n"
        ".model m memristor type=hp ron=1k roff=1meg\n"
        ".crossbar xb rows={} cols={} cell=1r memristor=m g={{6u+0.3u*({}*row+col)}}\n"
        "+ r_wl=200 rs_wl=5k r_bl=300 rs_bl=4k c_wl={} c_bl={}\n"
        "Vwl wl[0:7] 0 PULSE(0 {} 0 1f 1f 1 2)\nVbl bl[0:5] 0 0\n.tran 0.1n {} uic\n",
        kRows, kCols, kCols, kWord, kBit, kVolts, kEnd);
    for (int k = 0; k < kCols; ++k) {
      deck += fmt::format(".measure tran q{0} integ i(vbl[{0}])\n", k);
    }
    for (int k = 0; k < kRows; ++k) {
      deck += fmt::format(".measure tran w{0} integ i(vwl[{0}])\n", k);
    }
    deck += fmt::format(".measure tran there when i(vbl[5])={{{}}}\n", 0.99 * current(5));
    Simulator simulator(parse(deck));
    result_ = simulator.run(simulator.circuit().analyses.at(0));
  }

  double current(int col) {
    return array_->read(std::vector<double>(kRows, kVolts)).at(static_cast<std::size_t>(col));
  }

  std::optional<Array> array_;
  Result result_;
};

// The integral of a trapezoidal transient at reltol 1e-6 has errors of some 1e-4.
TEST_F(ReadTransient, HasTheElmoreDelaysOfTheArray) {
  for (int k = 0; k < kCols; ++k) {
    const double lacks = current(k) * kEnd - result_.measure(fmt::format("q{}", k));
    const double delay = elmore_delay(*array_, k, {kWord, kBit});
    EXPECT_NEAR(lacks / current(k), delay, 2e-3 * delay) << k;
  }
}

TEST_F(ReadTransient, TakesTheEnergyOfTheArray) {
  double energy = 0;
  for (int k = 0; k < kRows; ++k) energy -= kVolts * result_.measure(fmt::format("w{}", k));
  const ReadEnergy read = read_energy(*array_, std::vector<double>(kRows, kVolts), {kWord, kBit});
  EXPECT_NEAR(energy, read.energy(kEnd), 1e-4 * energy);
  // The charge is a part of it that the test would miss without it.
  EXPECT_NEAR(energy - read.power * kEnd, read.charge, 5e-3 * read.charge);
  EXPECT_GT(read.charge, 1e-3 * energy);
}

// The estimate takes a response of several time constants for one: here the last of them are
// shorter than their mean, and the array settles in four fifths of it.
TEST_F(ReadTransient, SettlesAsEstimated) {
  const double there = result_.measure("there");
  const double estimate = settling_time(*array_, {kWord, kBit}, 0.01);
  EXPECT_GT(estimate, 0.9 * there);
  EXPECT_LT(estimate, 1.4 * there);
}

TEST(ReadCost, CountsSquaresOfTheFeatureSize) {
  EXPECT_DOUBLE_EQ(cell_area(1000, 1000, 20e-9), 1.6e-9);  // 4 F^2: 0.0016 mm^2 a megabit
  EXPECT_DOUBLE_EQ(cell_area(2, 3, 1e-6, 12), 72e-12);
  EXPECT_THROW(cell_area(2, 3, 0), Error);
}

TEST(ReadCost, RefusesWhatCannotBe) {
  Array array({1, 2, {1e-6, 0}}, {.driver = 1e3}, {.driver = 1e3});
  EXPECT_THROW(elmore_delay(array, 2, {1e-15, 0}), Error);
  EXPECT_THROW(elmore_delay(array, 1, {1e-15, 0}), Error);  // no current
  EXPECT_THROW(elmore_delay(array, 0, {-1, 0}), Error);
  EXPECT_THROW(settling_time(array, {1e-15, 0}, 1), Error);
  EXPECT_GT(settling_time(array, {1e-15, 1e-15}), 0);
}

}  // namespace
}  // namespace wordline::crossbar
