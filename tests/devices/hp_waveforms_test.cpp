// Linear ion drift with every window, and its closed form; how, memristor_waveforms_test.cpp says.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "memristor_stepper.hpp"

namespace wordline {
namespace {

using testing::expect_waveform;
using testing::sine;

using Parameters = std::vector<std::pair<const char*, double>>;

const Parameters kThickCard = {{"d", 27e-9}, {"ron", 1e4}, {"roff", 1e5}};

// The state depends on the flux alone: phi = (1 - cos(2 pi t))/(2 pi) for a sine of 1 V and 1 Hz.
// Tolerance: the trapezoidal rule's error at 2000 steps a second.
TEST(HpWaveforms, WithoutAWindowTheStateFollowsTheFlux) {
  const testing::WaveformCase c{
      .file = "", .model = "hp", .parameters = kThickCard, .x0 = 0.1, .source = [](double t) {
        return sine(1, 1, t);
      }};
  testing::MemristorStepper stepper(c, 0);
  const double ron = 1e4, roff = 1e5, span = roff - ron;
  const double k = 1e-14 * ron / (27e-9 * 27e-9);
  for (int step = 1; step <= 4000; ++step) {
    const double t = step / 2000.0;
    stepper.step_to(t);
    const double flux = (1 - std::cos(2 * std::numbers::pi * t)) / (2 * std::numbers::pi);
    const double root = roff * roff - 2 * span * (k * flux + roff * c.x0 - span * c.x0 * c.x0 / 2);
    const double x = (roff - std::sqrt(root)) / span;
    ASSERT_NEAR(stepper.x(), x, 2e-6) << t;
    if (step == 1000) {
      EXPECT_NEAR(x, 0.882995741, 1e-9);
    }
  }
}

TEST(HpWaveforms, Sine) {
  expect_waveform({.file = "hp_nowindow_closedform.csv",
                   .model = "hp",
                   .parameters = kThickCard,
                   .x0 = 0.1,
                   .source = [](double t) { return sine(1, 1, t); }},
                  1);
}

TEST(HpWaveforms, SineWithJoglekarsWindow) {
  for (const double spelling : {2, 6}) {
    Parameters card = kThickCard;
    card.emplace_back("window", spelling);
    card.emplace_back("p", 7);
    expect_waveform({.file = "hp_joglekar_sine.csv",
                     .model = "hp",
                     .parameters = card,
                     .x0 = 0.1,
                     .source = [](double t) { return sine(1, 1, t); }},
                    1);
  }
}

TEST(HpWaveforms, SineWithStrukovsWindow) {
  expect_waveform({.file = "hp_strukov_sine.csv",
                   .model = "hp",
                   .parameters = {{"window", 1}},
                   .x0 = 0.3,
                   .source = [](double t) { return sine(2, 1, t); }},
                  1);
}

TEST(HpWaveforms, SineWithBioleksWindow) {
  expect_waveform(
      {.file = "hp_biolek_sine.csv",
       .model = "hp",
       .parameters = {{"d", 16e-9}, {"roff", 1e3}, {"mu", 4e-14}, {"window", 3}, {"p", 7}},
       .x0 = 0.076,
       .source = [](double t) { return sine(1, 50, t); }},
      1);
}

TEST(HpWaveforms, SineThroughAResistanceWithProdromakisWindow) {
  expect_waveform({.file = "hp_prodromakis_series.csv",
                   .model = "hp",
                   .parameters = {{"window", 4}, {"p", 4}},
                   .x0 = 0.2,
                   .source = [](double t) { return sine(4, 2, t); },
                   .series = 500},
                  1);
}

TEST(HpWaveforms, SineWithZhasWindow) {
  expect_waveform({.file = "hp_zha_sine.csv",
                   .model = "hp",
                   .parameters = {{"window", 5}, {"p", 5}},
                   .x0 = 0.3,
                   .source = [](double t) { return sine(2, 1, t); }},
                  1);
}

}  // namespace
}  // namespace wordline
