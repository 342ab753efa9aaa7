// What a read of an array of ohmic cells costs: power, energy, the time until its currents have
// settled, and area.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "wordline/crossbar/array.hpp"

namespace wordline::crossbar {

// Capacitances to ground at every cell [F], of lines that would otherwise follow at once.
struct LineCapacitance {
  double word = 0, bit = 0;
};

// Of inputs that step from 0 V at rest, and of capacitances that are charged by then.
struct ReadEnergy {
  double power = 0;   // W, of the settled array
  double charge = 0;  // J, that charging the lines takes: half of it stays in them

  double energy(double read_time) const { return power * read_time + charge; }  // J
};

ReadEnergy read_energy(Array& array, std::span<const double> voltages,
                       const LineCapacitance& capacitance);

// The Elmore delay of one output's current, all inputs stepping to the same voltage: the integral
// of what it lacks over time, by the settled current [s]. Inputs are on word lines, outputs on bit
// lines. W. C. Elmore, J. Appl. Phys. 19 (1948) 55.
double elmore_delay(Array& array, std::int32_t output, const LineCapacitance& capacitance);

// An estimate of when the slowest output lacks no more than `share` of its current, as if it had
// one time constant, the largest Elmore delay: of all outputs, or of 16 spread evenly over more.
double settling_time(Array& array, const LineCapacitance& capacitance, double share = 0.01);

// Area [m^2] of cells of so many squares of the feature size [m]: 4 is the least of lines that
// cross, without transistors.
double cell_area(std::int64_t rows, std::int64_t cols, double feature_size, double squares = 4);

}  // namespace wordline::crossbar
