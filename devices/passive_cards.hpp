// Cards of resistors, capacitors and inductors, from whose dimensions their values follow. Names
// and rules are ngspice's.
#pragma once

#include <array>
#include <limits>

#include "wordline/devices/parameter.hpp"

namespace wordline {

namespace passive {
inline constexpr double kNotGiven = std::numeric_limits<double>::quiet_NaN();
}

struct ResistorCard {
  static constexpr std::string_view kEquations =
      R"(R = rsh (l - 2 short)/(w - 2 narrow), or r where rsh is 0
R(T) = R (1 + tc1 dT + tc2 dT^2), or R 1.01^(tce dT) where tce is given,   dT = T - tnom)";

  double r = passive::kNotGiven;
  double rsh = 0, narrow = 0, shortening = 0, defw = 10e-6, l = 10e-6;
  double tc1 = 0, tc2 = 0, tce = 0, tnom = passive::kNotGiven;

  static const std::array<Parameter<ResistorCard>, 10> kParameters;

  // Ohm; NaN where the card gives none.
  double resistance(double length, double width) const {
    if (rsh == 0) return r;
    return rsh * (length - 2 * shortening) / (width - 2 * narrow);
  }
};

struct CapacitorCard {
  static constexpr std::string_view kEquations =
      R"(C = cap, or without it: cj (l - short)(w - narrow) + 2 cjsw (l - short + w - narrow)
cj is that of an insulator of permittivity di (else of SiO2), where its thickness is given
C(T) = C (1 + tc1 dT + tc2 dT^2),   dT = T - tnom)";

  double cap = passive::kNotGiven;
  double cj = 0, cjsw = 0, di = 0, thick = 0;
  double narrow = 0, shortening = 0, defw = 10e-6, defl = 0;
  double tc1 = 0, tc2 = 0, tnom = passive::kNotGiven;

  static const std::array<Parameter<CapacitorCard>, 12> kParameters;

  double capacitance(double length, double width) const;  // F
};

struct InductorCard {
  static constexpr std::string_view kEquations =
      R"(L = ind, or without it that of a coil: mu0 mu nt^2 csect/length, less what its ends lose
L(T) = L (1 + tc1 dT + tc2 dT^2),   dT = T - tnom)";

  double ind = passive::kNotGiven;
  double csect = 0, dia = 0, length = 0, nt = 0, mu = 1;
  double tc1 = 0, tc2 = 0, tnom = passive::kNotGiven;

  static const std::array<Parameter<InductorCard>, 9> kParameters;

  double inductance(double turns) const;  // H
};

}  // namespace wordline
