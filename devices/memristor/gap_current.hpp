// The current across the gap of a filament, which Stanford's models share.
#pragma once

#include <cmath>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

// I = i0 e^(-x/g0) sinh(v/v0), x the gap
struct GapCurrent {
  double i0, g0, v0;  // A, m, V

  WORDLINE_HD WORDLINE_INLINE Partials at(double v, double x) const {
    const double amplitude = i0 * safe_exp(-x / g0).value;
    const auto [s, c] = safe_sinh(v / v0);
    return {amplitude * s, amplitude * c / v0, -amplitude * s / g0};
  }

  double gap_for_conductance(double g, double v_read) const {
    const double at_no_gap = i0 * (v_read == 0 ? 1 / v0 : safe_sinh(v_read / v0).value / v_read);
    return g0 * std::log(at_no_gap / g);
  }
};

}  // namespace wordline
