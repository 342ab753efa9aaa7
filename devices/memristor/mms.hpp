// The mean metastable switch, in its generalised form with a Schottky branch: the mean of very many
// switches, or, where their number is given, with the chance by which each of them turns.
#pragma once

#include <algorithm>
#include <array>
#include <limits>

#include "wordline/devices/constants.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct Mms {
  static constexpr std::string_view kName = "mms";
  static constexpr int kLevel = 5;
  static constexpr std::string_view kTitle = "mean metastable switch, with a Schottky branch";
  static constexpr std::string_view kReference =
      "M. A. Nugent, T. W. Molter, PLoS ONE 9 (2014) e85175; generalised: T. W. Molter, "
      "M. A. Nugent, CNNA 2016";
  static constexpr std::string_view kEquations =
      R"(State x in [0, 1], the part of the switches that is on; Vt = k temp/q, L(z) = 1/(1 + e^-z):
  dx/dt = ((1 - x) L((V - von)/Vt) - x L(-(V + voff)/Vt))/tau
  I = phi V (x/ron + (1 - x)/roff) + (1 - phi) (af (e^(bf V) - 1) - ar (e^(-br V) - 1))
Of n switches, in a time n_dt, p = n_dt/tau L(...) of those that are off or on turn; how many do is
drawn, with the mean n (1 - x) p or n x p of their binomial and its variance, the mean times 1 - p.
In the published Schottky term there is no -1; the two differ where af and ar do: then it has a
current without a voltage.)";
  static constexpr std::string_view kStateUnit = "";

  // The tungsten self-directed channel device.
  double ron = 500, roff = 1500;
  double von = 0.27, voff = 0.27;
  double tau = 1e-4;
  double temp = 298.5;
  double phi = 1;
  double af = 8e-4, bf = 4, ar = 8e-4, br = 4;
  double x0 = 0;
  double n = std::numeric_limits<double>::quiet_NaN();
  double n_dt = std::numeric_limits<double>::quiet_NaN();

  static const std::array<Parameter<Mms>, 14> kParameters;

  WORDLINE_HD Partials current(double v, double x) const {
    const double g = x / ron + (1 - x) / roff;
    const ValueAndSlope s = schottky(v);
    return {phi * v * g + (1 - phi) * s.value, phi * g + (1 - phi) * s.slope,
            phi * v * (1 / ron - 1 / roff)};
  }

  WORDLINE_HD WORDLINE_INLINE Partials rate(double v, double x) const {
    const double vt = thermal_voltage(temp);
    const ValueAndSlope on = logistic((v - von) / vt);
    const ValueAndSlope off = logistic(-(v + voff) / vt);
    return {((1 - x) * on.value - x * off.value) / tau,
            ((1 - x) * on.slope + x * off.slope) / (vt * tau), -(on.value + off.value) / tau};
  }

  // ---- chance ----
  double draw_interval() const {
    if (std::isnan(n)) return 0;
    return std::isnan(n_dt) ? tau / 20 : n_dt;
  }
  double draw_deviation(double v, double x) const {
    const double vt = thermal_voltage(temp);
    const double part = draw_interval() / tau;
    const double on = part * logistic((v - von) / vt).value;
    const double off = part * logistic(-(v + voff) / vt).value;
    return std::sqrt(((1 - x) * on * (1 - on) + x * off * (1 - off)) / n);
  }

  WORDLINE_HD Bounds bounds() const { return {0, 1}; }
  double initial_state() const { return x0; }

  double state_for_conductance(double g, double v_read) const {
    const ValueAndSlope s = schottky(v_read);
    const double branch = (1 - phi) * (v_read == 0 ? s.slope : s.value / v_read);
    return ((g - branch) / phi - 1 / roff) / (1 / ron - 1 / roff);
  }

  double voltage_scale() const {
    return phi < 1 ? 1 / std::max(bf, br) : std::numeric_limits<double>::infinity();
  }

  std::string check() const {
    if (!(ron < roff)) return "roff must exceed ron";
    if (std::isnan(n) && !std::isnan(n_dt)) return "n_dt is given without n";
    return n_dt > tau ? "n_dt must not exceed tau" : "";
  }

  SpiceEquations spice_equations() const {
    const std::string vt = "(temp/11604.51812155)";  // k/q = 1 V/11604.5 K
    const auto logistic = [](const std::string& z) { return "/(1+exp(min(-(" + z + "),80)))"; };
    return {"phi*v*(x/ron+(1-x)/roff)+(1-phi)*(af*(exp(bf*v)-1)-ar*(exp(-br*v)-1))",
            "((1-x)" + logistic("(v-von)/" + vt) + "-x" + logistic("-(v+voff)/" + vt) + ")/tau"};
  }

 private:
  WORDLINE_HD ValueAndSlope schottky(double v) const {
    const ValueAndSlope forward = safe_expm1(bf * v);
    const ValueAndSlope reverse = safe_expm1(-br * v);
    return {af * forward.value - ar * reverse.value,
            af * bf * forward.slope + ar * br * reverse.slope};
  }
};

inline constexpr std::array<Parameter<Mms>, 14> Mms::kParameters = {{
    {&Mms::ron, "ron", "ohm", Range::positive(), "resistance with all switches on"},
    {&Mms::roff, "roff", "ohm", Range::positive(), "resistance with all switches off"},
    {&Mms::von, "von", "V", Range::at_least(0), "voltage at which half of the switches turn on"},
    {&Mms::voff, "voff", "V", Range::at_least(0),
     "negative voltage at which half of them turn off (its magnitude)"},
    {&Mms::tau, "tau", "s", Range::positive(), "time constant of the switches"},
    {&Mms::temp, "temp", "K", Range::positive(), "temperature"},
    {&Mms::phi, "phi", "", Range{.low = 0, .high = 1, .low_open = true},
     "part of the switches in the current; the rest is the Schottky branch"},
    {&Mms::af, "af", "A", Range::at_least(0), "forward current of the Schottky branch", {}, "sfa"},
    {&Mms::bf, "bf", "1/V", Range::positive(), "its steepness", {}, "sfb"},
    {&Mms::ar, "ar", "A", Range::at_least(0), "reverse current of the Schottky branch", {}, "sra"},
    {&Mms::br, "br", "1/V", Range::positive(), "its steepness", {}, "srb"},
    {&Mms::x0, "x0", "", Range::between(0, 1), "initial state where an instance gives none"},
    {&Mms::n, "n", "", Range::at_least(1), "number of switches (as many as have a mean only)"},
    {&Mms::n_dt, "n_dt", "s", Range::positive(), "time between draws of those that turn (tau/20)"},
}};

}  // namespace wordline
