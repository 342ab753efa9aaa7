// The piecewise empirical model, whose windows are curves from files. Parameter names as in Xyce's
// level 4.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "wordline/devices/curve.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct Pem {
  static constexpr std::string_view kName = "pem";
  static constexpr int kLevel = 4;
  static constexpr std::string_view kTitle = "piecewise empirical model with measured windows";
  static constexpr std::string_view kReference =
      "S. Niroula et al., 2017, as in Xyce; its files of (x, f) are fxpdata and fxmdata";
  static constexpr std::string_view kEquations =
      R"(State x within both curves f+ and f-, which are straight between the points of their files:
  I = x (i1 (e^(V/v1) - 1) - i2 (e^(-V/v2) - 1) + g0 V)
  dx/dt = c1 G(V) f+(x)  V >= 0;   c2 G(V) f-(x)  V < 0
  G = e^(d1 (V - vp)) - 1  V >= vp;   e^(d2 (V - vn)) - 1  V <= vn;   0 between   (d2 < 0)
G is positive beyond both thresholds: f- is negative where V < 0 lowers the state. Without files
f+ = 1 - x and f- = -x. The example of Xyce gives vn without its sign; here it is a voltage.)";
  static constexpr std::string_view kStateUnit = "";

  double i1 = 85.37e-6, i2 = 90.16e-6;
  double v1 = 0.265, v2 = 0.265;
  double g0 = 130.72e-6;
  double vp = 0.7, vn = -1;
  double d1 = 9.87, d2 = -4.82;
  double c1 = 1000, c2 = 1000;
  double fxpdata = 0, fxmdata = 0;
  double xo = std::numeric_limits<double>::quiet_NaN();
  Curve up{std::vector<Curve::Point>{{0, 1}, {1, 0}}};
  Curve down{std::vector<Curve::Point>{{0, 0}, {1, -1}}};

  static const std::array<Parameter<Pem>, 14> kParameters;

  void read_curves(std::span<const double> values) {
    if (fxpdata > 0) up = Curve::from_values(values, fxpdata);
    if (fxmdata > 0) down = Curve::from_values(values, fxmdata);
  }

  Partials current(double v, double x) const {
    const ValueAndSlope h = current_at_one(v);
    return {x * h.value, x * h.slope, h.value};
  }

  Partials rate(double v, double x) const {
    const bool above = v >= vp;
    if (!above && v > vn) return {0, 0, 0};
    const double d = above ? d1 : d2;
    const ValueAndSlope g = safe_expm1(d * (v - (above ? vp : vn)));
    const double c = v >= 0 ? c1 : c2;
    const ValueAndSlope f = (v >= 0 ? up : down).at(x);
    return {c * g.value * f.value, c * d * g.slope * f.value, c * g.value * f.slope};
  }

  Bounds bounds() const {
    return {std::max(up.first(), down.first()), std::min(up.last(), down.last())};
  }
  double initial_state() const { return std::isnan(xo) ? bounds().low : xo; }

  double state_for_conductance(double g, double v_read) const {
    const ValueAndSlope h = current_at_one(v_read);
    return v_read == 0 ? g / h.slope : g * v_read / h.value;
  }

  double voltage_scale() const { return std::min(v1, v2); }

  std::string check() const {
    if (!(vn < vp)) return "vp must exceed vn, which is negative for a threshold below 0 V";
    if (!(bounds().low < bounds().high)) return "the curves of fxpdata and fxmdata must overlap";
    if (bounds().low < 0) return "the curves of fxpdata and fxmdata must begin at x = 0 or above";
    return xo < bounds().low || xo > bounds().high ? "xo must lie within both curves" : "";
  }

  SpiceEquations spice_equations() const {
    const auto part = [](const std::string& d, const std::string& threshold) {
      return "(exp(min(" + d + "*(v-" + threshold + "),80))-1)";
    };
    return {"x*(i1*(exp(v/v1)-1)-i2*(exp(-v/v2)-1)+g0*v)",
            "((v >= 0) ? c1*" + up.spice() + " : c2*" + down.spice() + ")*((v >= vp) ? " +
                part("d1", "vp") + " : ((v <= vn) ? " + part("d2", "vn") + " : 0))"};
  }

 private:
  ValueAndSlope current_at_one(double v) const {
    const ValueAndSlope forward = safe_expm1(v / v1);
    const ValueAndSlope reverse = safe_expm1(-v / v2);
    return {i1 * forward.value - i2 * reverse.value + g0 * v,
            i1 / v1 * forward.slope + i2 / v2 * reverse.slope + g0};
  }
};

inline constexpr std::array<Parameter<Pem>, 14> Pem::kParameters = {{
    {&Pem::i1, "i1", "A", Range::positive(), "amplitude of the forward current"},
    {&Pem::i2, "i2", "A", Range::positive(), "amplitude of the reverse current"},
    {&Pem::v1, "v1", "V", Range::positive(), "voltage over which the forward current grows e-fold"},
    {&Pem::v2, "v2", "V", Range::positive(), "voltage over which the reverse current grows e-fold"},
    {&Pem::g0, "g0", "S", Range::at_least(0), "conductance beside them"},
    {&Pem::vp, "vp", "V", Range::any(), "positive threshold"},
    {&Pem::vn, "vn", "V", Range::any(), "negative threshold"},
    {&Pem::d1, "d1", "1/V", Range::positive(), "steepness of the speed above vp"},
    {&Pem::d2, "d2", "1/V", Range::negative(), "steepness of the speed below vn"},
    {&Pem::c1, "c1", "1/s", Range::at_least(0), "speed for V >= 0"},
    {&Pem::c2, "c2", "1/s", Range::at_least(0), "speed for V < 0"},
    {&Pem::fxpdata, "fxpdata", "", Range::any(), "file of x and f+", {}, {}, true},
    {&Pem::fxmdata, "fxmdata", "", Range::any(), "file of x and f-", {}, {}, true},
    {&Pem::xo,
     "xo",
     "",
     Range::between(0, 1),
     "initial state where an instance gives none",
     {},
     "x0"},
}};

}  // namespace wordline
