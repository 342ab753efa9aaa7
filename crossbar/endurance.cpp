#include "wordline/crossbar/endurance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wordline/base/error.hpp"

namespace wordline::crossbar {

namespace {

// p1 c + p2 Tc
double exponent(const Endurance& e, const WearLaw& law) {
  return law.p[1] * e.cell_size + law.p[2] * e.reduced_temperature();
}

void check_law(const Endurance& e, const WearLaw& law) {
  for (const double p : law.p) {
    if (!std::isfinite(p)) throw Error(fmt::format("a wear law with a parameter of {}", p));
  }
  if (!(law.p[0] > 0)) throw Error(fmt::format("a wear law needs p0 above 0, not {}", law.p[0]));
  if (e.mode == WearMode::kSudden && !(law.stable_resistance > 0)) {
    throw Error(fmt::format("a stable resistance of {} ohm cannot be", law.stable_resistance));
  }
}

}  // namespace

double Endurance::reduced_temperature() const {
  return temperature ? std::min(threshold_temperature / *temperature, 1.0) : 0;
}

double Endurance::threshold(const WearLaw& law) const {
  return law.p[0] * std::exp(exponent(*this, law));
}

double Endurance::worn(double ohm, double split_ohm) const {
  const std::optional<WearLaw>& law = ohm < split_ohm ? low_resistance : high_resistance;
  if (!law) return ohm;
  const double from = threshold(*law);
  if (!(x > from)) return ohm;
  if (mode == WearMode::kSudden) return law->stable_resistance;
  return ohm * std::pow(x / from, law->p[3] * exponent(*this, *law));
}

void check(const Endurance& e) {
  if (!(e.x >= 0)) throw Error(fmt::format("wear after {} cycles cannot be", e.x));
  if (!(e.cell_size > 0)) throw Error(fmt::format("a cell of {} nm cannot be", e.cell_size));
  if (e.temperature && !(*e.temperature > 0)) {
    throw Error(fmt::format("a temperature of {} K cannot be", *e.temperature));
  }
  if (!(e.threshold_temperature > 0)) {
    throw Error(fmt::format("a threshold of {} K cannot be", e.threshold_temperature));
  }
  if (e.split && !(*e.split > 0)) throw Error(fmt::format("a split at {} ohm cannot be", *e.split));
  if (e.low_resistance) check_law(e, *e.low_resistance);
  if (e.high_resistance) check_law(e, *e.high_resistance);
}

double scale_p0(double p0, double p1, double v_stop, double v_min, double v_max, double v_optimal,
                double cell_size) {
  if (!(v_min < v_optimal && v_optimal < v_max)) {
    throw Error(fmt::format("the optimal stop voltage {} V does not lie between {} and {} V",
                            v_optimal, v_min, v_max));
  }
  const auto bow = [&](double v) {
    const double s = 2 * (v - v_min) / (v_max - v_min) - 1;
    return 1 - s * s;
  };
  const double size = std::exp(p1 * cell_size);
  return std::pow(10, std::log10(p0 * size) / bow(v_optimal) * bow(v_stop)) / size;
}

}  // namespace wordline::crossbar
