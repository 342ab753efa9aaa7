// A selector with hysteresis: an ovonic threshold switch, whose conducting state needs a voltage to
// begin and a smaller one to stay.
#pragma once

#include <array>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct ThresholdSwitch {
  static constexpr std::string_view kName = "ots";
  static constexpr int kLevel = 31;
  static constexpr std::string_view kTitle = "selector: ovonic threshold switch with hysteresis";
  static constexpr std::string_view kReference =
      "S. R. Ovshinsky, Phys. Rev. Lett. 21 (1968) 1450 (the effect)";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1], the part that is switched on:
  I = x gon V + (1 - x) goff vs sinh(V/vs)
  dx/dt = (1 - x)/ton on - x/toff (1 - on),   on = s(V - v) + s(-V - v)
  v     = vhold + (vth - vhold) e^(-x gon vhold/ihold)
  s(u)  = 0  u <= -dv;   1  u >= dv;   between t^3 (10 - 15 t + 6 t^2), t = (1 + u/dv)/2
Above vth in either direction it turns on within ton, below vhold it turns off within toff. Between
them it goes where it is nearer to: what conducts a little needs less voltage to conduct more. Behind
a load it snaps back from vth and holds about vhold, until a few ihold are left of its current.)";
  static constexpr std::string_view kStateUnit = "";

  double gon = 1e-4, goff = 1e-9, vs = 0.25;
  double vth = 1.2, vhold = 0.4, dv = 0.02;
  double ihold = 4e-7;
  double ton = 1e-9, toff = 1e-8;
  double x0 = 0;

  static const std::array<Parameter<ThresholdSwitch>, 10> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const auto [s, c] = safe_sinh(v / vs);
    const double off = goff * vs * s;
    return {x * gon * v + (1 - x) * off, x * gon + (1 - x) * goff * c, gon * v - off};
  }

  WORDLINE_HD Partials rate(double v, double x) const {
    const double closing = gon * vhold / ihold;
    const double hysteresis = (vth - vhold) * safe_exp(-x * closing).value;
    const double threshold = vhold + hysteresis;
    const ValueAndSlope above = step(v - threshold);
    const ValueAndSlope below = step(-v - threshold);
    const double on = above.value + below.value;
    const double weight = (1 - x) / ton + x / toff;  // dx/dt = weight on - x/toff
    return {weight * on - x / toff, weight * (above.slope - below.slope),
            (1 / toff - 1 / ton) * on - 1 / toff +
                weight * (above.slope + below.slope) * hysteresis * closing};
  }

  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return x0; }
  double state_for_conductance(double g, double v_read) const {
    const Partials off = current(v_read, 0);
    const double g_off = v_read == 0 ? off.dv : off.value / v_read;
    return (g - g_off) / (gon - g_off);
  }
  double voltage_scale() const { return vs; }
  std::string check() const {
    if (!(goff < gon)) return "gon must exceed goff";
    if (!(ihold < gon * vhold)) return "ihold must be below gon vhold";
    if (!(dv <= vhold)) return "vhold must exceed dv";
    return vhold + dv <= vth - dv ? "" : "vth must exceed vhold by 2 dv";
  }
  SpiceEquations spice_equations() const {
    const std::string threshold = "(vhold+(vth-vhold)*exp(-x*gon*vhold/ihold))";
    const auto smooth = [&](const std::string& v) {
      const std::string t = "min(max(0.5+(" + v + "-" + threshold + ")/(2*dv),0),1)";
      return t + "^3*(10-15*" + t + "+6*" + t + "^2)";
    };
    return {"x*gon*v+(1-x)*goff*vs*sinh(v/vs)",
            "((1-x)/ton+x/toff)*(" + smooth("v") + "+" + smooth("-v") + ")-x/toff"};
  }

 private:
  // Rises from 0 to 1 with two continuous derivatives.
  WORDLINE_HD ValueAndSlope step(double u) const {
    const double t = std::fmin(std::fmax(0.5 + 0.5 * u / dv, 0.0), 1.0);
    const double square = t * t;
    const double rest = 1 - t;
    return {square * t * (10 - 15 * t + 6 * square), 15 * square * rest * rest / dv};
  }
};

inline constexpr std::array<Parameter<ThresholdSwitch>, 10> ThresholdSwitch::kParameters = {{
    {&ThresholdSwitch::gon, "gon", "S", Range::positive(), "conductance of what is on"},
    {&ThresholdSwitch::goff, "goff", "S", Range::positive(), "that of what is off, at 0 V"},
    {&ThresholdSwitch::vs, "vs", "V", Range::positive(), "over which the off current grows e-fold"},
    {&ThresholdSwitch::vth, "vth", "V", Range::positive(), "above which it turns on"},
    {&ThresholdSwitch::vhold, "vhold", "V", Range::positive(), "below which it turns off"},
    {&ThresholdSwitch::ihold, "ihold", "A", Range::positive(),
     "scale of the current that keeps it on"},
    {&ThresholdSwitch::dv, "dv", "V", Range::positive(), "half the width of both thresholds"},
    {&ThresholdSwitch::ton, "ton", "s", Range::positive(), "time constant of turning on"},
    {&ThresholdSwitch::toff, "toff", "s", Range::positive(), "time constant of turning off"},
    {&ThresholdSwitch::x0, "x0", "", Range::between(0, 1),
     "initial state where an instance gives none"},
}};

}  // namespace wordline
