// The transistor of SPICE, level 3: a semi-empirical model of short and narrow channels. A.
// Vladimirescu, S. Liu, "The simulation of MOS integrated circuits using SPICE2", UCB/ERL M80/7
// (1980); P. Antognetti, G. Massobrio, "Semiconductor Device Modeling with SPICE", ch. 4. Equal to
// ngspice's level 3.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "wordline/devices/dual.hpp"
#include "wordline/devices/mosfet.hpp"

namespace wordline {

// Those of level 1 but lambda, and those of short channels.
struct Mos3Card : Mos1Card {
  Mos3Card() {
    tox = 1e-7;
    mjsw = 0.33;
  }

  double theta = 0, vmax = 0, eta = 0, kappa = 0.2;
  double delta = 0, xj = 0, nfs = 0;

  static const std::array<Parameter<Mos3Card>, 36> kParameters;
};

class Mos3 : public Mosfet {
 public:
  static constexpr std::string_view kEquations =
      R"(vth = vbi - eta 8.15e-22/(cox L^3) vds + gamma fs sqrt(phi - vbs) + fn (phi - vbs)
fb  = gamma fs/(4 sqrt(phi - vbs)) + fn,   fn = delta pi eps_si/(2 cox W)
fs  = 1 - xj/L ((ld + wc)/xj sqrt(1 - (wp/(xj + wp))^2) - ld/xj),   wp = xd sqrt(phi - vbs),
      wc = xj (0.0631353 + 0.8013292 wp/xj - 0.01110777 (wp/xj)^2),   xd^2 = 2 eps_si/(q nsub)
us  = uo/(1 + theta (vgs - vth)),   vp = (vgs - vth)/(1 + fb),   vc = vmax L/us
vdsat = vp + vc - sqrt(vp^2 + vc^2);   vp without vmax
id  = kp W/L us/uo (vgs - vth - (1 + fb)/2 v) v/(1 + v/vc),   v = min(vds, vdsat)
Beyond vdsat the channel is shorter by dl, as far as L/2; beyond, by L - L^2/(4 dl):
dl  = sqrt((ep xd^2/2)^2 + kappa xd^2 (vds - vdsat)) - ep xd^2/2,   ep = kappa id/(L gds) at vdsat;
      without vmax, xd sqrt(kappa (vds - 7/8 vdsat)), and up to vdsat,
      xd sqrt(kappa vdsat/8) (vds/vdsat)^4
With nfs, below von = vth + nv vt:  id = id(von) e^((vgs - von)/(nv vt)),
      nv = 1 + q nfs/cox + (gamma fs sqrt(phi - vbs) + fn (phi - vbs))/(2 (phi - vbs))
Without nfs no current flows there.)";

  // As Mosfet's.
  Mos3(const Mos3Card& card, const MosGeometry& geometry, int polarity, double temperature_kelvin,
       double nominal_kelvin);

  WORDLINE_HD Channel channel(double vgs, double vds, double vbs) const;

  // What its geometry and temperature make of the card.
  struct Constants {
    double vt, vbi, gamma, phi;      // V, V, sqrt(V), V
    double beta, devices;            // A/V^2 of all devices in parallel, and their number
    double length;                   // m
    double theta, kappa;             // 1/V, 1
    double critical;                 // vmax L/uo, V; 0 without a limit of the velocity
    double feedback;                 // of the drain on the threshold, V/V
    double narrow;                   // fn, 1
    double depletion;                // xd, m/V^0.5; 0 without doping
    double junction_depth, lateral;  // m
    double surface_states;           // q nfs/cox, 1
  };

 private:
  Constants constants_{};
};

// The parts of the channel's current.
namespace mos3 {

using Constants = Mos3::Constants;

// By vgs, vds and vbs.
using Dual = wordline::Dual<3>;

// What the bulk does to the channel.
struct BulkCharge {
  Dual depth;      // phi - vbs, V
  Dual threshold;  // V
  Dual slope;      // fb, 1
};

// The part of the bulk's charge that the gate holds; source and drain hold the rest.
WORDLINE_HD inline Dual short_channel_factor(const Constants& c, const Dual& root) {
  if (c.junction_depth == 0 || c.depletion == 0) return 1;
  const Dual wp = root * (c.depletion / c.junction_depth);
  const Dual wc = 0.0631353 + 0.8013292 * wp - 0.01110777 * wp * wp;
  const Dual share = wp / (1 + wp);
  const double lateral = c.lateral / c.junction_depth;
  return 1 - c.junction_depth / c.length * ((wc + lateral) * sqrt(1 - share * share) - lateral);
}

WORDLINE_HD inline BulkCharge bulk_charge(const Constants& c, const Dual& vbs) {
  // Above 0 V a curve that stays positive.
  const Dual root =
      vbs.value <= 0 ? sqrt(c.phi - vbs) : std::sqrt(c.phi) / (1 + vbs * (0.5 / c.phi));
  const Dual depth = root * root;
  const Dual gamma = c.gamma * short_channel_factor(c, root);
  return {depth, gamma * root + c.narrow * depth, 0.25 * gamma / root + c.narrow};
}

struct Current {
  Dual id;
  double von, vdsat;
};

// By how much the channel is shorter than the gate, for the current `id` at v = min(vds, vdsat).
WORDLINE_HD inline Dual shortening(const Constants& c, const Dual& vds, const Dual& vdsat,
                                   const Dual& critical, const Dual& id) {
  const double alpha = c.depletion * c.depletion;
  if (alpha == 0 || c.kappa == 0) return 0;
  const bool is_saturated = vds.value > vdsat.value;
  Dual length = 0;
  if (c.critical > 0) {
    if (!is_saturated) return 0;
    constexpr double kLeastConductance = 1e-12;  // S
    const Dual gds =
        largest(id * (1 - 1 / (1 + vdsat / critical)) / critical, kLeastConductance * c.devices);
    const Dual half_field = 0.5 * alpha * c.kappa * id / (c.length * gds);
    length = sqrt(half_field * half_field + c.kappa * alpha * (vds - vdsat)) - half_field;
  } else if (is_saturated) {
    length = sqrt(c.kappa * alpha * (vds - 0.875 * vdsat));
  } else {
    const Dual part = vds / vdsat;
    const Dual square = part * part;
    length = sqrt(0.125 * c.kappa * alpha * vdsat) * square * square;
  }
  if (length.value <= 0.5 * c.length) return length;
  return c.length - 0.25 * c.length * c.length / length;
}

// For vds >= 0.
WORDLINE_HD inline Current forward(const Constants& c, const Dual& vgs, const Dual& vds,
                                   const Dual& vbs) {
  const BulkCharge bulk = bulk_charge(c, vbs);
  const Dual vth = c.vbi - c.feedback * vds + bulk.threshold;
  const bool is_weak_possible = c.surface_states > 0;
  const Dual slope = 1 + c.surface_states + 0.5 * bulk.threshold / bulk.depth;  // of weak inversion
  const Dual von = is_weak_possible ? vth + c.vt * slope : vth;
  if (!is_weak_possible && vgs.value <= von.value) return {0, von.value, 0};

  const Dual overdrive = largest(vgs, von) - vth;
  const Dual mobility = 1 / (1 + c.theta * overdrive);  // of that in low fields
  const Dual pinch_off = overdrive / (1 + bulk.slope);
  const Dual critical = c.critical / mobility;
  const Dual vdsat = c.critical > 0
                         ? pinch_off + critical - sqrt(pinch_off * pinch_off + critical * critical)
                         : pinch_off;
  const Dual v = least(vds, vdsat);
  Dual id = c.beta * mobility * (overdrive - 0.5 * (1 + bulk.slope) * v) * v;
  if (c.critical > 0) id = id / (1 + v / critical);
  id = id / (1 - shortening(c, vds, vdsat, critical, id) / c.length);
  if (vgs.value < von.value) id = id * exp((vgs - von) / (slope * c.vt));
  return {id, von.value, vdsat.value};
}

}  // namespace mos3

WORDLINE_HD inline Mos3::Channel Mos3::channel(double vgs, double vds, double vbs) const {
  return either_way(vgs, vds, vbs, [this](double g, double d, double b) -> Channel {
    const auto [id, von, vdsat] =
        mos3::forward(constants_, {g, {1, 0, 0}}, {d, {0, 1, 0}}, {b, {0, 0, 1}});
    return {id.value, id.by[0], id.by[1], id.by[2], von, vdsat, false};
  });
}

// Level 1's rows but lambda's, then those of level 3.
inline constexpr std::array<Parameter<Mos3Card>, 36> Mos3Card::kParameters = [] {
  constexpr std::array<Parameter<Mos3Card>, 7> kOwn = {{
      {&Mos3Card::theta, "theta", "1/V", Range::at_least(0), "mobility degradation by the gate"},
      {&Mos3Card::vmax, "vmax", "m/s", Range::at_least(0), "largest drift velocity (0: no limit)"},
      {&Mos3Card::eta, "eta", "", Range::at_least(0), "feedback of the drain on the threshold"},
      {&Mos3Card::kappa, "kappa", "", Range::at_least(0), "field factor of saturation"},
      {&Mos3Card::delta, "delta", "", Range::at_least(0), "effect of width on the threshold"},
      {&Mos3Card::xj, "xj", "m", Range::at_least(0), "depth of the junctions (0: long channel)"},
      {&Mos3Card::nfs, "nfs", "1/cm^2", Range::at_least(0),
       "fast surface states (0: no current below threshold)"},
  }};
  std::array<Parameter<Mos3Card>, 36> rows{};
  std::size_t count = 0;
  for (const Parameter<Mos1Card>& p : Mos1Card::kParameters) {
    if (p.field == &Mos1Card::lambda) continue;
    const bool is_tox = p.field == &Mos1Card::tox;  // which level 3 has a default for
    rows[count++] = {p.field,   p.name, p.unit, p.range, is_tox ? "oxide thickness" : p.meaning,
                     p.choices, p.alias};
  }
  for (const Parameter<Mos3Card>& p : kOwn) rows[count++] = p;
  return rows;
}();

}  // namespace wordline
