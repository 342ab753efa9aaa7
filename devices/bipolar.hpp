// The bipolar transistor of Gummel and Poon: base charge with Early effect and high injection,
// recombination, base resistance that current crowding lowers, transit time that grows with
// current. H. K. Gummel, H. C. Poon, Bell Syst. Tech. J. 49 (1970) 827; P. Antognetti, G.
// Massobrio, "Semiconductor Device Modeling with SPICE", ch. 2. Equal to ngspice's level 1.
//
// All voltages and currents are those of an npn transistor: for a pnp the caller negates both,
// which leaves the derivatives as they are.
#pragma once

#include <array>
#include <limits>
#include <string>
#include <string_view>

#include "wordline/devices/junction.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline {

struct BipolarCard {
  static constexpr std::string_view kEquations =
      R"(ibe = is (e^(vbe/(nf vt)) - 1),   ibc = is (e^(vbc/(nr vt)) - 1)
it = (ibe - ibc)/qb,   qb = q1 (1 + (1 + 4 q2)^nkf)/2
q1 = 1/(1 - vbc/vaf - vbe/var),   q2 = ibe/ikf + ibc/ikr
ib = ibe/bf + ise (e^(vbe/(ne vt)) - 1) + ibc/br + isc (e^(vbc/(nc vt)) - 1)
rbb = rbm + (rb - rbm)/qb; with irb  rbm + 3 (rb - rbm) (tan z - z)/(z tan^2 z),
  z = (sqrt(1 + 144/pi^2 ib/irb) - 1)/(24/pi^2 sqrt(ib/irb))
Qbe = tf (1 + xtf (ibe/(ibe + itf))^2 e^(vbc/(1.44 vtf))) ibe/qb + depletion,   Qbc = tr ibc + depletion
With ptf, ibe in it is delayed by tf ptf pi/180: a low-pass of second order (Bessel's).)";

  static constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();
  static constexpr double kNone = std::numeric_limits<double>::infinity();

  double is = 1e-16, bf = 100, nf = 1, vaf = kNone, ikf = kNone, ise = 0, ne = 1.5;
  double br = 1, nr = 1, var = kNone, ikr = kNone, isc = 0, nc = 2, nkf = 0.5;
  double rb = 0, irb = kNone, rbm = kNotGiven, re = 0, rc = 0;
  double cje = 0, vje = 0.75, mje = 0.33;
  double tf = 0, xtf = 0, vtf = kNone, itf = 0, ptf = 0;
  double cjc = 0, vjc = 0.75, mjc = 0.33, xcjc = 1, tr = 0;
  double cjs = 0, vjs = 0.75, mjs = 0, iss = 0, ns = 1, subs = kNotGiven;
  double xtb = 0, eg = 1.11, xti = 3, kf = 0, af = 1, fc = 0.5, tnom = kNotGiven;
  double trb1 = 0, trb2 = 0, trm1 = 0, trm2 = 0, trc1 = 0, trc2 = 0, tre1 = 0, tre2 = 0;

  static const std::array<Parameter<BipolarCard>, 53> kParameters;

  // Empty, or what does not fit together.
  std::string check() const;
};

struct BipolarSize {
  double emitter = 1, base = 1, collector = 1;  // areas
  double m = 1;                                 // that many devices in parallel
};

class Bipolar {
 public:
  // polarity: +1 npn, -1 pnp. `nominal_kelvin` is where the card's values hold if it gives no tnom.
  // Throws Error where a junction has no built-in potential left at this temperature.
  Bipolar(const BipolarCard& card, const BipolarSize& size, int polarity, double temperature_kelvin,
          double nominal_kelvin);

  // A value with its derivatives by vbe and vbc.
  struct OfBoth {
    double value, by_be, by_bc;
  };
  struct Operating {
    OfBoth transport;  // current from collector to emitter, A
    // Currents from the base to the emitter and to the collector [A], slopes [S], charges [C] and
    // capacitances [F], each by its own voltage.
    JunctionPoint base_emitter, base_collector;
    double charge_by_bc;  // of the base-emitter charge, F
    OfBoth base_charge;   // qb
    // What passes from the emitter and from the collector before qb divides it [A].
    ValueAndSlope injected, extracted;
  };
  // At the inner junctions' voltages; gmin [S] lies across both junctions.
  Operating evaluate(double vbe, double vbc, double gmin) const;

  // The transport current where excess phase has delayed what the emitter injects: with `injected`
  // [A] held fast, on which it depends as 1/qb.
  static OfBoth transport(const Operating& at, double injected);

  // The base's conductance [S]; only where it has a resistance.
  OfBoth base_conductance(const Operating& at) const;

  // The part of the base-collector charge that lies outside of the base resistance.
  ValueAndSlope outer_base_collector(double v) const { return outer_.at(v); }
  // The junction from the substrate, to the collector or, in lateral devices, to the base.
  JunctionPoint substrate(double v, double gmin) const;

  struct Voltages {
    double vbe, vbc, vsub;
  };
  // Shortens a Newton step from `old` to `v`; true where it did.
  bool limit(Voltages& v, const Voltages& old) const;

  int polarity() const { return polarity_; }
  bool is_lateral() const { return is_lateral_; }
  bool has_substrate_current() const { return substrate_current_ > 0; }
  bool has_base_resistance() const { return base_resistance_ > 0; }
  double collector_conductance() const { return collector_conductance_; }  // S; 0: no resistance
  double emitter_conductance() const { return emitter_conductance_; }
  double delay() const { return delay_; }  // of the injected current, s
  // Which charges there are at any voltage.
  bool base_emitter_has_charge() const { return transit_time_ > 0 || emitter_.capacitance > 0; }
  bool base_collector_has_charge() const { return reverse_time_ > 0 || collector_.capacitance > 0; }
  bool outer_has_charge() const { return outer_.capacitance > 0; }
  bool substrate_has_charge() const { return substrate_.capacitance > 0; }

 private:
  void set_currents(const BipolarCard& card, const BipolarSize& size, double kelvin,
                    double nominal);
  void set_charges(const BipolarCard& card, const BipolarSize& size, double kelvin, double nominal);
  void set_resistances(const BipolarCard& card, const BipolarSize& size, double warmer);
  OfBoth base_charge(double vbe, double vbc, ValueAndSlope ibe, ValueAndSlope ibc) const;
  OfBoth diffusion_charge(double vbe, double vbc, ValueAndSlope ibe, const OfBoth& qb) const;

  int polarity_;
  bool is_lateral_;
  double vt_;                                  // kT/q, V
  double is_, emitter_leak_, collector_leak_;  // A, is of a unit of area
  double forward_area_, reverse_area_;
  double forward_nvt_, reverse_nvt_;                                 // V
  double emitter_leak_nvt_, collector_leak_nvt_;                     // V
  double bf_, br_;                                                   // at this temperature
  double per_vaf_, per_var_, per_ikf_, per_ikr_, nkf_;               // 1/V, 1/A
  double substrate_current_, substrate_nvt_;                         // A, V
  double forward_critical_, reverse_critical_, substrate_critical_;  // V
  double base_resistance_, least_base_resistance_, crowding_;        // ohm, A; no crowding: 0
  double collector_conductance_, emitter_conductance_;               // S
  double transit_time_, time_growth_, per_vtf_, time_current_;       // tf, xtf, 1/(1.44 vtf), itf
  double reverse_time_, delay_;                                      // s
  DepletionCharge emitter_{}, collector_{}, outer_{}, substrate_{};
};

inline constexpr std::array<Parameter<BipolarCard>, 53> BipolarCard::kParameters = {{
    {&BipolarCard::is, "is", "A", Range::positive(), "saturation current of transport"},
    {&BipolarCard::bf, "bf", "", Range::positive(), "ideal forward current gain"},
    {&BipolarCard::nf, "nf", "", Range::positive(), "forward emission coefficient"},
    {&BipolarCard::vaf, "vaf", "V", Range::at_least(0), "forward Early voltage, 0: none", {}, "va"},
    {&BipolarCard::ikf,
     "ikf",
     "A",
     Range::at_least(0),
     "corner of forward high injection, 0: none",
     {},
     "ik"},
    {&BipolarCard::ise, "ise", "A", Range::at_least(0),
     "saturation current of base-emitter leakage"},
    {&BipolarCard::ne, "ne", "", Range::positive(), "its emission coefficient"},
    {&BipolarCard::br, "br", "", Range::positive(), "ideal reverse current gain"},
    {&BipolarCard::nr, "nr", "", Range::positive(), "reverse emission coefficient"},
    {&BipolarCard::var, "var", "V", Range::at_least(0), "reverse Early voltage, 0: none", {}, "vb"},
    {&BipolarCard::ikr, "ikr", "A", Range::at_least(0),
     "corner of reverse high injection, 0: none"},
    {&BipolarCard::isc, "isc", "A", Range::at_least(0),
     "saturation current of base-collector leakage"},
    {&BipolarCard::nc, "nc", "", Range::positive(), "its emission coefficient"},
    {&BipolarCard::nkf, "nkf", "", Range::positive(), "exponent of high injection", {}, "nk"},
    {&BipolarCard::rb, "rb", "ohm", Range::at_least(0), "base resistance at no current"},
    {&BipolarCard::irb, "irb", "A", Range::at_least(0),
     "base current at which it has fallen half way to rbm, 0: it follows qb"},
    {&BipolarCard::rbm, "rbm", "ohm", Range::at_least(0), "least base resistance (rb)"},
    {&BipolarCard::re, "re", "ohm", Range::at_least(0), "emitter resistance"},
    {&BipolarCard::rc, "rc", "ohm", Range::at_least(0), "collector resistance"},
    {&BipolarCard::cje, "cje", "F", Range::at_least(0), "base-emitter capacitance at 0 V"},
    {&BipolarCard::vje, "vje", "V", Range::positive(), "its built-in potential", {}, "pe"},
    {&BipolarCard::mje, "mje", "", Range::between(0, 0.95), "its grading coefficient", {}, "me"},
    {&BipolarCard::tf, "tf", "s", Range::at_least(0), "forward transit time"},
    {&BipolarCard::xtf, "xtf", "", Range::at_least(0), "growth of tf with current and voltage"},
    {&BipolarCard::vtf, "vtf", "V", Range::at_least(0), "how xtf falls with vbc, 0: not at all"},
    {&BipolarCard::itf, "itf", "A", Range::at_least(0), "current from which on tf grows"},
    {&BipolarCard::ptf, "ptf", "degree", Range::at_least(0),
     "excess phase at a frequency of 1/(2 pi tf)"},
    {&BipolarCard::cjc, "cjc", "F", Range::at_least(0), "base-collector capacitance at 0 V"},
    {&BipolarCard::vjc, "vjc", "V", Range::positive(), "its built-in potential", {}, "pc"},
    {&BipolarCard::mjc, "mjc", "", Range::between(0, 0.95), "its grading coefficient", {}, "mc"},
    {&BipolarCard::xcjc, "xcjc", "", Range::between(0, 1),
     "part of cjc that lies behind the base resistance"},
    {&BipolarCard::tr, "tr", "s", Range::at_least(0), "reverse transit time"},
    {&BipolarCard::cjs, "cjs", "F", Range::at_least(0), "substrate capacitance at 0 V", {}, "ccs"},
    {&BipolarCard::vjs, "vjs", "V", Range::positive(), "its built-in potential", {}, "ps"},
    {&BipolarCard::mjs, "mjs", "", Range::between(0, 0.95), "its grading coefficient", {}, "ms"},
    {&BipolarCard::iss, "iss", "A", Range::at_least(0), "saturation current of the substrate"},
    {&BipolarCard::ns, "ns", "", Range::positive(), "its emission coefficient"},
    {&BipolarCard::subs, "subs", "", Range::between(-1, 1),
     "1: vertical, substrate at the collector; -1: lateral, at the base (npn 1, pnp -1)"},
    {&BipolarCard::xtb, "xtb", "", Range::any(), "temperature exponent of bf and br"},
    {&BipolarCard::eg, "eg", "eV", Range::positive(), "band gap"},
    {&BipolarCard::xti, "xti", "", Range::any(), "temperature exponent of is"},
    {&BipolarCard::kf, "kf", "", Range::at_least(0), "flicker noise coefficient"},
    {&BipolarCard::af, "af", "", Range::positive(), "flicker noise exponent"},
    {&BipolarCard::fc, "fc", "", Range::between(0, 0.95),
     "part of vje, vjc above which depletion capacitances are a straight line"},
    {&BipolarCard::tnom,
     "tnom",
     "C",
     Range{.low = -273.15, .low_open = true},
     "temperature of the card's values (the circuit's tnom)",
     {},
     "tref"},
    {&BipolarCard::trb1, "trb1", "1/K", Range::any(), "temperature coefficients of rb", {}, "trb"},
    {&BipolarCard::trb2, "trb2", "1/K^2", Range::any(), "and the second one"},
    {&BipolarCard::trm1, "trm1", "1/K", Range::any(), "temperature coefficients of rbm"},
    {&BipolarCard::trm2, "trm2", "1/K^2", Range::any(), "and the second one"},
    {&BipolarCard::trc1, "trc1", "1/K", Range::any(), "temperature coefficients of rc", {}, "trc"},
    {&BipolarCard::trc2, "trc2", "1/K^2", Range::any(), "and the second one"},
    {&BipolarCard::tre1, "tre1", "1/K", Range::any(), "temperature coefficients of re", {}, "tre"},
    {&BipolarCard::tre2, "tre2", "1/K^2", Range::any(), "and the second one"},
}};

}  // namespace wordline
