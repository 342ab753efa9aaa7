#include "wordline/devices/passive_cards.hpp"

#include <cmath>
#include <numbers>

#include "wordline/devices/constants.hpp"

namespace wordline {

namespace {

constexpr double kMagnetic = 4e-7 * std::numbers::pi;  // H/m

// What a coil of finite length has of the inductance of a piece of an endless one.
// R. Lundin, Proc. IEEE 73 (1985) 1428.
double lundin(double length, double diameter) {
  const auto f1 = [](double x) { return (1 + x * (0.383901 + 0.017108 * x)) / (1 + 0.258952 * x); };
  const double ratio = diameter / length;
  if (ratio <= 1) return f1(ratio * ratio) - 4 / (3 * std::numbers::pi) * ratio;
  const double x = 1 / (ratio * ratio);
  const double f2 = x * (0.093842 + x * (0.002029 - 0.000801 * x));
  return 2 / (std::numbers::pi * ratio) * ((std::log(4 * ratio) - 0.5) * f1(x) + f2);
}

constexpr Range kAny = Range::any();
constexpr Range kNotNegative = Range::at_least(0);
constexpr Range kPositive = Range::positive();

}  // namespace

const std::array<Parameter<ResistorCard>, 10> ResistorCard::kParameters = {{
    {&ResistorCard::r, "r", "ohm", kAny, "resistance where the instance gives none", {}, "res"},
    {&ResistorCard::rsh, "rsh", "ohm", kAny, "sheet resistance"},
    {&ResistorCard::narrow, "narrow", "m", kAny, "narrowing at each side"},
    {&ResistorCard::shortening, "short", "m", kAny, "shortening at each end"},
    {&ResistorCard::defw, "defw", "m", kPositive, "width where the instance gives none", {}, "w"},
    {&ResistorCard::l, "l", "m", kPositive, "length where the instance gives none", {}, "defl"},
    {&ResistorCard::tc1, "tc1", "1/K", kAny, "linear temperature coefficient", {}, "tc1r"},
    {&ResistorCard::tc2, "tc2", "1/K2", kAny, "quadratic temperature coefficient", {}, "tc2r"},
    {&ResistorCard::tce, "tce", "%/K", kAny, "exponential temperature coefficient"},
    {&ResistorCard::tnom, "tnom", "C", kAny, "where the values hold; else .options tnom"},
}};

const std::array<Parameter<CapacitorCard>, 12> CapacitorCard::kParameters = {{
    {&CapacitorCard::cap, "cap", "F", kAny, "capacitance where the instance gives none", {}, "c"},
    {&CapacitorCard::cj, "cj", "F/m2", kAny, "capacitance of an area"},
    {&CapacitorCard::cjsw, "cjsw", "F/m", kAny, "capacitance of the sidewall"},
    {&CapacitorCard::di, "di", "", kNotNegative, "relative permittivity of the insulator"},
    {&CapacitorCard::thick, "thick", "m", kNotNegative, "thickness of the insulator"},
    {&CapacitorCard::narrow, "narrow", "m", kAny, "narrowing"},
    {&CapacitorCard::shortening, "short", "m", kAny, "shortening"},
    {&CapacitorCard::defw, "defw", "m", kPositive, "width where the instance gives none", {}, "w"},
    {&CapacitorCard::defl, "defl", "m", kNotNegative, "length where it gives none", {}, "l"},
    {&CapacitorCard::tc1, "tc1", "1/K", kAny, "linear temperature coefficient"},
    {&CapacitorCard::tc2, "tc2", "1/K2", kAny, "quadratic temperature coefficient"},
    {&CapacitorCard::tnom, "tnom", "C", kAny, "where the values hold; else .options tnom"},
}};

const std::array<Parameter<InductorCard>, 9> InductorCard::kParameters = {{
    {&InductorCard::ind, "ind", "H", kAny, "inductance where the instance gives none", {}, "l"},
    {&InductorCard::csect, "csect", "m2", kNotNegative, "cross section of a coil"},
    {&InductorCard::dia, "dia", "m", kNotNegative, "diameter of a coil, in place of csect"},
    {&InductorCard::length, "length", "m", kNotNegative, "length of a coil"},
    {&InductorCard::nt, "nt", "", kNotNegative, "turns where the instance gives none"},
    {&InductorCard::mu, "mu", "", kPositive, "relative permeability"},
    {&InductorCard::tc1, "tc1", "1/K", kAny, "linear temperature coefficient"},
    {&InductorCard::tc2, "tc2", "1/K2", kAny, "quadratic temperature coefficient"},
    {&InductorCard::tnom, "tnom", "C", kAny, "where the values hold; else .options tnom"},
}};

double CapacitorCard::capacitance(double length, double width) const {
  if (!std::isnan(cap)) return cap;
  const double per_area =
      cj != 0 || thick <= 0 ? cj : (di > 0 ? di * kVacuumPermittivity : kOxidePermittivity) / thick;
  const double l = length - shortening;
  const double w = width - narrow;
  return per_area * l * w + 2 * cjsw * (l + w);
}

double InductorCard::inductance(double turns) const {
  if (!std::isnan(ind)) return ind;
  const double section = dia > 0 ? std::numbers::pi / 4 * dia * dia : csect;
  if (section <= 0 || length <= 0) return 0;
  const double diameter = std::sqrt(4 / std::numbers::pi * section);
  return kMagnetic * mu * turns * turns * section / length * lundin(length, diameter);
}

}  // namespace wordline
