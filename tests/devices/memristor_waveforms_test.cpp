// Whole waveforms: the bank, stepped by the trapezoidal rule, against solutions of the models'
// differential equations to 1e-12 (SciPy's DOP853; the files name stimulus and parameters). The
// tolerance is 1e-4 of the range of the state, and 1e-4 of the largest current.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <span>
#include <vector>

#include "reference.hpp"
#include "wordline/devices/registry.hpp"

namespace wordline {
namespace {

struct Case {
  const char* file;
  const char* model;
  std::vector<std::pair<const char*, double>> parameters;
  double x0;
  double (*source)(double t);
  double series = 0;  // ohm
};

double sine(double amplitude, double frequency, double t) {
  return amplitude * std::sin(2 * std::numbers::pi * frequency * t);
}

double piecewise(std::span<const std::pair<double, double>> corners, double t) {
  for (std::size_t k = 1; k < corners.size(); ++k) {
    const auto [t0, v0] = corners[k - 1];
    const auto [t1, v1] = corners[k];
    if (t <= t1) return v0 + (v1 - v0) * (t - t0) / (t1 - t0);
  }
  return corners.back().second;
}

class Stepper {
 public:
  Stepper(const Case& c, double t0) : case_(c), x_(c.x0), t_(t0) {
    const ModelType* type = find_model_type("memristor", std::string_view(c.model));
    std::vector<double> values = type->defaults();
    for (const auto& [name, value] : c.parameters) {
      values.at(static_cast<std::size_t>(type->find(name))) = value;
    }
    bank_ = type->make_bank();
    bank_->add({values});
    solve(c.source(t0), 0, 0);
  }

  void step_to(double t) {
    double rate = 0;
    bank_->rates({&v_, 1}, {&x_, 1}, {&rate, 1});
    const double a0 = 2 / (t - t_);
    const double b = -a0 * x_ - rate;
    t_ = t;
    solve(case_.source(t), a0, b);
  }

  double i() const { return i_; }
  double x() const { return x_; }

 private:
  // Newton's method on the loop of source, resistance and device; its convergence to rounding
  // within a few iterations rests on the tangent.
  void solve(double source, double a0, double b) {
    const double scale = std::abs(source) + 1e-3;
    if (case_.series == 0) v_ = source;
    for (int iteration = 0; iteration < 8; ++iteration) {
      double g = 0;
      bank_->evaluate({&v_, 1}, a0, {&b, 1}, {&x_, 1}, {&i_, 1}, {&g, 1});
      const double residual = source - v_ - case_.series * i_;
      if (std::abs(residual) <= 1e-12 * scale) return;
      v_ += residual / (1 + case_.series * g);
    }
    ADD_FAILURE() << "no convergence at t = " << t_;
  }

  const Case& case_;
  std::unique_ptr<MemristorBank> bank_;
  double x_, t_;
  double v_ = 0, i_ = 0;
};

void expect_waveform(const Case& c, double state_range) {
  const testing::ReferenceTable table = testing::read_reference(c.file);
  double largest_current = 0;
  for (const auto& row : table.rows) largest_current = std::max(largest_current, std::abs(row[3]));
  Stepper stepper(c, table.rows.front()[0]);
  constexpr int kStepsPerRow = 200;
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    const std::vector<double>& row = table.rows[k];
    if (k > 0) {
      const double from = table.rows[k - 1][0];
      for (int s = 1; s <= kStepsPerRow; ++s) {
        stepper.step_to(from + (row[0] - from) * s / kStepsPerRow);
      }
    }
    EXPECT_NEAR(stepper.x(), row[4], 1e-4 * state_range) << "t = " << row[0];
    EXPECT_NEAR(stepper.i(), row[3], 1e-4 * largest_current) << "t = " << row[0];
  }
}

TEST(VteamWaveforms, SineAgainstHardBounds) {
  expect_waveform({.file = "vteam_sine_hardbounds.csv",
                   .model = "vteam",
                   .parameters = {},
                   .x0 = 1e-9,
                   .source = [](double t) { return sine(0.3, 5e7, t); }},
                  3e-9);
}

TEST(VteamWaveforms, ExponentialCurveWithWindow) {
  expect_waveform({.file = "vteam_window_exp.csv",
                   .model = "vteam",
                   .parameters = {{"ron", 1e3},
                                  {"roff", 1e5},
                                  {"kon", -0.1},
                                  {"koff", 0.05},
                                  {"alpha_on", 2},
                                  {"alpha_off", 2},
                                  {"von", -0.3},
                                  {"voff", 0.4},
                                  {"wc", 107e-12},
                                  {"a_on", 0.5e-9},
                                  {"a_off", 2.5e-9},
                                  {"window", 1},
                                  {"iv", 1}},
                   .x0 = 1.5e-9,
                   .source = [](double t) { return sine(1, 1e7, t); }},
                  3e-9);
}

TEST(VteamWaveforms, SetAndResetPulsesOfStatefulLogic) {
  static constexpr std::pair<double, double> kPulses[] = {{0, 0},      {1e-9, -2.2}, {2.5e-9, -2.2},
                                                          {3.5e-9, 0}, {4.5e-9, 0},  {5.5e-9, 0.9},
                                                          {8e-9, 0.9}, {9e-9, 0},    {1e-8, 0}};
  expect_waveform({.file = "vteam_magic_pulses.csv",
                   .model = "vteam",
                   .parameters = {{"ron", 1e3},
                                  {"roff", 3e5},
                                  {"kon", -216.2},
                                  {"koff", 0.091},
                                  {"aon", 4},
                                  {"aoff", 4},
                                  {"von", -1.5},
                                  {"voff", 0.3}},
                   .x0 = 3e-9,
                   .source = [](double t) { return piecewise(kPulses, t); }},
                  3e-9);
}

TEST(YakopcicWaveforms, SineOnSilverChalcogenide) {
  expect_waveform({.file = "yakopcic_oblea_sine.csv",
                   .model = "yakopcic",
                   .parameters = {},
                   .x0 = 0.11,
                   .source = [](double t) { return sine(0.45, 100, t); }},
                  1);
}

TEST(YakopcicWaveforms, SineThroughASeriesResistance) {
  expect_waveform({.file = "yakopcic_xyce_series50.csv",
                   .model = "yakopcic",
                   .parameters = {},
                   .x0 = 0.11,
                   .source = [](double t) { return sine(0.5, 100, t); },
                   .series = 50},
                  1);
}

TEST(YakopcicWaveforms, TriangleOnTantalumOxide) {
  static constexpr std::pair<double, double> kTriangle[] = {
      {0, 0}, {5, 0.75}, {10, 0}, {15, -1.25}, {20, 0}};
  expect_waveform({.file = "yakopcic_miao_triangle.csv",
                   .model = "yakopcic",
                   .parameters = {{"a1", 0.11},
                                  {"a2", 0.11},
                                  {"b", 0.5},
                                  {"ap", 7.5},
                                  {"an", 2},
                                  {"vp", 0.09},
                                  {"vn", 0.75}},
                   .x0 = 0.11,
                   .source = [](double t) { return piecewise(kTriangle, t); }},
                  1);
}

TEST(YakopcicWaveforms, TriangleOnAmorphousSilicon) {
  static constexpr std::pair<double, double> kTriangle[] = {{0, 0},      {1.25, 4}, {2.5, 0},
                                                            {3.125, -2}, {3.75, 0}, {5, 0}};
  expect_waveform({.file = "yakopcic_jo_triangle.csv",
                   .model = "yakopcic",
                   .parameters = {{"a1", 3.7e-7},
                                  {"a2", 4.35e-7},
                                  {"b", 0.7},
                                  {"ap", 0.005},
                                  {"an", 0.08},
                                  {"vp", 1.5},
                                  {"vn", 0.5},
                                  {"alphap", 1.2},
                                  {"alphan", 3},
                                  {"xp", 0.2},
                                  {"xn", 0.5}},
                   .x0 = 0.1,
                   .source = [](double t) { return piecewise(kTriangle, t); }},
                  1);
}

}  // namespace
}  // namespace wordline
