// Cards of switches, which a voltage (S) or a current (W) turns on and off.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "wordline/devices/parameter.hpp"

namespace wordline {

// SPICE's: on above vt + vh, off below vt - vh, in between as it was. A negative vh makes it smooth
// from vt + vh to vt - vh, as in LTspice.
struct HystereticSwitchCard {
  static constexpr std::string_view kEquations =
      R"(R = ron above vt + vh, roff below vt - vh, between them as it was
vh < 0: smooth as a vswitch with von = vt - vh, voff = vt + vh)";

  double threshold = 0, hysteresis = 0, ron = 1, roff = 1e12;

  static const std::array<Parameter<HystereticSwitchCard>, 4> kParameters;
};

// The logarithm of the resistance goes from one end to the other along a cubic parabola, level at
// both ends.
struct SmoothSwitchCard {
  static constexpr std::string_view kEquations =
      R"(R = ron beyond von, roff beyond voff; between them
ln R = ln(ron roff)/2 + ln(ron/roff) (3u/2 - 2u^3),   u = (v - (von + voff)/2)/(von - voff))";

  double on = 1, off = 0, ron = 1, roff = 1e6;

  static const std::array<Parameter<SmoothSwitchCard>, 4> kParameters;
  std::string check() const { return on == off ? "von and voff are the same" : ""; }
};

// Of the kinds sw and csw, vswitch and iswitch.
using SwitchCard = std::variant<HystereticSwitchCard, SmoothSwitchCard>;
SwitchCard switch_card(std::string_view kind, std::span<const double> values);

// The conductance [S] of a smooth switch and its slope by the control.
struct SwitchPoint {
  double siemens, slope;
};
SwitchPoint evaluate(const SmoothSwitchCard& card, double control);

}  // namespace wordline
