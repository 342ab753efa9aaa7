// Programming by pulses, against exact solutions of the models' equations under constant voltage.
#include <gtest/gtest.h>

#include <cmath>

#include "matrices.hpp"
#include "wordline/base/error.hpp"
#include "wordline/crossbar/write_verify.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline::crossbar {
namespace {

using testing::matrix;

// Devices of a model with its own parameters, at these resistances.
struct Cells {
  Cells(const char* model, const std::vector<double>& ohms, double factor = 1) {
    const ModelType* type = find_model_type("memristor", model);
    bank = type->make_bank();
    const std::vector<double> card = type->defaults();
    for (std::size_t k = 0; k < ohms.size(); ++k) bank->add({card});
    for (std::size_t k = 0; k < ohms.size(); ++k) {
      states.push_back(bank->state_for_conductance(k, factor / ohms[k], 0));
    }
  }
  std::unique_ptr<MemristorBank> bank;
  std::vector<double> states;
};

// T-V7: pulses of 0.1 ns and -0.3 V move a VTEAM device by -1.25 m/s, 39.58 ohm each: five of them
// from 500 to 302.08 ohm, the first resistance whose conductance is within 1 % of that of 300 ohm.
// Positive voltages raise the resistance here, where MemTorch believes that they lower it.
TEST(WriteVerify, KnowsWhichSignRaisesAConductance) {
  Cells cells("vteam", {500});
  const WriteVerify settings{.width = 1e-10, .negative = -.3};
  const Written written = write_verify(*cells.bank, cells.states, matrix({{1 / 300.0}}), settings);
  EXPECT_EQ(written.pulses[0], 5);
  EXPECT_EQ(written.is_reached[0], 1);
  EXPECT_NEAR(1 / written.conductance.values[0], 302.083333333, 1e-8);
}

// T-E6 and T-E7: dR/dt = s (r - R)^2 for 100 ns a pulse, solved exactly; the small-signal
// conductance is 0.8707/R.
TEST(WriteVerify, FollowsTheModelsEquation) {
  const double factor = .32046175 * 2.71689828;
  Cells down("data_driven", {2500}, factor);
  WriteVerify settings{.width = 1e-7, .most_pulses = 5000};
  const Written low = write_verify(*down.bank, down.states, matrix({{factor / 2200}}), settings);
  EXPECT_EQ(low.pulses[0], 50);
  // Steps err by 1e-4 of 1400 ohm at most, and by much less here.
  EXPECT_NEAR(factor / low.conductance.values[0], 2221.93840149, .01);

  Cells up("data_driven", {2000}, factor);
  const Written high = write_verify(*up.bank, up.states, matrix({{factor / 2100}}), settings);
  EXPECT_NEAR(high.pulses[0], 4125, 1);
  EXPECT_NEAR(factor / high.conductance.values[0], 2079.00191673, .01);
}

TEST(WriteVerify, ProgramsAWholeArrayBehindTransistors) {
  Cells cells("vteam", std::vector<double>(12, 500));
  Matrix targets{3, 4, {}};
  for (int k = 0; k < 12; ++k) targets.values.push_back(1 / (150.0 + 60 * k));
  const Written written = write_verify(*cells.bank, cells.states, targets,
                                       {.width = 1e-10, .negative = -.25, .tolerance = .05});
  for (std::size_t k = 0; k < 12; ++k) {
    EXPECT_EQ(written.is_reached[k], 1) << k;
    EXPECT_LE(std::abs(written.conductance.values[k] - targets.values[k]),
              .05 * std::max(written.conductance.values[k], targets.values[k]))
        << k;
  }
  // 500 ohm is within 5 % of 510; others were not there.
  EXPECT_EQ(written.pulses[6], 0);
  EXPECT_GT(written.pulses[0], 0);
}

// Two cells on one word line, both at 500 ohm; the first is set by pulses of -0.5 V, half of which
// is beyond the threshold of -0.2 V, so that the second moves with it; a third of it is not.
TEST(WriteVerify, DisturbsHalfSelectedCells) {
  const auto second = [](WriteScheme scheme) {
    Cells cells("vteam", {500, 500});
    const Written written = write_verify(
        *cells.bank, cells.states, matrix({{1 / 300.0, 1 / 500.0}}),
        {.scheme = scheme, .width = 1e-12, .negative = -.5, .tolerance = .05, .most_pulses = 100});
    EXPECT_EQ(written.is_reached[0], 1);
    return 1 / written.conductance.values[1];
  };
  EXPECT_DOUBLE_EQ(second(WriteScheme::kSelected), 500);
  EXPECT_DOUBLE_EQ(second(WriteScheme::kThird), 500);
  EXPECT_LT(second(WriteScheme::kHalf), 500 - 1e-3);
}

TEST(WriteVerify, VerifiesAgainWhatWasDisturbed) {
  const Matrix targets = matrix({{1 / 200.0, 1 / 300.0}, {1 / 400.0, 1 / 600.0}});
  const auto reached = [&](int sweeps) {
    Cells cells("vteam", {900, 900, 900, 900});
    const Written written = write_verify(*cells.bank, cells.states, targets,
                                         {.scheme = WriteScheme::kHalf,
                                          .width = 1e-11,
                                          .positive = .3,
                                          .negative = -.5,
                                          .tolerance = .02,
                                          .sweeps = sweeps});
    int count = 0;
    for (const std::uint8_t is : written.is_reached) count += is;
    return count;
  };
  EXPECT_LT(reached(1), 4);
  EXPECT_GT(reached(10), reached(1));
}

// Below the threshold nothing moves: pulses grow, or the device is given up, deterministically.
TEST(WriteVerify, GrowsPulsesThatDoNothing) {
  Cells cells("vteam", {500});
  WriteVerify settings{.width = 1e-10, .positive = .01, .negative = -.1};
  const Matrix target = matrix({{1 / 300.0}});
  const Written stuck = write_verify(*cells.bank, cells.states, target, settings);
  EXPECT_EQ(stuck.is_reached[0], 0);
  EXPECT_EQ(stuck.pulses[0], 0);
  settings.ramp = .05;
  EXPECT_EQ(write_verify(*cells.bank, cells.states, target, settings).is_reached[0], 1);
  // What lies beyond the bounds is not reached, and ends.
  const Written beyond = write_verify(*cells.bank, cells.states, matrix({{1.0}}), {.width = 1e-10});
  EXPECT_EQ(beyond.is_reached[0], 0);
  EXPECT_NEAR(beyond.conductance.values[0], 1 / 50.0, 1e-12);
}

TEST(WriteVerify, RefusesWhatCannotBe) {
  Cells cells("vteam", {500});
  const Matrix target = matrix({{1 / 300.0}});
  const auto write = [&](const Matrix& g, const WriteVerify& settings) {
    write_verify(*cells.bank, cells.states, g, settings);
  };
  EXPECT_THROW(write(matrix({{1e-3, 1e-3}}), {}), Error);
  EXPECT_THROW(write(matrix({{0}}), {}), Error);
  EXPECT_THROW(write(target, {.width = 0}), Error);
  EXPECT_THROW(write(target, {.positive = -1}), Error);
  EXPECT_THROW(write(target, {.positive = 5}), Error);
  EXPECT_THROW(write(target, {.tolerance = 0}), Error);
  EXPECT_THROW(write(target, {.most_pulses = 0}), Error);
}

}  // namespace
}  // namespace wordline::crossbar
