#include "wordline/devices/bipolar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/limiting.hpp"

namespace wordline {

namespace {

using OfBoth = Bipolar::OfBoth;

// Of parameters that have no effect where they are 0 or infinite.
double inverse(double value) { return value > 0 ? 1 / value : 0; }

double quadratic(double first, double second, double warmer) {
  return 1 + (first + second * warmer) * warmer;
}

// A current that a temperature far below freezing would make 0.
double at_least_tiny(double current) {
  return std::max(current, std::numeric_limits<double>::min());
}

// The current of a junction that may have none.
ValueAndSlope leakage(double v, double is, double nvt) {
  return is > 0 ? junction_current(v, is, nvt) : ValueAndSlope{0, 0};
}

// 1/d; from far below 1 down to negative d, where Newton's method may come by, its tangent.
ValueAndSlope safe_inverse(double d) {
  constexpr double kLeast = 1e-3;
  const double from = std::max(d, kLeast);
  const double slope = -1 / (from * from);
  return {1 / from + slope * (d - from), slope};
}

// The part of rb - rbm that crowding leaves, at i = ib/irb, and its slope.
ValueAndSlope crowding(double i) {
  constexpr double kInner = 144 / (std::numbers::pi * std::numbers::pi);
  constexpr double kOuter = 24 / (std::numbers::pi * std::numbers::pi);
  constexpr double kLeast = 1e-9;
  const double current = std::max(i, kLeast);
  const double root = std::sqrt(1 + kInner * current);
  const double scale = kOuter * std::sqrt(current);
  const double z = (root - 1) / scale;
  const double z_by_current = 0.5 * (kInner / (root * scale) - z / current);
  if (i < kLeast) return {1, 0};
  constexpr double kSmall = 0.02;  // below it differences lose more digits than the series lacks
  if (z < kSmall) {
    const double square = z * z;
    return {1 - square * (4.0 / 15 + 4.0 / 105 * square),
            -z * (8.0 / 15 + 16.0 / 105 * square) * z_by_current};
  }
  const double t = std::tan(z);
  const double value = 3 * (t - z) / (z * t * t);
  return {value, ((3 - value) / z - 2 * value * (1 + t * t) / t) * z_by_current};
}

}  // namespace

std::string BipolarCard::check() const {
  if (rbm > rb) return "rbm must not exceed rb";
  if (!std::isnan(subs) && subs != 1 && subs != -1) return "subs is 1 or -1";
  return "";
}

Bipolar::Bipolar(const BipolarCard& card, const BipolarSize& size, int polarity,
                 double temperature_kelvin, double nominal_kelvin)
    : polarity_(polarity),
      is_lateral_(std::isnan(card.subs) ? polarity < 0 : card.subs < 0),
      vt_(thermal_voltage(temperature_kelvin)) {
  const double nominal = std::isnan(card.tnom) ? nominal_kelvin : card.tnom + kZeroCelsius;
  set_currents(card, size, temperature_kelvin, nominal);
  set_charges(card, size, temperature_kelvin, nominal);
  set_resistances(card, size, temperature_kelvin - nominal);
}

void Bipolar::set_currents(const BipolarCard& card, const BipolarSize& size, double kelvin,
                           double nominal) {
  const double ratio = kelvin / nominal;
  const double growth = card.eg * (ratio - 1) / vt_ + card.xti * std::log(ratio);
  const double gain_growth = std::pow(ratio, card.xtb);
  const double emitter = size.emitter * size.m;
  // Of the junction that the base's area makes.
  const double base = (is_lateral_ ? size.collector : size.base) * size.m;
  is_ = at_least_tiny(card.is * std::exp(growth));
  emitter_leak_ = card.ise * emitter * std::exp(growth / card.ne) / gain_growth;
  collector_leak_ = card.isc * base * std::exp(growth / card.nc) / gain_growth;
  substrate_current_ = card.iss * emitter * std::exp(growth);
  forward_area_ = emitter;
  reverse_area_ = base;
  forward_nvt_ = card.nf * vt_;
  reverse_nvt_ = card.nr * vt_;
  emitter_leak_nvt_ = card.ne * vt_;
  collector_leak_nvt_ = card.nc * vt_;
  substrate_nvt_ = card.ns * vt_;
  bf_ = card.bf * gain_growth;
  br_ = card.br * gain_growth;
  per_vaf_ = inverse(card.vaf);
  per_var_ = inverse(card.var);
  per_ikf_ = inverse(card.ikf * emitter);
  per_ikr_ = inverse(card.ikr * emitter);
  nkf_ = card.nkf;
  forward_critical_ = junction_critical_voltage(forward_nvt_, is_ * forward_area_);
  reverse_critical_ = junction_critical_voltage(reverse_nvt_, is_ * reverse_area_);
  substrate_critical_ =
      junction_critical_voltage(substrate_nvt_, at_least_tiny(substrate_current_));
}

void Bipolar::set_charges(const BipolarCard& card, const BipolarSize& size, double kelvin,
                          double nominal) {
  const auto depletion = [&](double farads, double potential, double grading, double fc,
                             const char* name) {
    const double warm = junction_potential(potential, nominal, kelvin);
    if (!(warm > 0)) {
      throw Error(
          fmt::format("a transistor with {} = {:g} V has no built-in potential left at {:g} C",
                      name, potential, kelvin - kZeroCelsius));
    }
    return DepletionCharge{farads * size.m * depletion_growth(grading, potential, nominal, kelvin),
                           warm, grading, fc};
  };
  const double base = is_lateral_ ? size.collector : size.base;
  const double substrate = is_lateral_ ? size.base : size.collector;
  emitter_ = depletion(card.cje * size.emitter, card.vje, card.mje, card.fc, "vje");
  collector_ = depletion(card.cjc * card.xcjc * base, card.vjc, card.mjc, card.fc, "vjc");
  outer_ = depletion(card.cjc * (1 - card.xcjc) * base, card.vjc, card.mjc, card.fc, "vjc");
  substrate_ = depletion(card.cjs * substrate, card.vjs, card.mjs, 0, "vjs");
  transit_time_ = card.tf;
  time_growth_ = card.xtf;
  per_vtf_ = inverse(1.44 * card.vtf);
  time_current_ = card.itf * size.emitter * size.m;
  reverse_time_ = card.tr;
  delay_ = card.tf * card.ptf * std::numbers::pi / 180;
}

void Bipolar::set_resistances(const BipolarCard& card, const BipolarSize& size, double warmer) {
  const double emitter = size.emitter * size.m;
  base_resistance_ = card.rb / emitter * quadratic(card.trb1, card.trb2, warmer);
  // Without rbm the base's resistance is the same at any current.
  least_base_resistance_ = std::isnan(card.rbm)
                               ? base_resistance_
                               : card.rbm / emitter * quadratic(card.trm1, card.trm2, warmer);
  crowding_ = inverse(card.irb * emitter);
  collector_conductance_ = inverse(card.rc * quadratic(card.trc1, card.trc2, warmer)) * emitter;
  emitter_conductance_ = inverse(card.re * quadratic(card.tre1, card.tre2, warmer)) * emitter;
}

Bipolar::OfBoth Bipolar::base_charge(double vbe, double vbc, ValueAndSlope ibe,
                                     ValueAndSlope ibc) const {
  const auto [q1, slope] = safe_inverse(1 - vbc * per_vaf_ - vbe * per_var_);
  const double q1_by_be = -slope * per_var_;
  const double q1_by_bc = -slope * per_vaf_;
  if (per_ikf_ == 0 && per_ikr_ == 0) return {q1, q1_by_be, q1_by_bc};
  const double inside = 1 + 4 * (ibe.value * per_ikf_ + ibc.value * per_ikr_);
  const double power = inside > 0 ? std::pow(inside, nkf_) : 0;
  const double by_inside = inside > 0 ? nkf_ * power / inside : 0;
  const double half = 0.5 * (1 + power);
  return {q1 * half, q1_by_be * half + 2 * q1 * by_inside * ibe.slope * per_ikf_,
          q1_by_bc * half + 2 * q1 * by_inside * ibc.slope * per_ikr_};
}

// Of the base-emitter junction: tf (1 + growth) ibe/qb.
Bipolar::OfBoth Bipolar::diffusion_charge(double vbe, double vbc, ValueAndSlope ibe,
                                          const OfBoth& qb) const {
  double growth = 0;
  double growth_by_be = 0;
  double growth_by_bc = 0;
  if (time_growth_ > 0 && vbe > 0) {
    const auto [by_voltage, slope] = safe_exp(vbc * per_vtf_);
    const double share = ibe.value / (ibe.value + time_current_);
    const double of_current = share * share;
    growth = time_growth_ * by_voltage * of_current;
    growth_by_be = 2 * growth * (1 - share) / ibe.value * ibe.slope;
    growth_by_bc = time_growth_ * slope * per_vtf_ * of_current;
  }
  const double per_qb = transit_time_ / qb.value;
  const double charge = per_qb * ibe.value * (1 + growth);
  return {
      charge,
      per_qb * (ibe.slope * (1 + growth) + ibe.value * growth_by_be) - charge * qb.by_be / qb.value,
      per_qb * ibe.value * growth_by_bc - charge * qb.by_bc / qb.value};
}

Bipolar::Operating Bipolar::evaluate(double vbe, double vbc, double gmin) const {
  const ValueAndSlope ibe = junction_current(vbe, is_ * forward_area_, forward_nvt_);
  const ValueAndSlope ibc = junction_current(vbc, is_ * reverse_area_, reverse_nvt_);
  const auto [emitter_leak, emitter_leak_slope] = leakage(vbe, emitter_leak_, emitter_leak_nvt_);
  const auto [collector_leak, collector_leak_slope] =
      leakage(vbc, collector_leak_, collector_leak_nvt_);
  Operating at{};
  at.base_charge = base_charge(vbe, vbc, ibe, ibc);
  at.injected = ibe;
  at.extracted = ibc;
  at.transport = transport(at, ibe.value);
  at.transport.by_be += ibe.slope / at.base_charge.value;
  const OfBoth diffusion = diffusion_charge(vbe, vbc, ibe, at.base_charge);
  const auto [emitter_charge, emitter_capacitance] = emitter_.at(vbe);
  const auto [collector_charge, collector_capacitance] = collector_.at(vbc);
  at.base_emitter = {ibe.value / bf_ + emitter_leak + gmin * vbe,
                     ibe.slope / bf_ + emitter_leak_slope + gmin, diffusion.value + emitter_charge,
                     diffusion.by_be + emitter_capacitance};
  at.charge_by_bc = diffusion.by_bc;
  at.base_collector = {ibc.value / br_ + collector_leak + gmin * vbc,
                       ibc.slope / br_ + collector_leak_slope + gmin,
                       reverse_time_ * ibc.value + collector_charge,
                       reverse_time_ * ibc.slope + collector_capacitance};
  return at;
}

Bipolar::OfBoth Bipolar::transport(const Operating& at, double injected) {
  const OfBoth& qb = at.base_charge;
  const double current = (injected - at.extracted.value) / qb.value;
  return {current, -current * qb.by_be / qb.value,
          -(at.extracted.slope + current * qb.by_bc) / qb.value};
}

Bipolar::OfBoth Bipolar::base_conductance(const Operating& at) const {
  const double range = base_resistance_ - least_base_resistance_;
  OfBoth ohms{};
  if (crowding_ == 0) {
    const OfBoth& qb = at.base_charge;
    const double slope = -range / (qb.value * qb.value);
    ohms = {least_base_resistance_ + range / qb.value, slope * qb.by_be, slope * qb.by_bc};
  } else {
    const double current = at.base_emitter.i + at.base_collector.i;
    const auto [part, slope] = crowding(current * crowding_);
    const double by_current = range * slope * crowding_;
    ohms = {least_base_resistance_ + range * part, by_current * at.base_emitter.g,
            by_current * at.base_collector.g};
  }
  const double g = 1 / ohms.value;
  return {g, -g * g * ohms.by_be, -g * g * ohms.by_bc};
}

JunctionPoint Bipolar::substrate(double v, double gmin) const {
  const auto [q, c] = substrate_.at(v);
  if (substrate_current_ == 0) return {0, 0, q, c};
  const auto [i, g] = junction_current(v, substrate_current_, substrate_nvt_);
  return {i + gmin * v, g + gmin, q, c};
}

bool Bipolar::limit(Voltages& v, const Voltages& old) const {
  const Voltages wanted = v;
  v.vbe = pnjlim(wanted.vbe, old.vbe, forward_nvt_, forward_critical_);
  v.vbc = pnjlim(wanted.vbc, old.vbc, reverse_nvt_, reverse_critical_);
  if (has_substrate_current()) {
    v.vsub = pnjlim(wanted.vsub, old.vsub, substrate_nvt_, substrate_critical_);
  }
  return v.vbe != wanted.vbe || v.vbc != wanted.vbc || v.vsub != wanted.vsub;
}

}  // namespace wordline
