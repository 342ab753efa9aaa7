// Arrays for tests, as short decks describe them.
#pragma once

#include <cmath>
#include <random>
#include <string>

#include "decks.hpp"
#include "wordline/crossbar/array.hpp"

namespace wordline::testing {

// A steep exponential-like cell, a memristor of the literature, and transistors of all levels.
inline const std::string kCellModels =
    ".model ohmic memristor type=static\n"
    ".model tunnel memristor type=static iv=sinh alpha=3\n"
    ".model silver memristor type=yakopcic a1=0.3m a2=0.2m b=2\n"
    ".model ionic memristor type=vteam\n"
    ".model oxide memristor type=jart_v1b\n"
    ".model nfet nmos level=1 vto=0.4 kp=200u gamma=0.3 phi=0.8 lambda=0.05\n"
    ".model pfet pmos level=1 vto=-0.4 kp=100u gamma=0.3 phi=0.8 lambda=0.05\n"
    ".model nsmooth nmos level=44 vto=0.4 kp=200u gamma=0.3 phi=0.8 lambda=0.05\n"
    ".model psmooth pmos level=44 vto=-0.4 kp=100u gamma=0.3 phi=0.8 lambda=0.05\n"
    ".model nshort nmos level=3 vto=0.4 tox=4n nsub=2e17 xj=0.1u theta=0.2 vmax=1e5 nfs=1e11\n";

// A circuit with the array of these arguments.
inline Circuit array_circuit(const std::string& arguments) {
  return read_lines(kCellModels + ".crossbar xb " + arguments + "\n");
}

// States (conductances, of static cells) between bounds, their logarithms uniform.
inline std::vector<double> random_states(std::size_t count, double low, double high,
                                         unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> exponent(std::log(low), std::log(high));
  std::vector<double> states(count);
  for (double& x : states) x = std::exp(exponent(random));
  return states;
}

inline std::vector<double> random_volts(std::size_t count, double low, double high, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> value(low, high);
  std::vector<double> volts(count);
  for (double& v : volts) v = value(random);
  return volts;
}

inline double largest_of(const std::vector<double>& values) {
  double largest = 0;
  for (const double v : values) largest = std::max(largest, std::fabs(v));
  return largest;
}

}  // namespace wordline::testing
