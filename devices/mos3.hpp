// The transistor of SPICE, level 3: a semi-empirical model of short and narrow channels. A.
// Vladimirescu, S. Liu, "The simulation of MOS integrated circuits using SPICE2", UCB/ERL M80/7
// (1980); P. Antognetti, G. Massobrio, "Semiconductor Device Modeling with SPICE", ch. 4. Equal to
// ngspice's level 3.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

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

  Channel channel(double vgs, double vds, double vbs) const;

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
