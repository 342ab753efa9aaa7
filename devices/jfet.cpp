#include "wordline/devices/jfet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/limiting.hpp"

namespace wordline {

std::string JfetCard::check() const {
  if (b != 1 && pb <= vto) return "a doping tail (b) needs vto below pb";
  if (!std::isnan(betatce) && bex != 0) return "bex and betatce exclude each other";
  if (!std::isnan(vtotc) && tcv != 0) return "tcv and vtotc exclude each other";
  return "";
}

Jfet::Jfet(const JfetCard& card, double area, int polarity, double kelvin, double nominal_kelvin)
    : polarity_(polarity), lambda_(card.lambda), b_(card.b) {
  const double nominal = std::isnan(card.tnom) ? nominal_kelvin : card.tnom + kZeroCelsius;
  const double warmer = kelvin - nominal;
  const double ratio = kelvin / nominal;
  const double vt = thermal_voltage(kelvin);
  vto_ = card.vto + warmer * (std::isnan(card.vtotc) ? -card.tcv : card.vtotc);
  const double growth =
      std::isnan(card.betatce) ? std::pow(ratio, card.bex) : std::pow(1.01, card.betatce * warmer);
  beta_ = card.beta * area * growth;
  tail_ = card.b == 1 ? 0 : (1 - card.b) / (card.pb - card.vto);
  nvt_ = card.n * vt;
  const double current =
      card.is * area * std::exp((card.eg * (ratio - 1) / vt + card.xti * std::log(ratio)) / card.n);
  saturation_current_ = std::max(current, std::numeric_limits<double>::min());
  critical_ = junction_critical_voltage(nvt_, saturation_current_);
  drain_conductance_ = card.rd > 0 ? area / card.rd : 0;
  source_conductance_ = card.rs > 0 ? area / card.rs : 0;
  noise_follows_channel_ = card.nlev == 3;
  noise_factor_ = card.gdsnoi;
  const double potential = junction_potential(card.pb, nominal, kelvin);
  if (!(potential > 0)) {
    throw Error(
        fmt::format("a transistor with pb = {:g} V has no built-in potential left at {:g} C",
                    card.pb, kelvin - kZeroCelsius));
  }
  constexpr double kGrading = 0.5;
  const double wider = area * depletion_growth(kGrading, card.pb, nominal, kelvin);
  source_ = {card.cgs * wider, potential, kGrading, card.fc};
  drain_ = {card.cgd * wider, potential, kGrading, card.fc};
}

// F, what one end of the channel adds to the current, per beta.
ValueAndSlope Jfet::half(double v) const {
  if (v <= 0) return {0, 0};
  return {v * v * (b_ + tail_ * v), v * (2 * b_ + 3 * tail_ * v)};
}

JunctionPoint Jfet::junction(double v, const DepletionCharge& depletion, double gmin) const {
  const auto [i, g] = junction_current(v, saturation_current_, nvt_);
  const auto [q, c] = depletion.at(v);
  return {i + gmin * v, g + gmin, q, c};
}

Jfet::Operating Jfet::evaluate(double vgs, double vgd, double gmin) const {
  const ValueAndSlope at_source = half(vgs - vto_);
  const ValueAndSlope at_drain = half(vgd - vto_);
  const double vds = vgs - vgd;
  const double modulated = beta_ * (1 + lambda_ * std::abs(vds));
  const double per_beta = at_source.value - at_drain.value;
  return {modulated * per_beta, modulated * (at_source.slope - at_drain.slope),
          modulated * at_drain.slope + beta_ * std::copysign(lambda_, vds) * per_beta,
          junction(vgs, source_, gmin), junction(vgd, drain_, gmin)};
}

bool Jfet::limit(Voltages& v, const Voltages& old) const {
  const Voltages wanted = v;
  v.vgs = fetlim(pnjlim(wanted.vgs, old.vgs, nvt_, critical_), old.vgs, vto_);
  v.vgd = fetlim(pnjlim(wanted.vgd, old.vgd, nvt_, critical_), old.vgd, vto_);
  return v.vgs != wanted.vgs || v.vgd != wanted.vgd;
}

double Jfet::noise_conductance(const Operating& at, double vgs, double vgd) const {
  constexpr double kSaturated = 2.0 / 3;
  if (!noise_follows_channel_) return kSaturated * std::abs(at.gm);
  const double overdrive = std::max(vgs, vgd) - vto_;
  if (overdrive <= 0) return 0;
  const double vds = std::abs(vgs - vgd);
  const double alpha = std::max(0.0, 1 - vds / overdrive);
  return kSaturated * 2 * beta_ * (1 + lambda_ * vds) * overdrive * (1 + alpha + alpha * alpha) /
         (1 + alpha) * noise_factor_;
}

}  // namespace wordline
