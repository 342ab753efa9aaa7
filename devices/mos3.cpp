#include "wordline/devices/mos3.hpp"

#include <cmath>
#include <numbers>

#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/dual.hpp"

namespace wordline {

namespace {

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
Dual short_channel_factor(const Constants& c, const Dual& root) {
  if (c.junction_depth == 0 || c.depletion == 0) return 1;
  const Dual wp = root * (c.depletion / c.junction_depth);
  const Dual wc = 0.0631353 + 0.8013292 * wp - 0.01110777 * wp * wp;
  const Dual share = wp / (1 + wp);
  const double lateral = c.lateral / c.junction_depth;
  return 1 - c.junction_depth / c.length * ((wc + lateral) * sqrt(1 - share * share) - lateral);
}

BulkCharge bulk_charge(const Constants& c, const Dual& vbs) {
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
Dual shortening(const Constants& c, const Dual& vds, const Dual& vdsat, const Dual& critical,
                const Dual& id) {
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
Current forward(const Constants& c, const Dual& vgs, const Dual& vds, const Dual& vbs) {
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

// Of silicon, which is as in level 1 at 300 K only.
double intrinsic_density(double kelvin) {
  constexpr double kReference = 300;  // K
  const double ratio = kelvin / kReference;
  return kIntrinsicDensity * ratio * std::sqrt(ratio) *
         std::exp(0.5 * silicon_gap(kelvin) * (ratio - 1) / thermal_voltage(kelvin));
}

}  // namespace

Mos3::Mos3(const Mos3Card& card, const MosGeometry& geometry, int polarity,
           double temperature_kelvin, double nominal_kelvin)
    : Mosfet(card, geometry, polarity, temperature_kelvin, nominal_kelvin, intrinsic_density) {
  const double nominal = std::isnan(card.tnom) ? nominal_kelvin : card.tnom + kZeroCelsius;
  const double length = geometry.l - 2 * card.ld;
  const double cox = kOxidePermittivity / card.tox;
  const double mobility = card.uo * 1e-4 * std::pow(temperature_kelvin / nominal, -1.5);
  const double charge = kElementaryCharge * card.nsub * 1e6;
  constexpr double kFeedback = 8.15e-22;  // F m
  constexpr double kPerSquareMeter = 1e4;
  constants_ = {
      .vt = vt_,
      .vbi = vbi_,
      .gamma = gamma_,
      .phi = phi_,
      .beta = beta_,
      .devices = geometry.m,
      .length = length,
      .theta = card.theta,
      .kappa = card.kappa,
      .critical = card.vmax * length / mobility,
      .feedback = card.eta * kFeedback / (cox * length * length * length),
      .narrow = card.delta * 0.5 * std::numbers::pi * kSiliconPermittivity / (cox * geometry.w),
      .depletion = std::isnan(card.nsub) ? 0 : std::sqrt(2 * kSiliconPermittivity / charge),
      .junction_depth = card.xj,
      .lateral = card.ld,
      .surface_states = kElementaryCharge * card.nfs * kPerSquareMeter / cox,
  };
}

Mos3::Channel Mos3::channel(double vgs, double vds, double vbs) const {
  return either_way(vgs, vds, vbs, [this](double g, double d, double b) -> Channel {
    const auto [id, von, vdsat] =
        forward(constants_, {g, {1, 0, 0}}, {d, {0, 1, 0}}, {b, {0, 0, 1}});
    return {id.value, id.by[0], id.by[1], id.by[2], von, vdsat, false};
  });
}

}  // namespace wordline
