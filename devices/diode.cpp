#include "wordline/devices/diode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/limiting.hpp"

namespace wordline {

namespace {

// Of parameters that have no effect where they are 0 or infinite.
double inverse(double value) { return value > 0 ? 1 / value : 0; }

double quadratic(double first, double second, double warmer) {
  return 1 + (first + second * warmer) * warmer;
}

}  // namespace

Diode::Diode(const DiodeCard& card, const DiodeSize& size, double temperature_kelvin,
             double nominal_kelvin) {
  const double nominal = std::isnan(card.tnom) ? nominal_kelvin : card.tnom + kZeroCelsius;
  const double warmer = temperature_kelvin - nominal;
  set_currents(card, size, temperature_kelvin, nominal);
  set_charges(card, size, temperature_kelvin, nominal);
  series_conductance_ =
      inverse(card.rs * quadratic(card.trs1, card.trs2, warmer)) * size.area * size.m;
  if (std::isfinite(card.bv)) {
    fit_breakdown(card.bv - card.tcv * warmer, card.ibv * size.m);
  }
}

void Diode::set_currents(const DiodeCard& card, const DiodeSize& size, double kelvin,
                         double nominal) {
  const double vt = thermal_voltage(kelvin);
  const double ratio = kelvin / nominal;
  const double growth = card.eg * (ratio - 1) / vt + card.xti * std::log(ratio);
  const bool side_apart = !std::isnan(card.ns);
  const double side = card.jsw * size.perimeter * size.m;
  nvt_ = card.n * vt;
  side_nvt_ = card.ns * vt;
  breakdown_nvt_ = (std::isnan(card.nbv) ? card.n : card.nbv) * vt;
  // Without its own emission coefficient the sidewall is of the bottom's but grows as with 1.
  const double side_grown = side * std::exp(side_apart ? growth / card.ns : growth);
  const double bottom = card.is * size.area * size.m * std::exp(growth / card.n);
  side_current_ = side_apart ? side_grown : 0;
  // Far below freezing it would underflow.
  saturation_current_ =
      std::max(bottom + side_grown - side_current_, std::numeric_limits<double>::min());
  critical_ = junction_critical_voltage(nvt_, saturation_current_);
  per_ikf_ = inverse(card.ikf * size.area * size.m);
  per_ikr_ = inverse(card.ikr * size.area * size.m);
  recombination_nvt_ = card.nr * vt;
  recombination_current_ = card.isr * size.area * size.m * std::exp(growth / card.nr);
}

void Diode::set_charges(const DiodeCard& card, const DiodeSize& size, double kelvin,
                        double nominal) {
  const double warmer = kelvin - nominal;
  const auto depletion = [&](double farads, double potential, double grading, double fc,
                             const char* name) {
    const double warm = junction_potential(potential, nominal, kelvin);
    if (!(warm > 0)) {
      throw Error(fmt::format("a diode with {} = {:g} V has no built-in potential left at {:g} C",
                              name, potential, kelvin - kZeroCelsius));
    }
    return DepletionCharge{farads * size.m * depletion_growth(grading, potential, nominal, kelvin),
                           warm, grading, fc};
  };
  // As far as the charge stays finite.
  const double grading = std::clamp(card.m * quadratic(card.tm1, card.tm2, warmer), 0.0, 0.95);
  bottom_ = depletion(card.cjo * size.area, card.vj, grading, card.fc, "vj");
  side_ = depletion(card.cjp * size.perimeter, card.php, card.mjsw, card.fcs, "php");
  transit_time_ = card.tt * quadratic(card.ttt1, card.ttt2, warmer);
}

// Finds where breakdown must begin for the current to be ibv at bv. Its current is
// is e^((-v - breakdown)/nvt), whose value at the onset has to join the reverse current.
void Diode::fit_breakdown(double bv, double ibv) {
  const double vt = breakdown_nvt_;
  const double is = saturation_current_;
  breakdown_ = bv;
  if (ibv < is * bv / vt) return;
  breakdown_ = bv - vt * std::log(1 + ibv / is);
  constexpr int kMaxIterations = 25;
  for (int k = 0; k < kMaxIterations; ++k) {
    breakdown_ = bv - vt * std::log(ibv / is + 1 - breakdown_ / vt);
  }
}

// What bottom and sidewall carry, less what high injection takes.
ValueAndSlope Diode::injected(double v) const {
  ValueAndSlope current = junction_current(v, saturation_current_, nvt_);
  if (side_current_ > 0) {
    const auto [i, g] = junction_current(v, side_current_, side_nvt_);
    current = {current.value + i, current.slope + g};
  }
  const double per_corner = current.value > 0 ? per_ikf_ : -per_ikr_;
  if (per_corner == 0) return current;
  const double root = std::sqrt(current.value * per_corner);
  const double less = 1 / (1 + root);
  return {current.value * less, current.slope * (1 + 0.5 * root) * less * less};
}

// In the depletion layer, whose width follows the voltage.
ValueAndSlope Diode::recombination(double v) const {
  constexpr double kLeast = 0.005;
  const auto [i, g] = junction_current(v, recombination_current_, recombination_nvt_);
  const double rest = 1 - v / bottom_.potential;
  const double square = rest * rest + kLeast;
  const double width = std::pow(square, 0.5 * bottom_.grading);
  const double by_voltage = -bottom_.grading * rest / (bottom_.potential * square) * width;
  return {i * width, g * width + i * by_voltage};
}

Diode::Operating Diode::evaluate(double v, double gmin) const {
  ValueAndSlope current;
  if (v >= -breakdown_) {
    current = injected(v);
  } else {
    const auto [e, slope] = safe_exp(-(breakdown_ + v) / breakdown_nvt_);
    current = {-saturation_current_ * e, saturation_current_ * slope / breakdown_nvt_};
  }
  if (recombination_current_ > 0) {
    const auto [i, g] = recombination(v);
    current = {current.value + i, current.slope + g};
  }
  const auto [bottom_charge, bottom] = bottom_.at(v);
  const auto [side_charge, side] = side_.at(v);
  return {current.value + gmin * v, current.slope + gmin,
          bottom_charge + side_charge + transit_time_ * current.value,
          bottom + side + transit_time_ * current.slope};
}

double Diode::limit(double v_new, double v_old, bool& limited) const {
  double v;
  if (v_new < std::min(0.0, 10 * breakdown_nvt_ - breakdown_)) {
    // Breakdown is a junction the other way round.
    v = -breakdown_ - pnjlim(-breakdown_ - v_new, -breakdown_ - v_old, breakdown_nvt_, critical_);
  } else {
    v = pnjlim(v_new, v_old, nvt_, critical_);
  }
  if (v != v_new) limited = true;
  return v;
}

}  // namespace wordline
