// The diode of SPICE, level 1: exponential and reverse current, breakdown, depletion and diffusion
// charge. P. Antognetti, G. Massobrio, "Semiconductor Device Modeling with SPICE", ch. 1; equal to
// ngspice's level 1 where both have a parameter.
#pragma once

#include <array>
#include <limits>
#include <string>

#include "wordline/devices/junction.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline {

struct DiodeCard {
  static constexpr std::string_view kEquations =
      R"(I = is (e^(V/(n vt)) - 1),   vt = kT/q, behind rs
I = -ibv e^(-(V + bv)/(nbv vt)) beyond breakdown, where bv is given
Q = tt I + depletion charge:  C = cjo (1 - V/vj)^-m  below fc vj, a straight line above)";

  static constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

  double is = 1e-14, n = 1, rs = 0;
  double cjo = 0, vj = 1, m = 0.5, fc = 0.5, tt = 0;
  double bv = std::numeric_limits<double>::infinity(), ibv = 1e-3, nbv = kNotGiven;
  double eg = 1.11, xti = 3, tnom = kNotGiven;
  double kf = 0, af = 1;

  static const std::array<Parameter<DiodeCard>, 16> kParameters;
};

class Diode {
 public:
  // `nominal_kelvin` is where the card's values hold if it gives no tnom. Throws Error where the
  // junction has no built-in potential left at this temperature.
  Diode(const DiodeCard& card, double area, double temperature_kelvin, double nominal_kelvin);

  using Operating = JunctionPoint;

  // At junction voltage v (inside the series resistance); gmin [S] lies across the junction.
  Operating evaluate(double v, double gmin) const;

  // The voltage a Newton iteration may go to. Sets `limited` where that is not v_new.
  double limit(double v_new, double v_old, bool& limited) const;

  double series_conductance() const { return series_conductance_; }  // S; 0: no resistance

 private:
  void fit_breakdown(double bv, double ibv);

  double saturation_current_;
  double nvt_;                                                  // n kT/q, V
  double breakdown_nvt_;                                        // V
  double breakdown_ = std::numeric_limits<double>::infinity();  // V
  double critical_;                                             // V
  double transit_time_;                                         // s
  double series_conductance_;                                   // S
  DepletionCharge depletion_;
};

inline constexpr std::array<Parameter<DiodeCard>, 16> DiodeCard::kParameters = {{
    {&DiodeCard::is, "is", "A", Range::positive(), "saturation current", {}, "js"},
    {&DiodeCard::n, "n", "", Range::positive(), "emission coefficient"},
    {&DiodeCard::rs, "rs", "ohm", Range::at_least(0), "series resistance"},
    {&DiodeCard::cjo, "cjo", "F", Range::at_least(0), "depletion capacitance at 0 V", {}, "cj0"},
    {&DiodeCard::vj, "vj", "V", Range::positive(), "built-in potential", {}, "pb"},
    {&DiodeCard::m, "m", "", Range::between(0, 0.9), "grading coefficient", {}, "mj"},
    {&DiodeCard::fc, "fc", "", Range::between(0, 0.95),
     "part of vj above which the depletion capacitance is a straight line"},
    {&DiodeCard::tt, "tt", "s", Range::at_least(0), "transit time"},
    {&DiodeCard::bv, "bv", "V", Range::positive(), "reverse breakdown voltage"},
    {&DiodeCard::ibv, "ibv", "A", Range::positive(), "current at bv"},
    {&DiodeCard::nbv, "nbv", "", Range::positive(), "emission coefficient of breakdown (n)"},
    {&DiodeCard::eg, "eg", "eV", Range::positive(), "band gap"},
    {&DiodeCard::xti, "xti", "", Range::any(), "temperature exponent of is"},
    {&DiodeCard::tnom, "tnom", "C", Range{.low = -273.15, .low_open = true},
     "temperature of the card's values (the circuit's tnom)"},
    {&DiodeCard::kf, "kf", "", Range::at_least(0), "flicker noise coefficient"},
    {&DiodeCard::af, "af", "", Range::positive(), "flicker noise exponent"},
}};

}  // namespace wordline
