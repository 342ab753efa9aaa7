// What an Array remembers from call to call, what it refuses, and what it says of its work.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "array_decks.hpp"

namespace wordline::crossbar {
namespace {

using testing::array_circuit;
using testing::largest_of;
using testing::random_states;
using testing::random_volts;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Matrix conductances(unsigned seed = 1) { return {6, 5, random_states(30, 1e-5, 1e-3, seed)}; }
const Wires kWord{.segment = 2, .driver = 30};
const Wires kBit{.segment = 3, .driver = 20};

// Solved to residuals of 1e-12 twice, with conditions below 100.
void expect_near(const std::vector<double>& ours, const std::vector<double>& expected,
                 double relative = 1e-9) {
  ASSERT_EQ(ours.size(), expected.size());
  for (std::size_t k = 0; k < ours.size(); ++k) {
    EXPECT_NEAR(ours[k], expected[k], relative * largest_of(expected)) << k;
  }
}

std::string fault_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

class ArrayByEveryMethod : public ::testing::TestWithParam<Method> {
 protected:
  static Settings settings() { return {.tolerance = 1e-12, .method = GetParam()}; }
};
INSTANTIATE_TEST_SUITE_P(Methods, ArrayByEveryMethod,
                         ::testing::Values(Method::kAuto, Method::kKrylov, Method::kMultifrontal,
                                           Method::kKlu));

TEST_P(ArrayByEveryMethod, FollowsItsConductances) {
  const std::vector<double> volts = random_volts(6, -1, 1, 2);
  Array array(conductances(), kWord, kBit, settings());
  array.read(volts);
  array.transfer();
  array.read(volts);
  array.set_conductance(3, 4, 2e-3);
  Matrix changed = conductances();
  changed(3, 4) = 2e-3;
  EXPECT_EQ(array.conductances().values, changed.values);
  Array fresh(changed, kWord, kBit, settings());
  expect_near(array.read(volts), fresh.read(volts));
  expect_near(array.transfer().values, fresh.transfer().values);

  array.set_conductances(conductances(7));
  Array other(conductances(7), kWord, kBit, settings());
  const std::vector<double> expected = other.read(volts);
  expect_near(array.read(volts), expected);
  // The methods are not at one to less than the change.
  EXPECT_GT(std::fabs(expected[0] - fresh.read(volts)[0]), 1e-6 * largest_of(expected));
}

TEST_P(ArrayByEveryMethod, ReadsNothingWhereNothingIsDriven) {
  Array array(conductances(), kWord, kBit, settings());
  const std::vector<double> volts = random_volts(6, -1, 1, 2);
  const double current = largest_of(array.read(volts));
  // From nothing, and from another solution.
  EXPECT_LE(largest_of(array.read(std::vector<double>(6))), 1e-12 * current);
  array.restart();
  EXPECT_EQ(largest_of(array.read(std::vector<double>(6))), 0);
}

TEST_P(ArrayByEveryMethod, TakesOpenArrays) {
  Array array({2, 3, std::vector<double>(6)}, kWord, kBit, settings());
  // The engine has 1e-30 S for nothing.
  EXPECT_LE(largest_of(array.read(std::vector<double>{1, -2})), 1e-20);
}

// Linear arrays: products of any number of inputs are those of one after the other.
TEST_P(ArrayByEveryMethod, MultipliesBatchesAsItReads) {
  for (const std::int64_t batch : {1, 3, 20}) {
    const Matrix inputs{batch, 6, random_volts(static_cast<std::size_t>(6 * batch), -1, 1, 3)};
    Settings biased = settings();
    biased.bit_bias = 0.2;
    Array array(conductances(), kWord, kBit, biased);
    const Matrix outputs = array.matmul(inputs);
    ASSERT_EQ(outputs.rows, batch);
    ASSERT_EQ(outputs.cols, 5);
    Array reader(conductances(), kWord, kBit, biased);
    for (std::int64_t k = 0; k < batch; ++k) {
      const auto in = inputs.values.begin() + 6 * k;
      const auto out = outputs.values.begin() + 5 * k;
      expect_near({out, out + 5}, reader.read(std::vector<double>(in, in + 6)));
    }
  }
}

TEST_P(ArrayByEveryMethod, MultipliesNoInputsToNothing) {
  Array array(conductances(), kWord, kBit, settings());
  const Matrix outputs = array.matmul({0, 6, {}});
  EXPECT_EQ(outputs.rows, 0);
  EXPECT_EQ(outputs.cols, 5);
}

TEST_P(ArrayByEveryMethod, RefusesInputsThatDoNotFit) {
  Array array(conductances(), kWord, kBit, settings());
  EXPECT_EQ(fault_of([&] { array.read(std::vector<double>(5)); }), "5 voltages for 6 input lines");
  EXPECT_EQ(fault_of([&] {
              array.matmul({2, 7, std::vector<double>(14)});
            }),
            "7 voltages for 6 input lines");
  EXPECT_EQ(fault_of([&] {
              array.solve({.word = {1, 2}, .bit = {}, .source = {}});
            }),
            "2 voltages for 6 word lines");
  EXPECT_EQ(fault_of([&] { array.gradient(std::vector<double>(6), std::vector<double>(6)); }),
            "6 weights for 5 outputs");
  for (const double volt : {kNan, kInfinity}) {
    EXPECT_NE(fault_of([&] { array.read(std::vector<double>(6, volt)); }), "") << volt;
    // By products with the transconductance matrix too.
    EXPECT_NE(fault_of([&] { array.matmul({20, 6, std::vector<double>(120, volt)}); }), "") << volt;
    EXPECT_NE(fault_of([&] { array.solve({std::vector<double>(6, volt), {}, {}}); }), "") << volt;
  }
}

TEST(ArrayInterface, RefusesWhatIsNoArray) {
  EXPECT_NE(fault_of([] { Array({0, 3, {}}, kWord, kBit); }), "");
  EXPECT_NE(fault_of([] { Array({2, 2, {1, 2, 3}}, kWord, kBit); }), "");
  for (const double bad : {-1e-6, kNan, kInfinity}) {
    EXPECT_NE(fault_of([&] { Array({1, 2, {1e-6, bad}}, kWord, kBit); }), "") << bad;
    Array array(conductances(), kWord, kBit);
    EXPECT_NE(fault_of([&] { array.set_conductance(0, 0, bad); }), "") << bad;
    EXPECT_EQ(array.conductances().values, conductances().values);
  }
  for (const double bad : {-1.0, kNan, kInfinity}) {
    EXPECT_NE(fault_of([&] { Array(conductances(), {.segment = bad}, kBit); }), "") << bad;
    EXPECT_NE(fault_of([&] { Array(conductances(), kWord, {.driver = bad}); }), "") << bad;
  }
  Array array(conductances(), kWord, kBit);
  EXPECT_EQ(fault_of([&] { array.set_conductance(6, 0, 1e-6); }), "there is no cell (6, 0)");
  EXPECT_EQ(fault_of([&] { array.set_conductance(0, -1, 1e-6); }), "there is no cell (0, -1)");
  EXPECT_NE(fault_of([&] { array.set_conductances({5, 6, std::vector<double>(30, 1e-6)}); }), "");
}

TEST(ArrayInterface, RefusesSettingsThatDoNotFit) {
  const auto fault = [](const Settings& settings) {
    return fault_of([&] { Array(conductances(), kWord, kBit, settings); });
  };
  EXPECT_EQ(fault({}), "");
  EXPECT_NE(fault({.inputs = Lines::kSource}), "");
  EXPECT_NE(fault({.outputs = Lines::kSource}), "");
  EXPECT_NE(fault({.inputs = Lines::kBit}), "");
  EXPECT_NE(fault({.tolerance = 0}), "");
  EXPECT_NE(fault({.tolerance = kNan}), "");
  EXPECT_NE(fault({.word_bias = kNan}), "");
  EXPECT_NE(fault({.bit_bias = kInfinity}), "");
  const Circuit circuit = array_circuit(
      "rows=2 cols=3 cell=1t1r memristor=tunnel transistor=nfet w=2u l=0.2u sl_along=columns");
  EXPECT_NE(fault_of([&] {
              Array(circuit.crossbars[0], circuit,
                    {.inputs = Lines::kBit, .outputs = Lines::kWord});
            }),
            "");
  Array array(circuit.crossbars[0], circuit, {.inputs = Lines::kBit, .outputs = Lines::kSource});
  EXPECT_EQ(array.inputs(), 3);
  EXPECT_EQ(array.outputs(), 3);
}

TEST(ArrayInterface, KeepsToOhmicArraysWhatIsTheirs) {
  const Circuit circuit = array_circuit("rows=2 cols=3 cell=1r memristor=tunnel");
  Array array(circuit.crossbars[0], circuit);
  EXPECT_FALSE(array.is_linear());
  EXPECT_NE(fault_of([&] { array.transfer(); }), "");
  EXPECT_NE(fault_of([&] { array.conductances(); }), "");
  EXPECT_NE(fault_of([&] { array.set_conductance(0, 0, 1e-6); }), "");
  EXPECT_NE(fault_of([&] { array.set_conductances({2, 3, std::vector<double>(6, 1e-6)}); }), "");
  Array ohmic(conductances(), kWord, kBit);
  EXPECT_NE(fault_of([&] { ohmic.gradient(std::vector<double>(5, kNan), std::vector<double>(6)); }),
            "");
  Array by_engine(conductances(), kWord, kBit, {.method = Method::kKlu});
  EXPECT_NE(fault_of([&] { by_engine.gradient(std::vector<double>(5), std::vector<double>(6)); }),
            "");
}

// Transistors with series resistances are for the engine alone.
TEST(ArrayInterface, LeavesTransistorsWithSeriesResistancesToKlu) {
  const Circuit circuit = read_lines(
      testing::kCellModels + ".model series nmos level=1 vto=0.4 kp=200u rd=50 rs=50\n" +
      ".crossbar xb rows=2 cols=3 cell=1t1r memristor=tunnel transistor=series w=2u l=0.2u\n");
  Settings settings{.inputs = Lines::kBit, .outputs = Lines::kSource, .word_bias = 1.5};
  const std::vector<double> volts = {0.3, 0.2, 0.5};
  Array array(circuit.crossbars[0], circuit, settings);
  EXPECT_NE(fault_of([&] { array.read(volts); }).find("klu"), std::string::npos);
  settings.method = Method::kKlu;
  Array by_engine(circuit.crossbars[0], circuit, settings);
  EXPECT_GT(largest_of(by_engine.read(volts)), 1e-6);
}

// Arrays with selectors are for the engine alone.
TEST(ArrayInterface, LeavesSelectorsToKlu) {
  const Circuit circuit =
      read_lines(testing::kCellModels + ".model diode memristor type=expdiode is=1n\n" +
                 ".crossbar xb rows=2 cols=3 memristor=ohmic selector=diode r_wl=0 r_bl=0 g=1m\n");
  Array array(circuit.crossbars[0], circuit, {});
  EXPECT_FALSE(array.is_linear());
  const std::vector<double> volts = {0.3, 0.2};
  const std::vector<double> out = array.read(volts);
  const Solution s = array.solve({volts, {}, {}});
  EXPECT_TRUE(s.report.method.starts_with("klu")) << s.report.method;
  // Without wires each cell is on its own: the current of its diode is that of its resistor.
  ASSERT_EQ(out.size(), 3u);
  double both = 0;
  for (std::int64_t i = 0; i < 2; ++i) {
    const double inner = s.inner(i, 1);
    const double current = 1e-3 * (volts[static_cast<std::size_t>(i)] - inner);
    const double vt = 2 * 1.380649e-23 * 300.15 / 1.602176634e-19;
    EXPECT_NEAR(current, 2 * 1e-9 * std::sinh(inner / vt), 1e-7 * current);
    both += current;
  }
  EXPECT_NEAR(out[1], both, 1e-7 * both);
  EXPECT_NE(fault_of([&] { array.gradient(std::vector<double>(3, 1), volts); }).find("klu"),
            std::string::npos);
}

// The second solution starts from the first, and is the same as from nothing.
TEST(ArrayInterface, FindsTheSameSolutionFromAnotherOne) {
  const Circuit circuit = array_circuit(
      "rows=12 cols=9 cell=1r memristor=silver r_wl=3 r_bl=2 rs_wl=20 rs_bl=30 x0=0.4");
  Array array(circuit.crossbars[0], circuit, {.tolerance = 1e-12});
  array.read(random_volts(12, -1, 1, 1));
  const std::vector<double> volts = random_volts(12, -1, 1, 2);
  const std::vector<double> from_another = array.read(volts);
  const int again = array.report().newton;
  array.restart();
  expect_near(from_another, array.read(volts));
  EXPECT_GT(again, 0);
  // A solution found before is found at once.
  array.read(volts);
  EXPECT_LE(array.report().newton, 1);
}

TEST(ArrayInterface, ReportsItsResidual) {
  for (const double tolerance : {1e-4, 1e-8, 1e-12}) {
    Array array(conductances(), kWord, kBit, {.tolerance = tolerance});
    array.read(random_volts(6, -1, 1, 2));
    EXPECT_TRUE(array.report().ok);
    EXPECT_EQ(array.report().message, "");
    EXPECT_EQ(array.report().method, "krylov");
    EXPECT_GT(array.report().inner, 0);
    EXPECT_LE(array.report().residual, tolerance);
  }
}

}  // namespace
}  // namespace wordline::crossbar
