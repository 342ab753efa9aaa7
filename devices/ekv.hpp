// A transistor that is smooth from weak to strong inversion and symmetric in drain and source: the
// long channel of C. C. Enz, F. Krummenacher, E. A. Vittoz, Analog Integr. Circ. Sig. Proc. 8
// (1995) 83. Parameters, junctions, threshold and mobility over temperature are those of level 1.
#pragma once

#include <string_view>

#include "wordline/devices/mosfet.hpp"

namespace wordline {

class Ekv : public Mosfet {
 public:
  static constexpr std::string_view kEquations =
      R"(Voltages vg, vd, vs from the bulk, vt = kT/q, d = 0.02 V:
vp = y^2 - phi,   y = sqrt(g + gamma^2/4) - gamma/2,   g = (u + sqrt(u^2 + 4 d^2))/2,
     u = vg - vto + phi + gamma sqrt(phi)
n  = 1 + gamma/(2 sqrt(phi + vp + 4 vt))
id = 2 n kp W/(L - 2 ld) vt^2 (f(vp - vs) - f(vp - vd)) (1 + lambda (sqrt(vds^2 + 4 d^2) - 2 d)),
     f(v) = ln(1 + e^(v/(2 vt)))^2
The gate holds a constant half of the oxide's capacitance (tox) to drain and source each, besides
the overlaps. Bulk junctions as those of level 1.)";

  // As Mosfet's.
  Ekv(const Mos1Card& card, const MosGeometry& geometry, int polarity, double temperature_kelvin,
      double nominal_kelvin)
      : Mosfet(card, geometry, polarity, temperature_kelvin, nominal_kelvin),
        lambda_(card.lambda) {}

  // von and vdsat are those of strong inversion.
  WORDLINE_HD Channel channel(double vgs, double vds, double vbs) const;

  // Constant, so that no charge is gained or lost over a cycle.
  MeyerHalf meyer(double /*vgs*/, double /*vgd*/, const Channel& /*channel*/) const {
    return {0.25 * oxide_capacitance_, 0.25 * oxide_capacitance_, 0};
  }

 private:
  static constexpr double kRounding = 0.02;  // V

  // The pinch-off voltage by the gate's voltage.
  WORDLINE_HD ValueAndSlope pinch_off(double vg) const {
    const double u = vg - vbi_ + phi_;
    const double root = std::sqrt(u * u + 4 * kRounding * kRounding);
    const double positive = 0.5 * (u + root);
    const double body = std::sqrt(positive + 0.25 * gamma_ * gamma_);
    const double y = body - 0.5 * gamma_;
    return {y * y - phi_, (1 - 0.5 * gamma_ / body) * 0.5 * (1 + u / root)};
  }

  // ln(1 + e^(v/(2 vt)))^2 and its slope by v/vt.
  WORDLINE_HD ValueAndSlope normalized_current(double v) const {
    const double z = 0.5 * v / vt_;
    const double e = std::exp(-std::fabs(z));
    const double log = std::max(z, 0.0) + std::log1p(e);
    return {log * log, log * (z >= 0 ? 1 : e) / (1 + e)};
  }

  double lambda_;  // 1/V
};

WORDLINE_HD inline Ekv::Channel Ekv::channel(double vgs, double vds, double vbs) const {
  const auto [vp, vp_g] = pinch_off(vgs - vbs);
  const double charge = phi_ + vp + 4 * vt_;
  const double n = 1 + 0.5 * gamma_ / std::sqrt(charge);
  const double n_vp = -0.25 * gamma_ / (charge * std::sqrt(charge));
  const auto [forward, forward_slope] = normalized_current(vp + vbs);
  const auto [reverse, reverse_slope] = normalized_current(vp + vbs - vds);
  const double root = std::sqrt(vds * vds + 4 * kRounding * kRounding);
  const double modulation = 1 + lambda_ * (root - 2 * kRounding);

  const double unit = 2 * beta_ * vt_ * vt_;  // A, times n
  const double net = forward - reverse;
  const double by_length = unit * n * net * lambda_ * vds / root;
  const double by_pinch_off =
      unit * (n_vp * net + n * (forward_slope - reverse_slope) / vt_) * modulation;
  const double gm = by_pinch_off * vp_g;
  const double gds = unit * n * reverse_slope / vt_ * modulation + by_length;
  const double by_source = -unit * n * forward_slope / vt_ * modulation - by_length;
  // With the source as the origin, the bulk moves all the voltages from it.
  const double source_bulk = vds < 0 ? vbs - vds : vbs;
  const double von = vbi_ + gamma_ * root_of_bulk_charge(source_bulk).value;
  return {unit * n * net * modulation,     gm,     gds, -(gm + gds + by_source), von,
          std::max(vp + source_bulk, 0.0), vds < 0};
}

}  // namespace wordline
