// The diode of SPICE, level 1: currents of bottom and sidewall, high injection, recombination,
// breakdown, depletion and diffusion charge. P. Antognetti, G. Massobrio, "Semiconductor Device
// Modeling with SPICE", ch. 1; equal to ngspice's level 1 where both have a parameter.
#pragma once

#include <array>
#include <limits>
#include <string>

#include "wordline/devices/junction.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline {

struct DiodeCard {
  static constexpr std::string_view kEquations =
      R"(i0 = is (e^(v/(n vt)) - 1) + jsw (e^(v/(ns vt)) - 1),   vt = kT/q, behind rs
I = i0/(1 + sqrt(i0/ikf)) + isr (e^(v/(nr vt)) - 1) ((1 - v/vj)^2 + 0.005)^(m/2)
I = -ibv e^(-(v + bv)/(nbv vt)) beyond breakdown, where bv is given
Q = tt I + depletion charges: bottom  C = cjo (1 - v/vj)^-m  below fc vj, a straight line above,
  and the same of cjp, php, mjsw, fcs
jsw and cjp are those of a unit of perimeter (pj), all others of a unit of area.)";

  static constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();
  static constexpr double kNone = std::numeric_limits<double>::infinity();

  double is = 1e-14, n = 1, rs = 0;
  double cjo = 0, vj = 1, m = 0.5, fc = 0.5, tt = 0;
  double bv = kNone, ibv = 1e-3, nbv = kNotGiven, tcv = 0;
  double eg = 1.11, xti = 3, tnom = kNotGiven;
  double kf = 0, af = 1;
  double jsw = 0, ns = kNotGiven, cjp = 0, php = 1, mjsw = 0.33, fcs = 0.5;
  double ikf = kNone, ikr = kNone, isr = 0, nr = 2;
  double trs1 = 0, trs2 = 0, ttt1 = 0, ttt2 = 0, tm1 = 0, tm2 = 0;

  static const std::array<Parameter<DiodeCard>, 33> kParameters;
};

struct DiodeSize {
  double area, perimeter;
  double m;  // that many devices in parallel

  DiodeSize(double area_of_each = 1, double perimeter_of_each = 0, double count = 1)
      : area(area_of_each), perimeter(perimeter_of_each), m(count) {}
};

class Diode {
 public:
  // `nominal_kelvin` is where the card's values hold if it gives no tnom. Throws Error where the
  // junction has no built-in potential left at this temperature.
  Diode(const DiodeCard& card, const DiodeSize& size, double temperature_kelvin,
        double nominal_kelvin);

  using Operating = JunctionPoint;

  // At junction voltage v (inside the series resistance); gmin [S] lies across the junction.
  Operating evaluate(double v, double gmin) const;

  // The voltage a Newton iteration may go to. Sets `limited` where that is not v_new.
  double limit(double v_new, double v_old, bool& limited) const;

  double series_conductance() const { return series_conductance_; }  // S; 0: no resistance

 private:
  void set_currents(const DiodeCard& card, const DiodeSize& size, double kelvin, double nominal);
  void set_charges(const DiodeCard& card, const DiodeSize& size, double kelvin, double nominal);
  void fit_breakdown(double bv, double ibv);
  ValueAndSlope injected(double v) const;
  ValueAndSlope recombination(double v) const;

  double saturation_current_, side_current_;                    // A
  double nvt_, side_nvt_;                                       // n kT/q, V
  double breakdown_nvt_;                                        // V
  double breakdown_ = std::numeric_limits<double>::infinity();  // V
  double critical_;                                             // V
  double per_ikf_, per_ikr_;                                    // 1/A
  double recombination_current_, recombination_nvt_;            // A, V
  double transit_time_;                                         // s
  double series_conductance_;                                   // S
  DepletionCharge bottom_, side_;
};

inline constexpr std::array<Parameter<DiodeCard>, 33> DiodeCard::kParameters = {{
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
    {&DiodeCard::ibv, "ibv", "A", Range::positive(), "current at bv", {}, "ib"},
    {&DiodeCard::nbv, "nbv", "", Range::positive(), "emission coefficient of breakdown (n)"},
    {&DiodeCard::tcv, "tcv", "V/K", Range::any(), "by which bv falls"},
    {&DiodeCard::eg, "eg", "eV", Range::positive(), "band gap"},
    {&DiodeCard::xti, "xti", "", Range::any(), "temperature exponent of is"},
    {&DiodeCard::tnom,
     "tnom",
     "C",
     Range{.low = -273.15, .low_open = true},
     "temperature of the card's values (the circuit's tnom)",
     {},
     "tref"},
    {&DiodeCard::kf, "kf", "", Range::at_least(0), "flicker noise coefficient"},
    {&DiodeCard::af, "af", "", Range::positive(), "flicker noise exponent"},
    {&DiodeCard::jsw, "jsw", "A", Range::at_least(0), "saturation current of the sidewall"},
    {&DiodeCard::ns, "ns", "", Range::positive(), "emission coefficient of the sidewall (n)"},
    {&DiodeCard::cjp,
     "cjp",
     "F",
     Range::at_least(0),
     "capacitance of the sidewall at 0 V",
     {},
     "cjsw"},
    {&DiodeCard::php, "php", "V", Range::positive(), "built-in potential of the sidewall"},
    {&DiodeCard::mjsw, "mjsw", "", Range::between(0, 0.9), "grading coefficient of the sidewall"},
    {&DiodeCard::fcs, "fcs", "", Range::between(0, 0.95), "fc of the sidewall"},
    {&DiodeCard::ikf,
     "ikf",
     "A",
     Range::at_least(0),
     "corner of forward high injection, 0: none",
     {},
     "ik"},
    {&DiodeCard::ikr, "ikr", "A", Range::at_least(0), "corner of the reverse current, 0: none"},
    {&DiodeCard::isr, "isr", "A", Range::at_least(0), "saturation current of recombination"},
    {&DiodeCard::nr, "nr", "", Range::positive(), "emission coefficient of recombination"},
    {&DiodeCard::trs1, "trs1", "1/K", Range::any(), "temperature coefficient of rs", {}, "trs"},
    {&DiodeCard::trs2, "trs2", "1/K^2", Range::any(), "the second one"},
    {&DiodeCard::ttt1, "ttt1", "1/K", Range::any(), "temperature coefficient of tt"},
    {&DiodeCard::ttt2, "ttt2", "1/K^2", Range::any(), "the second one"},
    {&DiodeCard::tm1, "tm1", "1/K", Range::any(), "temperature coefficient of m"},
    {&DiodeCard::tm2, "tm2", "1/K^2", Range::any(), "the second one"},
}};

}  // namespace wordline
