// The step of one device: the state that solves an implicit integration formula at a voltage, and
// the current with what it answers to voltage and state. Compiled for both sides.
#pragma once

#include <cmath>
#include <cstdint>

#include "wordline/devices/memristor/thermal_memristor.hpp"

namespace wordline {

// The state that solves a step, and how it follows the voltage.
struct StateSolution {
  double x;
  double dx_dv;
};

// Solves a0 x + b - f(v, x) = 0 on the bounds from the starting guess x: Newton's method inside a
// shrinking bracket, with bisection where it makes no headway. Where the equation has several
// solutions (f_x > a0: the step is longer than a runaway of the device) it finds one of them,
// bounds included.
template <class M>
requires requires(const M m) { m.rate(0.0, 0.0), m.bounds(); }
WORDLINE_HD inline StateSolution solve_state(const M& model, double v, double a0, double b,
                                             double x) {
  const Bounds bounds = model.bounds();
  double low = bounds.low;
  double high = bounds.high;
  bool low_tried = false;
  bool high_tried = false;
  const double tolerance = 1e-12 * (high - low);
  // Newton's error is squared in each step: that of the step after this one is below rounding.
  const double last_step = 1e-9 * (high - low);
  double last_change = 2 * (high - low);
  double slope = a0;
  Partials f{};
  if (!(x > low)) x = low;
  if (x > high) x = high;
  constexpr int kMaxIterations = 100;  // halving the bracket alone takes 40
  for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
    f = model.rate(v, x);
    const double residual = a0 * x + b - f.value;
    slope = a0 - f.dx;
    if (x <= bounds.low && residual >= 0) return {x, 0};
    if (x >= bounds.high && residual <= 0) return {x, 0};
    if (residual > 0) {
      high = x;
      high_tried = true;
    } else {
      low = x;
      low_tried = true;
    }
    double next = x - residual / slope;
    const bool inside = slope > 0 && next >= low && next <= high;
    const double change = std::fabs(next - x);
    // A tiny step alone may come from a spot where f is steep, far from the root.
    const bool near_root = std::fabs(residual) <= 1e-6 * a0 * (bounds.high - bounds.low);
    if (inside && near_root && change <= last_step) return {next, f.dv / slope};
    if (high - low <= tolerance) break;
    if (next == x) {
      // Too steep to move by rounding: is the root next door?
      next = x - std::copysign(0.5 * tolerance, residual);
    } else if (!inside || change > 0.5 * last_change) {
      // Devices pinned at a bound are common, so that a bound comes before the middle.
      if (residual > 0 && !low_tried) {
        next = low;
      } else if (residual < 0 && !high_tried) {
        next = high;
      } else {
        next = 0.5 * (low + high);
      }
    }
    last_change = std::fabs(next - x);
    x = next;
  }
  // On a fold the state follows no voltage: the device is taken as it is.
  return {x, slope > 0 ? f.dv / slope : 0.0};
}

// The formula a0 x + b of a state, and of the temperature where that is one.
struct StateFormula {
  double a0, b, b_thermal;
};

// Solves the step of a device from the starting guess x; sets the temperature [K] where that is a
// state.
template <class M>
WORDLINE_HD StateSolution solve_step(const M& model, double v, const StateFormula& formula,
                                     double x, double* temperature) {
  if constexpr (ThermalMemristor<M>) {
    if (model.has_thermal_state()) {
      const StateSolution state = solve_state(ThermalStep<M>{model, formula.a0, formula.b_thermal},
                                              v, formula.a0, formula.b, x);
      *temperature = temperature_in_step(model, v, state.x, formula.a0, formula.b_thermal).value;
      return state;
    }
  }
  return solve_state(model, v, formula.a0, formula.b, x);
}

// How devices differ that are of one model.
struct MemristorPlace {
  std::uint32_t model;  // the index of their parameters
  double polarity;      // -1: terminals exchanged
  double multiplicity;

  bool operator==(const MemristorPlace&) const = default;
};

// The current [A] at voltage v [V] and its slope [S], the state answering to the device's own
// voltage by dx/dv.
template <class M>
WORDLINE_HD WORDLINE_INLINE ValueAndSlope current_with_state(const M& model, double polarity,
                                                             double multiplicity, double v,
                                                             const StateSolution& state) {
  const Partials current = model.current(polarity * v, state.x);
  return {polarity * multiplicity * current.value,
          multiplicity * (current.dv + current.dx * state.dx_dv)};
}

}  // namespace wordline
