#include "wordline/devices/mos3.hpp"

#include <cmath>
#include <numbers>

#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"

namespace wordline {

namespace {

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

}  // namespace wordline
