#include "wordline/devices/junction.hpp"

#include "wordline/devices/constants.hpp"

namespace wordline {

namespace {

// What the intrinsic density adds to a built-in potential that was scaled with T.
double intrinsic_shift(double kelvin) {
  const double ratio = kelvin / kReferenceTemperature;
  return silicon_gap(kelvin) - ratio * silicon_gap(kReferenceTemperature) -
         3 * thermal_voltage(kelvin) * std::log(ratio);
}

double potential_at_reference(double potential, double nominal) {
  return (potential - intrinsic_shift(nominal)) * kReferenceTemperature / nominal;
}

}  // namespace

double silicon_gap(double kelvin) { return 1.16 - 7.02e-4 * kelvin * kelvin / (kelvin + 1108); }

double junction_potential(double potential, double nominal, double kelvin) {
  return potential_at_reference(potential, nominal) * kelvin / kReferenceTemperature +
         intrinsic_shift(kelvin);
}

double depletion_growth(double grading, double potential, double nominal, double kelvin) {
  const double reference = potential_at_reference(potential, nominal);
  const auto over_reference = [&](double at, double potential_there) {
    return 1 + grading * (4e-4 * (at - kReferenceTemperature) - (potential_there / reference - 1));
  };
  return over_reference(kelvin, junction_potential(potential, nominal, kelvin)) /
         over_reference(nominal, potential);
}

}  // namespace wordline
