// A selector without memory: the current of two diodes back to back in parallel.
#pragma once

#include <array>

#include "wordline/devices/constants.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct ExponentialDiode {
  static constexpr std::string_view kName = "expdiode";
  static constexpr int kLevel = 30;
  static constexpr std::string_view kTitle = "selector: exponential both ways, without memory";
  static constexpr std::string_view kReference =
      "G. W. Burr et al., J. Vac. Sci. Technol. B 32 (2014) 040802 (access devices)";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1], the part of the area that conducts, which does not change:
  I = x is (e^(V/(n vt)) - e^(-V/(n vt))),   vt = k t/q
  dx/dt = 0)";
  static constexpr std::string_view kStateUnit = "";

  double is = 1e-12;
  double n = 2;
  double t = kReferenceTemperature;

  static const std::array<Parameter<ExponentialDiode>, 3> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const double scale = voltage_scale();
    const auto [s, c] = safe_sinh(v / scale);
    return {2 * is * x * s, 2 * is * x * c / scale, 2 * is * s};
  }
  WORDLINE_HD Partials rate(double /*v*/, double /*x*/) const { return {0, 0, 0}; }
  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return 1; }
  double state_for_conductance(double g, double v_read) const {
    const Partials whole = current(v_read, 1);
    return g / (v_read == 0 ? whole.dv : whole.value / v_read);
  }
  WORDLINE_HD double voltage_scale() const { return n * thermal_voltage(t); }
  std::string check() const { return ""; }
  SpiceEquations spice_equations() const {
    return {"2*is*x*sinh(v/(n*t*0.00008617333262145179))", "0"};
  }
};

inline constexpr std::array<Parameter<ExponentialDiode>, 3> ExponentialDiode::kParameters = {{
    {&ExponentialDiode::is, "is", "A", Range::positive(), "saturation current"},
    {&ExponentialDiode::n, "n", "", Range::positive(), "emission coefficient"},
    {&ExponentialDiode::t, "t", "K", Range::positive(), "temperature of the device"},
}};

}  // namespace wordline
