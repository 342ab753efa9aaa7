// The junction field effect transistor of SPICE, level 1: the square law of Shichman and Hodges
// with a doping tail. H. Shichman, D. A. Hodges, IEEE J. Solid-State Circuits 3 (1968) 285; for the
// tail A. McCamant, G. McCormack, D. Smith, IEEE Trans. Microw. Theory Tech. 38 (1990) 822. Equal
// to ngspice's level 1.
//
// All voltages and currents are those of an n-channel device: for a p-channel one the caller
// negates both, which leaves the derivatives as they are.
#pragma once

#include <array>
#include <limits>
#include <string_view>

#include "wordline/devices/junction.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline {

struct JfetCard {
  static constexpr std::string_view kEquations =
      R"(id = beta (1 + lambda |vds|) (F(vgs - vto) - F(vgd - vto))
F(v) = v^2 (b + v (1 - b)/(pb - vto)) above 0, else 0
Gate junctions: is (e^(v/(n vt)) - 1), depletion charge of cgs and cgd, grading 1/2)";

  static constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

  double vto = -2, beta = 1e-4, lambda = 0, rd = 0, rs = 0, cgs = 0, cgd = 0, pb = 1;
  double is = 1e-14, n = 1, fc = 0.5, b = 1;
  double tcv = 0, vtotc = kNotGiven, bex = 0, betatce = kNotGiven, xti = 3, eg = 1.11;
  double kf = 0, af = 1, nlev = 2, gdsnoi = 1, tnom = kNotGiven;

  static const std::array<Parameter<JfetCard>, 23> kParameters;

  // Empty, or what does not fit together.
  std::string check() const;
};

class Jfet {
 public:
  // polarity: +1 n-channel, -1 p-channel; `area` counts devices in parallel. `nominal_kelvin` is
  // where the card's values hold if it gives no tnom. Throws Error where the gate has no built-in
  // potential left at this temperature.
  Jfet(const JfetCard& card, double area, int polarity, double temperature_kelvin,
       double nominal_kelvin);

  struct Operating {
    double id, gm, gds;                     // of the channel, A, S
    JunctionPoint gate_source, gate_drain;  // from the gate
  };
  // gmin [S] lies across both junctions.
  Operating evaluate(double vgs, double vgd, double gmin) const;

  struct Voltages {
    double vgs, vgd;
  };
  // Shortens a Newton step from `old` to `v`; true where it did.
  bool limit(Voltages& v, const Voltages& old) const;

  // The conductance [S] whose thermal noise is the channel's.
  double noise_conductance(const Operating& at, double vgs, double vgd) const;

  int polarity() const { return polarity_; }
  double drain_conductance() const { return drain_conductance_; }  // S; 0: no resistance
  double source_conductance() const { return source_conductance_; }
  bool source_has_charge() const { return source_.capacitance > 0; }
  bool drain_has_charge() const { return drain_.capacitance > 0; }

 private:
  ValueAndSlope half(double v) const;
  JunctionPoint junction(double v, const DepletionCharge& depletion, double gmin) const;

  int polarity_;
  double vto_, beta_, lambda_;  // V, A/V^2, 1/V
  double b_, tail_;             // tail: (1 - b)/(pb - vto), 1/V
  double saturation_current_, nvt_, critical_;
  double drain_conductance_, source_conductance_;
  bool noise_follows_channel_;
  double noise_factor_;
  DepletionCharge source_, drain_;
};

inline constexpr std::array<Parameter<JfetCard>, 23> JfetCard::kParameters = {{
    {&JfetCard::vto, "vto", "V", Range::any(), "threshold, negative for either type", {}, "vt0"},
    {&JfetCard::beta, "beta", "A/V^2", Range::positive(), "transconductance"},
    {&JfetCard::lambda, "lambda", "1/V", Range::at_least(0), "channel length modulation"},
    {&JfetCard::rd, "rd", "ohm", Range::at_least(0), "drain resistance"},
    {&JfetCard::rs, "rs", "ohm", Range::at_least(0), "source resistance"},
    {&JfetCard::cgs, "cgs", "F", Range::at_least(0), "gate-source capacitance at 0 V"},
    {&JfetCard::cgd, "cgd", "F", Range::at_least(0), "gate-drain capacitance at 0 V"},
    {&JfetCard::pb, "pb", "V", Range::positive(), "built-in potential of the gate"},
    {&JfetCard::is, "is", "A", Range::positive(), "saturation current of the gate"},
    {&JfetCard::n, "n", "", Range::positive(), "emission coefficient of the gate"},
    {&JfetCard::fc, "fc", "", Range::between(0, 0.95),
     "part of pb above which capacitances are a straight line"},
    {&JfetCard::b, "b", "", Range::any(), "doping tail, 1: none"},
    {&JfetCard::tcv, "tcv", "V/K", Range::any(), "by which vto falls"},
    {&JfetCard::vtotc, "vtotc", "V/K", Range::any(), "the same, by which it grows (-tcv)"},
    {&JfetCard::bex, "bex", "", Range::any(), "temperature exponent of beta"},
    {&JfetCard::betatce, "betatce", "%/K", Range::any(), "in place of bex, exponential"},
    {&JfetCard::xti, "xti", "", Range::any(), "temperature exponent of is"},
    {&JfetCard::eg, "eg", "eV", Range::positive(), "band gap"},
    {&JfetCard::kf, "kf", "", Range::at_least(0), "flicker noise coefficient"},
    {&JfetCard::af, "af", "", Range::positive(), "flicker noise exponent"},
    {&JfetCard::nlev, "nlev", "", Range::between(1, 3),
     "channel noise: 3 holds below saturation too"},
    {&JfetCard::gdsnoi, "gdsnoi", "", Range::at_least(0), "factor of channel noise with nlev=3"},
    {&JfetCard::tnom, "tnom", "C", Range{.low = -273.15, .low_open = true},
     "temperature of the card's values (the circuit's tnom)"},
}};

}  // namespace wordline
