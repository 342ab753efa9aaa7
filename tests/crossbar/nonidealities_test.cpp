// Devices that do not do as they should. T-F..: reference cases of MemTorch's models, evaluated
// independently (NumPy, 12 digits) or by hand.
#include <gtest/gtest.h>

#include <numeric>

#include "matrices.hpp"
#include "wordline/base/error.hpp"
#include "wordline/crossbar/nonidealities.hpp"

namespace wordline::crossbar {
namespace {

using testing::expect_near;
using testing::matrix;
using testing::random_matrix;

const ConductanceRange kRange{1e-4, 1e-2};

// A row of devices of these resistances, between 100 ohm and 10 kohm.
Devices devices_of(std::initializer_list<double> ohms) {
  Matrix g{1, std::ssize(ohms), {}};
  for (const double r : ohms) g.values.push_back(1 / r);
  return make_devices(std::move(g), kRange);
}
std::vector<double> ohms_of(const Devices& devices) {
  std::vector<double> ohms;
  for (const double g : devices.conductance.values) ohms.push_back(1 / g);
  return ohms;
}
Devices many(std::uint64_t seed = 1, std::uint64_t array = 0) {
  return make_devices(random_matrix(40, 50, 1e-4, 1e-2, 1), kRange, seed, array);
}
std::int64_t count_of(const Devices& devices, double siemens) {
  const auto& g = devices.conductance.values;
  return std::count(g.begin(), g.end(), siemens);
}

TEST(ConductanceDrift, IsAPowerOfTime) {
  const auto factor = [](const Drift& drift) {
    Devices d = devices_of({1000});
    apply(d, {drift});
    return d.conductance.values[0] / 1e-3;
  };
  EXPECT_NEAR(factor({.time = 1e4}), .398107170553, 1e-12);                          // T-F1
  EXPECT_NEAR(factor({.time = 1e3}), .501187233627, 1e-12);                          // T-F1
  EXPECT_NEAR(factor({.time = 1e4, .initial_time = 1e-12}), .0251188643151, 1e-13);  // T-F2
  EXPECT_EQ(factor({.time = 1, .initial_time = 1}), 1);
}

// log(g) of n devices has the deviation s ln(t/t0), found to 1/sqrt(2 n): 1.6 %, four times that
// allowed.
TEST(ConductanceDrift, HasACoefficientOfItsOwnInEachDevice) {
  Devices d = make_devices({40, 50, std::vector<double>(2000, 1e-3)}, kRange, 3);
  apply(d, {Drift{.time = 1e4, .initial_time = 1, .coefficient = .1, .deviation = .01}});
  double mean = 0;
  double square = 0;
  for (const double g : d.conductance.values) {
    const double nu = -std::log(g / 1e-3) / std::log(1e4);
    mean += nu / 2000;
    square += nu * nu / 2000;
  }
  EXPECT_NEAR(mean, .1, 4 * .01 / std::sqrt(2000));
  EXPECT_NEAR(std::sqrt(square - mean * mean), .01, .01 * .064);
}

const Endurance kGradual{.mode = WearMode::kGradual,
                         .x = 1e6,
                         .low_resistance = WearLaw{{1e3, .1, .2, .05}, 0},
                         .high_resistance = WearLaw{{1e4, .1, .2, -.05}, 0},
                         .cell_size = 10,
                         .temperature = 350};

TEST(EnduranceLaw, HasThresholds) {
  EXPECT_NEAR(kGradual.reduced_temperature(), .851428571429, 1e-12);  // T-F3
  EXPECT_NEAR(kGradual.threshold(*kGradual.low_resistance), 3222.91333938, 1e-8);
  EXPECT_NEAR(kGradual.threshold(*kGradual.high_resistance), 32229.1333938, 1e-7);
  // Without a temperature the size of the cell still counts, which MemTorch forgets.
  Endurance cold = kGradual;
  cold.temperature.reset();
  EXPECT_NEAR(cold.threshold(*cold.low_resistance), 1e3 * std::exp(1), 1e-9);
}

TEST(EnduranceLaw, WearsGradually) {
  Devices d = devices_of({100, 200, 1e4});
  apply(d, {kGradual});
  expect_near(ohms_of(d), {139.895276734, 279.790553469, 8179.20765001}, 1e-11, "T-F4");
  // T-F5: MemTorch wears a cell of low resistance twice where it has got above the split: 5721 ohm.
  Devices near = devices_of({5000});
  apply(near, {kGradual});
  expect_near(ohms_of(near), {6994.76383671}, 1e-11, "T-F5");
}

TEST(EnduranceLaw, WearsSuddenly) {
  Endurance sudden = kGradual;
  sudden.mode = WearMode::kSudden;
  sudden.low_resistance->stable_resistance = 150;
  sudden.high_resistance->stable_resistance = 3000;
  for (const std::optional<double> split : {std::optional<double>(), std::optional(5100.0)}) {
    sudden.split = split;
    Devices d = devices_of({100, 200, 5000, 1e4});
    apply(d, {sudden});
    expect_near(ohms_of(d), {150, 150, 150, 3000}, 1e-14, "T-F6");
  }
  sudden.x = 1e4;  // above the threshold of low resistances alone
  Devices d = devices_of({100, 1e4});
  apply(d, {sudden});
  expect_near(ohms_of(d), {150, 1e4}, 1e-14);
  sudden.low_resistance.reset();
  Devices unworn = devices_of({100, 1e4});
  apply(unworn, {sudden});
  expect_near(ohms_of(unworn), {100, 1e4}, 1e-14);
}

TEST(EnduranceLaw, ScalesWithTheStopVoltage) {
  EXPECT_NEAR(scale_p0(1, 1, .25, 0, 1, .4), .11219689052, 1e-11);  // T-F7
  // In the middle the bow is 1: y^(1/0.96 - 1) with y = e^10.
  EXPECT_NEAR(scale_p0(1, 1, .5, 0, 1, .4), std::exp(10 / .96 - 10), 1e-11);
  EXPECT_NEAR(scale_p0(1, 1, .25, 0, 1, .6), .11219689052, 1e-11);
  EXPECT_NEAR(scale_p0(100, .1, .8, .5, 2, 1), 20.8160127423, 1e-9);
  EXPECT_THROW(scale_p0(1, 1, .5, 0, 1, 0), Error);
}

// T-F8: 25 and 15 of 100. MemTorch draws both from all, so that one covers the other.
TEST(DeviceFaults, AreOfDifferentDevices) {
  Devices d = make_devices({10, 10, std::vector<double>(100, 1e-3)}, kRange);
  apply(d, {Faults{.low_resistance = .25, .high_resistance = .1, .unformed = .05}});
  EXPECT_EQ(count_of(d, 1e-2), 25);
  EXPECT_EQ(count_of(d, 1e-4), 15);
  EXPECT_EQ(count_of(d, 1e-3), 60);
  EXPECT_EQ(std::count(d.is_stuck.begin(), d.is_stuck.end(), 1), 40);
  Devices pristine = make_devices({10, 10, std::vector<double>(100, 1e-3)}, kRange);
  apply(pristine, {Faults{.unformed = .29, .unformed_conductance = 1e-9}});
  EXPECT_EQ(count_of(pristine, 1e-9), 29);  // .29 * 100 is a little less in binary
}

TEST(DeviceFaults, StayAndCombineWithTheRest) {
  Devices d = many();
  apply(d, {Faults{.low_resistance = .1, .high_resistance = .1}});
  const Devices faulty = d;
  write(d, random_matrix(40, 50, 1e-4, 1e-2, 2));
  apply(d, {FiniteStates{4}, Drift{.time = 100}, kGradual});
  for (std::size_t k = 0; k < d.is_stuck.size(); ++k) {
    EXPECT_EQ(d.conductance.values[k] == faulty.conductance.values[k], d.is_stuck[k] == 1) << k;
  }
}

TEST(DeviceFaults, FollowAMap) {
  Devices d = make_devices(matrix({{1e-3, 1e-3}, {1e-3, 1e-3}}), kRange);
  apply(d,
        {FaultMap{{Fault::kNone, Fault::kLowResistance, Fault::kHighResistance, Fault::kUnformed},
                  0.0}});
  EXPECT_EQ(d.conductance.values, (std::vector<double>{1e-3, 1e-2, 1e-4, 0}));
  EXPECT_THROW(apply(d, {FaultMap{{Fault::kNone}}}), Error);
}

TEST(FiniteConductanceStates, AreEquallySpacedInEachDevicesOwnRange) {
  Devices d = make_devices(matrix({{1, 2.4, 2.6, 4.9, 9}}), {1, 5});
  d.highest.values[4] = 11;
  d.conductance.values[4] = 9;
  apply(d, {FiniteStates{5}});
  EXPECT_EQ(d.conductance.values, (std::vector<double>{1, 2, 3, 5, 8.5}));
  EXPECT_THROW(apply(d, {FiniteStates{1}}), Error);
}

TEST(DeviceSpread, DrawsRangesThatCanBe) {
  Devices d = many(5);
  const Spread spread{{.kind = Distribution::Kind::kGauss, .a = 1000, .b = 200, .low = 1},
                      {.kind = Distribution::Kind::kGauss, .a = 1500, .b = 200, .low = 1}};
  apply(d, {spread});
  double mean = 0;
  for (std::size_t k = 0; k < d.is_stuck.size(); ++k) {
    EXPECT_LT(d.lowest.values[k], d.highest.values[k]);
    EXPECT_GE(d.conductance.values[k], d.lowest.values[k]);
    EXPECT_LE(d.conductance.values[k], d.highest.values[k]);
    mean += 1 / d.highest.values[k] / 2000;
  }
  // Pairs in the wrong order are drawn again: with a gap of 500 and a deviation of 283, that is
  // 3.9 %, which moves the mean by 200 phi(1.768)/0.961 * 200/283 = 12 ohm.
  EXPECT_NEAR(mean, 988, 4 * 200 / std::sqrt(2000));
  EXPECT_THROW(apply(d, {Spread{{.a = 2000}, {.a = 1000}}}), Error);
  EXPECT_THROW(apply(d, {Spread{{.a = 1, .b = -1}, {.a = 1000}}}), Error);
}

TEST(ProgrammingErrors, AreLognormal) {
  Devices d = make_devices({40, 50, std::vector<double>(2000, 1e-3)}, kRange, 7);
  apply(d, {ProgrammingError{.1}});
  double mean = 0;
  double square = 0;
  for (const double g : d.conductance.values) {
    mean += std::log(g / 1e-3) / 2000;
    square += std::pow(std::log(g / 1e-3), 2) / 2000;
  }
  EXPECT_NEAR(mean, 0, 4 * .1 / std::sqrt(2000));
  EXPECT_NEAR(std::sqrt(square), .1, .1 * .064);
}

TEST(Nonidealities, FollowSeedArrayAndPlaceAlone) {
  const std::vector<Nonideality> list = {ProgrammingError{.1}, Faults{.low_resistance = .1}};
  const auto applied = [&](std::uint64_t seed, std::uint64_t array) {
    Devices d = many(seed, array);
    apply(d, list);
    return d.conductance.values;
  };
  EXPECT_EQ(applied(1, 0), applied(1, 0));
  EXPECT_NE(applied(1, 0), applied(2, 0));
  EXPECT_NE(applied(1, 0), applied(1, 1));
  // The same kind twice draws twice.
  Devices once = many();
  Devices twice = many();
  apply(once, {Faults{.low_resistance = .1}});
  apply(twice, {Faults{.low_resistance = .1}, Faults{.low_resistance = .1}});
  const auto stuck = [](const Devices& d) {
    return std::accumulate(d.is_stuck.begin(), d.is_stuck.end(), 0);
  };
  EXPECT_EQ(stuck(once), 200);
  EXPECT_GT(stuck(twice), 350);  // 380 on average
  EXPECT_LT(stuck(twice), 400);
}

TEST(Nonidealities, ApplyToTheTwoArraysOfWeights) {
  MappedWeights m = map_weights(random_matrix(20, 20, -1, 1, 1), {.range = kRange});
  const MappedWeights before = m;
  apply(m, kRange, 1, {Faults{.low_resistance = .5}});
  const auto high = [](const Matrix& g) {
    return std::count(g.values.begin(), g.values.end(), 1e-2);
  };
  EXPECT_GE(high(m.positive), 200);
  EXPECT_GE(high(m.negative), 200);
  int together = 0;
  for (std::size_t k = 0; k < 400; ++k) {
    together += m.positive.values[k] == 1e-2 && m.negative.values[k] == 1e-2 ? 1 : 0;
  }
  EXPECT_NEAR(together, 100, 40);  // drawn apart: a quarter, deviation 5
  EXPECT_NE(m.positive.values, before.positive.values);
}

TEST(LineDefects, TakeCellsOut) {
  const auto left = [](const OpenLine& open) {
    Devices d = make_devices({3, 4, std::vector<double>(12, 1e-3)}, kRange);
    apply(d, {open});
    std::string text;
    for (std::size_t k = 0; k < 12; ++k) text += d.conductance.values[k] == 0 ? '.' : 'o';
    return text;
  };
  EXPECT_EQ(left({.line = Lines::kWord, .index = 1}), "oooo....oooo");
  EXPECT_EQ(left({.line = Lines::kWord, .index = 1, .position = 3}), "ooooooo.oooo");
  EXPECT_EQ(left({.line = Lines::kWord, .index = 1, .position = 3, .driven = DrivenEnds::kLast}),
            "oooo...ooooo");
  EXPECT_EQ(left({.line = Lines::kBit, .index = 2, .position = 1}), "oooooo.ooo.o");
  EXPECT_EQ(left({.line = Lines::kBit, .index = 2, .position = 1, .driven = DrivenEnds::kLast}),
            "oo.ooooooooo");
  EXPECT_EQ(left({.line = Lines::kBit, .index = 2, .position = 1, .driven = DrivenEnds::kBoth}),
            "oooooooooooo");
  EXPECT_THROW(left({.line = Lines::kWord, .index = 3}), Error);
  EXPECT_THROW(left({.line = Lines::kWord, .position = 5}), Error);
}

TEST(LineDefects, ShortCells) {
  Devices d = make_devices({2, 2, std::vector<double>(4, 1e-3)}, kRange);
  apply(d, {ShortedCell{.row = 1, .col = 0, .resistance = 4}, Drift{.time = 10}});
  EXPECT_EQ(d.conductance(1, 0), .25);
  EXPECT_THROW(apply(d, {ShortedCell{.row = 2}}), Error);
  EXPECT_THROW(apply(d, {ShortedCell{.resistance = 0}}), Error);
}

// The relative deviation of n devices is found to 1/sqrt(2 n), 1.6 %, and their mean to
// 0.1/sqrt(n); four times that allowed.
TEST(NoisyReads, SeeEveryDeviceAnewWhateverItsRange) {
  const Devices programmed = [] {
    Devices d = make_devices({40, 50, std::vector<double>(2000, 1e-2)}, kRange, 3);
    apply(d, {Faults{.low_resistance = 1}});
    return d;
  }();
  const auto seen = [&](std::uint64_t read) {
    Devices d = programmed;
    apply(d, {NoisyRead{.1, read}});
    std::vector<double> deviations;
    for (const double g : d.conductance.values) deviations.push_back(g / 1e-2 - 1);
    return deviations;
  };
  const auto first = seen(0);
  const double mean = std::accumulate(first.begin(), first.end(), 0.0) / 2000;
  const double square = std::inner_product(first.begin(), first.end(), first.begin(), 0.0) / 2000;
  EXPECT_NEAR(mean, 0, 4 * .1 / std::sqrt(2000));
  EXPECT_NEAR(std::sqrt(square), .1, 4 * .1 / std::sqrt(4000));
  EXPECT_EQ(seen(0), first);
  // Two reads are independent: their correlation is within 4/sqrt(n) of 0.
  const auto second = seen(1);
  const double product = std::inner_product(first.begin(), first.end(), second.begin(), 0.0) / 2000;
  EXPECT_NEAR(product / square, 0, 4 / std::sqrt(2000));
  Devices strong = programmed;
  apply(strong, {NoisyRead{100}});
  EXPECT_GE(*std::min_element(strong.conductance.values.begin(), strong.conductance.values.end()),
            0);
}

TEST(Nonidealities, ThatCannotBeAreRefused) {
  Devices d = many();
  const std::vector<Nonideality> wrong = {
      Drift{.time = .5},
      Drift{.initial_time = 0},
      Drift{.coefficient = 2},
      Faults{.low_resistance = .6, .high_resistance = .5},
      Faults{.unformed = -1},
      ProgrammingError{-1},
      NoisyRead{-1},
      Change{},
      Change{[](double) { return -1.0; }},
      Endurance{.x = -1},
      Endurance{.x = 1, .low_resistance = WearLaw{{0, 0, 0, 0}, 1}}};
  for (const Nonideality& one : wrong) EXPECT_THROW(apply(d, {one}), Error) << one.index();
  EXPECT_THROW(make_devices({1, 1, {1}}, {1, 1}), Error);
  EXPECT_THROW(make_devices({1, 2, {1}}, kRange), Error);
  EXPECT_THROW(write(d, matrix({{1}})), Error);
}

TEST(Changes, AreAnyLawOfRetention) {
  Devices d = devices_of({1000, 2000});
  // An exponential decay to half of what was there.
  apply(d, {Change{[](double g) { return g * (.5 + .5 * std::exp(-1)); }}});
  expect_near(d.conductance.values, {.683939720586e-3, .341969860293e-3}, 1e-12);
}

}  // namespace
}  // namespace wordline::crossbar
