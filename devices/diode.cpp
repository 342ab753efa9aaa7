#include "wordline/devices/diode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"
#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/limiting.hpp"

namespace wordline {

Diode::Diode(const DiodeCard& card, double area, double temperature_kelvin, double nominal_kelvin) {
  const double nominal = std::isnan(card.tnom) ? nominal_kelvin : card.tnom + kZeroCelsius;
  const double vt = thermal_voltage(temperature_kelvin);
  const double ratio = temperature_kelvin / nominal;
  nvt_ = card.n * vt;
  breakdown_nvt_ = (std::isnan(card.nbv) ? card.n : card.nbv) * vt;
  const double growth = (card.eg * (ratio - 1) / vt + card.xti * std::log(ratio)) / card.n;
  // Far below freezing it would underflow.
  saturation_current_ =
      std::max(card.is * area * std::exp(growth), std::numeric_limits<double>::min());
  critical_ = junction_critical_voltage(nvt_, saturation_current_);
  transit_time_ = card.tt;
  series_conductance_ = card.rs > 0 ? area / card.rs : 0;
  const double potential = junction_potential(card.vj, nominal, temperature_kelvin);
  if (!(potential > 0)) {
    throw Error(fmt::format("a diode with vj = {:g} V has no built-in potential left at {:g} C",
                            card.vj, temperature_kelvin - kZeroCelsius));
  }
  depletion_ = {card.cjo * area * depletion_growth(card.m, card.vj, nominal, temperature_kelvin),
                potential, card.m, card.fc};
  if (std::isfinite(card.bv)) fit_breakdown(card.bv, card.ibv);
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

Diode::Operating Diode::evaluate(double v, double gmin) const {
  ValueAndSlope current;
  if (v >= -breakdown_) {
    current = junction_current(v, saturation_current_, nvt_);
  } else {
    const auto [e, slope] = safe_exp(-(breakdown_ + v) / breakdown_nvt_);
    current = {-saturation_current_ * e, saturation_current_ * slope / breakdown_nvt_};
  }
  const auto [charge, capacitance] = depletion_.at(v);
  return {current.value + gmin * v, current.slope + gmin, charge + transit_time_ * current.value,
          capacitance + transit_time_ * current.slope};
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
