// What the threshold adaptive models TEAM and VTEAM share: a resistance between ron and roff, and
// a rate that is a power of the drive above a threshold.
#pragma once

#include <cmath>
#include <string>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct ResistanceCurve {
  double ron, roff;
  double xon, xoff;
  bool exponential;

  WORDLINE_HD Partials current(double v, double x) const {
    const double per_state = 1 / (xoff - xon);
    double r;
    double dr;  // by x
    if (exponential) {
      const double steepness = std::log(roff / ron) * per_state;
      r = ron * std::exp(steepness * (x - xon));
      dr = r * steepness;
    } else {
      dr = (roff - ron) * per_state;
      r = ron + dr * (x - xon);
    }
    const double g = 1 / r;
    return {v * g, g, -v * g * g * dr};
  }

  double state_for_conductance(double g) const {
    const double s =
        exponential ? std::log(1 / (g * ron)) / std::log(roff / ron) : (1 / g - ron) / (roff - ron);
    return xon + (xoff - xon) * s;
  }

  std::string check() const {
    if (!(xon < xoff)) return "xoff must exceed xon";
    return ron < roff ? "" : "roff must exceed ron";
  }

  std::string spice_current() const {
    const std::string s = "((x-xon)/(xoff-xon))";
    return exponential ? "v/(ron*exp(ln(roff/ron)*" + s + "))" : "v/(ron+(roff-ron)*" + s + ")";
  }
};

// k u^alpha for a drive beyond its threshold, u = drive/threshold - 1 > 0, with its slope by the
// drive. With smooth > 0, u enters as u^2/sqrt(u^2 + smooth^2).
WORDLINE_HD inline ValueAndSlope overdriven_speed(double k, double alpha, double threshold,
                                                  double drive, double smooth = 0) {
  double u = drive / threshold - 1;
  double slope = 1 / threshold;
  if (smooth > 0) {
    const double sum = u * u + smooth * smooth;
    slope *= u * (sum + smooth * smooth) / (sum * std::sqrt(sum));
    u *= u / std::sqrt(sum);
  }
  constexpr double kLargest = 1e150;  // so that products stay finite
  const double power = std::fmin(std::pow(u, alpha - 1), kLargest);
  return {k * power * u, k * alpha * power * slope};
}

}  // namespace wordline
