#include "wordline/devices/mosfet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/limiting.hpp"

namespace wordline {

namespace {

using ChannelCard = Mosfet::ChannelCard;

double given_or(double value, double otherwise) { return std::isnan(value) ? otherwise : value; }

// Oxide capacitance [F/m^2]; 0 without an oxide thickness.
double oxide_capacitance(const Mos1Card& card) {
  return std::isnan(card.tox) ? 0 : kOxidePermittivity / card.tox;
}

double square(double value) { return value * value; }

// That of flicker noise, which needs one [F/m^2]: SPICE's default thickness is 0.1 um.
double flicker_oxide(const Mos1Card& card) {
  constexpr double kDefaultThickness = 1e-7;
  return std::isnan(card.tox) ? kOxidePermittivity / kDefaultThickness : oxide_capacitance(card);
}

// Threshold of a gate over a substrate of surface potential phi: work functions, surface charge,
// depletion charge.
double derived_threshold(const Mos1Card& card, const ChannelCard& c, int polarity, double nominal) {
  const double gap = silicon_gap(nominal);
  const double work_function = card.tpg == 0 ? polarity * (-0.05 - 0.5 * gap) - 0.5 * c.phi
                                             : -0.5 * (card.tpg * gap + c.phi);
  const double surface_charge = card.nss * 1e4 * kElementaryCharge / oxide_capacitance(card);
  return work_function - polarity * surface_charge + c.gamma * std::sqrt(c.phi) + c.phi;
}

ChannelCard derive(const Mos1Card& card, int polarity, double nominal, double intrinsic_density) {
  ChannelCard c;
  const double cox = oxide_capacitance(card);
  const bool has_process = cox > 0 && !std::isnan(card.nsub);
  const double doping = card.nsub * 1e6;
  if (cox > 0) c.kp = card.uo * 1e-4 * cox;
  if (has_process) {
    c.phi = std::max(0.1, 2 * thermal_voltage(nominal) * std::log(doping / intrinsic_density));
    c.gamma = std::sqrt(2 * kSiliconPermittivity * kElementaryCharge * doping) / cox;
  }
  c.kp = given_or(card.kp, c.kp);
  c.phi = given_or(card.phi, c.phi);
  c.gamma = given_or(card.gamma, c.gamma);
  if (!std::isnan(card.vto)) {
    c.vto = polarity * card.vto;
  } else if (has_process) {
    c.vto = derived_threshold(card, c, polarity, nominal);
  }
  return c;
}

double series_conductance(double resistance, double sheet, double squares) {
  const double total = given_or(resistance, sheet * squares);
  return total > 0 ? 1 / total : 0;
}

double positive_potential(double potential, const char* name, double kelvin) {
  if (potential > 0) return potential;
  throw Error(fmt::format("a transistor's {} is not positive any more at {:g} C", name,
                          kelvin - kZeroCelsius));
}

}  // namespace

std::string Mos1Card::check() const {
  if (nsub * 1e6 <= kIntrinsicDensity) return "nsub must exceed 1.45e10, that of pure silicon";
  if (std::isnan(tox) && !std::isnan(nsub)) return "nsub needs tox";
  return "";
}

Mosfet::Mosfet(const Mos1Card& card, const MosGeometry& geometry, int polarity,
               double temperature_kelvin, double nominal_kelvin,
               double (*intrinsic_density)(double kelvin))
    : polarity_(polarity), vt_(thermal_voltage(temperature_kelvin)), multiplicity_(geometry.m) {
  const double nominal = given_or(card.tnom + kZeroCelsius, nominal_kelvin);
  const double length = geometry.l - 2 * card.ld;
  if (!(length > 0)) {
    throw Error(fmt::format("a transistor of l = {:g} m with ld = {:g} m has no channel left",
                            geometry.l, card.ld));
  }
  set_temperature_of_channel(derive(card, polarity, nominal, intrinsic_density(nominal)),
                             temperature_kelvin, nominal);
  beta_ *= geometry.m * geometry.w / length;
  oxide_capacitance_ = oxide_capacitance(card) * length * geometry.m * geometry.w;
  overlap_ = {card.cgso * geometry.m * geometry.w, card.cgdo * geometry.m * geometry.w,
              card.cgbo * geometry.m * length};
  drain_conductance_ = geometry.m * series_conductance(card.rd, card.rsh, geometry.nrd);
  source_conductance_ = geometry.m * series_conductance(card.rs, card.rsh, geometry.nrs);
  flicker_exponent_ = card.af;
  flicker_coefficient_ = card.kf / (geometry.w * length * square(flicker_oxide(card)));

  // The density counts only where both areas are given.
  const bool by_area = card.js > 0 && geometry.ad > 0 && geometry.as > 0;
  Mos1Card drain = card;
  Mos1Card source = card;
  if (by_area) {
    drain.is = card.js * geometry.ad;
    source.is = card.js * geometry.as;
  }
  drain_junction_ =
      bulk_junction(drain, geometry.ad, geometry.pd, card.cbd, temperature_kelvin, nominal);
  source_junction_ =
      bulk_junction(source, geometry.as, geometry.ps, card.cbs, temperature_kelvin, nominal);
}

// Sets beta_ of a square channel; the geometry comes later.
void Mosfet::set_temperature_of_channel(const ChannelCard& c, double kelvin, double nominal) {
  beta_ = c.kp * std::pow(kelvin / nominal, -1.5);
  gamma_ = c.gamma;
  phi_ = positive_potential(junction_potential(c.phi, nominal, kelvin), "phi", kelvin);
  // The gap moves the threshold by the same amount for both polarities, hence the sign.
  vbi_ = c.vto - gamma_ * std::sqrt(c.phi) +
         polarity_ * 0.5 * (silicon_gap(nominal) - silicon_gap(kelvin)) + 0.5 * (phi_ - c.phi);
}

Mosfet::BulkJunction Mosfet::bulk_junction(const Mos1Card& card, double area, double perimeter,
                                           double capacitance, double kelvin,
                                           double nominal) const {
  const double growth =
      std::exp(silicon_gap(nominal) / thermal_voltage(nominal) - silicon_gap(kelvin) / vt_);
  BulkJunction j{};
  j.saturation_current =
      std::max(multiplicity_ * card.is * growth, std::numeric_limits<double>::min());
  j.vt = vt_;
  j.critical = junction_critical_voltage(vt_, j.saturation_current);
  const double potential =
      positive_potential(junction_potential(card.pb, nominal, kelvin), "pb", kelvin);
  const auto depletion = [&](double at_zero, double grading) {
    const double grown = at_zero * depletion_growth(grading, card.pb, nominal, kelvin);
    return DepletionCharge{multiplicity_ * grown, potential, grading, card.fc};
  };
  j.bottom = depletion(given_or(capacitance, card.cj * area), card.mj);
  j.side = depletion(card.cjsw * perimeter, card.mjsw);
  return j;
}

bool Mosfet::limit_large(Voltages& v, Voltages old) const {
  // Only changes are added, so that a step which needs no limit keeps its voltages to the last bit.
  const Voltages wanted = v;
  if (old.vds >= 0) {
    v.vgs = fetlim(wanted.vgs, old.vgs, threshold(old.vbs));
    v.vds = limvds(wanted.vds + (v.vgs - wanted.vgs), old.vds);
  } else {
    const double vgd = wanted.vgs - wanted.vds;
    const double change = fetlim(vgd, old.vgs - old.vds, threshold(old.vbs - old.vds)) - vgd;
    v.vds = -limvds(change - wanted.vds, -old.vds);
    v.vgs = wanted.vgs + change + (v.vds - wanted.vds);
  }
  if (v.vds >= 0) {
    v.vbs = pnjlim(wanted.vbs, old.vbs, vt_, source_junction_.critical);
  } else {
    const double vbd = wanted.vbs - v.vds;
    v.vbs += pnjlim(vbd, old.vbs - old.vds, vt_, drain_junction_.critical) - vbd;
  }
  return v.vgs != wanted.vgs || v.vds != wanted.vds || v.vbs != wanted.vbs;
}

}  // namespace wordline
