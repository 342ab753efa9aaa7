// How the resistances of metal-oxide cells wear with cycles, energy or time: the empirical law of
// C. Lammie et al., "Empirical metal-oxide RRAM device endurance and retention model for deep
// learning simulations", Semicond. Sci. Technol. 36 (2021) 065003.
//
// Of both resistive states, with p0..p3 each, the cell's size c [nm] and the reduced temperature
// Tc = min(T_threshold/T, 1), or 0 without a temperature:
//
//   threshold = p0 exp(p1 c + p2 Tc)
//   x > threshold, gradual: R (x/threshold)^(p3 (p1 c + p2 Tc))
//                  sudden:  the state's stable resistance
#pragma once

#include <array>
#include <optional>

namespace wordline::crossbar {

enum class WearMode { kGradual, kSudden };

struct WearLaw {
  std::array<double, 4> p = {1, 0, 0, 0};
  double stable_resistance = 0;  // ohm, for kSudden
};

struct Endurance {
  WearMode mode = WearMode::kGradual;
  double x = 0;  // cycles, energy [J] or time [s], as the p were fitted to
  // A state without a law does not wear.
  std::optional<WearLaw> low_resistance = {};
  std::optional<WearLaw> high_resistance = {};
  double cell_size = 10;                   // nm
  std::optional<double> temperature = {};  // K
  double threshold_temperature = 298;      // K
  // A cell is in the state of low resistance below this [ohm]: by default the mean of its own
  // lowest and highest resistance.
  std::optional<double> split = {};

  double reduced_temperature() const;
  double threshold(const WearLaw& law) const;
  // The resistance [ohm] of a cell that had `ohm`, and whose split is given.
  double worn(double ohm, double split_ohm) const;
};

// Throws Error where a number cannot be.
void check(const Endurance& endurance);

// p0 for another stop voltage: with s(v) = (v - v_min)/(v_max - v_min), y = p0 exp(p1 c) and
// k = log10(y)/(1 - (2 s(v_optimal) - 1)^2), it is 10^(k (1 - (2 s(v_stop) - 1)^2)) / exp(p1 c).
// Throws Error unless v_min < v_optimal < v_max.
double scale_p0(double p0, double p1, double v_stop, double v_min, double v_max, double v_optimal,
                double cell_size = 10);

}  // namespace wordline::crossbar
