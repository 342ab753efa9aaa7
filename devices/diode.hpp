// The SPICE diode (level 1): exponential junction with series resistance, breakdown, depletion and
// diffusion charge, temperature.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "wordline/devices/junction.hpp"
#include "wordline/devices/limiting.hpp"
#include "wordline/devices/parameter.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct DiodeCard {
  double is = 1e-14, n = 1, rs = 0;
  double cjo = 0, vj = 1, m = 0.5, fc = 0.5, tt = 0;
  double bv = std::numeric_limits<double>::quiet_NaN(), ibv = 1e-3, nbv = 1;
  double eg = 1.11, xti = 3;
  double tnom = std::numeric_limits<double>::quiet_NaN();

  static const std::array<Parameter<DiodeCard>, 14> kParameters;
};

inline constexpr std::array<Parameter<DiodeCard>, 14> DiodeCard::kParameters = {{
    {&DiodeCard::is, "is", "A", Range::positive(), "saturation current"},
    {&DiodeCard::n, "n", "", Range::positive(), "emission coefficient"},
    {&DiodeCard::rs, "rs", "ohm", Range::at_least(0), "series resistance"},
    {&DiodeCard::cjo, "cjo", "F", Range::at_least(0), "zero-bias junction capacitance", {}, "cj0"},
    {&DiodeCard::vj, "vj", "V", Range::positive(), "junction potential", {}, "pb"},
    {&DiodeCard::m, "m", "", Range{.low = 0, .high = 1, .high_open = true}, "grading coefficient"},
    {&DiodeCard::fc, "fc", "", Range{.low = 0, .high = 1, .high_open = true},
     "part of vj up to which the depletion formula holds"},
    {&DiodeCard::tt, "tt", "s", Range::at_least(0), "transit time"},
    {&DiodeCard::bv, "bv", "V", Range::positive(), "reverse breakdown voltage (none)"},
    {&DiodeCard::ibv, "ibv", "A", Range::positive(), "current at breakdown"},
    {&DiodeCard::nbv, "nbv", "", Range::positive(), "emission coefficient of breakdown"},
    {&DiodeCard::eg, "eg", "eV", Range::positive(), "activation energy"},
    {&DiodeCard::xti, "xti", "", Range::any(), "exponent of temperature in the saturation current"},
    {&DiodeCard::tnom, "tnom", "C", Range{.low = -273.15, .low_open = true},
     "temperature of these parameters (.options tnom)"},
}};

// A diode of an area at a temperature.
class Diode {
 public:
  Diode(const DiodeCard& card, double area, double kelvin, double nominal_kelvin)
      : card_(card), area_(area) {
    if (!std::isnan(card.tnom)) nominal_kelvin = card.tnom + 273.15;
    const double vt = thermal_voltage(kelvin);
    const JunctionTemperature at(kelvin, nominal_kelvin);
    const double ratio = kelvin / nominal_kelvin;
    vte_ = card.n * vt;
    is_ = area * card.is *
          std::exp((ratio - 1) * card.eg / vte_ + card.xti / card.n * std::log(ratio));
    cj_ = area * card.cjo * at.capacitance_factor(card.vj, card.m);
    vj_ = at.potential(card.vj);
    v_critical_ = critical_voltage(vte_, is_);
    v_break_scale_ = card.nbv * vt;
    v_break_ = std::isnan(card.bv) ? std::numeric_limits<double>::infinity() : breakdown_voltage();
  }

  struct Operating {
    double i, g;  // A, S
    double q, c;  // C, F
  };

  // The junction at v, with `gmin` [S] across it.
  Operating evaluate(double v, double gmin) const {
    const auto [i, g] = current(v);
    const Charge depletion = depletion_charge(v, cj_, vj_, card_.m, card_.fc);
    return {i + gmin * v, g + gmin, card_.tt * i + depletion.q, card_.tt * g + depletion.c};
  }

  double limit(double v, double v_old, bool& limited) const {
    double allowed = v;
    if (v < std::min(0.0, 10 * vte_ - v_break_)) {
      // In breakdown the junction stands on its head.
      const double from = -(v_old + v_break_);
      allowed = -(limit_junction(-(v + v_break_), from, v_break_scale_,
                                 critical_voltage(v_break_scale_, is_)) +
                  v_break_);
    } else {
      allowed = limit_junction(v, v_old, vte_, v_critical_);
    }
    if (allowed != v) limited = true;
    return allowed;
  }

  double series_conductance() const { return card_.rs > 0 ? area_ / card_.rs : 0; }

 private:
  ValueAndSlope current(double v) const {
    if (v >= -3 * vte_) {
      const auto [e, slope] = safe_exp(v / vte_);
      return {is_ * (e - 1), is_ * slope / vte_};
    }
    if (v >= -v_break_) {
      const double ratio = 3 * vte_ / (v * M_E);
      const double cube = ratio * ratio * ratio;
      return {-is_ * (1 + cube), is_ * 3 * cube / v};
    }
    const auto [e, slope] = safe_exp(-(v_break_ + v) / v_break_scale_);
    return {-is_ * e, is_ * slope / v_break_scale_};
  }

  // The voltage at which the breakdown branch starts, so that it passes through (bv, ibv).
  double breakdown_voltage() const {
    const double wanted = std::max(area_ * card_.ibv, is_ * card_.bv / v_break_scale_);
    double v = card_.bv;
    for (int k = 0; k < 25; ++k) {
      v = card_.bv - v_break_scale_ * std::log(wanted / is_ + 1 - v / v_break_scale_);
    }
    return v;
  }

  DiodeCard card_;
  double area_;
  double vte_, is_, cj_, vj_, v_critical_, v_break_, v_break_scale_;
};

}  // namespace wordline
