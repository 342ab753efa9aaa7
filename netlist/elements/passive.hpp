// What stands on a line of R, C or L.
#pragma once

#include <limits>
#include <optional>
#include <string_view>

#include "wordline/netlist/circuit.hpp"
#include "wordline/netlist/elements/elements.hpp"
#include "wordline/netlist/temperature_law.hpp"

namespace wordline {

struct PassiveLine {
  NodeId p, n;
  std::optional<Token> value;
  std::optional<Token> charge;       // of a capacitor, or an inductor's flux, in place of its value
  const ModelCard* model = nullptr;  // lives until the next `.model` is read
  Token name;
  std::optional<double> length, width, turns;
  std::optional<double> tc1, tc2, tce, temperature;
  double warmer_by = 0;
  double scale = 1;
  double multiplicity = 1;  // with that of the instances
  double initial = std::numeric_limits<double>::quiet_NaN();
  std::optional<double> ac;
  // What else is in the part, as LTspice has it: in series, and across all of it.
  double series_resistance = 0, series_inductance = 0;
  double parallel_resistance = 0, parallel_capacitance = 0;
};

// `letter` is r, c or l. Throws Fault.
PassiveLine read_passive_line(Line& line, const Scope& scope, char letter);

// Adds the resistances and so on of such a part as elements of their own, called "c1.rser". Gives
// what is left: the element itself, at an inner node where something is in series.
PassiveLine without_parasitics(PassiveLine passive, Scope& scope);

// An element whose value is an expression of circuit quantities: i = v/R, i = C dv/dt, i = dq/dt or
// v = L di/dt.
BehaviouralSource read_behavioural_passive(const PassiveLine& passive, const Scope& scope,
                                           char letter);

}  // namespace wordline
