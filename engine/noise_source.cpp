#include "wordline/engine/noise_source.hpp"

#include <cmath>

#include "wordline/devices/constants.hpp"

namespace wordline {

double NoiseSource::density(double frequency) const {
  return white + (flicker == 0 ? 0 : flicker * std::pow(frequency, -exponent));
}

double thermal_noise(double kelvin, double conductance) {
  return 4 * kBoltzmann * kelvin * conductance;
}

double shot_noise(double current) { return 2 * kElementaryCharge * std::abs(current); }

double flicker_noise(double kf, double af, double current, double count) {
  return kf == 0 ? 0 : count * kf * std::pow(std::abs(current) / count, af);
}

}  // namespace wordline
