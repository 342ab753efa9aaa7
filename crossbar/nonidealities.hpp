// What keeps the devices of an array from having the conductances that they should: applied to
// conductances one after the other, in the order in which they are listed. That of a device's life
// is Spread, ProgrammingError or FiniteStates, Faults, Drift or Endurance, line defects, reads.
//
//   Devices devices = make_devices(conductances, {1e-6, 1e-4}, seed);
//   apply(devices, {FiniteStates{16}, Faults{.low_resistance = 0.01}, Drift{.time = 1e4}});
//   Array array(devices.conductance, word, bit);
//
// A device that is stuck stays as it is: nothing that follows, a write included, moves it.
//
// What is random follows from the seed, the array's number, the cell and the place in the list
// alone: neither threads nor other arrays change it, and the same kind may be listed twice.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "wordline/base/matrix.hpp"
#include "wordline/crossbar/array.hpp"
#include "wordline/crossbar/endurance.hpp"
#include "wordline/crossbar/mapping.hpp"
#include "wordline/devices/variation.hpp"

namespace wordline::crossbar {

struct Devices {
  Matrix conductance;                  // S
  Matrix lowest, highest;              // S, that each device can have
  std::vector<std::uint8_t> is_stuck;  // row by row
  std::uint64_t seed = 1;
  std::uint64_t array = 0;  // its number among those of one seed
};

// Devices that can all have the same range. Conductances are clamped to it. Throws Error where
// these cannot be.
Devices make_devices(Matrix conductances, const ConductanceRange& range, std::uint64_t seed = 1,
                     std::uint64_t array = 0);

// Gives every device that is not stuck a conductance, clamped to what it can have.
void write(Devices& devices, const Matrix& conductances);

// Every device's own lowest and highest resistance [ohm]. Both are drawn again while the lowest
// is not below the highest by at least `least_ratio`; Error after 100 times. Conductances are then
// clamped.
struct Spread {
  Distribution lowest_resistance = {};
  Distribution highest_resistance = {};
  double least_ratio = 1 + 1e-9;
};

// Conductances times exp(deviation * normal), clamped.
struct ProgrammingError {
  double deviation = 0;
};

// The nearest of `count` conductances, equally spaced between each device's lowest and highest.
struct FiniteStates {
  std::int32_t count = 2;
};

// Shares of the n devices that are stuck, floor(share n) of each kind, none twice: at the highest
// conductance of their own, at the lowest, or not formed, with the lowest conductance or another.
struct Faults {
  double low_resistance = 0;
  double high_resistance = 0;
  double unformed = 0;
  std::optional<double> unformed_conductance = {};  // S
};

// The same by name: one for each device.
enum class Fault : std::uint8_t { kNone, kLowResistance, kHighResistance, kUnformed };
struct FaultMap {
  std::vector<Fault> faults = {};  // row by row
  std::optional<double> unformed_conductance = {};
};

// Conductances times (time/initial_time)^(-coefficient): each device has a coefficient of its own,
// normal, 0 at least.
struct Drift {
  double time = 1;           // s
  double initial_time = 1;   // s, at which conductances were what they are
  double coefficient = 0.1;  // mean
  double deviation = 0;      // of the coefficient from device to device
};

// Conductances as a function of themselves: other laws of retention.
struct Change {
  std::function<double(double siemens)> law = {};
};

// A line that is broken before the cell at `position`, counted along it; at 0, before the first.
// The cells on the side of no driven end are lost and have 0 S. What would flow between other lines
// over the part without a driver is left out with them: nothing, where these have one voltage.
struct OpenLine {
  Lines line = Lines::kWord;
  std::int64_t index = 0;
  std::int64_t position = 0;
  DrivenEnds driven = DrivenEnds::kFirst;
};

struct ShortedCell {
  std::int64_t row = 0;
  std::int64_t col = 0;
  double resistance = 1;  // ohm
};

// What one read sees: conductances times 1 + deviation * normal, 0 at least, of all devices, stuck
// ones too. Another read is another draw, for a copy of the devices.
struct NoisyRead {
  double deviation = 0;
  std::uint64_t read = 0;
};

using Nonideality = std::variant<Spread, ProgrammingError, FiniteStates, Faults, FaultMap, Drift,
                                 Endurance, Change, OpenLine, ShortedCell, NoisyRead>;

// In their order. Throws Error where one cannot be.
void apply(Devices& devices, const std::vector<Nonideality>& list);

// To both arrays of mapped weights, which are numbers 0 and 1 of the seed.
void apply(MappedWeights& mapped, const ConductanceRange& range, std::uint64_t seed,
           const std::vector<Nonideality>& list);

}  // namespace wordline::crossbar
