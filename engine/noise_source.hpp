// A source of noise current that an element lists at its operating point.
#pragma once

#include <cstdint>
#include <string>

namespace wordline {

struct NoiseSource {
  std::int32_t p, n;  // unknowns: the current flows from p through the source to n
  std::string name;   // "r1"; "q1_ic" where a device has several
  double white;       // A^2/Hz, one-sided
  double flicker;     // A^2/Hz at 1 Hz, without the white part; falls with frequency^-exponent
  double exponent;

  double density(double frequency) const;  // A^2/Hz; `frequency` [Hz] > 0
};

// White noise [A^2/Hz]: 4 k T g and 2 q |i|.
double thermal_noise(double kelvin, double conductance);
double shot_noise(double current);
// Flicker noise at 1 Hz [A^2/Hz] of `count` devices in parallel that carry `current` [A] together,
// each kf i^af.
double flicker_noise(double kf, double af, double current, double count);

}  // namespace wordline
