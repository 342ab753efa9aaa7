// What MOS transistors of one card and geometry share.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "wordline/base/units.hpp"
#include "wordline/devices/constants.hpp"
#include "wordline/devices/transistor.hpp"
#include "wordline/engine/elements/mosfet_block.hpp"
#include "wordline/netlist/circuit.hpp"

namespace wordline::mosfet {

// Entries of a device: those of all terminals, row by row, of which some may be none; then the
// series resistances it has.
inline constexpr std::size_t kTerminalEntries = kTerminals * kTerminals;

// What evaluating a device anew would change, where it is on its tangents, as a part of reltol.
inline constexpr double kNegligible = 0.01;

struct Kind {
  std::int32_t card;
  MosGeometry geometry;
  OwnTemperature temperature;
  Transistor transistor;
  std::array<bool, kPairs> charged{};
  // Where a device has them, after its first: the entries of the series resistances.
  std::size_t drain_entry = 0, source_entry = 0;
  std::size_t entries = kTerminalEntries;
  std::array<std::size_t, kPairs> site{};  // the runs of sites of the pairs, in a block's order
  std::size_t sites = 0;                   // of a device
  double near = 0;                         // V, by which a device may move along its tangents

  Kind(const Circuit& circuit, const MosfetInstance& m)
      : card(m.model),
        geometry(geometry_of(m)),
        temperature(m.temperature),
        transistor(make(circuit, circuit.options.temperature)) {
    const Mosfet& model = this->model();
    const Mosfet::MeyerHalf& overlap = model.overlap();
    charged = {model.has_oxide() || overlap.cgs > 0, model.has_oxide() || overlap.cgd > 0,
               model.has_oxide() || overlap.cgb > 0, model.drain_junction().has_charge(),
               model.source_junction().has_charge()};
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      if (charged[pair]) site[pair] = sites++;
    }
    if (model.drain_conductance() > 0) drain_entry = take_conductance();
    if (model.source_conductance() > 0) source_entry = take_conductance();
  }

  static MosGeometry geometry_of(const MosfetInstance& m) {
    return {.w = m.width,
            .l = m.length,
            .ad = m.drain_area,
            .as = m.source_area,
            .pd = m.drain_perimeter,
            .ps = m.source_perimeter,
            .nrd = m.drain_squares,
            .nrs = m.source_squares,
            .m = m.multiplicity};
  }

  bool has(const MosfetInstance& m) const {
    return card == m.model && temperature == m.temperature && geometry == geometry_of(m);
  }

  const Mosfet& model() const { return common(transistor); }

  // Whether a terminal's current depends on another's voltage.
  bool couples(Terminal row, Terminal column) const {
    if (row == kDrain || row == kSource) return true;
    for (std::size_t pair = 0; pair < kPairs; ++pair) {
      const auto [a, b] = kEnds[pair];
      const bool has_both = (row == a || row == b) && (column == a || column == b);
      if (has_both && (charged[pair] || pair >= kGatePairs)) return true;
    }
    return false;
  }

  void set_temperature(const Circuit& circuit, double celsius) {
    transistor = make(circuit, celsius);
    // The error of an exponential's tangent, (v - v0)^2/2 in units of kT/q, is then negligible.
    const double kelvin = temperature.in(celsius) + kZeroCelsius;
    near = thermal_voltage(kelvin) * std::sqrt(2 * kNegligible * circuit.options.reltol);
  }

 private:
  Transistor make(const Circuit& circuit, double celsius) const {
    const ModelCard& c = circuit.models[static_cast<std::size_t>(card)];
    return make_transistor(*c.type, c.values, geometry, temperature.in(celsius) + kZeroCelsius,
                           circuit.options.nominal_temperature + kZeroCelsius);
  }

  std::size_t take_conductance() {
    entries += 4;
    return entries - 4;
  }
};

}  // namespace wordline::mosfet
