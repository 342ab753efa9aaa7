#include "wordline/devices/mos1.hpp"

#include <algorithm>
#include <cmath>

#include "wordline/devices/junction.hpp"
#include "wordline/devices/limiting.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

namespace {

constexpr double kOxidePermittivity = 3.9 * kVacuumPermittivity;
constexpr double kSiliconPermittivity = 11.7 * kVacuumPermittivity;
constexpr double kIntrinsicDensity = 1.45e16;  // 1/m^3
constexpr double kPerCubicCentimetre = 1e6;
constexpr double kPerSquareCentimetre = 1e4;

// The electrical parameters of the channel at the nominal temperature, given or derived.
struct Nominal {
  double vto, kp, gamma, phi;
  double oxide;  // F/m^2
};

// Threshold of a device whose gate material and surface charge are given.
double derived_threshold(const Mos1Card& card, double polarity, double nominal_kelvin, double gamma,
                         double phi, double oxide) {
  constexpr double kSiliconAffinity = 3.25;
  constexpr double kAluminium = 3.2;
  const double gap = silicon_band_gap(nominal_kelvin);
  const double gate =
      card.tpg == 0 ? kAluminium : kSiliconAffinity + 0.5 * gap - polarity * card.tpg * 0.5 * gap;
  const double work_function = gate - (kSiliconAffinity + 0.5 * gap + polarity * 0.5 * phi);
  const double flat_band =
      work_function - card.nss * kPerSquareCentimetre * kElementaryCharge / oxide;
  return flat_band + polarity * (gamma * std::sqrt(phi) + phi);
}

Nominal nominal(const Mos1Card& card, double polarity, double nominal_kelvin) {
  const auto given = [](double value, double otherwise) {
    return std::isnan(value) ? otherwise : value;
  };
  if (std::isnan(card.tox)) {
    return {given(card.vto, 0), given(card.kp, 2e-5), given(card.gamma, 0), given(card.phi, 0.6),
            0};
  }
  const double oxide = kOxidePermittivity / card.tox;
  const double kp = given(card.kp, card.uo * 1e-4 * oxide);
  if (std::isnan(card.nsub)) {
    return {given(card.vto, 0), kp, given(card.gamma, 0), given(card.phi, 0.6), oxide};
  }
  const double doping = card.nsub * kPerCubicCentimetre;
  const double phi = given(card.phi, std::max(0.1, 2 * thermal_voltage(nominal_kelvin) *
                                                       std::log(doping / kIntrinsicDensity)));
  const double gamma =
      given(card.gamma, std::sqrt(2 * kSiliconPermittivity * kElementaryCharge * doping) / oxide);
  const double vto =
      given(card.vto, derived_threshold(card, polarity, nominal_kelvin, gamma, phi, oxide));
  return {vto, kp, gamma, phi, oxide};
}

}  // namespace

Mos1::Mos1(const Mos1Card& card, const MosGeometry& g, int polarity, double kelvin,
           double nominal_kelvin)
    : polarity_(polarity), vt_(thermal_voltage(kelvin)), lambda_(card.lambda) {
  if (!std::isnan(card.tnom)) nominal_kelvin = card.tnom + 273.15;
  const double length = g.l - 2 * card.ld;
  set_channel(card, kelvin, nominal_kelvin);
  beta_ *= g.m * g.w / length;
  oxide_ *= g.m * g.w * length;
  cgs_overlap_ = card.cgso * g.m * g.w;
  cgd_overlap_ = card.cgdo * g.m * g.w;
  cgb_overlap_ = card.cgbo * g.m * length;
  const auto conductance = [&](double ohms, double squares) {
    if (ohms <= 0) ohms = card.rsh * squares;
    return ohms > 0 ? g.m / ohms : 0;
  };
  drain_conductance_ = conductance(card.rd, g.nrd);
  source_conductance_ = conductance(card.rs, g.nrs);
  set_junctions(card, g, kelvin, nominal_kelvin);
}

void Mos1::set_channel(const Mos1Card& card, double kelvin, double nominal_kelvin) {
  const Nominal at = nominal(card, polarity_, nominal_kelvin);
  const double ratio = kelvin / nominal_kelvin;
  phi_ = JunctionTemperature(kelvin, nominal_kelvin).potential(at.phi);
  gamma_ = at.gamma;
  beta_ = at.kp / (ratio * std::sqrt(ratio));
  oxide_ = at.oxide;
  const double vbi = at.vto - polarity_ * at.gamma * std::sqrt(at.phi) +
                     0.5 * (silicon_band_gap(nominal_kelvin) - silicon_band_gap(kelvin)) +
                     polarity_ * 0.5 * (phi_ - at.phi);
  vbi_ = polarity_ * vbi;
}

void Mos1::set_junctions(const Mos1Card& card, const MosGeometry& g, double kelvin,
                         double nominal_kelvin) {
  const JunctionTemperature at(kelvin, nominal_kelvin);
  pb_ = at.potential(card.pb);
  mj_ = card.mj;
  mjsw_ = card.mjsw;
  fc_ = card.fc;
  const double growth =
      std::exp(silicon_band_gap(nominal_kelvin) / thermal_voltage(nominal_kelvin) -
               silicon_band_gap(kelvin) / vt_);
  const double bottom = at.capacitance_factor(card.pb, card.mj);
  const double side = at.capacitance_factor(card.pb, card.mjsw);
  const bool per_area = card.js > 0 && g.ad > 0 && g.as > 0;
  const auto make = [&](double area, double perimeter, double given) {
    return Bulk{.is = growth * g.m * (per_area ? card.js * area : card.is),
                .bottom = bottom * g.m * (std::isnan(given) ? card.cj * area : given),
                .side = side * g.m * card.cjsw * perimeter};
  };
  drain_ = make(g.ad, g.pd, card.cbd);
  source_ = make(g.as, g.ps, card.cbs);
}

double Mos1::body(double vbs) const {
  const double root = std::sqrt(phi_);
  return vbs <= 0 ? std::sqrt(phi_ - vbs) : std::max(0.0, root - vbs / (2 * root));
}

double Mos1::threshold(double vbs) const { return vbi_ + gamma_ * body(vbs); }

Mos1::Channel Mos1::channel(double vgs, double vds, double vbs) const {
  if (vds < 0) {
    // With the roles exchanged, and the derivatives led back to the real source.
    const Channel c = channel(vgs - vds, -vds, vbs - vds);
    return {-c.id, -c.gm, c.gm + c.gds + c.gmb, -c.gmb, c.von, c.vdsat, true};
  }
  const double root = body(vbs);
  const double slope = root <= 0 ? 0 : gamma_ / (2 * (vbs <= 0 ? root : std::sqrt(phi_)));
  Channel c{};
  c.von = threshold(vbs);
  const double overdrive = vgs - c.von;
  c.vdsat = std::max(overdrive, 0.0);
  if (overdrive <= 0) return c;
  const double beta = beta_ * (1 + lambda_ * vds);
  if (overdrive <= vds) {
    c.id = 0.5 * beta * overdrive * overdrive;
    c.gm = beta * overdrive;
    c.gds = 0.5 * lambda_ * beta_ * overdrive * overdrive;
  } else {
    const double bend = vds * (overdrive - 0.5 * vds);
    c.id = beta * bend;
    c.gm = beta * vds;
    c.gds = beta * (overdrive - vds) + lambda_ * beta_ * bend;
  }
  c.gmb = c.gm * slope;
  return c;
}

Mos1::Junction Mos1::junction(const Bulk& bulk, double v, double gmin) const {
  Junction j{};
  if (v <= -3 * vt_) {
    j.i = -bulk.is;
  } else {
    const auto [e, slope] = safe_exp(v / vt_);
    j.i = bulk.is * (e - 1);
    j.g = bulk.is * slope / vt_;
  }
  j.i += gmin * v;
  j.g += gmin;
  const Charge bottom = depletion_charge(v, bulk.bottom, pb_, mj_, fc_);
  const Charge side = depletion_charge(v, bulk.side, pb_, mjsw_, fc_);
  j.q = bottom.q + side.q;
  j.c = bottom.c + side.c;
  return j;
}

Mos1::MeyerHalf Mos1::meyer(double vgs, double vgd, double vgb, const Channel& channel) const {
  if (oxide_ == 0) return {0, 0, 0};
  if (channel.reversed) {
    Channel forward = channel;
    forward.reversed = false;
    const MeyerHalf half = meyer(vgd, vgs, vgb, forward);
    return {half.cgd, half.cgs, half.cgb};
  }
  constexpr double kSmallestVdsat = 0.025;  // V: keeps the ratios below defined
  const double overdrive = vgs - channel.von;
  if (overdrive <= -phi_) return {0, 0, 0.5 * oxide_};
  if (overdrive <= -0.5 * phi_) return {0, 0, -0.5 * overdrive * oxide_ / phi_};
  const double vds = vgs - vgd;
  const double vdsat = std::max(channel.vdsat, kSmallestVdsat);
  // The channel's capacitance, which the drain shares below saturation.
  double total = oxide_ / 3;
  double bulk = 0;
  if (overdrive <= 0) {
    bulk = -0.5 * overdrive * oxide_ / phi_;
    total += overdrive * oxide_ / (1.5 * phi_);
  }
  if (vds >= vdsat) return {total, 0, bulk};
  const double d = 2 * vdsat - vds;
  const double source_part = 1 - (vdsat - vds) * (vdsat - vds) / (d * d);
  const double drain_part = 1 - vdsat * vdsat / (d * d);
  return {total * source_part, total * drain_part, bulk};
}

bool Mos1::limit(Voltages& v, const Voltages& old) const {
  const Voltages wanted = v;
  double vgd = v.vgs - v.vds;
  if (old.vds >= 0) {
    const double von = threshold(old.vbs);
    v.vgs = limit_gate(v.vgs, old.vgs, von);
    v.vds = limit_drain(v.vgs - vgd, old.vds);
  } else {
    const double old_vgd = old.vgs - old.vds;
    const double von = threshold(old.vbs - old.vds);
    vgd = limit_gate(vgd, old_vgd, von);
    v.vds = -limit_drain(-(v.vgs - vgd), -old.vds);
    v.vgs = vgd + v.vds;
  }
  if (v.vds >= 0) {
    v.vbs = limit_junction(v.vbs, old.vbs, vt_, critical_voltage(vt_, source_.is));
  } else {
    const double vbd =
        limit_junction(v.vbs - v.vds, old.vbs - old.vds, vt_, critical_voltage(vt_, drain_.is));
    v.vbs = vbd + v.vds;
  }
  return v.vgs != wanted.vgs || v.vds != wanted.vds || v.vbs != wanted.vbs;
}

}  // namespace wordline
