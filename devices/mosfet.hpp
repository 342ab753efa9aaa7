// What all transistors of SPICE share: parameters, threshold, bulk junctions, gate capacitances,
// limits of Newton steps, and how these change with temperature. J. E. Meyer, RCA Review 32 (1971)
// 42. Equal to ngspice's level 1, temperature and process data included.
//
// All voltages and currents are those of an n-type device: for a p-type one the caller negates
// both, which leaves the derivatives as they are.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "wordline/devices/constants.hpp"
#include "wordline/devices/host_device.hpp"
#include "wordline/devices/junction.hpp"
#include "wordline/devices/parameter.hpp"

namespace wordline {

// The parameters of level 1.
struct Mos1Card {
  static constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();

  double vto = kNotGiven, kp = kNotGiven, gamma = kNotGiven, phi = kNotGiven, lambda = 0;
  double rd = kNotGiven, rs = kNotGiven, rsh = 0;
  double cbd = kNotGiven, cbs = kNotGiven, is = 1e-14, js = 0, pb = 0.8;
  double cgso = 0, cgdo = 0, cgbo = 0;
  double cj = 0, mj = 0.5, cjsw = 0, mjsw = 0.5, fc = 0.5;
  double tox = kNotGiven, nsub = kNotGiven, nss = 0, tpg = 1, ld = 0, uo = 600;
  double tnom = kNotGiven, kf = 0, af = 1;

  static const std::array<Parameter<Mos1Card>, 30> kParameters;

  // Empty, or what does not fit together.
  std::string check() const;
};

struct MosGeometry {
  double w, l;              // m
  double ad = 0, as = 0;    // drain and source area, m^2
  double pd = 0, ps = 0;    // and perimeter, m
  double nrd = 1, nrs = 1;  // and squares of diffusion in series
  double m = 1;             // that many devices in parallel

  bool operator==(const MosGeometry&) const = default;
};

// Models of channels derive from this and are used as what they are.
class Mosfet {
 public:
  // Channel parameters at the card's nominal temperature, in the n-type frame, with those that the
  // card leaves out derived from the process data as far as it gives them.
  struct ChannelCard {
    double vto = 0, kp = 2e-5, gamma = 0, phi = 0.6;
  };

  WORDLINE_HD int polarity() const { return polarity_; }

  // Current from drain to source [A] and its derivatives by vgs, vds, vbs [S], whichever end
  // conducts. `von` and `vdsat` [V] are those of the end that acts as source: the drain where
  // `reversed`.
  struct Channel {
    double id, gm, gds, gmb;
    double von, vdsat;
    bool reversed;
  };

  // From the bulk to the drain or the source; gmin [S] lies across the junction.
  using Junction = JunctionPoint;
  struct BulkJunction {
    double saturation_current;  // A
    double vt;                  // kT/q, V
    double critical;            // V
    DepletionCharge bottom, side;

    bool has_charge() const { return bottom.capacitance != 0 || side.capacitance != 0; }
    WORDLINE_HD ValueAndSlope current(double v, double gmin) const {
      const auto [i, g] = junction_current(v, saturation_current, vt);
      return {i + gmin * v, g + gmin};
    }
    Junction at(double v, double gmin) const {
      const auto [i, g] = current(v, gmin);
      const auto [bottom_charge, bottom_capacitance] = bottom.at(v);
      const auto [side_charge, side_capacitance] = side.at(v);
      return {i, g, bottom_charge + side_charge, bottom_capacitance + side_capacitance};
    }
  };
  WORDLINE_HD const BulkJunction& drain_junction() const { return drain_junction_; }
  WORDLINE_HD const BulkJunction& source_junction() const { return source_junction_; }

  // Half of the gate capacitances [F], here Meyer's. Over a time step, a capacitance is the sum of
  // the halves at its ends; in a small-signal analysis it is twice the half.
  struct MeyerHalf {
    double cgs, cgd, cgb;
  };
  MeyerHalf meyer(double vgs, double vgd, const Channel& channel) const;

  struct Voltages {
    double vgs, vds, vbs;
  };
  // Shortens a Newton step from `old` to `v`; true where it did.
  bool limit(Voltages& v, Voltages old) const {
    const double most = smallest_limited_step();
    const bool is_small = std::abs(v.vgs - old.vgs) <= most && std::abs(v.vds - old.vds) <= most &&
                          std::abs(v.vbs - old.vbs) <= most;
    return !is_small && limit_large(v, old);
  }
  // Steps in which no voltage changes by more than this [V] are never too long.
  double smallest_limited_step() const { return vt_; }

  // What holds no charge at any voltage has none of these.
  bool has_oxide() const { return oxide_capacitance_ > 0; }
  const MeyerHalf& overlap() const { return overlap_; }            // the whole, F
  double drain_conductance() const { return drain_conductance_; }  // S; 0: no resistance
  double source_conductance() const { return source_conductance_; }
  // Flicker noise of a single device is this times its current to the exponent, over frequency.
  double flicker_coefficient() const { return flicker_coefficient_; }
  double flicker_exponent() const { return flicker_exponent_; }

 protected:
  // polarity: +1 n-type, -1 p-type. `nominal_kelvin` is where the card's values hold if it gives no
  // tnom. Throws Error for a channel without length and at temperatures that leave no built-in
  // potential. The carriers of pure silicon [1/m^3] at the nominal temperature make the surface
  // potential, where it is derived from the doping.
  Mosfet(const Mos1Card& card, const MosGeometry& geometry, int polarity, double temperature_kelvin,
         double nominal_kelvin, double (*intrinsic_density)(double kelvin) = constant_density);

  static double constant_density(double /*kelvin*/) { return kIntrinsicDensity; }

  // The current of a channel whose model `forward` is for vds >= 0: below, source and drain
  // exchange their roles.
  template <class Forward>
  WORDLINE_HD static Channel either_way(double vgs, double vds, double vbs, Forward forward) {
    const double reverse = std::min(vds, 0.0);
    const double sign = vds < 0 ? -1.0 : 1.0;
    const Channel c = forward(vgs - reverse, std::fabs(vds), vbs - reverse);
    const double gds = vds < 0 ? c.gm + c.gds + c.gmb : c.gds;
    return {sign * c.id, sign * c.gm, gds, sign * c.gmb, c.von, c.vdsat, vds < 0};
  }

  // The square root in the threshold, and its derivative by vbs.
  WORDLINE_HD ValueAndSlope root_of_bulk_charge(double vbs) const;

  int polarity_;
  double vt_;                             // kT/q, V
  double vbi_ = 0, gamma_ = 0, phi_ = 0;  // V, sqrt(V), V
  double beta_ = 0;                       // A/V^2
  double oxide_capacitance_ = 0;          // of the whole channel, F

 private:
  void set_temperature_of_channel(const ChannelCard& c, double kelvin, double nominal);
  BulkJunction bulk_junction(const Mos1Card& card, double area, double perimeter,
                             double capacitance, double kelvin, double nominal) const;
  bool limit_large(Voltages& v, Voltages old) const;
  double threshold(double vbs) const { return vbi_ + gamma_ * root_of_bulk_charge(vbs).value; }

  double multiplicity_;
  MeyerHalf overlap_{};
  double drain_conductance_, source_conductance_;
  double flicker_coefficient_, flicker_exponent_;
  BulkJunction drain_junction_, source_junction_;
};

// Inline, so that they vanish in loops over devices.

inline Mosfet::MeyerHalf Mosfet::meyer(double vgs, double vgd, const Channel& channel) const {
  const double cox = oxide_capacitance_;
  const double overdrive = (channel.reversed ? vgd : vgs) - channel.von;
  const double vds = std::fabs(vgs - vgd);
  // The channel's share grows from nothing at -phi/2 to what it is in inversion.
  const double share = cox / 3 * std::clamp(1 + 2 * overdrive / phi_, 0.0, 1.0);
  constexpr double kLeastSaturation = 0.025;  // V
  const double vdsat = std::max(channel.vdsat, kLeastSaturation);
  const double below = std::max(vdsat - vds, 0.0);
  const double whole = (vdsat + below) * (vdsat + below);
  const double of_source = share * (1 - below * below / whole);
  const double of_drain = share * (1 - vdsat * vdsat / whole);
  return {channel.reversed ? of_drain : of_source, channel.reversed ? of_source : of_drain,
          0.5 * cox * std::clamp(-overdrive / phi_, 0.0, 1.0)};
}

WORDLINE_HD inline ValueAndSlope Mosfet::root_of_bulk_charge(double vbs) const {
  if (gamma_ == 0) return {0, 0};  // nothing depends on it
  // Above 0 V the tangent at 0 V, as far as it is positive.
  const double root = std::sqrt(phi_ - std::min(vbs, 0.0));
  const double slope = -0.5 / root;
  const double tangent = root + slope * std::max(vbs, 0.0);
  return {std::max(tangent, 0.0), tangent > 0 ? slope : 0.0};
}

inline constexpr std::array<Parameter<Mos1Card>, 30> Mos1Card::kParameters = {{
    {&Mos1Card::vto, "vto", "V", Range::any(), "threshold at vbs = 0 (from nsub, tox)", {}, "vt0"},
    {&Mos1Card::kp, "kp", "A/V^2", Range::positive(), "transconductance (from uo, tox; 2e-5)"},
    {&Mos1Card::gamma, "gamma", "V^0.5", Range::at_least(0), "body effect (from nsub, tox; 0)"},
    {&Mos1Card::phi, "phi", "V", Range::positive(), "surface potential (from nsub; 0.6)"},
    {&Mos1Card::lambda, "lambda", "1/V", Range::at_least(0), "channel length modulation"},
    {&Mos1Card::rd, "rd", "ohm", Range::at_least(0), "drain resistance (rsh nrd)"},
    {&Mos1Card::rs, "rs", "ohm", Range::at_least(0), "source resistance (rsh nrs)"},
    {&Mos1Card::rsh, "rsh", "ohm", Range::at_least(0), "sheet resistance of drain and source"},
    {&Mos1Card::cbd, "cbd", "F", Range::at_least(0), "bulk-drain capacitance at 0 V (cj ad)"},
    {&Mos1Card::cbs, "cbs", "F", Range::at_least(0), "bulk-source capacitance at 0 V (cj as)"},
    {&Mos1Card::is, "is", "A", Range::positive(), "saturation current of the bulk junctions"},
    {&Mos1Card::js, "js", "A/m^2", Range::at_least(0), "the same by area, where areas are given"},
    {&Mos1Card::pb, "pb", "V", Range::positive(), "built-in potential of the bulk junctions"},
    {&Mos1Card::cgso, "cgso", "F/m", Range::at_least(0), "gate-source overlap capacitance"},
    {&Mos1Card::cgdo, "cgdo", "F/m", Range::at_least(0), "gate-drain overlap capacitance"},
    {&Mos1Card::cgbo, "cgbo", "F/m", Range::at_least(0), "gate-bulk overlap capacitance"},
    {&Mos1Card::cj, "cj", "F/m^2", Range::at_least(0), "bottom capacitance of the junctions"},
    {&Mos1Card::mj, "mj", "", Range::between(0, 0.95), "grading of the bottom"},
    {&Mos1Card::cjsw, "cjsw", "F/m", Range::at_least(0), "side capacitance of the junctions"},
    {&Mos1Card::mjsw, "mjsw", "", Range::between(0, 0.95), "grading of the side"},
    {&Mos1Card::fc, "fc", "", Range::between(0, 0.95),
     "part of pb above which capacitances are a straight line"},
    {&Mos1Card::tox, "tox", "m", Range::positive(), "oxide thickness (no gate capacitance)"},
    {&Mos1Card::nsub, "nsub", "1/cm^3", Range::positive(), "substrate doping"},
    {&Mos1Card::nss, "nss", "1/cm^2", Range::any(), "surface states"},
    {&Mos1Card::tpg, "tpg", "", Range::between(-1, 1),
     "gate: 1 doped against the substrate, -1 like it, 0 aluminium"},
    {&Mos1Card::ld, "ld", "m", Range::any(), "lateral diffusion"},
    {&Mos1Card::uo, "uo", "cm^2/Vs", Range::positive(), "mobility", {}, "u0"},
    {&Mos1Card::tnom, "tnom", "C", Range{.low = -273.15, .low_open = true},
     "temperature of the card's values (the circuit's tnom)"},
    {&Mos1Card::kf, "kf", "", Range::at_least(0), "flicker noise coefficient"},
    {&Mos1Card::af, "af", "", Range::positive(), "flicker noise exponent"},
}};

}  // namespace wordline
