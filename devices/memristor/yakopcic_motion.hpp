// The rate that Yakopcic's models share: voltage thresholds and one-sided exponential windows.
#pragma once

#include <cmath>
#include <string>

#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct YakopcicMotion {
  double ap, an;
  double vp, vn;
  double alphap, alphan;
  double xp, xn;  // states from which upward and downward motion slow; xp < 1, xn > 0
  double eta;

  WORDLINE_HD Partials rate(double v, double x) const {
    if (v >= -vn && v <= vp) return {0, 0, 0};
    const double sign = v > 0 ? 1 : -1;
    const double speed = v > 0 ? ap : an;
    const auto [e, slope] = safe_exp(std::fabs(v));
    const double g = eta * sign * speed * (e - safe_exp(v > 0 ? vp : vn).value);
    const double dg = eta * speed * slope;
    const auto [f, df] = eta * v > 0 ? window_up(x) : window_down(x);
    return {g * f, dg * f, g * df};
  }

  // In the names of the models' parameters; `knee` is xn in them.
  static std::string spice_rate(double eta, const std::string& knee) {
    const std::string up = "((x < xp) ? 1 : exp(-alphap*(x-xp))*(1-x)/(1-xp))";
    const std::string down =
        "((x > " + knee + ") ? 1 : exp(alphan*(x-(" + knee + ")))*x/(" + knee + "))";
    return "(v > vp) ? eta*ap*(exp(v)-exp(vp))*" + (eta > 0 ? up : down) +
           " : ((v < -vn) ? -eta*an*(exp(-v)-exp(vn))*" + (eta > 0 ? down : up) + " : 0)";
  }

 private:
  WORDLINE_HD ValueAndSlope window_up(double x) const {
    if (x < xp) return {1, 0};
    const double e = std::exp(-alphap * (x - xp)) / (1 - xp);
    return {e * (1 - x), -e * (alphap * (1 - x) + 1)};
  }
  WORDLINE_HD ValueAndSlope window_down(double x) const {
    if (x > xn) return {1, 0};
    const double e = std::exp(alphan * (x - xn)) / xn;
    return {e * x, e * (alphan * x + 1)};
  }
};

}  // namespace wordline
