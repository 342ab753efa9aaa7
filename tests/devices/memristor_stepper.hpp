// One memristor behind a resistance at a source, stepped by the trapezoidal rule, and whole
// waveforms compared with tables.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "memristor_cards.hpp"
#include "reference.hpp"

namespace wordline::testing {

struct WaveformCase {
  const char* file;
  const char* model;
  std::vector<std::pair<const char*, double>> parameters;
  double x0;
  double (*source)(double t);
  double series = 0;  // ohm
  std::vector<std::pair<const char*, std::vector<double>>> curves = {};
};

inline double sine(double amplitude, double frequency, double t) {
  return amplitude * std::sin(2 * std::numbers::pi * frequency * t);
}

inline double piecewise(std::span<const std::pair<double, double>> corners, double t) {
  for (std::size_t k = 1; k < corners.size(); ++k) {
    const auto [t0, v0] = corners[k - 1];
    const auto [t1, v1] = corners[k];
    if (t <= t1) return v0 + (v1 - v0) * (t - t0) / (t1 - t0);
  }
  return corners.back().second;
}

class MemristorStepper {
 public:
  MemristorStepper(const WaveformCase& c, double t0) : case_(c), x_(c.x0), t_(t0) {
    const ModelType* type = find_model_type("memristor", std::string_view(c.model));
    std::vector<double> values = type->defaults();
    for (const auto& [name, value] : c.parameters) {
      values.at(static_cast<std::size_t>(type->find(name))) = value;
    }
    for (const auto& [name, points] : c.curves) append_curve(values, *type, name, points);
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

  const WaveformCase& case_;
  std::unique_ptr<MemristorBank> bank_;
  double x_, t_;
  double v_ = 0, i_ = 0;
};

inline void expect_waveform(const WaveformCase& c, double state_range) {
  const ReferenceTable table = read_reference(c.file);
  double largest_current = 0;
  for (const auto& row : table.rows) largest_current = std::max(largest_current, std::abs(row[3]));
  MemristorStepper stepper(c, table.rows.front()[0]);
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

}  // namespace wordline::testing
