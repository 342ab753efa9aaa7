// JART VCM v1b: valence change by oxygen vacancies that move between a plug and a disc at a
// Schottky contact. Cueppers et al., APL Mater. 7 (2019) 091105; Bengel et al., IEEE TCAS-I 67
// (2020) 4618. Parameter names as there; constants of nature have the digits of that card.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/memristor/jart_solution.hpp"
#include "wordline/devices/memristor/memristor.hpp"

namespace wordline {

struct JartV1b {
  static constexpr std::string_view kName = "jart_v1b";
  static constexpr int kLevel = 8;
  static constexpr std::string_view kTitle = "JART VCM v1b: oxygen vacancies, Schottky contact";
  static constexpr std::string_view kReference =
      "C. Bengel et al., IEEE Trans. Circuits Syst. I 67 (2020) 4618";
  static constexpr std::string_view kEquations =
      R"(State x = N, the vacancies of the disc [1e26/m3] in [nmin, nmax]; V < 0 raises it.
Contact, disc, plug and line are in series; Vs is the voltage of the contact, A = pi rfil^2:
  V = Vs + I (Rdisc + Rplug + Rser)
  T = t0 + Rth I (V - I Rser),   Rth = rth0 (rdet/rfil)^2, times rthscale for V > 0
  Rdisc = ldisc/(N zvo q un A),   Rplug = (lcell - ldisc)/(nplug zvo q un A)
  Rser = rtiox + r0 (1 + r0 alphaline rthline I^2)
  V > 0:  I = A arich T^2 e^(-q phi/kT) (e^(q Vs/kT) - 1)
  V < 0:  I = -A arich (T/k) sqrt(pi W00 q (|Vs| + phi/cosh^2 z)) e^(-q phi/W0) (e^(q|Vs|/E) - 1)
          z = W00/kT,  W0 = W00/tanh z,  E = W00/(z - tanh z),
          W00 = q h/(4 pi) sqrt(zvo N/(me eps eps0))
  phi = phibn0 - (q^3 zvo N psi/(8 pi^2 (epsphib eps0)^3))^(1/4) >= 0,  psi = phibn0 - phin - Vs > 0
Of several solutions it has the one with the smallest |Vs|.
  dN/dt = -(nplug + N)/2 (a nu0/ldisc) (e^(-Wmin/kT) - e^(-Wmax/kT)) F
  Wmin, Wmax = q dwa (sqrt(1 - c^2) + c asin c -/+ pi c/2),   c = zvo a field/(pi dwa)
  V > 0:  field = (Vs + I (Rdisc + Rplug))/lcell,  F = 1 - (nmin/N)^10
  V < 0:  field = I Rdisc/ldisc,                   F = 1 - (N/nmax)^10
The rise of T is bent from half of tmax - t0 on, so that T stays below tmax; |c| < 0.999.)";
  static constexpr std::string_view kStateUnit = "1e26/m3";

  double eps = 17, epsphib = 5.5;
  double phibn0 = 0.18, phin = 0.1;
  double un = 4e-6;
  double nmin = 0.008, nmax = 20, nplug = 20;
  double ninit = std::numeric_limits<double>::quiet_NaN();
  double a = 0.25e-9, nu0 = 2e13, dwa = 1.35;
  double rth0 = 15.72e6, rthscale = 0.27, t0 = 293, tmax = 10000;
  double rfil = 45e-9, rdet = 45e-9, lcell = 3e-9, ldisc = 0.4e-9;
  double rtiox = 650, r0 = 719.2437, rthline = 90471.47, alphaline = 3.92e-3;
  double arich = 6.01e5, zvo = 2;
  double q = 1.602e-19, kb = 1.3807e-23, h = 6.626e-34, me = 9.10938e-31, eps0 = 8.854e-12;

  static const std::array<Parameter<JartV1b>, 31> kParameters;

  // N is integrated as its logarithm x: it covers decades, and grows e-fold in nanoseconds.
  static ValueAndSlope shown_state(double x) {
    const double n = std::exp(x);
    return {n, n};
  }
  static double integrated_state(double n) { return std::log(n); }

  WORDLINE_HD Partials current(double v, double x) const {
    const Operating at = operating(v, x);
    return {at.sign * at.i.value, at.i.dv, at.sign * at.i.dx};
  }

  WORDLINE_HD Partials temperature(double v, double x) const {
    const Operating at = operating(v, x);
    return {at.t.value, at.sign * at.t.dv, at.t.dx};
  }

  // Of ln N.
  WORDLINE_HD Partials rate(double v, double x) const {
    if (v == 0) return {0, 0, 0};
    const Operating at = operating(v, x);
    const Partials jump = hopping(field(at), at.t);
    const double crowding = nplug / at.n;
    const double speed = -at.sign * a * nu0 / ldisc;
    const double limit =
        v > 0 ? kLimitPower * (std::log(nmin) - x) : kLimitPower * (x - std::log(nmax));
    const double free = -std::expm1(limit);
    const double dfree = (v > 0 ? kLimitPower : -kLimitPower) * std::exp(limit);
    const double density = (1 + crowding) * free;
    return {speed * density * jump.value, at.sign * speed * density * jump.dv,
            speed * (density * jump.dx + ((1 + crowding) * dfree - crowding * free) * jump.value)};
  }

  WORDLINE_HD Bounds bounds() const { return {std::log(nmin), std::log(nmax)}; }
  double initial_state() const { return std::log(std::isnan(ninit) ? nmin : ninit); }

  double state_for_conductance(double g, double v_read) const {
    const auto conductance = [&](double x) {
      const Partials i = current(v_read, x);
      return v_read == 0 ? ValueAndSlope{i.dv, NAN}
                         : ValueAndSlope{i.value / v_read, i.dx / v_read};
    };
    auto [low, high] = bounds();
    if (!(conductance(low).value <= g)) return -std::numeric_limits<double>::infinity();
    if (!(conductance(high).value >= g)) return std::numeric_limits<double>::infinity();
    const double tolerance = 1e-13 * (high - low);
    double x = 0.5 * (low + high);
    constexpr int kNewtonSteps = 40;
    constexpr int kSteps = 100;  // halving the range takes 44
    for (int step = 0; step < kSteps && high - low > tolerance; ++step) {
      const auto [value, slope] = conductance(x);
      (value < g ? low : high) = x;
      const double next = x + std::log(g / value) * value / slope;
      const bool inside = next > low && next < high;  // not where there is no slope
      if (inside && std::fabs(next - x) < tolerance) return next;
      x = inside && step < kNewtonSteps ? next : 0.5 * (low + high);
    }
    return x;
  }

  double voltage_scale() const { return phibn0; }

  std::string check() const {
    if (!(nmin < nmax)) return "nmax must exceed nmin";
    if (!(ldisc < lcell)) return "lcell must exceed ldisc";
    if (!(phin < phibn0)) return "phibn0 must exceed phin";
    if (!(t0 < tmax)) return "tmax must exceed t0";
    return !std::isnan(ninit) && (ninit < nmin || ninit > nmax)
               ? "ninit must lie between nmin and nmax"
               : "";
  }

  SpiceEquations spice_equations() const { return {}; }  // they are implicit

 private:
  static constexpr double kPi = 3.14159265358979323846;
  static constexpr double kLimitPower = 10;
  static constexpr double kLargestField = 0.999;
  static constexpr double kDensityUnit = 1e26;  // 1/m3, of N

  // A static solution at a voltage of magnitude u: magnitudes of current and contact voltage, and
  // the temperature, with their derivatives by u and by x = ln N.
  struct Operating {
    double sign;
    double n;
    double disc, film;  // ohm: of the disc, and of disc and plug
    Partials i, t, w;
  };

  WORDLINE_HD Operating operating(double v, double x) const {
    const double n = std::exp(x);
    const double conductivity = kDensityUnit * zvo * q * un * kPi * rfil * rfil;  // S m, per N
    const double disc = ldisc / (n * conductivity);
    const double film = disc + (lcell - ldisc) / (nplug * conductivity);
    const double scale = (v > 0 ? rthscale : 1) * (rdet / rfil) * (rdet / rfil);
    const JartContact contact = contact_at(n);
    const JartLine line{.u = std::fabs(v),
                        .ohmic = film + rtiox + r0,
                        .outside = rtiox + r0,
                        .growth = r0 * r0 * alphaline * rthline,
                        .rth = rth0 * scale,
                        .ambient = t0,
                        .rise_limit = tmax - t0};
    Operating at{v < 0 ? -1.0 : 1.0, n, disc, film, {}, {t0, 0, 0}, {}};
    if (v == 0) {
      at.i.dv = 1 / (line.ohmic + contact.resistance_at_rest(t0));
      return at;
    }
    const double i = jart_current(contact, line, v > 0);
    const JartMismatch m = jart_mismatch(contact, line, v > 0, i);
    const double by_u = m.contact.dw + m.contact.dt * m.line.dt_du;
    const double by_x = n * m.contact.dn + m.contact.dw * i * disc;
    at.i = {i, -by_u / m.slope, -by_x / m.slope};
    at.t = {m.line.t, m.line.dt_du + m.line.dt * at.i.dv, m.line.dt * at.i.dx};
    at.w = {m.line.w, 1 + m.line.dw * at.i.dv, i * disc + m.line.dw * at.i.dx};
    return at;
  }

  WORDLINE_HD JartContact contact_at(double n) const {
    const double permittivity = epsphib * eps0;
    const double lowering = q * q * q * zvo * n * kDensityUnit /
                            (8 * kPi * kPi * permittivity * permittivity * permittivity);
    return {.amplitude = kPi * rfil * rfil * arich,
            .barrier = phibn0,
            .offset = phibn0 - phin,
            .image = std::sqrt(std::sqrt(lowering)),
            .w00 = q * h / (4 * kPi) * std::sqrt(zvo * n * kDensityUnit / (me * eps * eps0)),
            .n = n,
            .q = q,
            .kb = kb};
  }

  // The magnitude of the field that moves the vacancies [V/m].
  WORDLINE_HD Partials field(const Operating& at) const {
    if (at.sign < 0) {
      const double scale = at.disc / ldisc;
      return {scale * at.i.value, scale * at.i.dv, scale * (at.i.dx - at.i.value)};
    }
    return {(at.w.value + at.film * at.i.value) / lcell, (at.w.dv + at.film * at.i.dv) / lcell,
            (at.w.dx + at.film * at.i.dx - at.disc * at.i.value) / lcell};
  }

  // (e^(-Wmin/kT) - e^(-Wmax/kT))/2 in a field at a temperature.
  WORDLINE_HD Partials hopping(const Partials& field, const Partials& t) const {
    const double per_field = zvo * a / (kPi * dwa);
    const bool inside = per_field * field.value < kLargestField;
    const double c = inside ? per_field * field.value : kLargestField;
    const double barrier = q * dwa / (kb * t.value);
    const double mean = barrier * (std::sqrt(1 - c * c) + c * std::asin(c));
    const double tilt = barrier * 0.5 * kPi * c;
    const double forth = 0.5 * std::exp(tilt - mean);
    const double value = -forth * std::expm1(-2 * tilt);
    const double sum = forth * (1 + std::exp(-2 * tilt));
    const double by_t = (mean * value - tilt * sum) / t.value;
    const double by_field =
        inside ? per_field * barrier * (0.5 * kPi * sum - std::asin(c) * value) : 0;
    return {value, by_field * field.dv + by_t * t.dv, by_field * field.dx + by_t * t.dx};
  }
};

inline constexpr std::array<Parameter<JartV1b>, 31> JartV1b::kParameters = {{
    {&JartV1b::eps, "eps", "", Range::positive(), "static permittivity of the oxide, relative"},
    {&JartV1b::epsphib, "epsphib", "", Range::positive(), "the same for the image force"},
    {&JartV1b::phibn0, "phibn0", "V", Range::positive(), "Schottky barrier without image force"},
    {&JartV1b::phin, "phin", "V", Range::any(), "distance of the Fermi level from the band"},
    {&JartV1b::un, "un", "m2/Vs", Range::positive(), "mobility of electrons"},
    {&JartV1b::nmin, "nmin", "1e26/m3", Range::positive(), "fewest vacancies in the disc"},
    {&JartV1b::nmax, "nmax", "1e26/m3", Range::positive(), "most vacancies in the disc"},
    {&JartV1b::nplug, "nplug", "1e26/m3", Range::positive(), "vacancies in the plug"},
    {&JartV1b::ninit,
     "ninit",
     "1e26/m3",
     Range::positive(),
     "vacancies at first where an instance gives none (nmin)",
     {},
     "x0"},
    {&JartV1b::a, "a", "m", Range::positive(), "hopping distance"},
    {&JartV1b::nu0, "nu0", "Hz", Range::at_least(0), "attempt frequency"},
    {&JartV1b::dwa, "dwa", "eV", Range::positive(), "activation energy of hopping"},
    {&JartV1b::rth0, "rth0", "K/W", Range::at_least(0), "thermal resistance at a radius of rdet"},
    {&JartV1b::rthscale, "rthscale", "", Range::at_least(0), "factor of it for V > 0"},
    {&JartV1b::t0, "t0", "K", Range::positive(), "ambient temperature"},
    {&JartV1b::tmax, "tmax", "K", Range::positive(), "temperature that heating never reaches"},
    {&JartV1b::rfil, "rfil", "m", Range::positive(), "radius of the filament"},
    {&JartV1b::rdet, "rdet", "m", Range::positive(), "radius for which rth0 holds"},
    {&JartV1b::lcell, "lcell", "m", Range::positive(), "length of disc and plug"},
    {&JartV1b::ldisc, "ldisc", "m", Range::positive(), "length of the disc"},
    {&JartV1b::rtiox, "rtiox", "ohm", Range::at_least(0), "resistance of the oxide in series"},
    {&JartV1b::r0, "r0", "ohm", Range::at_least(0), "resistance of the cold line"},
    {&JartV1b::rthline, "rthline", "K/W", Range::at_least(0), "thermal resistance of the line"},
    {&JartV1b::alphaline, "alphaline", "1/K", Range::at_least(0), "its temperature coefficient"},
    {&JartV1b::arich, "arich", "A/m2K2", Range::positive(), "Richardson's constant"},
    {&JartV1b::zvo, "zvo", "", Range::positive(), "charges of a vacancy"},
    {&JartV1b::q, "q", "C", Range::positive(), "elementary charge", {}, "e"},
    {&JartV1b::kb, "kb", "J/K", Range::positive(), "Boltzmann's constant"},
    {&JartV1b::h, "h", "J s", Range::positive(), "Planck's constant"},
    {&JartV1b::me, "me", "kg", Range::positive(), "mass of the electron"},
    {&JartV1b::eps0, "eps0", "F/m", Range::positive(), "permittivity of vacuum"},
}};

}  // namespace wordline
