// A tunnel barrier of variable width behind a resistance: the model that was fitted to a TiO2
// device, and that TEAM and VTEAM approximate.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "wordline/devices/dual.hpp"
#include "wordline/devices/memristor/conductance_inverse.hpp"
#include "wordline/devices/memristor/limited_speed.hpp"
#include "wordline/devices/memristor/memristor.hpp"
#include "wordline/devices/memristor/windows.hpp"
#include "wordline/devices/safe_math.hpp"

namespace wordline {

struct Simmons {
  static constexpr std::string_view kName = "simmons";
  static constexpr int kLevel = 16;
  static constexpr std::string_view kTitle = "tunnel barrier of Simmons with Pickett's motion";
  static constexpr std::string_view kReference =
      "M. D. Pickett et al., J. Appl. Phys. 106 (2009) 074508; J. G. Simmons, J. Appl. Phys. 34 "
      "(1963) 1793";
  static constexpr std::string_view kEquations =
      R"(State w [m] in [wmin, wmax], the width of the barrier; V = u + rs I, and for u > 0 (odd in u):
  I = J0/dw^2 (p e^(-B sqrt(p)) - (p + u) e^(-B sqrt(p + u)))
  J0 = area q^2/(2 pi h),   B = 4 pi dw sqrt(2 m q)/h,   dw = w2 - w1
  w1 = 1.2 L/phi0,   w2 = w1 + w - 9.2 L/(3 phi0 + 4 L/w - 2 u),   L = q ln 2/(8 pi epsr eps0)
  p = phi0 - u (w1 + w2)/(2 w) - 1.15 L/dw ln(w2 (w - w1)/(w1 (w - w2)))
  dw/dt =  foff sinh(I/ioff)  exp(-exp((w - aoff)/wc - |I|/b) - w/wc)   I > 0
        = -fon  sinh(|I|/ion) exp(-exp((aon - w)/wc - |I|/b) - w/wc)    I < 0
Beyond umax the current goes on as a straight line: the barrier's formula ends below phi0. A rate r
enters as r/sqrt(1 + (r/vmax)^2).)";
  static constexpr std::string_view kStateUnit = "m";

  double phi0 = 0.95;
  double epsr = 5;
  double area = 1e-14;
  double rs = 215;
  double umax = 0.8;
  double foff = 3.5e-6, fon = 40e-6;
  double ioff = 115e-6, ion = 8.9e-6;
  double aoff = 1.2e-9, aon = 1.8e-9;
  double b = 500e-6, wc = 107e-12;
  double wmin = 1e-9, wmax = 2e-9;
  double x0 = 1.2e-9;
  double vmax = 1e4;

  static const std::array<Parameter<Simmons>, 17> kParameters;

  // Compiled once, for all instruction sets: its exponentials would show their different roundings.
  [[gnu::noinline]] WORDLINE_HD Partials current(double v, double x) const {
    const double magnitude = std::fabs(v);
    const Partials tunnel = tunnel_current(barrier_voltage(magnitude, x), x);
    const double divider = 1 / (1 + rs * tunnel.dv);
    return {std::copysign(tunnel.value, v), tunnel.dv * divider,
            (v < 0 ? -tunnel.dx : tunnel.dx) * divider};
  }

  WORDLINE_HD Partials rate(double v, double x) const {
    const Partials i = current(v, x);
    const bool to_off = i.value > 0;
    const double magnitude = std::fabs(i.value);
    const double unit = to_off ? ioff : ion;
    const double direction = to_off ? 1 : -1;
    const ValueAndSlope drive = safe_sinh(magnitude / unit);
    const ValueAndSlope window =
        window::kvatinsky(direction * (x - (to_off ? aoff : aon)) / wc - magnitude / b);
    if (window.value < 1e-290) return {0, 0, 0};  // smaller numbers have no digits left
    const double amplitude = (to_off ? foff : fon) * std::exp(-x / wc);
    const double r = direction * amplitude * drive.value * window.value;
    const double by_current =
        amplitude * (drive.slope / unit * window.value - drive.value * window.slope / b);
    const double by_width =
        amplitude * drive.value * (window.slope - direction * window.value) / wc;
    const ValueAndSlope speed = limited_speed(r, vmax);
    return {speed.value, speed.slope * by_current * i.dv,
            speed.slope * (by_width + by_current * i.dx)};
  }

  WORDLINE_HD Bounds bounds() const { return {wmin, wmax}; }
  double initial_state() const { return x0; }
  double state_for_conductance(double g, double v_read) const {
    return find_state_for_conductance(*this, g, v_read);
  }
  double voltage_scale() const { return 0.2 * phi0; }

  std::string check() const {
    if (!(wmin < wmax)) return "wmax must exceed wmin";
    if (x0 < wmin || x0 > wmax) return "x0 must lie between wmin and wmax";
    const bool has_barrier = wmin > first_edge() && 3 * phi0 > 2 * umax &&
                             barrier(umax, wmin).width.value.value > 0 &&
                             barrier(umax, wmin).height.value.value > 0;
    return has_barrier ? "" : "no barrier is left at umax and wmin: lower umax or raise wmin";
  }

  SpiceEquations spice_equations() const {
    const std::string line = "max(abs(u)-umax,0)*(" + spice_tunnel_current("(umax+10u)") + "-" +
                             spice_tunnel_current("(umax-10u)") + ")/20u";
    const std::string current =
        "sgn(u)*(" + spice_tunnel_current("min(abs(u),umax)") + "+" + line + ")";
    const std::string amount = rs > 0 ? "(abs(v-u)/rs)" : "abs(" + current + ")";
    const auto rate = [&](const std::string& speed, const std::string& unit,
                          const std::string& distance) {
      const std::string drive = "(" + amount + "/" + unit + ")";
      return speed + "*sinh(min(" + drive + ",80))*(1+max(" + drive + "-80,0))*exp(-exp(min((" +
             distance + ")/wc-" + amount + "/b,6.5))-x/wc)";
    };
    const std::string both =
        "((v > 0) ? " + rate("foff", "ioff", "x-aoff") + " : -" + rate("fon", "ion", "aon-x") + ")";
    return {.current = current,
            .rate = spice_limited_speed(both, "vmax"),
            .inner = "v-u-rs*" + current};
  }

 private:
  // Constants of nature (CODATA 2018), for the formulas here and as text.
  static constexpr double kImage = 4.99053683221676e-10;      // q ln 2/(8 pi eps0), V m
  static constexpr double kPerWidth = 1.0246334439349863e10;  // 4 pi sqrt(2 m q)/h, 1/(m sqrt(V))
  static constexpr double kAmplitude = 6.165735491686169e-6;  // q^2/(2 pi h), S
  static constexpr const char* kImageText = "4.99053683221676e-10";
  static constexpr const char* kPerWidthText = "1.0246334439349863e10";
  static constexpr const char* kAmplitudeText = "6.165735491686169e-6";

  // At a voltage u >= 0, an expression.
  std::string spice_tunnel_current(const std::string& u) const {
    const std::string image = std::string("(") + kImageText + "/epsr)";
    const std::string w1 = "(1.2*" + image + "/phi0)";
    const std::string lost = "(9.2*" + image + "/(3*phi0+4*" + image + "/x-2*" + u + "))";
    const std::string width = "(x-" + lost + ")";
    const std::string w2 = "(" + w1 + "+" + width + ")";
    const std::string height = "(phi0-" + u + "*(" + w1 + "+" + w2 + ")/(2*x)-1.15*" + image +
                               "*ln(" + w2 + "*(x-" + w1 + ")/(" + w1 + "*(" + lost + "-" + w1 +
                               ")))/" + width + ")";
    const auto supply = [&](const std::string& p) {
      return p + "*exp(-" + kPerWidthText + "*" + width + "*sqrt(" + p + "))";
    };
    return std::string("(") + kAmplitudeText + "*area*(" + supply(height) + "-" +
           supply("(" + height + "+" + u + ")") + ")/pwr(" + width + ",2))";
  }

  // By the width w of the film. Derivatives by u are written out, so that their own are known, too.
  using ByFilm = Dual<1>;
  struct ByVoltage {
    ByFilm value, du;
  };
  // What tunnelling sees of the film.
  struct Barrier {
    ByVoltage width;   // m
    ByVoltage height;  // V
  };

  WORDLINE_HD double image_length() const { return kImage / epsr; }  // V m
  WORDLINE_HD double first_edge() const { return 1.2 * image_length() / phi0; }

  WORDLINE_HD Barrier barrier(double u, double film) const {
    const ByFilm w(film, {1});
    const double image = image_length();
    const double w1 = first_edge();
    const ByFilm denominator = 3 * phi0 + 4 * image / w - 2 * u;
    const ByFilm lost = 9.2 * image / denominator;
    const ByVoltage width = {w - lost, -2 * lost / denominator};
    const ByFilm w2 = w1 + width.value;
    const ByFilm rest = lost - w1;  // w - w2
    const ByFilm logarithm = log(w2 * (w - w1) / (w1 * rest));
    const ByFilm log_u = width.du / w2 + width.du / rest;
    const ByFilm scale = 1.15 * image / width.value;
    const ByFilm middle = (w1 + w2) / (2 * w);
    return {width,
            {phi0 - u * middle - scale * logarithm,
             -1 * middle - u * width.du / (2 * w) -
                 scale * (log_u - logarithm * width.du / width.value)}};
  }

  // The slope of p e^(-B sqrt(p)) by u, with B = kPerWidth times the barrier's width.
  WORDLINE_HD static ByFilm supply_slope(const ByVoltage& p, const ByVoltage& width) {
    const ByFilm root = sqrt(p.value);
    const ByFilm exponent = kPerWidth * width.value * root;
    return exp(-1 * exponent) *
           ((1 - 0.5 * exponent) * p.du - kPerWidth * root * p.value * width.du);
  }

  // p e^(-B sqrt(p)) - (p + u) e^(-B sqrt(p + u)), without a loss of digits at small u.
  WORDLINE_HD static ByFilm net_supply(const ByFilm& p, double u, const ByFilm& width) {
    const ByFilm root = sqrt(p);
    const ByFilm lost = expm1(-1 * kPerWidth * width * u / (sqrt(p + u) + root));
    return exp(-1 * kPerWidth * width * root) * (-1 * p * lost - u * (lost + 1));
  }

  // For u >= 0.
  WORDLINE_HD Partials tunnel_current(double u, double film) const {
    const double inside = std::fmin(u, umax);
    const auto [width, height] = barrier(inside, film);
    const ByFilm unit = kAmplitude * area / (width.value * width.value);
    const ByFilm current = unit * net_supply(height.value, inside, width.value);
    const ByFilm slope = unit * (supply_slope(height, width) -
                                 supply_slope({height.value + inside, height.du + 1}, width)) -
                         2 * current * width.du / width.value;
    const ByFilm line = current + slope * (u - inside);
    return {line.value, slope.value, line.by[0]};
  }

  // u + rs I(u) = v, for v >= 0, by Newton's method in a bracket.
  WORDLINE_HD double barrier_voltage(double v, double w) const {
    double low = 0;
    double high = v;
    double u = std::fmin(v, umax);
    constexpr int kMaxIterations = 60;  // bisection alone takes 53
    for (int k = 0; k < kMaxIterations; ++k) {
      const Partials i = tunnel_current(u, w);
      const double residual = u + rs * i.value - v;
      (residual > 0 ? high : low) = u;
      double next = u - residual / (1 + rs * i.dv);
      if (!(next >= low && next <= high)) next = 0.5 * (low + high);
      const double change = std::fabs(next - u);
      u = next;
      if (change <= 1e-15 * u) break;
    }
    return u;
  }
};

inline constexpr std::array<Parameter<Simmons>, 17> Simmons::kParameters = {{
    {&Simmons::phi0, "phi0", "V", Range::positive(), "height of the barrier"},
    {&Simmons::epsr, "epsr", "", Range::positive(), "relative permittivity of the film"},
    {&Simmons::area, "area", "m2", Range::positive(), "area of the barrier"},
    {&Simmons::rs, "rs", "ohm", Range::at_least(0), "resistance in series with it"},
    {&Simmons::umax, "umax", "V", Range::positive(),
     "voltage at the barrier beyond which the current goes on as a straight line"},
    {&Simmons::foff, "foff", "m/s", Range::positive(), "speed towards wmax"},
    {&Simmons::fon, "fon", "m/s", Range::positive(), "speed towards wmin"},
    {&Simmons::ioff, "ioff", "A", Range::positive(), "current over which the one grows e-fold"},
    {&Simmons::ion, "ion", "A", Range::positive(), "current over which the other grows e-fold"},
    {&Simmons::aoff, "aoff", "m", Range::any(), "width at which the one ends", {}, "a_off"},
    {&Simmons::aon, "aon", "m", Range::any(), "width at which the other ends", {}, "a_on"},
    {&Simmons::b, "b", "A", Range::positive(), "current that moves these ends by wc"},
    {&Simmons::wc, "wc", "m", Range::positive(), "width over which motion slows down"},
    {&Simmons::wmin, "wmin", "m", Range::positive(), "smallest width"},
    {&Simmons::wmax, "wmax", "m", Range::positive(), "largest width"},
    {&Simmons::x0, "x0", "m", Range::positive(), "initial width where an instance gives none"},
    {&Simmons::vmax, "vmax", "m/s", Range::positive(), "largest speed of the state"},
}};

}  // namespace wordline
