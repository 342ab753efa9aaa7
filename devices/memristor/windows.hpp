// Window functions F(w) of a normalised state w in [0, 1], with their slopes dF/dw: they slow a
// drifting state where its boundary is near. Real exponents are allowed: an even power is the
// power of a magnitude.
#pragma once

#include <cmath>

#include "wordline/devices/safe_math.hpp"

namespace wordline::window {

// D. B. Strukov et al., Nature 453 (2008) 80
WORDLINE_HD inline ValueAndSlope strukov(double w) { return {w * (1 - w), 1 - 2 * w}; }

// Y. N. Joglekar, S. J. Wolf, Eur. J. Phys. 30 (2009) 661; p >= 1
WORDLINE_HD inline ValueAndSlope joglekar(double w, double p) {
  const double u = 2 * w - 1;
  const double power = std::pow(std::fabs(u), 2 * p - 1);
  return {1 - power * std::fabs(u), -4 * p * std::copysign(power, u)};
}

// Z. Biolek, D. Biolek, V. Biolkova, Radioengineering 18 (2009) 210; p >= 1. s is 1 for motion
// towards w = 0 and 0 for motion towards w = 1; dF/ds = -dF/dw.
WORDLINE_HD inline ValueAndSlope biolek(double w, double s, double p) {
  const double u = w - s;
  const double power = std::pow(std::fabs(u), 2 * p - 1);
  return {1 - power * std::fabs(u), -2 * p * std::copysign(power, u)};
}

// T. Prodromakis et al., IEEE Trans. Electron Devices 58 (2011) 3099
WORDLINE_HD inline ValueAndSlope prodromakis(double w, double p, double j) {
  const double u = w - 0.5;
  const double base = u * u + 0.75;
  const double power = std::pow(base, p - 1);
  return {j * (1 - power * base), -2 * j * p * u * power};
}

// J. Zha, H. Huang, Y. Liu, IEEE Trans. Circuits Syst. II 63 (2016) 423; s as in biolek().
WORDLINE_HD inline ValueAndSlope zha(double w, double s, double p, double j) {
  const double u = w - s;
  const double base = 0.25 * u * u + 0.75;
  const double power = std::pow(base, p - 1);
  return {j * (1 - power * base), -0.5 * j * p * u * power};
}

// S. Kvatinsky et al., IEEE Trans. Circuits Syst. I 60 (2013) 211: exp(-exp(u)), which is below
// 1e-300 beyond u = 6.6 and 1 to rounding below u = -40. The slope is dF/du.
WORDLINE_HD inline ValueAndSlope kvatinsky(double u) {
  const double e = std::exp(std::fmin(std::fmax(u, -40.0), 6.6));
  const double f = std::exp(-e);
  return {f, -f * e};
}

}  // namespace wordline::window
