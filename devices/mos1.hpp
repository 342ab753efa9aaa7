// The transistor of SPICE, level 1: Shichman-Hodges channel with body effect and channel length
// modulation. H. Shichman, D. A. Hodges, IEEE J. Solid-State Circuits 3 (1968) 285.
#pragma once

#include <string_view>

#include "wordline/devices/mosfet.hpp"

namespace wordline {

class Mos1 : public Mosfet {
 public:
  static constexpr std::string_view kEquations =
      R"(vth = vto + gamma (sqrt(phi - vbs) - sqrt(phi)),   vov = vgs - vth,   beta = kp W/(L - 2 ld)
id = 0                                              vov <= 0
id = beta (vov - vds/2) vds (1 + lambda vds)        vds < vov
id = beta/2 vov^2 (1 + lambda vds)                  vds >= vov
Below vds = 0 drain and source exchange their roles. Bulk junctions as diodes with is, cbd, cbs.)";

  // As Mosfet's.
  Mos1(const Mos1Card& card, const MosGeometry& geometry, int polarity, double temperature_kelvin,
       double nominal_kelvin)
      : Mosfet(card, geometry, polarity, temperature_kelvin, nominal_kelvin),
        lambda_(card.lambda) {}

  WORDLINE_HD Channel channel(double vgs, double vds, double vbs) const {
    return either_way(vgs, vds, vbs,
                      [this](double g, double d, double b) { return forward(g, d, b); });
  }

 private:
  WORDLINE_HD Channel forward(double vgs, double vds, double vbs) const;

  double lambda_;  // 1/V
};

// For vds >= 0. What the drain does beyond saturation, the channel does not see.
WORDLINE_HD inline Mos1::Channel Mos1::forward(double vgs, double vds, double vbs) const {
  const auto [root, slope] = root_of_bulk_charge(vbs);
  const double von = vbi_ + gamma_ * root;
  const double overdrive = std::max(vgs - von, 0.0);
  const double v = std::min(vds, overdrive);
  const double modulation = 1 + lambda_ * vds;
  const double per_beta = (overdrive - 0.5 * v) * v;  // the current without modulation
  const double gm = beta_ * v * modulation;
  return {beta_ * per_beta * modulation,
          gm,
          beta_ * ((overdrive - v) * modulation + per_beta * lambda_),
          -gm * gamma_ * slope,
          von,
          overdrive,
          false};
}

}  // namespace wordline
