// The current that the data-driven models share: sinh over a resistance that is the state, with
// another amplitude and steepness for each sign of the voltage.
#pragma once

#include <algorithm>
#include <string_view>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct SinhResistance {
  double ap, bp, an, bn;

  static constexpr std::string_view kSpiceCurrent = "(v > 0) ? ap/x*sinh(bp*v) : an/x*sinh(bn*v)";

  WORDLINE_HD Partials current(double v, double x) const {
    const double a = v > 0 ? ap : an;
    const double b = v > 0 ? bp : bn;
    const auto [s, c] = safe_sinh(b * v);
    const double g = a / x;
    return {g * s, g * b * c, -g * s / x};
  }

  double state_for_conductance(double g, double v_read) const {
    const Partials at_one_ohm = current(v_read, 1);
    return (v_read == 0 ? at_one_ohm.dv : at_one_ohm.value / v_read) / g;
  }

  double voltage_scale() const { return 1 / std::max(bp, bn); }
};

}  // namespace wordline
