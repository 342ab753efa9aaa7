// The semiconductors of a circuit: terminals, models, sizes, and what a line may say of a single
// device.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "wordline/netlist/crossbar.hpp"

namespace wordline {

// `temp=` and `dtemp=` of a device.
struct OwnTemperature {
  std::optional<double> celsius = {};  // without it the circuit's, plus `warmer_by`
  double warmer_by = 0;                // K

  double in(double circuit_celsius) const { return celsius.value_or(circuit_celsius + warmer_by); }
  bool operator==(const OwnTemperature&) const = default;
};

// `ic=`: voltages [V] that a transient with uic starts from; NaN: those of the nodes.
template <std::size_t N>
struct InitialVoltages : std::array<double, N> {
  InitialVoltages() { this->fill(std::numeric_limits<double>::quiet_NaN()); }
};

struct DiodeInstance {
  NodeId p, n;
  std::int32_t model;
  double area = 1;
  double perimeter = 0;     // in units of the card's sidewall, as the area
  double multiplicity = 1;  // that many in parallel
  OwnTemperature temperature = {};
  bool off = false;                 // the search for the operating point starts with it off
  InitialVoltages<1> initial = {};  // anode to cathode
};

struct BipolarInstance {
  NodeId collector, base, emitter, substrate;
  std::int32_t model;
  double area = 1;  // of the emitter
  double base_area = 1, collector_area = 1;
  double multiplicity = 1;
  OwnTemperature temperature = {};
  bool off = false;
  InitialVoltages<2> initial = {};  // vbe, vce
};

struct JfetInstance {
  NodeId drain, gate, source;
  std::int32_t model;
  double area = 1;
  double multiplicity = 1;
  OwnTemperature temperature = {};
  bool off = false;
  InitialVoltages<2> initial = {};  // vds, vgs
};

struct MosfetInstance {
  NodeId drain, gate, source, bulk;
  std::int32_t model;
  double width, length;                              // m
  double drain_area = 0, source_area = 0;            // m^2
  double drain_perimeter = 0, source_perimeter = 0;  // m
  double drain_squares = 1, source_squares = 1;
  double multiplicity = 1;
  OwnTemperature temperature = {};
  bool off = false;
  InitialVoltages<3> initial = {};  // vds, vgs, vbs
};

}  // namespace wordline
