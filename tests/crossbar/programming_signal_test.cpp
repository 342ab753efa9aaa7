// Programming signals; T-G..: reference cases of MemTorch. And one thing that reading does to
// devices, T-M11.
#include <gtest/gtest.h>

#include "matrices.hpp"
#include "wordline/base/error.hpp"
#include "wordline/crossbar/programming_signal.hpp"
#include "wordline/devices/memristor/vteam.hpp"

namespace wordline::crossbar {
namespace {

TEST(PulseTrains, AreSampled) {
  const PulseTrain train{.count = 2, .width = 3e-3, .gap = 2e-3, .level = 1.5};
  EXPECT_EQ(samples(train, 1e-3),
            (std::vector<double>{1.5, 1.5, 1.5, 0, 0, 1.5, 1.5, 1.5, 0, 0}));  // T-G1
  EXPECT_THROW(samples({.count = 1, .width = 1e-4}, 1e-3), Error);             // T-G2
  EXPECT_THROW(samples(train, 0), Error);
  EXPECT_THROW(samples({.count = 0}, 1e-3), Error);
}

// In the middle of every sample the source has its voltage, and after the last pulse 0 V.
TEST(PulseTrains, AreSources) {
  for (const PulseTrain& train : {PulseTrain{2, 3e-3, 2e-3, 1.5}, PulseTrain{3, 1e-3, 0, -1}}) {
    const SourceFunction function = source(train, 1e-6);
    const std::vector<double> expected = samples(train, 1e-3);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      EXPECT_DOUBLE_EQ(function.value((static_cast<double>(k) + .5) * 1e-3), expected[k]) << k;
    }
    EXPECT_EQ(function.value(train.duration() + .5e-3), 0);
    EXPECT_EQ(function.value(train.duration() + 20e-3), 0);
    EXPECT_EQ(function.value(0), 0);
  }
  EXPECT_THROW(source({}, 0), Error);
  EXPECT_THROW(source({.width = 1e-3}, 1e-3), Error);
}

// T-G3. MemTorch adds up slopes and turns after it has passed its amplitude, by up to a step.
TEST(Triangles, KeepTheirAmplitude) {
  const SourceFunction function = triangle(1, 12);
  const std::vector<double> expected = {0,       1. / 3,  2. / 3, 1,       2. / 3,  1. / 3, 0,
                                        -1. / 3, -2. / 3, -1,     -2. / 3, -1. / 3, 0,      1. / 3};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_NEAR(function.value(static_cast<double>(k)), expected[k], 1e-15) << k;
  }
  EXPECT_EQ(function.next_corner(0), 3);
}

// T-M11: conductances of 1..6 mS as VTEAM devices of 100 ohm to 10 kohm, read at 0.1 to 0.3 V for
// 0.1 ns by one explicit step, after which the current is taken. Reading at these voltages, above
// the threshold of 0.02 V, moves the devices.
TEST(ReadDisturb, MovesDevices) {
  Vteam model;
  model.ron = 100;
  model.roff = 1e4;
  double states[3][2];
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 2; ++j) {
      states[i][j] = model.state_for_conductance(1e-3 * (1 + i + 3 * j), 0);
    }
  }
  const double expected[2][2] = {{1.39256e-3, 3.16697e-3}, {1.38520e-3, 3.13472e-3}};
  for (const auto& pass : expected) {
    for (int j = 0; j < 2; ++j) {
      double current = 0;
      for (int i = 0; i < 3; ++i) {
        const double v = .1 * (1 + i);
        states[i][j] += 1e-10 * model.rate(v, states[i][j]).value;
        current += model.current(v, states[i][j]).value;
      }
      EXPECT_NEAR(current, pass[j], 5.1e-9);  // six digits are given
    }
  }
}

}  // namespace
}  // namespace wordline::crossbar
